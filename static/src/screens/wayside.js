// What is said by the way: at most one banner a screen, the most serious.
import { h, icon } from './dom.js';
import { banner, button } from './parts.js';
import { _, n_ } from './words.js';

const DAY = 24 * 3600 * 1000;

const PAUSES = () => ({
  bad_code: [_('The code no longer works'), _('Scan the QR code again. What you have written is still here.')],
  paused: [_('Nobody can join just now'), _('The walk leader has paused it. What you have written is still here.')],
  walk_over: [_('The walk is over'), _('It can no longer be joined. Talk to the coordinator about what you have saved.')],
  register: [_('Scan the QR code again'), _('The municipality does not recognise this phone. What you have written is still here.')],
  revoked: [_('This phone may no longer send'), _('Talk to the walk leader. What you have written is still here.')],
  no_walk: [_('The walk cannot be found'), _('Scan the QR code again. What you have written is still here.')],
  update: [_('The app is too old'), _('Close it and open it again when there is coverage. What you have written is still here.')],
});

export function pauseBanner(app) {
  const said = PAUSES()[app.person?.pause];
  if (!said) return null;
  const retry = button(_('Try again'), { id: 'retry', onclick: () => app.resume() });
  return banner('bad', 'needs-you', ...said, retry);
}

/** What waits on the phone. Offline is no error and gets no banner; unsent does. */
export function stateBanner(app, rows) {
  const paused = pauseBanner(app);
  if (paused) return paused;
  const needs = rows.filter((row) => row.shown === 'needs_you').length;
  if (needs) {
    return banner('bad', 'needs-you', n_('One observation needs you', '{n} observations need you', needs), null,
      h('a.btn', { href: '#/mine' }, _('Look at it')));
  }
  const waiting = rows.filter((row) => ['waiting', 'sending'].includes(row.shown));
  if (!waiting.length) return null;
  const old = waiting.some((row) => Date.now() - Date.parse(row.made_at) > DAY);
  const calm = app.isOffline()
    ? n_('It is saved and is sent when the coverage is back. You need do nothing.', 'They are saved and are sent when the coverage is back. You need do nothing.', waiting.length)
    : n_('It is saved and on its way. Keep this page open until it is sent.', 'They are saved and on their way. Keep this page open until everything is sent.', waiting.length);
  return banner(old ? 'bad' : 'wait', 'on-phone',
    n_('One observation waits on the phone', '{n} observations wait on the phone', waiting.length), calm,
    (old || !app.isOffline()) && !app.engine.status.busy && button(_('Send now'), { id: 'send-now', onclick: () => app.sendNow() }));
}

/** The corner of the bar: what goes on by itself. */
export function corner(app, rows = []) {
  const left = rows.some((row) => ['waiting', 'sending'].includes(row.shown));
  if (app.isOffline()) return h('span.side', icon('offline'), _('No coverage'));
  if (left && app.engine.status.busy) return h('span.side', icon('sending'), _('Sending'));
  return null;
}

/** A newer version waits; it is taken when nobody is in the middle of writing. */
export const newVersion = (app) => app.newVersion && banner('', 'info', _('There is a new version'), _('What you have saved stays.'),
  button(_('Use it now'), { id: 'use-now', onclick: app.newVersion }));
