// Pins never cover each other's numbers: they are pushed apart, and a thin line leads to the true place.

const MOST_STEPS = 60;

/**
 * Push places (pixels) at least `apart` from each other. Returns new places in the same order, or null when there is not
 * room: then the shapes are drawn small and without numbers.
 */
export function spread(places, apart, farthest = apart * 2.5) {
  const out = places.map(({ x, y }, i) => ({ x: x + Math.cos(i) * 0.01, y: y + Math.sin(i) * 0.01 }));
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (!pushOnce(out, apart)) break;
  }
  const moved = out.map((place, i) => Math.hypot(place.x - places[i].x, place.y - places[i].y));
  if (Math.max(0, ...moved) > farthest) return null;
  return out.map((place, i) => (moved[i] < 1 ? places[i] : place));
}

function pushOnce(places, apart) {
  let touched = false;
  for (let i = 0; i < places.length; i += 1) {
    for (let j = i + 1; j < places.length; j += 1) {
      const dx = places[j].x - places[i].x;
      const dy = places[j].y - places[i].y;
      const distance = Math.hypot(dx, dy);
      if (distance >= apart - 0.5) continue;
      touched = true;
      const push = (apart - distance) / 2 / (distance || 1);
      places[i].x -= dx * push;
      places[i].y -= dy * push;
      places[j].x += dx * push;
      places[j].y += dy * push;
    }
  }
  return touched;
}
