// Shapes as lines of text, one place a line: "59.39510, 15.83780 Nytorget". The way to draw without a pointer.

const PLACE = /^\s*(-?\d+(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d+(?:[.,]\d+)?)\s*(.*)$/;
const LEAST = { area: 3, route: 2, point: 1, stops: 0 };
const round = (degrees) => Math.round(degrees * 1e7) / 1e7;
const written = ([lon, lat]) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

/** The field's GeoJSON as lines; an empty field gives none. */
export function toLines(shape, json) {
  if (!json) return '';
  if (shape === 'stops') {
    return json.features.map((f) => `${written(f.geometry.coordinates)} ${f.properties?.name ?? ''}`.trim()).join('\n');
  }
  if (shape === 'point') return written(json.coordinates);
  const corners = shape === 'area' ? json.coordinates[0].slice(0, -1) : json.coordinates;
  return corners.map(written).join('\n');
}

/** Lines as GeoJSON, null for none; throws with the number of the first line that is not a place. */
export function fromLines(shape, text) {
  const lines = text.split('\n').filter((line) => line.trim());
  if (!lines.length) return null;
  const places = lines.map(place);
  if (places.length < LEAST[shape]) throw new RangeError(String(places.length));
  return shapeOf(shape, places);
}

/** Places ({lon, lat, name}) as the GeoJSON that the field holds. */
export function shapeOf(shape, places) {
  const corners = places.map(({ lon, lat }) => [round(lon), round(lat)]);
  if (shape === 'area') return { type: 'Polygon', coordinates: [[...corners, corners[0]]] };
  if (shape === 'route') return { type: 'LineString', coordinates: corners };
  if (shape === 'point') return { type: 'Point', coordinates: corners[0] };
  const features = places.map(({ name }, i) => ({
    type: 'Feature', properties: { name: name ?? '' }, geometry: { type: 'Point', coordinates: corners[i] },
  }));
  return { type: 'FeatureCollection', features };
}

/** How many corners, points or stops a shape has. */
export function sizeOf(shape, json) {
  if (!json) return 0;
  if (shape === 'stops') return json.features.length;
  if (shape === 'point') return 1;
  return shape === 'area' ? json.coordinates[0].length - 1 : json.coordinates.length;
}

function place(line, index) {
  const found = line.match(PLACE);
  const lat = found && Number(found[1].replace(',', '.'));
  const lon = found && Number(found[2].replace(',', '.'));
  if (!found || Math.abs(lat) > 90 || Math.abs(lon) > 180) throw new RangeError(String(index + 1));
  return { lat, lon, name: found[3].trim() };
}
