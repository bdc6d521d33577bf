// The map to read. It has the same points as the list beside it, and keeps in step with it.
import L from 'leaflet';
import { dataIn, make, showWithin } from './dom.js';
import { drawBeneath, fitTo, groundIn, markOf, pin } from './ground.js';
import { spread } from './spread.js';

const APART = 27;
const FARTHEST = 54;
const NEIGHBOURS = 6;
const LEAST_M = 60;

class PointMap {
  constructor(element) {
    this.element = element;
    this.words = JSON.parse(element.dataset.words);
    this.shapes = dataIn(element);
    this.points = this.shapes.points ?? [];
    this.chosen = element.dataset.chosen ?? null;
    this.list = element.dataset.list ? document.getElementById(element.dataset.list) : null;
    element.classList.add('live');
    this.map = groundIn(element, { words: this.words, tiles: element.dataset.tiles, fit: () => this.fitAll() });
    this.bounds = drawBeneath(this.map, this.shapes, this.words, { names: !this.points.length });
    for (const point of this.points) this.bounds.extend([point.lat, point.lon]);
    this.leads = L.layerGroup().addTo(this.map);
    this.fit();
    this.pins = new Map(this.points.map((point) => [String(point.id), this.place(point)]));
    this.settle();
    this.map.on('zoomend', () => this.settle());
    this.map.on('resize', () => this.settle());
    this.show(this.chosen);
    if (this.list) this.followList();
  }

  fit() {
    const chosen = this.points.find((point) => String(point.id) === this.chosen);
    if (!chosen) { this.fitAll(); return; }
    const here = L.latLng(chosen.lat, chosen.lon);
    const near = this.points.map(({ lat, lon }) => L.latLng(lat, lon)).sort((a, b) => here.distanceTo(a) - here.distanceTo(b));
    fitTo(this.map, here.toBounds(LEAST_M).extend(L.latLngBounds(near.slice(0, NEIGHBOURS + 1))));
  }

  fitAll() {
    fitTo(this.map, this.bounds);
  }

  place(point) {
    const word = this.words[point.kind] ?? '';
    const marker = L.marker([point.lat, point.lon], { icon: pin(markOf(point.kind, point.number, word)), riseOnHover: true });
    marker.addTo(this.map);
    marker.getElement().setAttribute('aria-label', [`${word} ${point.number ?? ''}`.trim(), point.title].filter(Boolean).join(': '));
    marker.bindPopup(() => this.about(point), { maxWidth: 260, minWidth: 120 });
    marker.on('popupopen', () => { this.show(String(point.id)); this.showRow(String(point.id)); });
    marker.on('popupclose', () => this.show(this.chosen));
    return marker;
  }

  about(point) {
    const title = make('p', { class: 'strong' }, `${point.number ?? ''} ${point.title ?? this.words[point.kind] ?? ''}`.trim());
    const link = point.href ? make('p', {}, make('a', { href: point.href }, this.words.open)) : null;
    return make('div', {}, title, link);
  }

  /** Push the pins apart at this zoom; where there is no room, draw them small and without numbers. */
  settle() {
    const onGround = (list) => list.map(({ lat, lon }) => this.map.latLngToLayerPoint([lat, lon]));
    const stops = onGround(this.shapes.stops ?? []);
    const home = onGround(this.points);
    const places = spread([...stops, ...home], APART, { fixed: stops.length, farthest: FARTHEST })?.slice(stops.length);
    this.element.classList.toggle('crowded', !places);
    this.leads.clearLayers();
    this.points.forEach((point, i) => {
      const marker = this.pins.get(String(point.id));
      const at = places ? places[i] : home[i];
      marker.getElement().classList.toggle('small', !places);
      marker.setLatLng(this.map.layerPointToLatLng([at.x, at.y]));
      if (places && Math.hypot(at.x - home[i].x, at.y - home[i].y) > 6) this.lead(point, marker);
    });
  }

  lead(point, marker) {
    const home = [point.lat, point.lon];
    this.leads.addLayer(L.polyline([home, marker.getLatLng()], { className: 'm-lead', interactive: false }));
    this.leads.addLayer(L.circleMarker(home, { radius: 2.5, className: 'm-true', interactive: false }));
  }

  show(id) {
    for (const [key, marker] of this.pins) marker.getElement().classList.toggle('chosen', key === id);
  }

  showRow(id) {
    const row = this.list?.querySelector(`[data-point="${CSS.escape(id)}"]`);
    if (!row) return;
    for (const other of this.list.querySelectorAll('.shown')) other.classList.remove('shown');
    row.classList.add('shown');
    showWithin(row.closest('.pile') ?? this.list, row);
  }

  followList() {
    const over = (event) => event.target.closest?.('[data-point]')?.dataset.point;
    for (const kind of ['pointerover', 'focusin']) {
      this.list.addEventListener(kind, (event) => { const id = over(event); if (id) this.show(id); });
    }
    for (const kind of ['pointerleave', 'focusout']) this.list.addEventListener(kind, () => this.show(this.chosen));
  }
}

export function showMaps(elements) {
  for (const element of elements) new PointMap(element);
}
