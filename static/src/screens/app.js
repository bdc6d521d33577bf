// The app frame: one screen at a time, chosen by the address after #, redrawn when the sender has told something.
import { change, everyone, known, one } from '../store/participants.js';
import { keepPack, packOf } from '../store/packs.js';
import { set, setting } from '../store/settings.js';
import { photosOf, observations } from '../store/outbox.js';
import { stateOf } from '../model/state.js';
import { h, swap } from './dom.js';
import { _, lang, speak, wanted } from './words.js';

// Each screen is a file of its own: the one that is shown comes at once, the others as soon as it stands, before anybody
// can press. Leaflet is forty kilobytes and comes when a map is opened, or by the service worker before that.
const SOON = {
  join: () => import('./join.js'),
  walk: () => import('./walk.js'),
  acute: () => import('./acute.js'),
  record: () => import('./record.js'),
  categories: () => import('./categories.js'),
  ready: () => import('./ready.js'),
  mine: () => import('./mine.js'),
  receipt: () => import('./receipt.js'),
};
const KNOWN = {
  ...SOON,
  place: () => import('./place.js'),
  map: () => import('./map.js'),
  hide: () => import('./hide.js'),
};
const SCREENS = {};
const OLD_PACK = 5 * 60_000;
const WITHOUT_A_WALK = new Set(['join', 'acute']);

async function screenOf(name) {
  SCREENS[name] ??= (await KNOWN[name]()).default;
  return SCREENS[name];
}

