// One observation as the server is told it: a whitelist, so that nothing else of the phone ever leaves it.

const MOST_TEXT = 2000;

const two = (n) => String(Math.trunc(Math.abs(n))).padStart(2, '0');

/** The phone's own clock with its offset: what a person would have read on the screen. */
export function localTime(date = new Date()) {
  const minutes = -date.getTimezoneOffset();
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day}T${clock}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

const clean = (text) => (text ?? '').trim().slice(0, MOST_TEXT) || null;

/** What a person filled in, before it has an id. */
export function blank(stop = null) {
  return {
    kind: 'deficiency', category: null, text: '', proposal: null, feeling: null, acute: false, stop, asset: null,
    said_by: 'self', voices: 1, position: null, photos: [],
  };
}

/** True when the server would take it: a text, a photo, a category or a feeling. */
export const sayable = (words) =>
  Boolean(clean(words.text) || words.photos?.length || words.category || words.feeling);

/** A position by its source; a map pin or a fix carries numbers, an address its words, nothing says so. */
export function place(position) {
  const { source = 'none', lat, lon, accuracy_m, fixed_at, address } = position ?? {};
  const at = Number.isFinite(lat) && Number.isFinite(lon) ? { lat: round(lat), lon: round(lon) } : {};
  if (source === 'address') return { ...at, source, address: (address ?? '').trim().slice(0, 200) };
  if (source === 'none' || at.lat === undefined) return { source: 'none' };
  return { ...at, accuracy_m: Math.round((accuracy_m ?? 0) * 10) / 10, source, fixed_at: fixed_at ?? null };
}

const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

/** A new observation: its id is made here, once, and is what makes every retry harmless. */
export function compose(words, { walk, sequence, now = new Date() }) {
  return { ...pick(words), id: crypto.randomUUID(), walk, sequence, made_at: localTime(now) };
}

/** Only what the contract names. */
export function pick(words) {
  const all = { ...blank(), ...words };
  return {
    kind: all.kind,
    category: all.category ?? null,
    text: clean(all.text),
    proposal: clean(all.proposal),
    feeling: all.feeling ?? null,
    acute: Boolean(all.acute),
    stop: all.stop ?? null,
    asset: (all.asset ?? '').trim().slice(0, 40) || null,
    said_by: all.said_by ?? 'self',
    voices: all.voices ?? 1,
    position: place(all.position),
    photos: (all.photos ?? []).map(({ sha256, bytes, taken_at }) => ({ sha256, bytes, taken_at: taken_at ?? null })),
  };
}

/** The body of one revision, as text. Its bytes are frozen by the store at the first try. */
export function body(observation, { revision, base_revision = null, withdrawn = false }) {
  return JSON.stringify({
    walk: observation.walk, revision, base_revision, ...pick(observation), withdrawn,
    made_at: observation.made_at, sequence: observation.sequence,
  });
}
