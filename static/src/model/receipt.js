// The receipt: the same lines on the phone and at the municipality, so two people can compare eight characters.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** SHA-256 of bytes or text, as the contract writes it. */
export async function sha256(bytes) {
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  return hex(await crypto.subtle.digest('SHA-256', data));
}

/**
 * The sorted lines of what has arrived.
 * @param {{id: string, revision: number, sha256: string}[]} observations
 * @param {{sha256: string, bytes: number}[]} photos
 */
export function lines(observations, photos) {
  const all = [
    ...observations.map((o) => `o ${o.id} ${o.revision} ${o.sha256}`),
    ...photos.map((p) => `p ${p.sha256} ${p.bytes}`),
  ];
  return [...new Set(all)].sort();
}

export const digest = (observations, photos) =>
  sha256(lines(observations, photos).map((line) => `${line}\n`).join(''));

/** The first 40 bits as XXXX-XXXX: five bits a character, eight characters, short enough to read aloud. */
export function code(digestHex) {
  const bits = digestHex.slice(0, 10).split('').map((d) => parseInt(d, 16).toString(2).padStart(4, '0')).join('');
  const letters = bits.match(/.{5}/g).map((five) => ALPHABET[parseInt(five, 2)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
