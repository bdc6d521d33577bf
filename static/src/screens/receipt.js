// That all is there, and the code that the walk leader's screen shows too.
import { h, icon } from './dom.js';
import { back, banner, button, primary } from './parts.js';
import { corner, pauseBanner } from './wayside.js';
import { _, n_ } from './words.js';

export default async function receipt(app) {
  const rows = await app.rows();
  return app.person.receipt ? whole(app, app.person.receipt) : waiting(app, rows);
}

function whole(app, { code, observations, photos }) {
  const told = `${n_('One observation', '{n} observations', observations)}${photos ? ` ${_('and')} ${n_('one photo', '{n} photos', photos)}` : ''}`;
  return {
    title: _('Receipt'),
    live: true,
    bar: [back('mine'), h('p', app.pack?.walk.name ?? _('The walk'))],
    main: h('div.stack.loose',
      h('div.stack', h('span.ring', icon('arrived')), h('div.stack.tight',
        h('h1', _('Thank you. All you wrote has arrived.')),
        h('p', _('{told} are now with the municipality.', { told })))),
      h('div.code', h('p.small.quiet', _('Your receipt code')), h('b', code), h('p.small.quiet', _('The same code stands on the walk leader’s screen'))),
      h('section.stack.tight', { 'aria-labelledby': 'next' }, h('h2', { id: 'next' }, _('This happens now')),
        h('ol.stops',
          h('li', { 'aria-current': 'step' }, h('span', _('The coordinator reads everything'))),
          h('li', h('span', _('Whoever is responsible answers'))),
          h('li', h('span', _('You can read the answers')), app.pack?.walk.municipality?.slug && h('a.reach.small.below', { href: `/what-happened/${app.pack.walk.municipality.slug}/` }, _('What became of it'))))),
      letter(app)),
    thumb: primary(_('Done'), { href: '#/walk' }),
  };
}

/** The address for the answer afterwards: kept apart at the municipality, and in no export. */
function letter(app) {
  const form = app.letter ??= { email: '', told: null };
  if (form.told === 'sent') return banner('good', 'arrived', _('You get the answers by e-mail'), _('At most two e-mails. The address is removed afterwards.'));
  return h('form.f', { onsubmit: (event) => { event.preventDefault(); send(app, form); } },
    h('label', { for: 'mail' }, _('Do you want the answers by e-mail?')),
    h('span.hint', { id: 'mail-hint' }, _('At most two e-mails. The address is removed afterwards.')),
    form.told && h('p.error', { role: 'alert' }, icon('needs-you'), form.told === 'wrong' ? _('Look the address through: it should look like name@example.se.') : _('It could not be sent just now. The address is still here; try again in a while.')),
    h('input', { id: 'mail', type: 'email', autocomplete: 'email', required: true, 'aria-describedby': 'mail-hint', value: form.email, oninput: ({ target }) => { form.email = target.value; } }),
    h('button.btn', { type: 'submit' }, _('Send the address')));
}

async function send(app, form) {
  try {
    await app.api.contact(app.person, form.email.trim());
    form.told = 'sent';
  } catch (error) {
    if (!['Offline', 'Refused'].includes(error.name)) throw error;
    form.told = error.status === 422 ? 'wrong' : 'later';
  }
  app.redraw();
}

function waiting(app, rows) {
  const left = rows.filter((row) => ['waiting', 'sending'].includes(row.shown)).length;
  const needs = rows.filter((row) => row.shown === 'needs_you').length;
  return {
    title: _('Receipt'),
    live: true,
    bar: [back('mine'), h('p', app.pack?.walk.name ?? _('The walk')), corner(app, rows)],
    main: h('div.stack',
      h('h1', heading(rows, left, needs)),
      pauseBanner(app),
      h('p', rows.length === 0 ? _('When you have written something, the receipt stands here.')
        : left ? _('The receipt comes by itself when everything has arrived. Everything is saved; keep this page open until then.')
          : needs ? _('Look through what needs you, then the receipt comes.') : _('The receipt is being fetched.')),
      needs > 0 && h('a.btn.wide', { href: '#/mine' }, _('Look at it')),
      left > 0 && h('details.more', h('summary', _('Is there never any coverage?')),
        h('p', _('Save everything to a file and hand it to the coordinator. Nothing is lost.')),
        button(_('Save everything to a file'), { id: 'export', onclick: () => app.exportFile() }))),
    thumb: rows.length === 0 ? primary(_('New observation'), { href: '#/record' }, 'camera')
      : primary(app.engine.status.busy ? _('Sending …') : _('Send now'), { id: 'send-now', onclick: () => app.sendNow() }),
  };
}

function heading(rows, left, needs) {
  if (rows.length === 0) return _('No receipt yet');
  if (left) return n_('One observation is still on the phone', '{n} observations are still on the phone', left);
  return needs ? n_('One observation needs you', '{n} observations need you', needs) : _('Nearly done');
}
