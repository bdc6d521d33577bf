// Small choices of this phone.
import { get, write } from './db.js';

const PAD = 65_536;

export const setting = async (key) => (await get('settings', key))?.value;
export const set = (key, value) => write('settings', (settings) => settings.put({ key, value }));
export const forget = (key) => write('settings', (settings) => settings.delete(key));

/** Room kept free on purpose: when the phone is full, giving it back lets one more text through. */
export async function reserve() {
  const pad = crypto.getRandomValues(new Uint8Array(PAD)).buffer;
  if (!(await setting('pad'))) await set('pad', pad).catch(() => {});
}
