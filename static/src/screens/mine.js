// What needs you first, then what is on its way, then what is done.
import { KINDS, tiles } from '../model/categories.js';
import { STATES, byNeed } from '../model/state.js';
import { neverSent, remove, revise, withdraw } from '../store/outbox.js';

import { nameOf } from './categories.js';
import { h, icon, pictureUrl } from './dom.js';
import { ask, back, button, chip, mark, newButton, tabs } from './parts.js';
import { corner, pauseBanner } from './wayside.js';
import { _, clock, n_ } from './words.js';

const TROUBLES = () => ({
  bad_image: _('The photo could not be read. The words have arrived.'),
  unsupported: _('The photo could not be read. The words have arrived.'),
  too_large: _('The photo is too large to send. The words have arrived.'),
  lost: _('The photo is no longer on the phone. The words have arrived.'),
  hash_mismatch: _('The photo is damaged on the way, again and again. The words have arrived.'),
});

export default async function mine(app) {
  const rows = (await app.rows()).sort(byNeed);
  app.smallOf = new Map(rows.flatMap((row) => row.shots).map((photo) => [photo.sha256, photo.small]));
  const anySecured = rows.some((row) => row.shown === 'secured');
  return {
    title: _('My observations'),
    live: true,
    bar: [back('walk'), h('h1', _('My observations')), corner(app, rows)],
    main: h('div.stack',
      pauseBanner(app),
      rows.length ? progress(app, rows) : empty(),
      rows.length > 0 && h('ul.card.rows', rows.map((row) => line(app, row))),
      anySecured && h('p.small.quiet.line', icon('secured'), _('Secured means that the municipality has three backups. Only then may the phone forget.')),
      rows.length > 0 && h('div.stack.tight',
        h('a.btn.wide', { href: '#/receipt' }, _('To the receipt')),
        button(_('Save everything to a file'), { id: 'export', class: 'plain wide', onclick: () => app.exportFile() }))),
    thumb: [newButton(), tabs('mine', rows.length)],
    progress: ({ sending, part }) => {
      const bar = document.getElementById(`part-${sending}`);
      if (bar) bar.value = Math.round(part * 100);
    },
  };
}

function progress(app, rows) {
  const count = (...states) => rows.filter((row) => states.includes(row.shown)).length;
  const there = count('arrived', 'secured', 'held');
  const waiting = count('waiting', 'sending');
  const told = [
    there === rows.length ? _('All of it has arrived.') : _('{there} of {all} have arrived.', { there, all: rows.length }),
    waiting > 0 && (app.isOffline()
      ? n_('One is on the phone and goes off when the coverage is enough.', '{n} are on the phone and go off when the coverage is enough.', waiting)
      : n_('One is on its way.', '{n} are on their way.', waiting)),
  ].filter(Boolean).join(' ');
  return h('div.stack.tight', h('p', told), h('progress', { value: there, max: rows.length, 'aria-label': _('{there} of {all} have arrived.', { there, all: rows.length }) }),
    waiting > 0 && app.online && !app.engine.status.busy && button(_('Send now'), { id: 'send-now', onclick: () => app.sendNow() }, 'sending'));
}

const empty = () => h('div.empty', icon('camera'), h('h2', _('Nothing written yet')), h('p', _('What you see on the walk is gathered here.')));

function line(app, row) {
  const kind = KINDS.find((k) => k.code === row.words.kind) ?? KINDS[0];
  const category = tiles(app.pack).find((c) => c.code === row.words.category);
  const [shot] = row.shots;
  const small = shot?.small;
  const text = row.words.text || (category ? nameOf(category) : row.words.position?.address) || _('Without words');
  return h(`li.mine${row.shots.length ? '' : '.bare'}`,
    row.shots.length > 0 && (small ? h('img.thumbnail', { src: pictureUrl(shot.sha256, small), alt: _('Your photo') }) : h('span.thumbnail.unseen', icon('camera'))),
    h('div.stack.tight',
      h('p.line', mark(kind, row.number), row.withdrawn ? h('span.chip', icon('declined'), _('Withdrawn')) : chip(STATES[row.shown])),
      h('p.small.clamp', text),
      category && row.words.text && h('p.tiny.quiet', `${nameOf(category)}, ${clock(row.made_at)}`),
      row.shown === 'sending' && row.shots.length > 0 && h('progress', { id: `part-${app.engine.status.sending}`, value: Math.round(app.engine.status.part * 100), max: 100, 'aria-label': _('Photo on its way') }),
      row.shown === 'held' && h('p.small.quiet', _('It came after the walk was closed, and the coordinator looks at it.')),
      row.shown === 'needs_you' ? trouble(app, row) : choices(app, row)));
}

function trouble(app, row) {
  const photo = row.shots.find((p) => p.trouble);
  if (!photo) {
    return [
      h('p.small', _('The municipality could not take it as it is. Look it through and save again.')),
      h('p.line', h('a.btn', { id: `mend-${row.id}`, href: `#/record/${row.id}` }, _('Look it through')), removal(app, row)),
    ];
  }
  return [
    h('p.small', TROUBLES()[photo.trouble.code] ?? TROUBLES().bad_image),
    h('p.line', h('a.btn', { id: `mend-${row.id}`, href: `#/record/${row.id}` }, _('Take a new photo')),
      button(_('Leave it'), { class: 'plain', onclick: () => letBe(app, row, photo) })),
  ];
}

/** Without the photo that would not go: the words stay, as the next revision. */
async function letBe(app, row, photo) {
  await revise(row.id, { ...row.words, photos: row.words.photos.filter((p) => p.sha256 !== photo.sha256) });
  again(app);
}

const again = async (app) => {
  await app.reload();
  await app.redraw();
  app.engine.now(app.person.owner);
};

function choices(app, row) {
  if (row.withdrawn) return h('p.small.quiet', _('Hidden from everyone but the coordinator. The record itself stays at the municipality.'));
  return h('p.line.choices-row',
    h('a.btn.plain.small', { id: `change-${row.id}`, href: `#/record/${row.id}` }, _('Change')), removal(app, row));
}

function removal(app, row) {
  const gone = neverSent(row);
  return button(gone ? _('Remove') : _('Withdraw'), { id: `remove-${row.id}`, class: 'plain warn small', onclick: () => (gone ? reallyRemove(app, row) : takeBack(app, row)) });
}

async function reallyRemove(app, row) {
  const sure = await ask({
    title: _('Remove it?'), text: _('It has not been sent and stands only on this phone.'), keep: _('Keep it'), lose: _('Remove'),
  });
  if (!sure) return;
  if (!(await remove(row.id))) app.toast(_('It has just been sent. Withdraw it instead.'));
  again(app);
}

async function takeBack(app, row) {
  const sure = await ask({
    title: _('Withdraw it?'), keep: _('Keep it'), lose: _('Withdraw'),
    text: _('It is hidden from everyone but the coordinator and left out of reports. The record itself stays at the municipality until it may be disposed of.'),
  });
  if (!sure) return;
  await withdraw(row.id);
  again(app);
}

