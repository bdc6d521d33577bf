// Keys shown on the buttons they press. Off while writing, and never with a modifier: those belong to the browser.

const WRITING = 'textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])';

/** The letter that was pressed, or null when it is not meant for the page. */
export function letterOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return null;
  if (event.target.closest?.(WRITING)) return null;
  return event.key.length === 1 ? event.key.toUpperCase() : null;
}

export function listenForKeys(root) {
  root.addEventListener('keydown', (event) => {
    const letter = letterOf(event);
    if (!letter || root.querySelector('dialog[open]')) return;
    const keyed = [...root.querySelectorAll('[data-key]')].find((element) => element.dataset.key === letter && element.offsetParent !== null);
    if (!keyed || keyed.getAttribute('aria-disabled') === 'true') return;
    event.preventDefault();
    keyed.click();
  });
}
