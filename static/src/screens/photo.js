// From the camera to bytes that may leave the phone.
import { STEPS, typeOf } from '../model/sizes.js';
import { sha256 } from '../model/receipt.js';
import { ask } from './parts.js';
import { _ } from './words.js';

const SHOWN_SIDE = 800; // what the record screen and "mine" show; small enough to keep

/**
 * One photo: drawn anew and small, with nothing in it but the picture.
 * A HEIC that this browser cannot read goes as it is, and only after the person has been told.
 * @returns {Promise<{sha256: string, bytes: ArrayBuffer, small: ArrayBuffer | null, type: string, taken_at: string} | null>}
 */
export async function takePhoto(app, file) {
  const taken_at = new Date().toISOString();
  try {
    const [bytes, small] = await app.device.shrink(file, [STEPS[0], { side: SHOWN_SIDE, quality: 0.6 }], app.device.fit);
    return { sha256: await sha256(bytes), bytes, small, type: 'image/jpeg', taken_at };
  } catch (error) {
    if (error.name !== 'Unreadable') throw error;
    return asItIs(app, file, taken_at);
  }
}

async function asItIs(app, file, taken_at) {
  const bytes = await file.arrayBuffer();
  const type = typeOf(bytes);
  if (type !== 'image/heic') {
    app.toast(_('The phone cannot read this file as a photo. Take a new one.'));
    return null;
  }
  const send = await ask({
    title: _('The phone cannot make this photo smaller'),
    text: _('It would be sent as it is, with the place and time that the camera wrote into it. They are removed at the municipality.'),
    keep: _('Take a new one instead'), lose: _('Send it as it is'), danger: false,
  });
  return send ? { sha256: await sha256(bytes), bytes, small: null, type, taken_at } : null;
}

