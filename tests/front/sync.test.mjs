import assert from 'node:assert/strict';
import test from 'node:test';
import { Server, offline, person, photo, portal, sha, swallowed, words } from './support.mjs';
import * as outbox from '../../static/src/store/outbox.js';
import * as participants from '../../static/src/store/participants.js';
import { createEngine } from '../../static/src/sync/engine.js';

const row = async (p, at = 0) => (await outbox.observations(p.owner))[at];

test('words go before photos, oldest first, and the receipt is the same on both sides', async () => {
  const p = await person();
  await outbox.save(p.owner, words('ett'), [photo(1, 9000)]);
  await outbox.save(p.owner, words('två'), [photo(2, 3000)]);
  assert.equal((await p.send()).outcome, 'empty');
  const kinds = p.server.asked.map((asked) => asked.replace(/[0-9a-f]{8}-[0-9a-f-]+|[0-9a-f]{64}/g, '*'));
  assert.deepEqual(kinds, [
    'PUT /api/walks/*/participants/*', 'PUT /api/observations/*', 'PUT /api/observations/*',
    'PUT /api/observations/*/photos/*', 'PUT /api/observations/*/photos/*', 'POST /api/walks/*/heartbeat', 'GET /api/walks/*/changes',
    'POST /api/walks/*/receipt',
  ]);
  assert.ok(p.server.asked[3].endsWith(photo(2, 3000).sha256)); // the smaller first
  const { receipt } = await participants.one(p.owner);
  assert.match(receipt.code, /^[A-Z2-7]{4}-[A-Z2-7]{4}$/);
  assert.deepEqual([receipt.observations, receipt.photos], [2, 2]);
});

test('a lost acknowledgement: the same bytes again, one observation on the server', async () => {
  const p = await person();
  const { id } = await outbox.save(p.owner, words('Mörkt'));
  p.server.fault('PUT /api/observations', swallowed);
  assert.equal((await p.send()).outcome, 'offline');
  assert.equal((await row(p)).state, 'waiting');
  p.later(600_000);
  assert.equal((await p.send()).outcome, 'empty');
  assert.equal(p.server.told(id).length, 1);
  assert.equal((await row(p)).state, 'arrived');
});

test('a captive portal’s 200 delivers nothing', async () => {
  const p = await person();
  await outbox.save(p.owner, words('Mörkt'), [photo(3)]);
  p.server.fault('PUT', portal, true);
  assert.equal((await p.send()).outcome, 'offline');
  assert.equal((await row(p)).state, 'waiting');
  p.server.faults = [];
  p.later(600_000);
  assert.equal((await p.send()).outcome, 'empty');
});

test('another server’s perfect answer delivers nothing', async () => {
  const p = await person();
  await p.send();
  await outbox.save(p.owner, words('Mörkt'));
  p.server.id = 'somebody else';
  assert.equal((await p.send()).outcome, 'offline');
  assert.equal((await row(p)).state, 'waiting');
});

test('an echo that is not our own delivers nothing', async () => {
  const p = await person();
  const { id } = await outbox.save(p.owner, words('Mörkt'));
  p.server.fault('PUT /api/observations', () => p.server.json(201, { status: 'stored', id, revision: 1, sha256: sha('other') }));
  assert.equal((await p.send()).outcome, 'offline');
  assert.equal((await row(p)).state, 'waiting');
});

test('a conflict is never a dead end: our words go as the next revision on the server’s', async () => {
  const p = await person();
  const { id } = await outbox.save(p.owner, words('mitt'));
  await p.send();
  p.server.observations.get(id).revisions.set(2, '{"text":"from another phone"}');
  await outbox.revise(id, words('mitt igen'));
  assert.equal((await p.send()).outcome, 'empty');
  const [newest] = p.server.told(id);
  assert.deepEqual([newest.text, newest.revision, newest.base_revision], ['mitt igen', 3, 2]);
  assert.equal((await participants.one(p.owner)).receipt.observations, 1);
});

