// All of them, in places that never change. A tile is the answer.
import { tiles } from '../model/categories.js';
import { h, icon } from './dom.js';
import { back } from './parts.js';
import { drafting } from './drafting.js';
import { _ } from './words.js';

export const nameOf = (category) => (category.own ? category.name : _(category.name));

export default async function categories(app, id) {
  const draft = await drafting(app, id);
  const to = id ? `record/${id}` : 'record';
  return {
    title: _('What is it about?'),
    bar: [back(to), h('h1', _('What is it about?'))],
    main: h('div.tiles', tiles(app.pack).map((category) =>
      h('button.tile', { type: 'button', 'aria-pressed': String(draft.words.category === category.code), onclick: () => choose(category.code) },
        h('span.face', icon(category.picture), h('span', nameOf(category)))))),
  };

  async function choose(code) {
    draft.words.category = code;
    if (code === 'safe_place') draft.words.kind = 'safe_place';
    await draft.keep();
    app.go(to);
  }
}
