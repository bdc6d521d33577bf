// Take part: where and when, two sentences about what happens with it, and one button.
import { join as takePart, change } from '../store/participants.js';
import { forget, reserve } from '../store/settings.js';
import { h } from './dom.js';
import { facts } from './facts.js';
import { banner, link, primary, tile } from './parts.js';
import { languageChoice } from './language.js';
import { _, lang } from './words.js';

const PRIVACY = () =>
  _('You need not give your name. What you send becomes a record at the municipality, and is looked at before anyone else may see it.');

export default function join(app) {
  if (!app.invitation) return withoutInvitation(app);
  const chosen = app.joining ??= { name: '', group: null, tried: false };
  if (!chosen.tried) preview(app, chosen);
  const pack = app.preview;
  return {
    title: _('Take part in the safety walk'),
    live: true,
    bar: [h('p', pack?.walk.municipality?.name ?? _('Safety walk')), languageChoice(app)],
    main: h('div.stack.loose',
      h('div.stack.tight',
        h('h1', _('Welcome to the safety walk')),
        h('p', _('We write down what feels good and what needs to become better.'))),
      app.known && banner('good', 'arrived', _('This phone already takes part'), _('What you have written is still here.')),
      pack && facts(pack),
      pack?.groups?.length > 1 && groupChoice(pack.groups, chosen),
      h('div.f',
        h('label', { for: 'name' }, _('Your name'), ' ', h('span.quiet', _('(if you like)'))),
        h('span.hint', { id: 'name-hint' }, _('Only the walk leader and the coordinator see it.')),
        h('input', { id: 'name', autocomplete: 'name', maxlength: 80, 'aria-describedby': 'name-hint', value: chosen.name, oninput: (e) => { chosen.name = e.target.value; } })),
      h('p.small.quiet', pack?.texts?.privacy || PRIVACY()),
      h('p.small.quiet', _('Keep this page on your phone until all of it has been sent: who clears the browser’s history also clears what has not been sent.'))),
    thumb: app.known ? [
      primary(_('Carry on'), { onclick: () => carryOn(app) }),
      h('button.btn.plain.wide', { type: 'button', onclick: () => enter(app, chosen) }, _('I am somebody else: take part anew')),
    ] : [
      primary(_('Take part'), { onclick: () => enter(app, chosen) }),
      h('p.tiny.quiet', _('No account and no app to fetch')),
    ],
  };
}

const groupChoice = (groups, chosen) => h('fieldset.stack.tight',
  h('legend', _('Which group do you walk with?')),
  h('div.tiles.wide', groups.map((group) => tile({
    name: 'group', value: group.id, checked: chosen.group === group.id, picture: 'people', label: group.name,
    onchange: () => { chosen.group = group.id; },
  }))));

/** What the walk is, told before taking part where the server does; without network the page stands by itself. */
async function preview(app, chosen) {
  chosen.tried = true;
  try {
    app.preview = await app.api.preview(app.invitation, lang);
    app.redraw();
  } catch (error) {
    if (!['Offline', 'Refused'].includes(error.name)) throw error;
  }
}

async function enter(app, chosen) {
  const person = await takePart({
    ...app.invitation, name: chosen.name.trim() || null, language: lang, group: chosen.group ?? (app.preview?.groups?.length === 1 ? app.preview.groups[0].id : null),
  });
  await reserve();
  await begun(app, person.owner);
}

/** The same person with a fresh code: what was paused for the old one goes on. */
async function carryOn(app) {
  await change(app.known.owner, { code: app.invitation.code, pause: null, registered: false });
  await begun(app, app.known.owner);
}

async function begun(app, owner) {
  await forget('invitation');
  Object.assign(app, { invitation: null, known: null, joining: null });
  await app.select(owner);
  app.engine.now(owner);
  app.go('ready');
}

const withoutInvitation = (app) => ({
  title: _('Take part in the safety walk'),
  bar: [h('p', _('Safety walk')), languageChoice(app)],
  main: h('div.stack.loose',
    h('div.stack.tight',
      h('h1', _('Take part in the safety walk')),
      h('p', _('Scan the QR code that the walk leader shows. Use the phone’s camera and open the address it finds.'))),
    h('section.card.stack.tight',
      h('h2', _('No camera?')),
      h('p', _('Ask for the code that is printed beside the QR code.')),
      h('a.btn.wide', { href: '/join' }, _('Write the code')))),
  thumb: app.person ? primary(_('To my walk'), { href: '#/walk' }) : [link('acute', 'a.btn.warn.wide', _('Acute?'))],
});
