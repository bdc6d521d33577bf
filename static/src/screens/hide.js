// Paint over faces, number plates and windows before the photo leaves the phone. What is hidden here never leaves it.
import { addDraftPhoto, dropDraftPhoto } from '../store/drafts.js';
import { sha256 } from '../model/receipt.js';
import { h, pictureUrl } from './dom.js';
import { drafting } from './drafting.js';
import { back, button } from './parts.js';
import { _ } from './words.js';

const QUALITY = 0.82;

export default async function hide(app, sha, id = null) {
  const draft = await drafting(app, id);
  const to = id ? `record/${id}` : 'record';
  const photo = draft.fresh.find((p) => p.sha256 === sha);
  const boxes = [];
  const layer = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  layer.setAttribute('viewBox', '0 0 1 1');
  layer.setAttribute('preserveAspectRatio', 'none');
  layer.setAttribute('aria-hidden', 'true');
  let from = null;

  const at = (event) => {
    const { left, top, width, height } = layer.getBoundingClientRect();
    const inside = (n) => Math.min(1, Math.max(0, n));
    return { x: inside((event.clientX - left) / width), y: inside((event.clientY - top) / height) };
  };

  const between = (a, b) => ({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) });

  function draw(more = []) {
    layer.replaceChildren(...[...boxes, ...more].map(({ x, y, w, h: high }) => {
      const box = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      for (const [name, value] of Object.entries({ x, y, width: w, height: high })) box.setAttribute(name, value);
      return box;
    }));
  }

  layer.addEventListener('pointerdown', (event) => { event.preventDefault(); layer.setPointerCapture(event.pointerId); from = at(event); });
  layer.addEventListener('pointermove', (event) => { if (from) draw([between(from, at(event))]); });
  layer.addEventListener('pointerup', (event) => {
    const box = between(from, at(event));
    from = null;
    // a tap without a drag covers a thumb's width: enough for a face
    boxes.push(box.w < 0.02 && box.h < 0.02 ? { x: Math.max(0, box.x - 0.06), y: Math.max(0, box.y - 0.06), w: 0.12, h: 0.12 } : box);
    draw();
  });

  /** Without a pointer: the picture in nine squares, each can be covered. */
  const square = (n) => button(_('Cover square {n}', { n: n + 1 }), { onclick: () => { boxes.push({ x: (n % 3) / 3, y: Math.floor(n / 3) / 3, w: 1 / 3, h: 1 / 3 }); draw(); } });

  async function store() {
    if (boxes.length) {
      const [bytes, small] = [await app.device.cover(photo.bytes, boxes, QUALITY), await app.device.cover(photo.small, boxes, QUALITY)];
      await addDraftPhoto(draft.key, { sha256: await sha256(bytes), bytes, small, type: 'image/jpeg', taken_at: photo.taken_at });
      await dropDraftPhoto(draft.key, sha);
      await draft.reread();
    }
    app.go(to);
  }

  if (!photo) {
    return { title: _('Hide'), bar: [back(to), h('h1', _('Hide'))], main: h('p', _('The photo is no longer in the draft.')) };
  }
  return {
    title: _('Hide'),
    bar: [back(to), h('h1', _('Hide in the photo'))],
    main: h('div.stack',
      h('p', _('Drag over faces and number plates. What you cover never leaves the phone.')),
      h('div.cover', h('img', { src: pictureUrl(sha, photo.small), alt: _('Your photo') }), layer),
      h('p.line', button(_('Undo'), { onclick: () => { boxes.pop(); draw(); } }, 'back')),
      h('details.more', h('summary', _('Cover without dragging')), h('div.nine', Array.from({ length: 9 }, (_unused, n) => square(n))))),
    thumb: h('button.btn.primary.wide', { type: 'button', onclick: store }, _('Done')),
  };
}
