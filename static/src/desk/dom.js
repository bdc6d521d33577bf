/** An element with attributes, and children that are elements or plain text. Never markup: what people wrote stays text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Show a row within the list that scrolls by itself; the page stays where it is. */
export function showWithin(list, row) {
  const frame = list.getBoundingClientRect();
  const { top, bottom, height } = row.getBoundingClientRect();
  if (top >= frame.top && bottom <= Math.min(frame.bottom, window.innerHeight)) return;
  list.scrollTop += top - frame.top - (list.clientHeight - height) / 3;
}

/** The JSON that a page carries as data. */
export function dataIn(element) {
  const script = element.querySelector('script[type="application/json"]');
  return script ? JSON.parse(script.textContent) : {};
}
