// What several screens are made of.
import { h, icon } from './dom.js';
import { _ } from './words.js';

export const link = (to, tag, ...children) => h(tag, { href: `#/${to}` }, ...children);

export const back = (to, label = _('Back')) =>
  h('a.btn.icon.plain', { href: `#/${to}`, 'aria-label': label }, icon('back'));

export const primary = (label, props = {}, picture = null) =>
  h(`${props.href ? 'a' : 'button'}.btn.primary.wide`, { ...(props.href ? {} : { type: 'button' }), ...props }, picture && icon(picture), label);

export const button = (label, props = {}, picture = null) =>
  h('button.btn', { type: 'button', ...props }, picture && icon(picture), label);

export const banner = (tone, picture, fact, calm, ...more) =>
  h(`div.banner${tone ? `.${tone}` : ''}`, icon(picture), h('div', h('p.strong', fact), calm && h('p', calm)), more);

/** A radio under a pictogram and a word. */
export const tile = ({ name, value, checked, picture, tone, label, hidden, onchange }) =>
  h('label.tile',
    h('input', { type: 'radio', name, value, checked, onchange }),
    h(`span.face${tone ? `.${tone}` : ''}`, icon(picture), h('span', label, hidden && h('span.vh', hidden))));

export const chip = ({ picture, tone, name }) => h(`span.chip.${tone}`, icon(picture), _(name));

export const mark = (kind, number) =>
  h(`span.mark.${kind.tone}${number ? '' : '.draft'}`, h('span.vh', `${_(kind.name)} `), number ? String(number) : '–');

/** Only before something is lost for ever: the safe choice first. Resolves to true when the other was pressed. */
export function ask({ title, text, keep, lose, danger = true }) {
  return new Promise((answer) => {
    const close = (value) => () => { dialog.close(); dialog.remove(); answer(value); };
    const dialog = h('dialog.dialog', { 'aria-labelledby': 'ask-title', oncancel: (event) => { event.preventDefault(); close(false)(); } },
      h('div.stack', h('h2', { id: 'ask-title' }, title), text && h('p', text),
        h('div.stack.tight',
          h('button.btn.primary', { type: 'button', onclick: close(false) }, keep),
          h(`button.btn${danger ? '.warn' : ''}`, { type: 'button', onclick: close(true) }, lose))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const tabs = (here, count) => h('nav.tabs', { 'aria-label': _('The walk') },
  tab('walk', 'walk', _('The walk'), here), tab('map', 'map', _('Map'), here),
  tab('mine', 'more', count ? _('Mine ({n})', { n: count }) : _('Mine'), here));

const tab = (to, picture, label, here) =>
  h('a', { href: `#/${to}`, 'aria-current': to === here ? 'page' : null }, icon(picture), label);

export const newButton = () => primary(_('New observation'), { href: '#/record' }, 'camera');
