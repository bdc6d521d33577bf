// One observation: the photo first, then what, which kind and how it feels. A photo and Save is enough.
import { KINDS, common, tiles } from '../model/categories.js';
import { sayable } from '../model/observation.js';
import { addDraftPhoto, dropDraftPhoto, dropDraft } from '../store/drafts.js';
import { revise, save, saveWordsOnly } from '../store/outbox.js';
import { nameOf } from './categories.js';
import { h, icon, pictureUrl, swap } from './dom.js';
import { drafting } from './drafting.js';
import { takePhoto } from './photo.js';
import { ask, banner, tile } from './parts.js';
import { _, metres } from './words.js';

const SETTLE = 60_000; // after the photo is taken the place is only made better, and not for long: people walk on
const MOST_PHOTOS = 3;

const FEELINGS = () => [
  ['feel-1', _('very unsafe')], ['feel-2', _('unsafe')], ['feel-3', _('neither')], ['feel-4', _('safe')], ['feel-5', _('very safe')],
];
const SAID_BY = () => ({ self: _('I say it myself'), group: _('The group says it'), someone: _('Somebody told me') });

export default async function record(app, id = null) {
  if (!app.draft) app.hush();
  const draft = await drafting(app, id);
  const { words } = draft;
  const stops = app.pack?.stops ?? [];
  const regions = { photo: h('div.stack.tight'), categories: h('fieldset.stack.tight'), place: h('div'), saved: h('span.side'), error: h('div') };
  let busy = false;

  const keep = async () => { await draft.keep(); saved(); };
  const change = (fields) => { Object.assign(words, fields); return keep(); };
  const saved = () => swap(regions.saved, icon('arrived'), id ? _('Change not sent') : _('Draft saved'));

  // ---- photo ------------------------------------------------------------------

  const photos = () => [
    ...words.photos.map((photo) => ({ ...photo, kept: true, small: app.smallOf?.get(photo.sha256) })), ...draft.fresh,
  ];

  async function picked(files) {
    await draft.cameraBack();
    draft.lostPhoto = false;
    busy = true;
    drawPhoto(_('Making the photo small …'));
    for (const file of files) {
      if (photos().length >= most()) break;
      const photo = await takePhoto(app, file);
      if (photo) await addDraftPhoto(draft.key, photo).catch(full);
    }
    busy = false;
    draft.photoAt ??= Date.now();
    await photosChanged();
  }

  const most = () => app.pack?.limits?.photos_per_observation ?? MOST_PHOTOS;
  const full = (error) => {
    if (error.name !== 'QuotaExceededError') throw error;
    app.toast(_('The phone is full. The photo did not fit; your words still do.'));
  };

  async function drop(photo) {
    const before = words.photos;
    if (photo.kept) words.photos = words.photos.filter((p) => p.sha256 !== photo.sha256);
    else await dropDraftPhoto(draft.key, photo.sha256);
    await photosChanged();
    app.toast(_('The photo is removed.'), { label: _('Undo'), run: async () => {
      if (photo.kept) words.photos = before;
      else await addDraftPhoto(draft.key, photo);
      await photosChanged();
    } });
  }

  async function photosChanged() {
    await draft.reread();
    await keep();
    drawPhoto();
  }

  const file = (label, picture, { capture = null, tone = '' } = {}) => h(`label.btn${tone}`,
    icon(picture), label,
    h('input.vh', {
      type: 'file', accept: 'image/*', capture, multiple: !capture, onclick: () => draft.camera(),
      onchange: ({ target }) => picked([...target.files]), oncancel: () => draft.cameraBack(),
    }));

  function drawPhoto(note) {
    const all = photos();
    const room = all.length < most();
    swap(regions.photo,
      draft.lostPhoto && banner('wait', 'camera', _('The photo did not come back'), _('The phone closed the app while the camera was open. Everything else is here; take the photo again.')),
      note && h('p.small.quiet', { role: 'status' }, note),
      all.length === 0 && !busy && h('div.shoot', file(_('Take a photo'), 'camera', { capture: 'environment' }), file(_('Choose a photo'), 'plus')),
      all.map((photo, at) => lead(photo, at, all.length, room)));
  }

  function lead(photo, at, count, room) {
    const last = at === count - 1;
    return h('div.photo.lead',
      photo.small ? h('img', { src: pictureUrl(photo.sha256, photo.small), alt: _('Your photo {n} of {all}', { n: at + 1, all: count }) }) : h('p.unseen', icon('camera'), _('This photo cannot be shown here')),
      h('div.tools',
        !photo.kept && photo.type === 'image/jpeg' && h('a.btn', { href: `#/hide/${photo.sha256}${id ? `/${id}` : ''}` }, icon('brush'), _('Hide')),
        h('button.btn', { type: 'button', onclick: () => drop(photo), 'aria-label': _('Remove photo {n}', { n: at + 1 }) }, _('Remove')),
        last && room && file(_('Photo'), 'plus', { capture: 'environment' })));
  }

  // ---- what, which kind, how it feels ---------------------------------------------

  function drawCategories() {
    const all = tiles(app.pack);
    swap(regions.categories, h('legend', _('What is it about?')),
      h('div.tiles',
        common(all, words.category).map((category) => tile({
          name: 'category', value: category.code, picture: category.picture, label: nameOf(category),
          checked: words.category === category.code, onchange: () => change({ category: category.code }),
        })),
        h('a.tile', { href: `#/categories${id ? `/${id}` : ''}` }, h('span.face', icon('more'), h('span', _('Show all {n}', { n: all.length }))))));
  }

  const kinds = () => h('fieldset.stack.tight', h('legend', _('Which kind?')),
    h('div.tiles', KINDS.map((kind) => tile({
      name: 'kind', value: kind.code, picture: kind.picture, tone: kind.tone, label: _(kind.name), checked: words.kind === kind.code,
      onchange: () => { change({ kind: kind.code }); drawPrompt(); },
    }))));

  const feelings = () => h('fieldset.stack.tight', h('legend', _('How does it feel here right now?')),
    h('div.tiles.five', FEELINGS().map(([picture, name], at) => tile({
      name: 'feeling', value: at + 1, picture, label: String(at + 1), hidden: `, ${name}`, checked: words.feeling === at + 1,
      onchange: () => change({ feeling: at + 1 }),
    }))),
    h('p.ends', h('span', _('1 Very unsafe')), h('span', _('5 Very safe'))));

  // ---- place ------------------------------------------------------------------------

  const stop = () => stops.find((s) => s.id === words.stop);

  function drawPlace() {
    const { source = 'none', accuracy_m, address } = words.position ?? {};
    const told = {
      gps: () => (accuracy_m > 60 ? _('Rough: within {metres}. Move the pin.', { metres: metres(accuracy_m) }) : _('The phone’s place, within {metres}', { metres: metres(accuracy_m) })),
      map: () => _('Chosen on the map'), address: () => address,
      none: () => (app.missed && !stop() ? _('The phone found no place. Choose one yourself, now or later.') : stop() ? _('At the stop') : _('Looking for the place …')),
    }[source]();
    swap(regions.place, h('div.card.line.between',
      h('div', h('p.strong', stop() ? _('{stop}, stop {n}', { stop: stop().name, n: stops.indexOf(stop()) + 1 }) : _('Place')), h('p.small.quiet.num', told)),
      h('a.btn', { href: `#/place${id ? `/${id}` : ''}` }, icon('place'), _('Move'))));
  }

  function found(fix) {
    app.fix = fix;
    app.missed = null;
    if (draft.chosenPlace) return;
    const before = words.position;
    const late = draft.photoAt && (Date.now() - draft.photoAt > SETTLE || fix.accuracy_m >= (before?.accuracy_m ?? Infinity));
    if (late && before) return;
    words.position = { ...fix, source: 'gps' };
    if (draft.begun) draft.keep();
    drawPlace();
  }

  // ---- words and the rest --------------------------------------------------------------

  const prompt = h('label', { for: 'words' });
  const drawPrompt = () => swap(prompt, words.kind === 'safe_place' ? _('What makes it feel safe?') : words.kind === 'proposal' ? _('What do you propose?') : _('In your own words'), ' ', h('span.quiet', _('(if you like)')));

  const wordsField = () => h('div.f', prompt,
    h('span.hint', { id: 'words-hint' }, _('Describe the place, not people.')),
    h('textarea', { id: 'words', maxlength: 2000, 'aria-describedby': 'words-hint', value: words.text ?? '', oninput: ({ target }) => change({ text: target.value }) }));

  const more = () => h('details.more', { open: Boolean(words.asset || words.proposal || words.said_by !== 'self' || words.voices > 1) },
    h('summary', _('More, if you like')),
    h('div.stack',
      h('fieldset.stack.tight', h('legend', _('Who says it?')),
        h('div.choices', Object.entries(SAID_BY()).map(([code, name]) => h('label.choice',
          h('input', { type: 'radio', name: 'said_by', value: code, checked: words.said_by === code, onchange: () => change({ said_by: code }) }), name)))),
      h('div.f', h('label', { for: 'voices' }, _('How many think so?')),
        h('input', { id: 'voices', type: 'number', inputmode: 'numeric', min: 1, max: 300, value: String(words.voices ?? 1), oninput: ({ target }) => change({ voices: Math.min(300, Math.max(1, Number(target.value) || 1)) }) })),
      words.kind !== 'proposal' && h('div.f', h('label', { for: 'proposal' }, _('What would make it better?')),
        h('textarea', { id: 'proposal', maxlength: 2000, value: words.proposal ?? '', oninput: ({ target }) => change({ proposal: target.value }) })),
      h('div.f', h('label', { for: 'asset' }, _('Number on the pole or cabinet')),
        h('input', { id: 'asset', maxlength: 40, autocomplete: 'off', value: words.asset ?? '', oninput: ({ target }) => change({ asset: target.value }) }))));

  const acuteMark = () => words.acute && banner('bad', 'call', _('Marked as acute'), _('The walk leader sees it first, as soon as there is coverage.'),
    h('button.btn', { type: 'button', onclick: async () => { await change({ acute: false }); app.go(id ? `record/${id}` : 'record'); } }, _('Not acute')));

  // ---- save ----------------------------------------------------------------------------

  async function store() {
    if (busy) return;
    if (!sayable({ ...words, photos: photos() })) return wanting();
    busy = true;
    const missing = !words.position && !draft.chosenPlace ? { position: null } : {};
    const told = { ...words, ...missing };
    try {
      if (id) await revise(id, told, draft.fresh);
      else await save(app.person.owner, told, draft.fresh);
      app.toast(_('Saved on this phone'));
    } catch (error) {
      busy = false;
      if (error.name !== 'QuotaExceededError' || id) { oops(error); return; }
      await saveWordsOnly(app.person.owner, told);
      app.toast(_('The phone is full. Your words are saved, without the photo.'));
    }
    app.draft = null;
    app.device.persist();
    await app.reload();
    app.engine.now(app.person.owner);
    app.go(id ? 'mine' : 'walk');
  }

  function oops(error) {
    swap(regions.error, banner('bad', 'needs-you', _('It could not be saved just now'), _('What you wrote is still here. Try again in a moment.')));
    regions.error.firstChild.setAttribute('role', 'alert');
    if (error.name !== 'QuotaExceededError') throw error;
  }

  function wanting() {
    app.hush();
    swap(regions.error, h('div.f.wrong', { role: 'alert' }, h('p.error', icon('needs-you'), _('Take a photo, choose what it is about, or write a few words.'))));
    regions.error.scrollIntoView({ block: 'nearest' });
  }

  async function discard() {
    const sure = id || await ask({
      title: _('Throw the draft away?'), text: _('It has not been saved and stands only here.'), keep: _('Keep it'), lose: _('Throw it away'),
    });
    if (!sure) return;
    await dropDraft(draft.key);
    app.draft = null;
    app.go(id ? 'mine' : 'walk');
  }

  drawPhoto();
  drawCategories();
  drawPlace();
  drawPrompt();
  if (draft.begun) saved();
  let stop_ = () => {};

  return {
    title: id ? _('Change the observation') : _('New observation'),
    bar: [
      h('a.btn.icon.plain', { href: id ? '#/mine' : '#/walk', 'aria-label': _('Close, the draft stays') }, icon('close')),
      h('h1', id ? _('Change the observation') : _('New observation')), regions.saved,
    ],
    main: h('form.stack', { onsubmit: (event) => { event.preventDefault(); store(); } },
      acuteMark(), regions.photo, regions.categories, kinds(), feelings(), regions.place, wordsField(), more(), regions.error,
      draft.begun && h('button.btn.plain.warn', { type: 'button', onclick: discard }, id ? _('Do not change it') : _('Throw the draft away'))),
    thumb: h('div.pair', h('a.btn.warn', { href: '#/acute' }, icon('call'), _('Acute')), h('button.btn.primary', { type: 'button', onclick: store }, _('Save'))),
    shown() {
      if (!draft.chosenPlace) stop_ = app.device.follow(found, (reason) => { app.missed = reason; drawPlace(); });
    },
    leave: () => stop_(),
  };
}

