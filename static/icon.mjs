// The app's icon: a street lamp and its light in the dusk. One drawing, as SVG and as PNG, so no picture is kept in the tree.
import { crc32, deflateSync } from 'node:zlib';

const GROUND = [11, 79, 92];
const LAMP = [255, 203, 92];
const SHEEN = 0.32; // how much of the lamp's colour the light has on the ground's

export const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path fill="#0b4f5c" d="M0 0h100v100H0z"/>`
  + '<path fill="#ffcb5c" opacity=".32" d="M44 36h12l20 42H24z"/><circle cx="50" cy="34" r="11" fill="#ffcb5c"/>'
  + '<path fill="#ffcb5c" d="M24 76h52v5H24z"/></svg>\n';

const inLamp = (x, y) => (x - 50) ** 2 + (y - 34) ** 2 <= 121 || (y >= 76 && y <= 81 && x >= 24 && x <= 76);
const inLight = (x, y) => y >= 36 && y <= 78 && Math.abs(x - 50) <= 6 + (20 * (y - 36)) / 42;

/** Colour of one point, the drawing being 100 by 100. */
function colour(x, y) {
  if (inLamp(x, y)) return LAMP;
  if (inLight(x, y)) return GROUND.map((c, i) => c + (LAMP[i] - c) * SHEEN);
  return GROUND;
}

/** Sixteen points a pixel: edges without steps. */
function pixel(px, py, size) {
  const sum = [0, 0, 0];
  for (let i = 0; i < 16; i += 1) {
    const x = ((px + (i % 4) / 4 + 0.125) / size) * 100;
    const y = ((py + Math.floor(i / 4) / 4 + 0.125) / size) * 100;
    colour(x, y).forEach((c, channel) => { sum[channel] += c; });
  }
  return sum.map((c) => Math.round(c / 16));
}

function chunk(name, data) {
  const whole = Buffer.concat([Buffer.from(name), data]);
  const framed = Buffer.alloc(whole.length + 8);
  framed.writeUInt32BE(data.length, 0);
  whole.copy(framed, 4);
  framed.writeUInt32BE(crc32(whole), whole.length + 4);
  return framed;
}

/** The icon as PNG bytes, `size` pixels wide and high. */
export function png(size) {
  const rows = [];
  for (let y = 0; y < size; y += 1) {
    rows.push(0);
    for (let x = 0; x < size; x += 1) rows.push(...pixel(x, y, size));
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.from(rows), { level: 9 })), chunk('IEND', Buffer.alloc(0)),
  ]);
}