test('an id that is taken gets a new one, and nothing is lost', async () => {
  const p = await person();
  const { id } = await outbox.save(p.owner, words('Mörkt'), [photo(4)]);
  p.server.observations.set(id, { owner: 'another', revisions: new Map() });
  assert.equal((await p.send()).outcome, 'empty');
  const kept = await row(p);
  assert.notEqual(kept.id, id);
  assert.equal(p.server.told(kept.id)[0].text, 'Mörkt');
});

test('a participant id that is taken takes everything along under a new one', async () => {
  const p = await person();
  const before = await participants.one(p.owner);
  p.server.participants.set(before.participant, 'another hash');
  await outbox.save(p.owner, words('Mörkt'), [photo(5)]);
  await p.send();
  const fresh = p.told.find((event) => event.renamed).renamed.to;
  await p.sender.send(fresh);
  assert.equal((await outbox.observations(fresh))[0].state, 'arrived');
  assert.ok(p.server.photos.has(photo(5).sha256));
});

test('413: the photo is made smaller, and the words show the new one', async () => {
  const small = photo(7, 500);
  const p = await person({ shrink: async () => small });
  const { id } = await outbox.save(p.owner, words('Stor'), [photo(6, 8000)]);
  p.server.fault('/photos/', () => p.server.json(413, { code: 'photo.too_large', max_bytes: 1000 }));
  assert.equal((await p.send()).outcome, 'empty');
  assert.deepEqual([...p.server.photos.keys()], [small.sha256]);
  const [newest] = p.server.told(id);
  assert.deepEqual([newest.revision, newest.photos[0].sha256], [2, small.sha256]);
});

test('a photo that cannot be made smaller needs a person; the words have arrived', async () => {
  const p = await person({ shrink: async () => null });
  await outbox.save(p.owner, words('Stor'), [photo(8, 8000)]);
  p.server.fault('/photos/', () => p.server.json(413, { code: 'photo.too_large' }), true);
  await p.send();
  assert.equal((await row(p)).state, 'arrived');
  assert.equal((await outbox.photosOf(p.owner))[0].trouble.code, 'too_large');
});

test('429: everyone waits as long as asked, and nothing is hammered', async () => {
  const p = await person();
  await outbox.save(p.owner, words('ett'));
  await outbox.save(p.owner, words('två'));
  p.server.fault('PUT /api/observations', () => p.server.json(429, { code: 'limit' }, { 'Retry-After': '17' }));
  const answer = await p.send();
  assert.deepEqual(answer, { outcome: 'later', wait: 17_000 });
  assert.equal(p.server.asked.filter((a) => a.includes('observations')).length, 1);
  assert.equal((await p.send()).outcome, 'empty');
});

test('a poison item keeps nobody else, and stays on the phone', async () => {
  const p = await person();
  const bad = await outbox.save(p.owner, words('gift'));
  await outbox.save(p.owner, words('frisk'), [photo(9)]);
  p.server.fault(bad.id, () => p.server.json(422, { code: 'observation.invalid', field: 'kind' }), true);
  await p.send();
  assert.equal((await row(p, 0)).trouble.code, 'invalid');
  assert.equal((await row(p, 1)).state, 'arrived');
  assert.ok(p.server.photos.has(photo(9).sha256));
  p.server.faults = [];
  await outbox.revise(bad.id, words('botad'));
  assert.equal((await p.send()).outcome, 'empty');
  assert.equal(p.server.told(bad.id)[0].text, 'botad');
});

test('an item on which the server breaks lets the others pass and comes again', async () => {
  const p = await person();
  const bad = await outbox.save(p.owner, words('gift'));
  await outbox.save(p.owner, words('frisk'));
  p.server.fault(bad.id, () => p.server.json(500, { code: 'status.500' }));
  const { outcome, wait } = await p.send();
  assert.equal(outcome, 'later');
  assert.ok(wait >= 500);
  assert.equal((await row(p, 1)).state, 'arrived');
  p.later(600_000);
  assert.equal((await p.send()).outcome, 'empty');
});

