// The phone's service worker: keeps the shell of /field/ on the phone and touches nothing else. Never /api, never the desk.
// A new one waits until every window is closed or the person says "use it now": nobody loses a form to an update.

/* global BUILD, SHELL */
const PREFIX = 'walkapp-shell-';
const CACHE = PREFIX + BUILD;
const PAGE = '/field/';
const FILES = [PAGE, '/manifest.webmanifest', ...SHELL];

self.addEventListener('install', (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  // no-cache: a shell is one whole build, never half an old one from the browser's own store
  await cache.addAll(FILES.map((url) => new Request(url, { cache: 'no-cache', credentials: 'omit', redirect: 'error' })));
})()));

self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener('message', (event) => { if (event.data === 'use-now') self.skipWaiting(); });

const ofTheShell = (url) => url.pathname.startsWith('/field/') || FILES.includes(url.pathname);

async function answer(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.mode === 'navigate' ? PAGE : url.pathname);
  return kept ?? fetch(request);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !ofTheShell(url)) return;
  event.respondWith(answer(request, url));
});
