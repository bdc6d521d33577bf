// Pins never cover each other's numbers: they are pushed apart, and a thin line leads to the true place.

const MOST_STEPS = 60;

/**
 * Push places (pixels) at least `apart` from each other; the first `fixed` of them stand still. Returns new places in the
 * same order, or null when there is not room: then the shapes are drawn small and without numbers.
 */
export function spread(places, apart, { fixed = 0, farthest = apart * 2.5 } = {}) {
  // Two at the very same place need a direction to part in.
  const out = places.map(({ x, y }, i) => (i < fixed ? { x, y } : { x: x + Math.cos(i) * 0.01, y: y + Math.sin(i) * 0.01 }));
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (!pushOnce(out, apart, fixed)) break;
  }
  const moved = out.map((place, i) => Math.hypot(place.x - places[i].x, place.y - places[i].y));
  if (Math.max(0, ...moved) > farthest) return null;
  return out.map((place, i) => (moved[i] < 1 ? places[i] : place));
}

function pushOnce(places, apart, fixed) {
  let touched = false;
  for (let i = 0; i < places.length; i += 1) {
    for (let j = Math.max(i + 1, fixed); j < places.length; j += 1) {
      const dx = places[j].x - places[i].x;
      const dy = places[j].y - places[i].y;
      const distance = Math.hypot(dx, dy);
      if (distance >= apart - 0.5) continue;
      touched = true;
      const push = (apart - distance) / (distance || 1);
      const share = i < fixed ? 0 : 0.5;
      places[i].x -= dx * push * share;
      places[i].y -= dy * push * share;
      places[j].x += dx * push * (1 - share);
      places[j].y += dy * push * (1 - share);
    }
  }
  return touched;
}
