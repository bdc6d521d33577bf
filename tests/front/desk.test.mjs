import assert from 'node:assert/strict';
import test from 'node:test';
import { letterOf } from '../../static/src/desk/keys.js';
import { labels, shortName } from '../../static/src/desk/labels.js';
import { fromLines, shapeOf, sizeOf, toLines } from '../../static/src/desk/lines.js';
import { spread } from '../../static/src/desk/spread.js';

const CORNERS = '59.39510, 15.83780\n59.39465, 15.83690\n59.39405, 15.83650';

test('an area written as lines is closed, and reads back as the same lines', () => {
  const area = fromLines('area', CORNERS);
  assert.equal(area.type, 'Polygon');
  assert.deepEqual(area.coordinates[0][0], [15.8378, 59.3951]);
  assert.deepEqual(area.coordinates[0].at(-1), area.coordinates[0][0]);
  assert.equal(toLines('area', area), CORNERS);
  assert.equal(sizeOf('area', area), 3);
});

test('a route, a point and stops read back too', () => {
  assert.equal(toLines('route', fromLines('route', CORNERS)), CORNERS);
  assert.equal(toLines('point', fromLines('point', '59.39510, 15.83780')), '59.39510, 15.83780');
  const stops = fromLines('stops', '59.39510, 15.83780 Nytorget, vid busskuren\n59.39465, 15.83690');
  assert.deepEqual(stops.features.map((f) => f.properties.name), ['Nytorget, vid busskuren', '']);
  assert.equal(toLines('stops', stops), '59.39510, 15.83780 Nytorget, vid busskuren\n59.39465, 15.83690');
  assert.equal(sizeOf('stops', stops), 2);
});

test('a Swedish comma in a number is a number', () => {
  assert.deepEqual(fromLines('point', '59,395 15,838').coordinates, [15.838, 59.395]);
});

test('no lines are no shape', () => {
  assert.equal(fromLines('area', ' \n\n'), null);
  assert.equal(toLines('area', null), '');
  assert.equal(sizeOf('route', null), 0);
});

for (const [shape, text, line] of [
  ['route', '59.395, 15.838\nNytorget', '2'], ['point', '95.1, 15.8', '1'], ['point', '59.1, 195', '1'], ['area', '59.395, 15.838\n59.396, 15.839', '2'],
]) {
  test(`${JSON.stringify(text)} is refused as ${shape}, naming the line`, () => {
    assert.throws(() => fromLines(shape, text), (error) => error instanceof RangeError && error.message === line);
  });
}

test('degrees are kept to a centimetre', () => {
  assert.deepEqual(shapeOf('point', [{ lat: 59.39510123456, lon: 15.8378 }]).coordinates, [15.8378, 59.3951012]);
});

const nearest = (places) => Math.min(...places.flatMap((a, i) => places.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y))));

test('pins that would cover each other are pushed apart, also from the very same place', () => {
  const out = spread([{ x: 0, y: 0 }, { x: 0, y: 0 }, { x: 5, y: 0 }, { x: 200, y: 0 }], 27);
  assert.ok(nearest(out) >= 26, String(nearest(out)));
  assert.deepEqual(out[3], { x: 200, y: 0 });
});

test('what is fixed stands still', () => {
  const out = spread([{ x: 0, y: 0 }, { x: 3, y: 4 }], 27, { fixed: 1 });
  assert.deepEqual(out[0], { x: 0, y: 0 });
  assert.ok(Math.hypot(out[1].x, out[1].y) >= 26);
});

test('where there is no room, nothing is pushed', () => {
  const heap = Array.from({ length: 80 }, () => ({ x: 10, y: 10 }));
  assert.equal(spread(heap, 27), null);
});

test('no pins, no pushing', () => {
  assert.deepEqual(spread([], 27), []);
});

const pressed = (key, more = {}) => ({ key, target: { closest: () => null }, ...more });

test('a letter is a key, small or large', () => {
  assert.equal(letterOf(pressed('s')), 'S');
  assert.equal(letterOf(pressed('S')), 'S');
});

for (const [name, event] of [
  ['with a modifier', pressed('s', { ctrlKey: true })], ['held down', pressed('s', { repeat: true })],
  ['already used', pressed('s', { defaultPrevented: true })], ['while writing', { key: 's', target: { closest: (what) => (what.includes('textarea') ? {} : null) } }],
  ['that is not a letter', pressed('Enter')],
]) {
  test(`a key ${name} is left alone`, () => assert.equal(letterOf(event), null));
}

const MAP = { x: 400, y: 300 };

test('a name stands to the right, at the edge to the left', () => {
  const [first, second] = labels([{ x: 50, y: 50, name: 'Nytorget' }, { x: 380, y: 150, name: 'Nytorget' }], MAP);
  assert.equal(first.side, 'right');
  assert.equal(second.side, 'left');
});

test('a name that would cover a stop or another name is left out', () => {
  const found = labels([
    { x: 100, y: 100, name: 'Ahllöfsparken' }, { x: 150, y: 102, name: 'Nytorget' }, { x: 50, y: 98, name: 'Stora torget' }, { x: 200, y: 200, name: '' },
  ], MAP);
  assert.deepEqual(found.map((label) => label?.side ?? null), [null, 'right', null, null]);
});

test('on a map a place goes by its short name', () => {
  assert.equal(shortName('Medborgarhuset, parkeringen bakom'), 'Medborgarhuset');
  assert.equal(shortName('Nygatan / Kapellgatan'), 'Nygatan');
  assert.equal(shortName(undefined), '');
});