test('an item that breaks the line itself does not stand first in every queue', async () => {
  const p = await person();
  const bad = await outbox.save(p.owner, words('bryter'));
  await outbox.save(p.owner, words('frisk'));
  p.server.fault(bad.id, offline, true);
  assert.equal((await p.send()).outcome, 'offline');
  assert.equal((await p.send()).outcome, 'later');
  assert.equal((await row(p, 1)).state, 'arrived');
});

test('a phone that died between the tries sends what was frozen', async () => {
  const p = await person();
  const { id } = await outbox.save(p.owner, words('Mörkt'));
  p.server.fault('PUT /api/observations', offline);
  await p.send();
  const frozen = (await row(p)).sending.text;
  const again = await (async () => { // a new process: nothing but the database is left
    const { createSender } = await import('../../static/src/sync/sender.js');
    const { createApi } = await import('../../static/src/sync/api.js');
    return createSender({ api: createApi({ transport: p.server.transport, build: 'next' }), now: () => Date.now() + 600_000 });
  })();
  assert.equal((await again.send(p.owner)).outcome, 'empty');
  assert.equal(p.server.observations.get(id).revisions.get(1), frozen);
});

test('a bad code pauses and keeps; a new scan goes on', async () => {
  const p = await person();
  await outbox.save(p.owner, words('Mörkt'));
  await participants.change(p.owner, { code: 'OLDC-ODE2' });
  assert.equal((await p.send()).outcome, 'bad_code');
  assert.equal((await p.send()).outcome, 'bad_code');
  assert.equal(p.server.asked.length, 1);
  await participants.change(p.owner, { code: '7KQF-M3XA', pause: null });
  assert.equal((await p.send()).outcome, 'empty');
});

test('revoked pauses everything and deletes nothing', async () => {
  const p = await person();
  await outbox.save(p.owner, words('Mörkt'), [photo(12)]);
  p.server.fault('PUT /api/observations', () => p.server.json(403, { code: 'walk.revoked' }), true);
  assert.equal((await p.send()).outcome, 'revoked');
  assert.equal((await row(p)).state, 'waiting');
  assert.equal((await outbox.photosOf(p.owner)).length, 1);
});

test('a server that forgot the token is joined again, once', async () => {
  const p = await person();
  await p.send();
  await outbox.save(p.owner, words('Mörkt'));
  p.server.participants.clear();
  assert.equal((await p.send()).outcome, 'later');
  assert.equal((await p.send()).outcome, 'empty');
  p.server.fault('PUT /api/observations', () => p.server.json(401, { code: 'register' }), true);
  await outbox.save(p.owner, words('Igen'));
  await p.send();
  assert.equal((await p.send()).outcome, 'register');
});

test('a server restored from an older copy gets back what it lost, with its proof', async () => {
  const p = await person();
  const { id } = await outbox.save(p.owner, words('Mörkt'), [photo(13)]);
  await p.send();
  const before = p.server.observations.get(id).revisions.get(1);
  p.server.epoch = 'epoch-2';
  p.server.observations.clear();
  p.server.photos.clear();
  const proofs = [];
  const real = p.server.answer.bind(p.server);
  p.server.answer = (request) => { if (request.method === 'PUT') proofs.push(request.headers.Proof); return real(request); };
  p.later(120_000); // the heartbeat tells the new epoch
  assert.equal((await p.send()).outcome, 'later');
  assert.equal((await p.send()).outcome, 'empty');
  assert.equal(p.server.observations.get(id).revisions.get(1), before);
  assert.ok(p.server.photos.has(photo(13).sha256));
  assert.deepEqual(proofs, [`proof-${id}`, 'photo-proof']);
});

