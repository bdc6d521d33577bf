// The walk under way keeps itself fresh. What somebody is about to press is left alone.
const EVERY_MS = 15_000;

export function keepLive(root) {
  const part = root.querySelector('[data-live]');
  if (!part) return;
  setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-live]');
    if (fresh) part.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  }, EVERY_MS);
}