export function createApp({ engine, api, device, root }) {
  const app = {
    engine, api, device, person: null, pack: null, invitation: null, draft: null, online: navigator.onLine,
    go, toast, hush, redraw, reload, refreshPack, setLanguage, select,
  };
  const frame = {
    bar: h('header.bar'), main: h('main', { id: 'main', tabindex: '-1' }), thumb: h('footer.thumb'),
    status: h('div.toasts', { role: 'status', 'aria-live': 'polite' }), example: h('aside.example.tiny'),
  };
  let screen = null;
  let showing = '';
  let turn = 0;

  const route = () => {
    const [name, ...rest] = decodeURI(location.hash.replace(/^#\/?/, '')).split('/');
    if (!app.person && !WITHOUT_A_WALK.has(name)) return { name: 'join', rest: [] };
    return Object.hasOwn(KNOWN, name) ? { name, rest } : { name: app.person ? 'walk' : 'join', rest: [] };
  };

  function go(to) {
    if (location.hash === `#/${to}`) return show();
    location.hash = `/${to}`;
    return undefined;
  }

  /** Draw the screen of the address; its heading gets the focus, so that a reader hears where they are. */
  async function show() {
    const mine = ++turn;
    const { name, rest } = route();
    await screen?.leave?.();
    const made = await (await screenOf(name))(app, ...rest);
    if (mine !== turn) return made?.leave?.();
    screen = made;
    const moved = showing !== '';
    showing = name;
    document.body.dataset.screen = name;
    draw(made);
    frame.main.className = made.flush ? 'flush' : '';
    scrollTo(0, 0);
    if (moved) focusHeading();
    made.shown?.(frame.main);
    return undefined;
  }

  function draw({ title, bar, main, thumb }) {
    document.title = title;
    swap(frame.bar, bar);
    swap(frame.main, main);
    swap(frame.thumb, thumb ?? []);
    frame.thumb.hidden = !thumb;
    frame.example.hidden = !(app.pack ?? app.preview)?.walk.is_demo;
    frame.example.textContent = _('Example – made-up data');
  }

  function focusHeading() {
    const heading = root.querySelector('h1') ?? frame.main;
    heading.setAttribute('tabindex', '-1');
    heading.focus({ preventScroll: true });
  }

  /** Something changed underneath: the screen that asked for it is drawn anew, in its place. */
  async function redraw() {
    const { name, rest } = route();
    if (!screen?.live || name !== showing) return;
    const mine = turn;
    const made = await (await screenOf(name))(app, ...rest);
    if (mine !== turn) return;
    screen = { ...made, leave: screen.leave };
    draw(made);
  }

  let toasting;
  function hush() { swap(frame.status); }

  function toast(text, action) {
    clearTimeout(toasting);
    const box = h('div.toast', h('span', text), action && h('button.btn', { type: 'button', onclick: () => { hush(); action.run(); } }, action.label));
    swap(frame.status, box);
    toasting = setTimeout(hush, action ? 8000 : 5000);
    box.addEventListener('focusin', () => clearTimeout(toasting));
  }

  async function reload() {
    if (app.person) app.person = await one(app.person.owner);
    if (app.person) app.pack = (await packOf(app.person.walk))?.pack ?? null;
  }

  async function select(owner) {
    await set('owner', owner);
    app.person = await one(owner);
    app.pack = (await packOf(app.person.walk))?.pack ?? null;
  }

  /** The walk as the server tells it now; without network the one that is kept is good enough. */
  async function refreshPack() {
    const { person } = app;
    if (!person?.registered) return;
    const kept = await packOf(person.walk);
    try {
      const answer = await api.pack(person, lang, kept?.language === lang ? kept.etag : null);
      if (answer.http !== 200) { await keepPack(kept); return; }
      const { http: _http, etag, ...pack } = answer;
      const off_s = Math.round((Date.parse(pack.server_time) - Date.now()) / 1000);
      await keepPack({ walk: person.walk, language: lang, etag, off_s, pack });
      await reload();
      await redraw();
    } catch (error) {
      if (!['Offline', 'Refused'].includes(error.name)) throw error;
    }
  }

  async function setLanguage(language) {
    await set('language', language);
    await speak(language);
    await show();
    await refreshPack();
  }

  app.isOffline = () => !app.online || engine.status.outcome === 'offline';
  app.sendNow = () => engine.now(app.person.owner);

  /** A person asks to go on after a stop: try the registration anew, whatever it was. */
  app.resume = async () => {
    await change(app.person.owner, { pause: null, asked_again: false });
    await reload();
    await engine.now(app.person.owner);
  };

  app.exportFile = async () => (await import('./export.js')).saveToFile(app);

  /** The rows of the person on the screen, each with its photos and the state that is shown. */
  app.rows = async () => {
    const { owner } = app.person;
    const photos = new Map((await photosOf(owner)).map((photo) => [photo.sha256, photo]));
    return (await observations(owner)).map((row) => {
      const shownPhotos = row.words.photos.map(({ sha256 }) => photos.get(sha256)).filter(Boolean);
      return { ...row, shots: shownPhotos, shown: stateOf(row, shownPhotos, engine.status.sending) };
    });
  };

  /** The walk may have changed, or never have come: looked for again when there is coverage, not too often. */
  async function stale() {
    const kept = await packOf(app.person?.walk ?? '');
    if (app.person?.registered && !(Date.now() - Date.parse(kept?.fetched_at) < OLD_PACK)) await refreshPack();
  }

  let pending;
  function heard(event) {
    if (event.renamed && app.person?.owner === event.renamed.from) select(event.renamed.to).then(show);
    if (event.joined) { reload().then(refreshPack); return; }
    if (event.ended === 'empty') stale();
    if (event.part) { screen?.progress?.(event); return; }
    clearTimeout(pending);
    pending = setTimeout(() => reload().then(redraw), 120);
  }

  async function start() {
    const skip = h('a.skip', { href: '#main', onclick: (event) => { event.preventDefault(); frame.main.focus(); } }, '');
    const language = wanted(await setting('language'));
    await speak(language);
    skip.textContent = _('To the content');
    await invited();
    const owner = await setting('owner');
    if (!app.invitation) app.person = (owner && await one(owner)) || (await everyone()).at(-1) || null;
    await reload();
    // what may have been mended meanwhile is tried once more at each start
    if (['update', 'paused', 'no_walk'].includes(app.person?.pause)) app.person = await change(app.person.owner, { pause: null });
    root.replaceChildren(frame.example, frame.bar, frame.main, frame.thumb, frame.status);
    root.before(skip);
    addEventListener('hashchange', show);
    addEventListener('online', () => { app.online = true; redraw(); });
    addEventListener('offline', () => { app.online = false; redraw(); });
    engine.listen(heard);
    await show();
    for (const name of Object.keys(SOON)) screenOf(name).catch(() => {}); // without network the service worker has them
    refreshPack();
  }

  /** A QR was scanned: the secret leaves the address bar at once and waits on the phone. */
  async function invited() {
    const said = new URLSearchParams(location.hash.slice(1));
    if (said.get('w') && said.get('k')) {
      app.invitation = { walk: said.get('w'), code: said.get('k') };
      await set('invitation', app.invitation);
      history.replaceState(null, '', '/field/#/join');
    } else if (/^#\/join/.test(location.hash)) {
      app.invitation = (await setting('invitation')) ?? null;
    }
    if (app.invitation) app.known = (await known(app.invitation.walk)) ?? null;
  }

  return { app, start };
}
