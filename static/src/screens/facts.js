// Where, when, and when it gets dark.
import { h } from './dom.js';
import { _, clock, day } from './words.js';

export function facts({ walk }) {
  const today = walk.starts_at && new Date(walk.starts_at).toDateString() === new Date().toDateString();
  const date = walk.starts_at && day(walk.starts_at);
  const hours = walk.ends_at ? `${clock(walk.starts_at)}–${clock(walk.ends_at)}` : walk.starts_at && clock(walk.starts_at);
  const row = (term, ...told) => [h('dt', term), h('dd', ...told)];
  return h('dl.card.kv',
    row(_('Walk'), h('span.strong', walk.name)),
    walk.starts_at && row(_('When'), today ? _('Today, {date}', { date }) : date, h('br'), _('at {hours}', { hours })),
    walk.meeting_point && row(_('We meet'), walk.meeting_point),
    walk.light?.dusk_at && row(_('Light'), _('Dark from {clock}, bring a torch if you can', { clock: clock(walk.light.dusk_at) })));
}
