// The walk itself: what waits on the phone, this stop and its question, then the stops to come.
import { change } from '../store/participants.js';
import { draftKey, draftOf } from '../store/drafts.js';
import { sayable } from '../model/observation.js';
import { h, icon } from './dom.js';
import { facts } from './facts.js';
import { banner, newButton, tabs } from './parts.js';
import { corner, newVersion, stateBanner } from './wayside.js';
import { _, clock, n_ } from './words.js';

export default async function walk(app) {
  const rows = await app.rows();
  const { pack, person } = app;
  const stops = [...(pack?.stops ?? [])].sort((a, b) => a.order - b.order);
  const now = Math.max(0, stops.findIndex((stop) => stop.id === person.stop));
  const group = pack?.groups?.length > 1 && pack.groups.find((g) => g.id === person.group);
  const draft = await draftOf(draftKey(person.owner));
  const done = rows.length > 0 && person.receipt;
  return {
    title: pack?.walk.name ?? _('The walk'),
    live: true,
    bar: [
      h('p', pack?.walk.name ?? _('The walk'), group && [h('br'), h('span.tiny.quiet', group.name)]),
      corner(app, rows),
      h('a.btn.icon.plain', { href: '#/acute', 'aria-label': _('Acute: call for help'), class: 'danger' }, icon('call')),
    ],
    main: h('div.stack',
      stateBanner(app, rows) ?? closed(app) ?? newVersion(app),
      draft && (sayable(draft.words) || draft.camera) && banner('', 'pen', _('You have begun an observation'), null, h('a.btn', { href: '#/record' }, _('Carry on writing'))),
      done && banner('good', 'arrived', _('All you wrote has arrived'), _('Receipt code {code}', { code: person.receipt.code }), h('a.btn', { href: '#/receipt' }, _('Show the receipt'))),
      stops.length > 0 ? here(stops, now) : unstopped(app),
      stops.length > 0 && h('section.stack.tight', { 'aria-labelledby': 'stops' }, h('h2', { id: 'stops' }, _('The stops')),
        h('ol.stops', stops.map((stop, at) => stopLine(app, stop, at, now, rows)))),
      h('p', h('a.btn.plain.small', { href: '#/ready' }, _('Check the phone')))),
    thumb: [newButton(), tabs('walk', rows.length)],
  };

  function here(all, at) {
    const stop = all[at];
    return h('section.card.stack.tight', { 'aria-labelledby': 'now' },
      h('p.small.quiet', _('Stop {n} of {all}', { n: at + 1, all: all.length })),
      h('h1', { id: 'now' }, stop.name),
      (stop.questions ?? []).map((question) => h('p', question.text ?? question)),
      at + 1 < all.length && h('button.btn.wide', { id: 'next-stop', type: 'button', onclick: () => move(app, all[at + 1].id) },
        _('On to {stop}', { stop: all[at + 1].name }), icon('next')));
  }
}

const unstopped = (app) => h('section.card.stack.tight',
  h('h1', app.pack?.walk.name ?? _('The walk')),
  h('p', app.pack ? _('This walk has no stops. Write what you see on the way.') : _('The walk is fetched when there is coverage. You can write observations already.')),
  app.pack && facts(app.pack));

async function move(app, stop) {
  await change(app.person.owner, { stop });
  await app.reload();
  await app.redraw();
  scrollTo({ top: 0 });
}

function stopLine(app, stop, at, now, rows) {
  const mine = rows.filter((row) => row.words.stop === stop.id).length;
  const side = mine ? n_('{n} observation', '{n} observations', mine) : stop.planned_at && clock(stop.planned_at);
  return h(`li${at < now ? '.past' : ''}`, { 'aria-current': at === now ? 'step' : null },
    h('button.stop', { id: `stop-${at}`, type: 'button', onclick: () => move(app, stop.id) }, stop.name),
    side && h('span.side.num', side));
}

/** How the walk stands when it is not on: writing goes on, and it is said where it ends up. */
function closed(app) {
  const state = app.person.state ?? app.pack?.walk.state;
  if (state === 'cancelled') return banner('bad', 'declined', _('The walk has been cancelled'), _('What you have written is still here.'));
  if (state === 'postponed') return banner('wait', 'late', _('The walk has been postponed'), _('What you have written is still here.'));
  if (!['closed', 'reviewing'].includes(state)) return null;
  return banner('', 'held', _('The walk is closed'), _('What you save now ends up with the coordinator.'), h('a.btn', { href: '#/receipt' }, _('Show the receipt')));
}
