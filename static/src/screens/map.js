// The walk and my own observations on it. Everything here stands as a list under "mine" too.
import { KINDS } from '../model/categories.js';
import { h } from './dom.js';
import { drawFix, drawMap, dress, mark as pin } from './mapview.js';
import { mark, newButton, tabs } from './parts.js';
import { corner } from './wayside.js';
import { _ } from './words.js';

export default async function map(app) {
  const rows = await app.rows();
  await dress();
  const placed = rows.filter((row) => row.words.position?.lat != null && !row.withdrawn);
  const canvas = h('div.canvas', { role: 'application', 'aria-label': _('Map of the walk. The same observations stand in the list Mine.') });
  let drawn = null;
  return {
    title: _('Map'),
    flush: true,
    bar: [h('h1', _('Map')), corner(app, rows)],
    main: h('div.placing', canvas, !app.pack && h('p.float', _('The walk is fetched when there is coverage. You can write observations already.'))),
    thumb: [newButton(), tabs('map', rows.length)],
    shown() {
      drawn = drawMap(canvas, app.pack, { stop: app.person.stop });
      for (const row of placed) {
        const kind = KINDS.find((k) => k.code === row.words.kind) ?? KINDS[0];
        const { lat, lon } = row.words.position;
        pin(drawn, lat, lon, mark(kind, row.number), () => app.go('mine'), row.words.text || _(kind.name));
      }
      if (app.fix) drawFix(drawn, app.fix);
    },
    leave: () => drawn?.remove(),
  };
}
