// The ground all maps stand on: plain, in the page's own colours, without a word to any foreign host.
import L from 'leaflet';
import { make } from './dom.js';
import { labels, NAME_HIGH, REACH, shortName } from './labels.js';

const NEAR = 18;
const SOMEWHERE = [59.3951, 15.8378];

function sameOrigin(template) {
  return new URL(template, window.location.href).origin === window.location.origin;
}

/** A pin: the mark itself. */
export function markOf(kind, number, word) {
  const shape = kind === 'safe_place' ? 'safe' : kind;
  return make('span', { class: `mark ${shape}` }, make('span', { class: 'vh' }, `${word} `), String(number ?? '–'));
}

export function pin(element, kind = '') {
  return L.divIcon({ html: element, className: `pin ${kind}`.trim(), iconSize: [32, 32], iconAnchor: [16, 16], popupAnchor: [0, -14] });
}

/** Numbered white rings are stops. */
export function stopPin(number) {
  return pin(make('span', {}, String(number)), 'stop');
}

function everythingButton(map, words, fit) {
  const button = L.control({ position: 'topleft' });
  button.onAdd = () => {
    const link = make('a', { href: '#', role: 'button', title: words.all, 'aria-label': words.all }, '⤢');
    const bar = make('div', { class: 'leaflet-bar' }, link);
    L.DomEvent.disableClickPropagation(bar);
    link.addEventListener('click', (event) => { event.preventDefault(); fit(); });
    return bar;
  };
  button.addTo(map);
}

/** A Leaflet map in `element`; the wheel zooms only while the map has the focus, so that a page can be scrolled past it. */
export function groundIn(element, { words, tiles, fit, centre = SOMEWHERE }) {
  const map = L.map(element, { zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, maxZoom: 20 });
  map.setView(centre, 15, { animate: false }); // markers have no element before the map has a view
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.on('focus', () => map.scrollWheelZoom.enable());
  map.on('blur', () => map.scrollWheelZoom.disable());
  if (tiles && sameOrigin(tiles)) L.tileLayer(tiles, { maxZoom: 20 }).addTo(map);
  everythingButton(map, words, () => fit(map));
  return map;
}

/** Area, route and stops, drawn beneath everything that can be pressed; without names where pins would hide them. Returns the bounds of what was drawn. */
export function drawBeneath(map, { area, route, stops = [] }, words, { names = true } = {}) {
  const bounds = L.latLngBounds([]);
  for (const [shape, className] of [[area, 'm-area'], [route, 'm-route']]) {
    if (!shape) continue;
    const layer = L.geoJSON(shape, { interactive: false, style: { className } }).addTo(map);
    bounds.extend(layer.getBounds());
  }
  for (const stop of stops) {
    const at = [stop.lat, stop.lon];
    const ring = L.marker(at, { icon: stopPin(stop.number), interactive: false, keyboard: false, zIndexOffset: -500 }).addTo(map);
    ring.getElement().setAttribute('aria-label', `${words.stop} ${stop.number} ${stop.name ?? ''}`.trim());
    ring.getElement().setAttribute('role', 'img');
    bounds.extend(at);
  }
  if (names && stops.length) nameStops(map, stops);
  return bounds;
}

/** The names of stops where there is room for them; the rest stand in the list. */
function nameStops(map, stops) {
  const layer = L.layerGroup().addTo(map);
  const put = () => {
    layer.clearLayers();
    const places = stops.map((stop) => ({ ...map.latLngToContainerPoint([stop.lat, stop.lon]), name: shortName(stop.name) }));
    labels(places, map.getSize()).forEach((label, i) => {
      if (!label) return;
      const { side, width } = label;
      const icon = L.divIcon({
        html: make('span', {}, places[i].name), className: `place-name ${side}`, iconSize: [width, NAME_HIGH],
        iconAnchor: [side === 'right' ? -REACH : width + REACH, NAME_HIGH / 2],
      });
      layer.addLayer(L.marker([stops[i].lat, stops[i].lon], { icon, interactive: false, keyboard: false, zIndexOffset: -600 }));
    });
  };
  map.on('zoomend moveend resize', put);
  put();
}

export function fitTo(map, bounds, centre) {
  if (bounds.isValid()) map.fitBounds(bounds, { paddingTopLeft: [60, 28], paddingBottomRight: [28, 32], maxZoom: NEAR, animate: false });
  else map.setView(centre ?? SOMEWHERE, 15, { animate: false });
}
