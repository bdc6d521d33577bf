// 112 first, before any form. The app calls nobody.
import { blank } from '../model/observation.js';
import { drafting } from './drafting.js';
import { h, icon } from './dom.js';
import { banner } from './parts.js';
import { _ } from './words.js';

export default function acute(app) {
  const { emergency = '112', police = '114 14', duty = null } = app.pack?.numbers ?? {};
  const call = (number, what, tone = '') => h(`a.btn${tone}`, { href: `tel:${number.replace(/[^\d+]/g, '')}` }, icon('call'), h('span', h('b', number), h('span', what)));
  return {
    title: _('Acute'),
    bar: [h('a.btn.icon.plain', { href: app.person ? (app.draft ? '#/record' : '#/walk') : '#/join', 'aria-label': _('Back') }, icon('back')), h('h1', _('Acute'))],
    main: h('div.stack.loose',
      h('div.calls',
        h('h2', _('Is anybody in danger now?')),
        call(emergency, _('Crime going on, accident, fire'), '.acute'),
        h('h2', _('Nobody in danger, but it cannot wait')),
        call(police, _('The police, when it is not acute')),
        duty && call(duty, _('The municipality’s duty line'))),
      banner('', 'info', _('The app calls nobody. You call yourself.'), _('Tell the police about crimes and people; do not write them here.')),
      app.person && h('section.stack.tight', h('h2', _('When you have called')),
        h('p.small.quiet', _('Write only what is dangerous and where. The walk leader sees it as soon as there is coverage.')))),
    thumb: app.person && h('button.btn.wide', { type: 'button', onclick: () => mark(app) }, _('I have called, save the place')),
  };
}

async function mark(app) {
  const draft = app.draft ?? await drafting(app);
  Object.assign(draft.words, { ...blank(), ...draft.words, acute: true });
  await draft.keep();
  app.go(draft.id ? `record/${draft.id}` : 'record');
}

