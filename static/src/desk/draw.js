// Drawing area, route, point and stops. What is drawn is written into the form's own field at once; the field can
// also be written as lines of coordinates, so nothing needs a pointer.
import L from 'leaflet';
import { dataIn, make } from './dom.js';
import { drawBeneath, fitTo, groundIn, pin, stopPin } from './ground.js';
import { fromLines, shapeOf, sizeOf, toLines } from './lines.js';

const DEGREES_A_METRE = 1 / 111_320;
const STEPS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const read = (field) => { try { return JSON.parse(field.value); } catch { return null; } };

/** One field: its tools, its history, and what it holds. How it is drawn is the business of the two below. */
class Drawing {
  constructor(box, board) {
    this.box = box;
    this.board = board;
    this.shape = box.dataset.draw;
    this.words = JSON.parse(box.dataset.words);
    this.field = box.querySelector('textarea');
    this.past = [];
    box.classList.add('live');
    this.tools();
    this.tell();
  }

  tools() {
    this.state = make('span', { class: 'draw-state num', role: 'status' });
    this.drawButton = this.button(this.words.draw, () => this.board.choose(this), { 'aria-pressed': 'false' });
    this.doneButton = this.button(this.words.done, () => this.board.choose(null));
    this.undoButton = this.button(this.words.undo, () => this.undo());
    this.clearButton = this.button(this.words.clear, () => { this.keep(null); this.draw(null); });
    this.writeButton = this.button(this.words.write, () => this.toggleLines(), { 'aria-expanded': 'false' }, 'plain');
    this.box.append(make('div', { class: 'draw-tools' }, this.drawButton, this.doneButton, this.undoButton, this.clearButton,
      this.writeButton, this.state));
  }

  button(words, act, attributes = {}, look = '') {
    const button = make('button', { class: `btn ${look}`.trim(), type: 'button', ...attributes }, words);
    button.addEventListener('click', act);
    return button;
  }

  get value() { return read(this.field); }

  /** Write the field, and remember what stood there. */
  keep(json) {
    if (JSON.stringify(json) === JSON.stringify(this.value)) return;
    this.past.push(this.field.value);
    this.write(json ? JSON.stringify(json) : '');
  }

  write(text) {
    this.field.value = text;
    this.field.dispatchEvent(new Event('input', { bubbles: true }));
    if (this.lines && document.activeElement !== this.lines) this.lines.value = toLines(this.shape, this.value);
    this.tell();
  }

  undo() {
    if (this.board.active === this && this.undoCorner()) { this.tell(); return; }
    if (!this.past.length) return;
    this.write(this.past.pop());
    this.draw(this.value);
  }

  tell() {
    const active = this.board.active === this;
    const size = sizeOf(this.shape, this.value);
    const counted = { area: this.words.corners, route: this.words.points, stops: this.words.stops, point: this.words.placed };
    this.state.textContent = active ? this.words.how : size ? counted[this.shape].replace('{n}', size) : this.words.none;
    this.drawButton.setAttribute('aria-pressed', String(active));
    this.doneButton.hidden = !active;
    this.undoButton.hidden = !this.past.length && !active;
    this.clearButton.hidden = !size;
  }

  toggleLines() {
    if (this.linesBox) {
      this.linesBox.remove();
      this.linesBox = this.lines = null;
    } else {
      this.lines = make('textarea', { class: 'coordinates', rows: this.shape === 'point' ? 2 : 6, spellcheck: 'false', id: `${this.field.id}-lines` });
      this.lines.value = toLines(this.shape, this.value);
      this.lines.addEventListener('change', () => this.readLines());
      this.linesBox = make('div', { class: 'f draw-lines' }, make('label', { for: this.lines.id }, this.words.lines), this.lines);
      this.box.append(this.linesBox);
      this.lines.focus();
    }
    this.writeButton.textContent = this.linesBox ? this.words.hide : this.words.write;
    this.writeButton.setAttribute('aria-expanded', String(Boolean(this.linesBox)));
  }

