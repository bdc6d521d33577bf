// The service worker: registered once, and a new version taken only when the person says so.

export function keepFresh(app) {
  const worker = navigator.serviceWorker;
  if (!worker) return;
  let asked = false;
  const found = (registration) => {
    if (!registration.waiting || !worker.controller) return;
    app.newVersion = () => { asked = true; registration.waiting?.postMessage('use-now'); };
    app.redraw();
  };
  worker.addEventListener('controllerchange', () => { if (asked) location.reload(); });
  worker.register('/sw.js', { scope: '/' }).then((registration) => {
    found(registration);
    registration.addEventListener('updatefound', () =>
      registration.installing?.addEventListener('statechange', () => found(registration)));
  }).catch(() => {}); // without it the app works as long as there is network; "ready" says so
}
