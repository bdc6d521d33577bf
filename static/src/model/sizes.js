// How large a photo may be, and what is tried when it was too large.

export const LONG_SIDE = 1600;

/** Tries in order: the usual one, then smaller, for a server that said 413. */
export const STEPS = [
  { side: LONG_SIDE, quality: 0.82 },
  { side: 1280, quality: 0.7 },
  { side: 960, quality: 0.6 },
];

/** Width and height that fit into `side`, never larger than they were. */
export function fit(width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const MAGIC = [
  ['image/jpeg', (b) => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff],
  ['image/png', (b) => b[0] === 0x89 && b[1] === 0x50 && b[2] === 0x4e && b[3] === 0x47],
  ['image/webp', (b) => ascii(b, 0, 4) === 'RIFF' && ascii(b, 8, 12) === 'WEBP'],
  ['image/heic', (b) => ascii(b, 4, 8) === 'ftyp' && /^(heic|heix|hevc|heim|heis|mif1|msf1)/.test(ascii(b, 8, 12))],
];

const ascii = (bytes, from, to) => String.fromCharCode(...bytes.slice(from, to));

/** What the bytes say they are, whatever the file is called. */
export function typeOf(bytes) {
  const head = new Uint8Array(bytes.slice(0, 16));
  return MAGIC.find(([, is]) => is(head))?.[0] ?? null;
}
