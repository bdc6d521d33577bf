// A photo made small enough for one bar of signal. Drawn anew, so that nothing but the picture is left: no place, no
// time, no camera. One photo at a time, bitmaps closed, canvases emptied: an iPhone has little canvas to give.

/** The browser cannot read this picture (a HEIC outside Safari): it may be sent as it is, after saying so. */
export class Unreadable extends Error {
  name = 'Unreadable';
}

async function decode(blob) {
  try {
    return await createImageBitmap(blob, { imageOrientation: 'from-image' });
  } catch {
    return decodeByImage(blob);
  }
}

/** Older Safari knows no options for createImageBitmap; an <img> obeys the orientation by itself. */
async function decodeByImage(blob) {
  const url = URL.createObjectURL(blob);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } catch {
    throw new Unreadable('unreadable');
  } finally {
    URL.revokeObjectURL(url);
  }
}

const toBlob = (canvas, quality) => new Promise((done, failed) => {
  canvas.toBlob((blob) => (blob ? done(blob) : failed(new Unreadable('no picture came'))), 'image/jpeg', quality);
});

async function draw(picture, { width, height }, quality) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, width, height);
  const blob = await toBlob(canvas, quality);
  canvas.width = canvas.height = 0;
  return blob.arrayBuffer();
}

const sizeOf = (picture) => [picture.naturalWidth ?? picture.width, picture.naturalHeight ?? picture.height];

/**
 * JPEG bytes of the picture in each wanted size.
 * @param {Blob} blob
 * @param {{side: number, quality: number}[]} wanted
 * @param {(width: number, height: number, side: number) => {width: number, height: number}} fit
 */
export async function shrink(blob, wanted, fit) {
  const picture = await decode(blob);
  try {
    const made = [];
    for (const { side, quality } of wanted) made.push(await draw(picture, fit(...sizeOf(picture), side), quality));
    return made;
  } finally {
    picture.close?.();
  }
}

/** The same picture with boxes painted over: what is hidden here never leaves the phone. */
export async function cover(bytes, boxes, quality) {
  const picture = await decode(new Blob([bytes]));
  try {
    const [width, height] = sizeOf(picture);
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0);
    pen.fillStyle = '#1c2a31';
    for (const { x, y, w, h } of boxes) pen.fillRect(x * width, y * height, w * width, h * height);
    const blob = await toBlob(canvas, quality);
    canvas.width = canvas.height = 0;
    return await blob.arrayBuffer();
  } finally {
    picture.close?.();
  }
}
