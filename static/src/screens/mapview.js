// A map that needs no tiles: area, route and stops on plain ground, so it works in a cellar. Fetched lazily.
/* global MAP_SHEET */
import * as L from 'leaflet';
import { h } from './dom.js';
import { _ } from './words.js';

const NAMES_FROM = 17;
const FALLBACK = [62.4, 16.3]; // the middle of Sweden, when nothing is known

const flip = ([lon, lat]) => [lat, lon];

/** Everything of the walk that has a place, for the map's first view. */
export function bounds(pack) {
  const points = [
    ...(pack?.stops ?? []).filter((stop) => stop.lat != null).map((stop) => [stop.lat, stop.lon]),
    ...(pack?.area?.shape?.coordinates?.[0] ?? []).map(flip), ...(pack?.route?.coordinates ?? []).map(flip),
  ];
  const { meeting_position: meeting } = pack?.walk ?? {};
  if (meeting) points.push([meeting.lat, meeting.lon]);
  return points.length ? L.latLngBounds(points) : null;
}

const round = (number, state) => L.divIcon({
  className: '', iconSize: [28, 28], iconAnchor: [14, 14], html: h(`span.pin-stop${state ? `.${state}` : ''}`, String(number)),
});

let dressed;

/** The map's sheet comes with the map; drawn without it, the first picture would lie in pieces. */
export const dress = () => dressed ??= new Promise((done) => {
  document.head.append(h('link', { rel: 'stylesheet', href: MAP_SHEET, onload: done, onerror: done }));
});

/** Draw the walk into `host`. @returns the map, ready for more */
export function drawMap(host, pack, { stop = null } = {}) {
  const map = L.map(host, {
    attributionControl: false, zoomControl: false, minZoom: 4, maxZoom: 20, zoomSnap: 0.5, fadeAnimation: false,
    zoomAnimation: false, markerZoomAnimation: false, inertia: false,
  });
  L.control.zoom({ zoomInTitle: _('Zoom in'), zoomOutTitle: _('Zoom out'), position: 'topright' }).addTo(map);
  L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);
  if (pack?.area?.shape) L.polygon(pack.area.shape.coordinates.map((ring) => ring.map(flip)), { className: 'm-area', interactive: false }).addTo(map);
  if (pack?.route) L.polyline(pack.route.coordinates.map(flip), { className: 'm-route', interactive: false, fill: false }).addTo(map);
  [...(pack?.stops ?? [])].sort((a, b) => a.order - b.order).forEach((s, at) => {
    if (s.lat == null) return;
    L.marker([s.lat, s.lon], { icon: round(at + 1, s.id === stop ? 'now' : null), interactive: false, keyboard: false, alt: s.name })
      .bindTooltip(h('span', s.name), { permanent: true, direction: 'bottom', className: 'm-name', offset: [0, 12] }).addTo(map);
  });
  // The thumb bar grows and shrinks: the middle of the map must stay the middle of what is seen.
  const watch = new ResizeObserver(() => map.invalidateSize({ pan: false, animate: false }));
  watch.observe(host);
  map.on('unload', () => watch.disconnect());
  // Far away the names would lie on each other; the numbers stay, and the list beside says the rest.
  map.on('zoomend', () => host.classList.toggle('far', map.getZoom() < NAMES_FROM));
  const seen = bounds(pack);
  if (seen) map.fitBounds(seen.pad(0.15), { animate: false, maxZoom: 18 });
  else map.setView(FALLBACK, 5);
  return map;
}

/** The phone's own place: a dot, and a ring as wide as the uncertainty. */
export function drawFix(map, fix, before = null) {
  before?.remove();
  return L.layerGroup([
    L.circle([fix.lat, fix.lon], { radius: fix.accuracy_m, className: 'm-sure', interactive: false }),
    L.circleMarker([fix.lat, fix.lon], { radius: 7, className: 'm-me', interactive: false }),
  ]).addTo(map);
}

export const mark = (map, lat, lon, node, open, label) => {
  const marker = L.marker([lat, lon], { icon: L.divIcon({ className: '', iconSize: [32, 32], iconAnchor: [16, 16], html: node }), keyboard: true, zIndexOffset: 1000, title: label, alt: label });
  marker.on('click keypress', (event) => { if (event.type === 'click' || event.originalEvent?.key === 'Enter') open(); });
  return marker.addTo(map);
};

/** A place some metres to the north and east. */
export const moved = ({ lat, lng }, north, east) => [lat + north / 111_320, lng + east / (111_320 * Math.cos((lat * Math.PI) / 180))];