test('late is held, counts as arrived, and is said', async () => {
  const p = await person();
  const { id } = await outbox.save(p.owner, words('Sent'));
  p.server.fault('PUT /api/observations', (request, really) => {
    const answer = JSON.parse(really().text);
    return p.server.json(202, { ...answer, status: 'held', number: null });
  });
  assert.equal((await p.send()).outcome, 'empty');
  assert.equal((await outbox.observation(id)).held, true);
  assert.equal((await outbox.observation(id)).state, 'arrived');
});

test('secured is told only by the server', async () => {
  const p = await person();
  await outbox.save(p.owner, words('Mörkt'));
  await p.send();
  assert.equal((await row(p)).secured, false);
  await participants.change(p.owner, { receipt: null });
  p.server.secured = true;
  await p.send();
  assert.equal((await row(p)).secured, true);
});

test('every request says who the client is and what its clock shows, and never a cookie', async () => {
  const p = await person();
  const heads = [];
  const real = p.server.answer.bind(p.server);
  p.server.answer = (request) => { heads.push(request.headers); return real(request); };
  await outbox.save(p.owner, words('Mörkt'));
  await p.send();
  for (const head of heads) {
    assert.equal(head['Walkapp-Client'], '1.test');
    assert.match(head['Sent-At'], /T.*[+-]\d\d:\d\d$/);
    assert.equal(head.Cookie, undefined);
  }
});

test('two tabs: one sends, the other is told to wait', async () => {
  const p = await person();
  await outbox.save(p.owner, words('Mörkt'));
  let held = false;
  const locks = { request: async (_name, _how, work) => { if (held) return work(null); held = true; try { return await work({}); } finally { held = false; } } };
  const engine = () => createEngine({ sender: p.sender, locks, timer: () => 0, onLine: () => true });
  await Promise.all([engine().run(p.owner), engine().run(p.owner)]);
  assert.equal(p.server.asked.filter((a) => a.startsWith('PUT /api/observations')).length, 1);
});

test('a phone that knows it is offline does not try, so unsent stays deletable', async () => {
  const p = await person();
  const { id } = await outbox.save(p.owner, words('Mörkt'));
  const engine = createEngine({ sender: p.sender, locks: null, timer: () => 0, onLine: () => false });
  await engine.run(p.owner);
  assert.equal(engine.status.outcome, 'offline');
  assert.equal(p.server.asked.length, 0);
  assert.equal(await outbox.remove(id), true);
});

test('a server without any of it makes no receipt', async () => {
  const p = await person({ server: new Server() });
  assert.equal((await p.send()).outcome, 'empty');
  assert.equal((await participants.one(p.owner)).receipt, null);
});

test('a photo that could not be read after all is told, and the number given later is shown', async () => {
  const p = await person();
  const shot = photo(14);
  const { id } = await outbox.save(p.owner, words('Mörkt'), [shot]);
  await p.send();
  p.server.fates = [{ id, number: 27, held: false, photos: [{ sha256: shot.sha256, state: 'quarantined' }] }];
  p.later(120_000);
  await p.send();
  assert.equal((await row(p)).number, 27);
  assert.equal((await outbox.photosOf(p.owner))[0].trouble.code, 'bad_image');
});

test('the heartbeat tells how much is still on the phone', async () => {
  const p = await person({ shrink: async () => null });
  await outbox.save(p.owner, words('Stor'), [photo(15, 8000)]);
  p.server.fault('/photos/', () => p.server.json(413, { code: 'too_large' }), true);
  const beats = [];
  const real = p.server.answer.bind(p.server);
  p.server.answer = (request) => { if (request.url.endsWith('heartbeat')) beats.push(JSON.parse(request.body)); return real(request); };
  await p.send();
  assert.deepEqual(beats[0].waiting, { observations: 0, photos: 1 });
  assert.ok(beats[0].oldest_at);
});
