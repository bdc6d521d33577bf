// The eighteen categories, in the order that never changes: a thumb learns places, not words.

/** @typedef {{code: string, picture: string, name: string, common: boolean}} Category */

const ORDER = [
  { code: 'lighting', picture: 'lighting', name: 'Lighting', common: true },
  { code: 'sightline', picture: 'sightline', name: 'Blocked view, plants', common: true },
  { code: 'graffiti', picture: 'graffiti', name: 'Graffiti', common: true },
  { code: 'litter', picture: 'litter', name: 'Litter', common: true },
  { code: 'vandalism', picture: 'vandalism', name: 'Vandalism', common: true },
  { code: 'upkeep', picture: 'upkeep', name: 'Broken, worn', common: false },
  { code: 'ice', picture: 'ice', name: 'Ice, snow', common: false },
  { code: 'traffic', picture: 'traffic', name: 'Traffic, bicycles', common: false },
  { code: 'passage', picture: 'passage', name: 'Tunnel, bridge', common: false },
  { code: 'transit', picture: 'transit', name: 'Bus stop, station', common: false },
  { code: 'parking', picture: 'parking', name: 'Parking', common: false },
  { code: 'building', picture: 'building', name: 'Building, entrance', common: false },
  { code: 'access', picture: 'access', name: 'Accessibility', common: false },
  { code: 'wayfinding', picture: 'wayfinding', name: 'Finding the way', common: false },
  { code: 'meeting_place', picture: 'meeting-place', name: 'Meeting place', common: false },
  { code: 'deserted', picture: 'deserted', name: 'Deserted', common: false },
  { code: 'order', picture: 'order', name: 'Disorder', common: false },
  { code: 'safe_place', picture: 'safe-place', name: 'Safe place', common: false },
  { code: 'other', picture: 'more', name: 'Something else', common: false },
];

export const CODES = ORDER.map((category) => category.code);

/**
 * The tiles of a walk: the walk's own names and choice, always in the fixed order.
 * A pack without categories, or none yet, gives the built-in ones; `own` is true where the municipality named it.
 */
export function tiles(pack) {
  const told = new Map((pack?.categories ?? []).map((category) => [category.code, category]));
  if (!told.size) return ORDER.map((category) => ({ ...category, own: false }));
  return ORDER.filter(({ code }) => told.has(code)).map((category) => {
    const { name, common } = told.get(category.code);
    return { ...category, name: name || category.name, own: Boolean(name), common: common ?? category.common };
  });
}

/** At most five on the record screen, and always the chosen one among them. */
export function common(all, chosen) {
  const five = all.filter((category) => category.common).slice(0, 5);
  const picked = all.find((category) => category.code === chosen);
  if (!picked || five.includes(picked)) return five;
  return [...five.slice(0, 4), picked];
}

/** The kinds stand beside each other as equals. `tone` is the class of the mark. */
export const KINDS = [
  { code: 'deficiency', tone: 'deficiency', picture: 'deficiency', name: 'Deficiency' },
  { code: 'safe_place', tone: 'safe', picture: 'safe', name: 'Safe place' },
  { code: 'proposal', tone: 'proposal', picture: 'proposal', name: 'Proposal' },
];
