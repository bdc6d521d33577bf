// Elements without a framework. Text is always text: nothing a person wrote is ever read as HTML.
import pictograms from 'pictograms';

const SVG = 'http://www.w3.org/2000/svg';
const TURNS = new Set(['back', 'next']);

/** h('p.small.quiet', { id: 'x', onclick }, 'text', node, [more]) */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const node = document.createElement(name || 'div');
  if (classes.length) node.className = classes.join(' ');
  const plain = props && Object.getPrototypeOf(props) === Object.prototype;
  if (plain) for (const [key, value] of Object.entries(props)) set(node, key, value);
  node.append(...(plain || props == null ? children : [props, ...children]).flat(3).filter((child) => child != null && child !== false));
  return node;
}

function set(node, key, value) {
  if (value == null || value === false) return;
  if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
  else if (key === 'class') node.className += ` ${value}`;
  else if (key === 'value' || (key in node && typeof value !== 'string')) node[key] = value; // a textarea knows its value only as a property
  else node.setAttribute(key, value === true ? '' : value);
}

const sheet = new Map();

/** A pictogram. It is silent: the words beside it speak. */
export function icon(name) {
  if (!sheet.has(name)) {
    const parsed = new DOMParser().parseFromString(`<svg xmlns="${SVG}" viewBox="0 0 24 24">${pictograms[name]}</svg>`, 'image/svg+xml');
    const svg = document.importNode(parsed.documentElement, true);
    svg.setAttribute('class', TURNS.has(name) ? 'i flip' : 'i');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('focusable', 'false');
    sheet.set(name, svg);
  }
  return sheet.get(name).cloneNode(true);
}

/** Put new content where old content stood, and leave the reader's focus where it was. */
export function swap(host, ...children) {
  const focused = host.contains(document.activeElement) ? document.activeElement.id : null;
  host.replaceChildren(...children.flat(3).filter(Boolean));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

const urls = new Map();

/** The address of a picture that stands in memory, made once. */
export function pictureUrl(key, bytes) {
  if (!bytes) return null;
  if (!urls.has(key)) urls.set(key, URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })));
  return urls.get(key);
}
