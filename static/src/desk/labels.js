// Names beside stops on a map: to the right or to the left, where they cover nothing; otherwise not at all.

export const REACH = 18; // from the middle of a stop's ring to its name
export const NAME_HIGH = 16;
const LETTER = 7.2;
const RING = 15;

/** "Medborgarhuset, parkeringen bakom" is "Medborgarhuset" on a map. */
export function shortName(name) {
  return (name ?? '').split(/,| \/ | \(/)[0].trim();
}

const apart = (a, b) => a.x1 <= b.x0 || b.x1 <= a.x0 || a.y1 <= b.y0 || b.y1 <= a.y0;

/** For each place ({x, y, name}) the side and width of its label, or null where there is no room. */
export function labels(places, { x: wide, y: high }) {
  const taken = places.map(({ x, y }) => ({ x0: x - RING, x1: x + RING, y0: y - RING, y1: y + RING }));
  const fits = (box) => box.x0 >= 0 && box.x1 <= wide && box.y0 >= 0 && box.y1 <= high && taken.every((other) => apart(box, other));
  return places.map(({ x, y, name }) => {
    if (!name) return null;
    const width = Math.ceil(name.length * LETTER) + 4;
    for (const side of ['right', 'left']) {
      const x0 = side === 'right' ? x + REACH : x - REACH - width;
      const box = { x0, x1: x0 + width, y0: y - NAME_HIGH / 2, y1: y + NAME_HIGH / 2 };
      if (!fits(box)) continue;
      taken.push(box);
      return { side, width };
    }
    return null;
  });
}
