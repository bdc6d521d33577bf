// What is not right, then what is. Nothing here stops anybody from walking.
import { change } from '../store/participants.js';
import { packOf } from '../store/packs.js';
import { forget, set, setting } from '../store/settings.js';
import { h, icon } from './dom.js';
import { facts } from './facts.js';
import { languageChoice } from './language.js';
import { back, button, primary, tile } from './parts.js';
import { pauseBanner } from './wayside.js';
import { _, clock, lang, metres, n_ } from './words.js';

const PHOTO = 450_000; // a usual photo after shrinking
const LITTLE_ROOM = 60_000_000;
const ROUGH = 60; // metres: worse than this and the pin is moved by hand

export default async function ready(app) {
  const checks = await all(app);
  const wrong = checks.filter((check) => !check.good);
  const { pack, person } = app;
  return {
    title: _('Check the phone'),
    live: true,
    bar: [
      back('walk'), h('p', pack?.walk.name ?? _('Safety walk')), languageChoice(app),
    ],
    main: h('div.stack',
      h('div.stack.tight',
        h('h1', _('Check the phone before you walk')),
        h('p.quiet', wrong.length
          ? _('{ready} of {all} are ready. You can begin anyway.', { ready: checks.length - wrong.length, all: checks.length })
          : _('All is ready.'))),
      pauseBanner(app),
      h('ul.card.rows', [...wrong, ...checks.filter((check) => check.good)].map(line)),
      pack?.groups?.length > 1 && groups(app),
      await awake(app),
      pack && facts(pack)),
    thumb: primary(_('Begin to walk'), { href: '#/walk' }),
  };

  function groups() {
    return h('fieldset.stack.tight', h('legend', _('Which group do you walk with?')),
      h('div.tiles.wide', pack.groups.map((group) => tile({
        name: 'group', value: group.id, checked: person.group === group.id, picture: 'people', label: group.name,
        onchange: async () => { await change(person.owner, { group: group.id, changed: true }); await app.reload(); app.engine.now(person.owner); },
      }))));
  }
}

const line = ({ good, fact, calm, action }) => h(`li.check.${good ? 'good' : 'bad'}`,
  icon(good ? 'arrived' : 'needs-you'),
  h('div', h('h2.small.strong', fact), h('p.small.quiet', calm), action));

async function all(app) {
  return [await place(app), await walkOnPhone(app), await storage(app), await clockRight(app), registered(app)].filter(Boolean);
}

async function place(app) {
  const fix = app.fix;
  const state = await app.device.permission();
  if (fix) {
    return fix.accuracy_m <= ROUGH
      ? { good: true, fact: _('The place is right'), calm: _('Within {metres}.', { metres: metres(fix.accuracy_m) }) }
      : { good: false, fact: _('The place is rough'), calm: _('Within {metres}. Turn on exact location in the phone’s settings, or move the pin on the map yourself.', { metres: metres(fix.accuracy_m) }), action: tryPlace(app) };
  }
  if (state === 'denied' || app.missed === 'denied') {
    return { good: false, fact: _('The phone may not tell its place'), calm: _('Allow location for this page in the browser’s settings, or choose the place on the map yourself.') };
  }
  const calm = app.missed ? _('The phone found no place just now. It often goes better outdoors.') : _('You get one question from the phone. The place is saved only with what you write.');
  return { good: false, fact: _('The place has not been tried'), calm, action: tryPlace(app) };
}

function tryPlace(app) {
  return button(_('Try the place'), {
    id: 'try-place', class: 'wide', onclick: (event) => {
      event.currentTarget.textContent = _('Looking for the place …');
      const stop = app.device.follow(
        (fix) => { stop?.(); app.fix = fix; app.missed = null; app.redraw(); },
        (reason) => { stop?.(); app.missed = reason; app.redraw(); });
    },
  }, 'locate');
}

async function walkOnPhone(app) {
  const shell = app.device.worksOffline() && (navigator.serviceWorker.controller || (await navigator.serviceWorker.getRegistration())?.active);
  if (app.pack && shell) return { good: true, fact: _('The walk is on the phone'), calm: _('Area, stops and questions work without coverage.') };
  if (!app.device.worksOffline()) {
    return { good: false, fact: _('This browser forgets'), calm: _('Open the address in Safari or Chrome instead. Here the app only works while there is coverage.') };
  }
  return { good: false, fact: _('The walk is not on the phone yet'), calm: _('It is fetched as soon as there is coverage. You can write observations already.') };
}

async function storage(app) {
  const works = await app.device.storageWorks(set, setting, forget);
  if (!works) return { good: false, fact: _('The phone cannot keep anything'), calm: _('It may be a private window. Open the address in an ordinary one.') };
  const room = await app.device.room();
  if (room === null) return { good: true, fact: _('There is room to save'), calm: _('What you write is kept on the phone until it has arrived.') };
  if (room < LITTLE_ROOM) return { good: false, fact: _('The phone is nearly full'), calm: _('Words always get through. Remove something from the phone if you want to take many photos.') };
  const photos = Math.min(1000, Math.floor(room / PHOTO / 100) * 100);
  return { good: true, fact: _('There is room to save'), calm: _('Enough for about {n} photos.', { n: Math.max(100, photos).toLocaleString(lang) }) };
}

async function clockRight(app) {
  const off = (await packOf(app.person.walk))?.off_s;
  if (off === undefined) return null;
  if (Math.abs(off) <= 60) return { good: true, fact: _('The clock is right'), calm: _('It is {clock}.', { clock: clock(Date.now()) }) };
  return {
    good: false, fact: _('The clock is wrong'),
    calm: n_('By about {n} minute. We correct the times, so you need do nothing.', 'By about {n} minutes. We correct the times, so you need do nothing.', Math.round(Math.abs(off) / 60)),
  };
}

function registered(app) {
  if (app.person.registered) return { good: true, fact: _('You are on the walk'), calm: _('The municipality and the phone have found each other.') };
  return { good: false, fact: _('You are not on the walk yet'), calm: _('It happens by itself when there is coverage. What you write meanwhile is kept.') };
}

async function awake(app) {
  if (!navigator.wakeLock) return null;
  return h('label.card.switch',
    h('span', h('span.strong', _('Keep the screen on')), h('br'), h('span.small.quiet', _('Uses more battery'))),
    h('input', {
      id: 'awake', type: 'checkbox', role: 'switch', checked: Boolean(await setting('awake')),
      onchange: async ({ target }) => { await set('awake', target.checked); app.device.awake(target.checked); },
    }));
}