  readLines() {
    this.linesBox.querySelector('.error')?.remove();
    try {
      const json = fromLines(this.shape, this.lines.value);
      this.keep(json);
      this.draw(json);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.lines.before(make('p', { class: 'error', role: 'alert' }, this.words.wrong.replace('{n}', error.message)));
    }
  }
}

/** An area or a route, drawn by terra-draw: corners by pressing, then corners to drag. */
class Outline extends Drawing {
  get mode() { return this.shape === 'area' ? 'polygon' : 'linestring'; }

  draw(json) {
    const { pen } = this.board;
    const old = pen.getSnapshot().filter((f) => f.properties.mode === this.mode).map((f) => f.id);
    if (pen.getMode() !== 'static') pen.setMode('static');
    pen.removeFeatures(old.filter((id) => pen.hasFeature(id)));
    if (json) pen.addFeatures([{ type: 'Feature', geometry: json, properties: { mode: this.mode } }]);
    if (this.board.active === this) this.start();
    this.tell();
  }

  own() {
    return this.board.pen.getSnapshot().find((f) => f.properties.mode === this.mode && f.geometry.type === (this.shape === 'area' ? 'Polygon' : 'LineString'));
  }

  start() {
    const { pen } = this.board;
    const existing = this.value && this.own();
    pen.setMode(existing ? 'select' : this.mode);
    if (existing) pen.selectFeature(existing.id);
  }

  /** Take what has been drawn so far as the whole. */
  finish() {
    if (this.board.pen.getModeState() === 'drawing') this.board.pressEnter();
  }

  stop() {
    this.board.pen.setMode('static');
    this.draw(this.value);
  }

  undoCorner() {
    const { pen } = this.board;
    return pen.getModeState() === 'drawing' && pen.canUndo() && pen.undo();
  }

  finished() {
    const feature = this.own();
    if (!feature) return;
    const places = (this.shape === 'area' ? feature.geometry.coordinates[0].slice(0, -1) : feature.geometry.coordinates)
      .map(([lon, lat]) => ({ lon, lat }));
    this.keep(shapeOf(this.shape, places));
  }
}

/** A point, or stops in order: pins to place and drag, or to move a metre at a time with the arrows. */
class Spots extends Drawing {
  constructor(box, board) {
    super(box, board);
    this.layer = L.layerGroup().addTo(board.map);
    if (this.shape === 'stops') {
      this.rows = make('ol', { class: 'draw-stops' });
      box.append(this.rows);
    }
  }

  places() {
    const json = this.value;
    if (!json) return [];
    const features = this.shape === 'stops' ? json.features : [{ geometry: json, properties: {} }];
    return features.map((f) => ({ lon: f.geometry.coordinates[0], lat: f.geometry.coordinates[1], name: f.properties?.name ?? '' }));
  }

  keepPlaces(places) {
    this.keep(places.length ? shapeOf(this.shape, places) : null);
    this.draw(this.value);
  }

  start() { this.board.pen?.setMode('static'); }

  finish() {}

  stop() {}

  undoCorner() { return false; }

  press({ lat, lng }) {
    const spot = { lat, lon: lng, name: '' };
    this.keepPlaces(this.shape === 'point' ? [spot] : [...this.places(), spot]);
  }

  draw() {
    this.layer.clearLayers();
    this.rows?.replaceChildren();
    this.places().forEach((place, i) => { this.drop(place, i); if (this.rows) this.row(place, i); });
    this.tell();
  }

  drop(place, i) {
    const icon = this.shape === 'point' ? pin(make('span', { class: 'needle' }), 'needle-pin') : stopPin(i + 1);
    const marker = L.marker([place.lat, place.lon], { icon, draggable: true, autoPan: true, zIndexOffset: this.shape === 'point' ? -1000 : 0 }).addTo(this.layer);
    const name = this.shape === 'point' ? this.words.label : `${this.words.stop} ${i + 1} ${place.name}`.trim();
    marker.getElement().setAttribute('aria-label', name);
    marker.on('dragend', () => this.move(i, marker.getLatLng()));
    marker.getElement().addEventListener('keydown', (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const metres = event.shiftKey ? 10 : 1;
      const { lat, lng } = marker.getLatLng();
      this.move(i, { lat: lat + step[0] * metres * DEGREES_A_METRE, lng: lng + step[1] * metres * DEGREES_A_METRE / Math.cos(lat * Math.PI / 180) });
      this.layer.getLayers()[i]?.getElement().focus();
    });
  }

