// A receipt leaves after eight seconds, unless someone is reading or reaching for it.

const STAYS_MS = 8000;

export function letToastsGo(root) {
  for (const toast of root.querySelectorAll('[data-toast]')) {
    let clock;
    const start = () => { clock = setTimeout(() => toast.remove(), STAYS_MS); };
    const pause = () => clearTimeout(clock);
    toast.addEventListener('focusin', pause);
    toast.addEventListener('focusout', start);
    toast.addEventListener('pointerenter', pause);
    toast.addEventListener('pointerleave', () => { if (!toast.contains(document.activeElement)) start(); });
    const close = toast.querySelector('[data-close]');
    close.hidden = false;
    close.addEventListener('click', () => toast.remove());
    start();
  }
}
