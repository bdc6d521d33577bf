// Where is it? The needle in the middle of the map, or a written address, or the stop, or later: all as good.
import { h, icon, swap } from './dom.js';
import { drafting } from './drafting.js';
import { drawFix, drawMap, dress, moved } from './mapview.js';
import { back, button } from './parts.js';
import { _, metres } from './words.js';

const METRE_BY_METRE = 1;

export default async function place(app, id = null) {
  const draft = await drafting(app, id);
  await dress();
  const { words } = draft;
  const to = id ? `record/${id}` : 'record';
  const stops = [...(app.pack?.stops ?? [])].sort((a, b) => a.order - b.order);
  const canvas = h('div.canvas', { role: 'application', 'aria-label': _('Map. The needle stands in the middle. Move it with the arrow buttons, or choose a place in another way below.') });
  const corner = h('span.side.num');
  const foot = h('div.stack.tight');
  let map = null;
  let own = null;
  let touched = false;
  let stopFollowing = () => {};

  async function use(position, stop = words.stop) {
    Object.assign(words, { position, stop });
    draft.chosenPlace = true;
    await draft.keep();
    app.go(to);
  }

  function useNeedle() {
    const { lat, lng } = map.getCenter();
    const near = touched || !app.fix ? 5 : app.fix.accuracy_m;
    return use({ source: touched ? 'map' : 'gps', lat, lon: lng, accuracy_m: near, fixed_at: touched ? new Date().toISOString() : app.fix?.fixed_at });
  }

  const nudge = (label, picture, north, east) => button('', {
    class: 'icon', 'aria-label': label, onclick: () => { touched = true; map.setView(moved(map.getCenter(), north, east), map.getZoom(), { animate: false }); },
  }, picture);

  const toPhone = () => button('', { class: 'icon', 'aria-label': _('To the phone’s place'), onclick: () => {
    if (app.fix) { touched = false; map.setView([app.fix.lat, app.fix.lon], Math.max(18, map.getZoom()), { animate: false }); } else app.toast(_('The phone has found no place yet.'));
  } }, 'locate');

  const pad = () => h('div.nudge', { role: 'group', 'aria-label': _('Move the needle one metre') },
    nudge(_('North'), 'up', METRE_BY_METRE, 0), nudge(_('West'), 'back', 0, -METRE_BY_METRE), toPhone(),
    nudge(_('East'), 'next', 0, METRE_BY_METRE), nudge(_('South'), 'down', -METRE_BY_METRE, 0));

  function fixed(fix) {
    app.fix = fix;
    swap(corner, _('Within {metres}', { metres: metres(fix.accuracy_m) }));
    own = drawFix(map, fix, own);
    if (!touched && !draft.chosenPlace) map.setView([fix.lat, fix.lon], Math.max(18, map.getZoom()), { animate: false });
  }

  // ---- the other ways -------------------------------------------------------------

  const ways = () => swap(foot,
    h('div.ways',
      h('button.btn', { type: 'button', id: 'by-address', onclick: byAddress }, _('Address')),
      stops.length > 0 && h('button.btn', { type: 'button', id: 'by-stop', onclick: byStop }, _('At a stop')),
      h('button.btn', { type: 'button', onclick: () => use({ source: 'none' }, null) }, _('Choose later'))),
    h('button.btn.primary.wide', { type: 'button', onclick: useNeedle }, _('Use this place')));

  function byAddress() {
    const field = h('input', { id: 'address', autocomplete: 'street-address', maxlength: 200, value: words.position?.address ?? '' });
    swap(foot, h('form.stack.tight', { onsubmit: (event) => { event.preventDefault(); if (field.value.trim()) use({ source: 'address', address: field.value.trim() }); } },
      h('div.f', h('label', { for: 'address' }, _('Address or description of the place')), h('span.hint', { id: 'address-hint' }, _('For instance: the path behind Storgatan 12')), field),
      h('div.pair', button(_('Back to the map'), { onclick: ways }), h('button.btn.primary', { type: 'submit' }, _('Use the address')))));
    field.setAttribute('aria-describedby', 'address-hint');
    field.focus();
  }

  function byStop() {
    swap(foot, h('fieldset.stack.tight', h('legend', _('Which stop?')),
      h('div.stop-list', stops.map((stop, at) => button(`${at + 1}. ${stop.name}`, { class: 'wide', 'aria-pressed': String(stop.id === words.stop), onclick: () => use({ source: 'none' }, stop.id) }))),
      button(_('Back to the map'), { class: 'plain', onclick: ways })));
  }

  ways();
  return {
    title: _('Where is it?'),
    flush: true,
    bar: [back(to), h('h1', _('Where is it?')), corner],
    main: h('div.placing', canvas, h('span.needle', { 'aria-hidden': 'true' }, icon('place')),
      h('p.float', _('Drag the map until the needle stands right. What you choose goes before the phone’s place.')), pad()),
    thumb: foot,
    shown() {
      map = drawMap(canvas, app.pack, { stop: words.stop });
      const { position } = words;
      const stop = stops.find((s) => s.id === words.stop && s.lat != null);
      if (position?.lat != null) map.setView([position.lat, position.lon], 18.5, { animate: false });
      else if (stop) map.setView([stop.lat, stop.lon], 18, { animate: false });
      touched = position?.source === 'map';
      map.on('dragstart keydown', () => { touched = true; });
      if (app.fix) fixed(app.fix);
      stopFollowing = app.device.follow(fixed, () => swap(corner, _('No place found')));
    },
    leave: () => { stopFollowing(); map?.remove(); },
  };
}