  move(i, { lat, lng }) {
    this.keepPlaces(this.places().map((place, j) => (j === i ? { ...place, lat, lon: lng } : place)));
  }

  row(place, i) {
    const name = make('input', { type: 'text', value: place.name, maxlength: '120', 'aria-label': `${this.words.stop} ${i + 1}: ${this.words.name}`, placeholder: this.words.name });
    name.addEventListener('change', () => this.keepPlaces(this.places().map((p, j) => (j === i ? { ...p, name: name.value.trim() } : p))));
    const remove = this.button(this.words.remove, () => this.keepPlaces(this.places().filter((_, j) => j !== i)), { 'aria-label': `${this.words.remove} ${this.words.stop.toLowerCase()} ${i + 1}` }, 'plain');
    this.rows.append(make('li', {}, name, remove));
  }
}

/** The board: one map that one or more fields are drawn on, one at a time. */
class Board {
  constructor(host, boxes) {
    this.active = null;
    const first = boxes[0];
    const words = JSON.parse(first.dataset.words);
    this.element = make('div', { class: 'map draw-map', role: 'group', 'aria-label': host.dataset.label ?? words.label });
    (host === first ? first.querySelector('.draw-text') : host.firstElementChild).before(this.element);
    this.centre = [Number(first.dataset.lat), Number(first.dataset.lon)];
    this.map = groundIn(this.element, { words, tiles: first.dataset.tiles ?? host.dataset.tiles, fit: () => this.fit(), centre: this.centre });
    this.beneath = drawBeneath(this.map, dataIn(host), words);
    this.boxes = boxes;
  }

  async open() {
    if (this.boxes.some((box) => ['area', 'route'].includes(box.dataset.draw))) await this.takeOutPen();
    this.drawings = this.boxes.map((box) => new (['area', 'route'].includes(box.dataset.draw) ? Outline : Spots)(box, this));
    for (const drawing of this.drawings) drawing.draw(drawing.value);
    this.map.on('click', (event) => { if (this.active instanceof Spots) this.active.press(event.latlng); });
    this.fit();
  }

  async takeOutPen() {
    const { makePen } = await import('./pen.js');
    this.pen = makePen(this.map, this.element, () => this.active?.finished?.());
  }

  choose(drawing) {
    const before = this.active;
    before?.finish();
    this.active = drawing === before ? null : drawing;
    before?.stop();
    this.active?.start();
    this.element.classList.toggle('drawing', Boolean(this.active));
    if (this.active) this.element.scrollIntoView({ block: 'nearest' });
    for (const each of this.drawings) each.tell();
  }

  /** Terra-draw finishes a line at Enter in the map; the button does the same for those who have no such key. */
  pressEnter() {
    for (const kind of ['keydown', 'keyup']) this.element.dispatchEvent(new KeyboardEvent(kind, { key: 'Enter', bubbles: true }));
  }

  fit() {
    const bounds = L.latLngBounds([]).extend(this.beneath);
    for (const drawing of this.drawings ?? []) {
      const json = drawing.value;
      if (json) bounds.extend(L.geoJSON(json).getBounds());
    }
    fitTo(this.map, bounds, this.centre);
  }
}

export function letDraw(root) {
  const boxes = [...root.querySelectorAll('[data-draw]')];
  const hosts = new Set(boxes.map((box) => box.closest('[data-draw-group]') ?? box));
  return Promise.all([...hosts].map((host) => new Board(host, boxes.filter((box) => host.contains(box))).open()));
}
