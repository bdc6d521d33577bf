import assert from 'node:assert/strict';
import test from 'node:test';
import { asked, pause } from '../../static/src/model/backoff.js';
import { CODES, common, tiles } from '../../static/src/model/categories.js';
import { body, compose, localTime, pick, place, sayable } from '../../static/src/model/observation.js';
import { code, digest, lines } from '../../static/src/model/receipt.js';
import { fit, typeOf } from '../../static/src/model/sizes.js';
import { byNeed, stateOf } from '../../static/src/model/state.js';

const CONTRACT = [
  'walk', 'revision', 'base_revision', 'kind', 'category', 'text', 'proposal', 'feeling', 'acute', 'stop', 'asset', 'said_by', 'voices',
  'position', 'photos', 'withdrawn', 'made_at', 'sequence',
].sort();

test('an observation tells exactly what the contract names, whatever else the phone knows', () => {
  const made = compose({ text: 'Mörkt', token: 'secret', fresh: [1] }, { walk: 'w', sequence: 3 });
  const told = JSON.parse(body(made, { revision: 1 }));
  assert.deepEqual(Object.keys(told).sort(), CONTRACT);
  assert.equal(told.base_revision, null);
  assert.equal(told.withdrawn, false);
});

test('two observations never get the same id', () => {
  const ids = new Set(Array.from({ length: 50 }, () => compose({}, { walk: 'w', sequence: 1 }).id));
  assert.equal(ids.size, 50);
});

test('the time is the phone’s own, with its offset', () => {
  assert.match(localTime(new Date()), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
  const moment = new Date('2026-10-29T16:04:11Z');
  assert.equal(new Date(localTime(moment)).getTime(), moment.getTime());
});

test('a text is trimmed to what the server takes and an empty one is none', () => {
  assert.equal(pick({ text: '  ' }).text, null);
  assert.equal(pick({ text: 'x'.repeat(3000) }).text.length, 2000);
  assert.equal(pick({ asset: 'y'.repeat(60) }).asset.length, 40);
});

test('a photo, a feeling, a category or a word is enough; nothing is not', () => {
  assert.equal(sayable({ photos: [{}] }), true);
  assert.equal(sayable({ feeling: 1, photos: [] }), true);
  assert.equal(sayable({ category: 'ice', photos: [] }), true);
  assert.equal(sayable({ text: ' ', photos: [] }), false);
});

test('a position says where it is from, and never pretends numbers it has not', () => {
  assert.deepEqual(place(null), { source: 'none' });
  assert.deepEqual(place({ source: 'gps' }), { source: 'none' });
  assert.deepEqual(place({ source: 'address', address: ' Storgatan 12 ' }), { source: 'address', address: 'Storgatan 12' });
  const gps = place({ source: 'gps', lat: 59.39510001, lon: 15.8378, accuracy_m: 8.04, fixed_at: 'then' });
  assert.deepEqual(gps, { lat: 59.3951, lon: 15.8378, accuracy_m: 8, source: 'gps', fixed_at: 'then' });
});

test('the receipt’s lines are sorted, each once, and the code is eight characters of its digest', async () => {
  const o = { id: 'a', revision: 2, sha256: 'ff' };
  const p = { sha256: '00', bytes: 5 };
  assert.deepEqual(lines([o, o], [p]), ['o a 2 ff', 'p 00 5']);
  assert.equal(await digest([], []), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  // RFC 4648: the bytes e3 b0 c4 42 98 are 4OYMIQUY
  assert.equal(code('e3b0c44298fc1c14'), '4OYM-IQUY');
});

test('the pause grows, is never the same for forty phones, and never passes five minutes', () => {
  assert.ok(pause(1, () => 1) <= 2000);
  assert.ok(pause(4, () => 1) > pause(2, () => 1));
  assert.equal(pause(60, () => 1), 300_000);
  assert.notEqual(pause(5, () => 0.1), pause(5, () => 0.9));
  assert.ok(pause(9, () => 0) >= 500);
});

test('Retry-After is obeyed as seconds and as a date', () => {
  assert.equal(asked('7'), 7000);
  assert.equal(asked('Wed, 28 Oct 2026 16:00:10 GMT', Date.parse('2026-10-28T16:00:00Z')), 10_000);
  assert.equal(asked(null), null);
});

test('the categories keep their places for ever', () => {
  assert.equal(CODES.length, 19);
  const shuffled = { categories: [...CODES].reverse().map((c) => ({ code: c, name: c, common: c === 'ice' })) };
  assert.deepEqual(tiles(shuffled).map((t) => t.code), CODES);
  assert.ok(tiles(null).every((t) => !t.own));
});

test('the chosen category is always among the five on the record screen', () => {
  const all = tiles(null);
  assert.equal(common(all, null).length, 5);
  assert.ok(common(all, 'deserted').some((c) => c.code === 'deserted'));
  assert.equal(common(all, 'deserted').length, 5);
});

test('a photo fits its long side and is never made larger', () => {
  assert.deepEqual(fit(4000, 3000, 1600), { width: 1600, height: 1200 });
  assert.deepEqual(fit(300, 900, 1600), { width: 300, height: 900 });
});

test('the type is what the bytes say', () => {
  const bytes = (...b) => Uint8Array.from([...b, ...Array(16).fill(0)]).buffer;
  assert.equal(typeOf(bytes(0xff, 0xd8, 0xff, 0xe0)), 'image/jpeg');
  assert.equal(typeOf(bytes(0, 0, 0, 24, ...Buffer.from('ftypheic'))), 'image/heic');
  assert.equal(typeOf(bytes(...Buffer.from('<svg onload='))), null);
});

test('an observation has arrived only when its photos have', () => {
  const row = { id: 'a', state: 'arrived', trouble: null };
  assert.equal(stateOf(row, [{ sha256: 'p', state: 'waiting' }]), 'waiting');
  assert.equal(stateOf(row, [{ sha256: 'p', state: 'waiting' }], 'p'), 'sending');
  assert.equal(stateOf(row, [{ sha256: 'p', state: 'arrived' }]), 'arrived');
  assert.equal(stateOf(row, [{ sha256: 'p', state: 'waiting', trouble: { code: 'bad_image' } }]), 'needs_you');
  assert.equal(stateOf({ ...row, secured: true }, []), 'secured');
});

test('what needs a person comes first', () => {
  const rows = [{ shown: 'arrived', sequence: 1 }, { shown: 'needs_you', sequence: 2 }, { shown: 'waiting', sequence: 3 }];
  assert.deepEqual(rows.sort(byNeed).map((r) => r.shown), ['needs_you', 'waiting', 'arrived']);
});
