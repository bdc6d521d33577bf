import assert from 'node:assert/strict';
import test from 'node:test';
import { WALK, person, photo, sha, words } from './support.mjs';
import { all, get, store } from '../../static/src/store/db.js';
import * as drafts from '../../static/src/store/drafts.js';
import * as outbox from '../../static/src/store/outbox.js';
import * as participants from '../../static/src/store/participants.js';

const join = async () => (await participants.join({ walk: WALK, code: '7KQF-M3XA', language: 'sv' })).owner;

test('what is saved is there with its photo, and the draft is gone in the same moment', async () => {
  const owner = await join();
  const shot = photo(1);
  await drafts.keepDraft({ owner, words: words('Mörkt') });
  await drafts.addDraftPhoto(owner, shot);
  const row = await outbox.save(owner, words('Mörkt'), [shot]);
  assert.equal((await outbox.observation(row.id)).state, 'waiting');
  const [kept] = await outbox.photosOf(owner);
  assert.equal(sha(await outbox.bytesOf(kept.key)), shot.sha256);
  assert.equal(await drafts.draftOf(owner), undefined);
  assert.equal((await drafts.draftPhotos(owner)).length, 0);
});

test('the write is durable, not just fast', async () => {
  const owner = await join();
  const modes = [];
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, mode, how) { if (mode === 'readwrite') modes.push(how?.durability); return real.call(this, names, mode, how); };
  await outbox.save(owner, words('Mörkt'), [photo(2)]);
  IDBDatabase.prototype.transaction = real;
  assert.deepEqual(modes, ['strict']); // one transaction, and strict
});

test('nothing is kept when the photo does not fit: the words are not half saved', async () => {
  const owner = await join();
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value) {
    if (this.name === 'bytes') throw new DOMException('full', 'QuotaExceededError');
    return real.call(this, value);
  };
  await assert.rejects(outbox.save(owner, words('Mörkt'), [photo(3)]), { name: 'QuotaExceededError' });
  IDBObjectStore.prototype.put = real;
  assert.equal((await outbox.observations(owner)).length, 0);
  assert.equal((await outbox.photosOf(owner)).length, 0);
  await outbox.saveWordsOnly(owner, words('Mörkt'));
  assert.equal((await outbox.observations(owner))[0].words.text, 'Mörkt');
});

test('a database that the system closed is opened again', async () => {
  const owner = await join();
  await store((db) => db.close());
  await outbox.save(owner, words('Efteråt'));
  assert.equal((await outbox.observations(owner)).length, 1);
});

test('two people on one phone do not mix', async () => {
  const [one, two] = [await join(), await join()];
  await outbox.save(one, words('min'));
  await outbox.save(two, words('din'));
  assert.deepEqual((await outbox.observations(one)).map((row) => row.words.text), ['min']);
  assert.deepEqual((await outbox.observations(two)).map((row) => row.words.text), ['din']);
});

test('the body is frozen once: a retry sends the same bytes', async () => {
  const owner = await join();
  const { id } = await outbox.save(owner, words('Först'));
  const first = (await outbox.freeze(id)).sending;
  await outbox.revise(id, words('Sedan'));
  const second = (await outbox.freeze(id)).sending;
  assert.equal(second.text, first.text);
  assert.equal(second.sha256, sha(first.text));
});

test('what was changed before it left the phone goes as the first revision', async () => {
  const owner = await join();
  const { id } = await outbox.save(owner, words('Först'));
  await outbox.revise(id, words('Sedan'));
  const told = JSON.parse((await outbox.freeze(id)).sending.text);
  assert.equal(told.revision, 1);
  assert.equal(told.text, 'Sedan');
});

test('what was changed while it was on its way stays waiting as the next revision', async () => {
  const owner = await join();
  const { id } = await outbox.save(owner, words('Först'));
  await outbox.freeze(id);
  await outbox.revise(id, words('Sedan'));
  const row = await outbox.delivered(id, { number: 4, proof: 'p' });
  assert.equal(row.state, 'waiting');
  const told = JSON.parse((await outbox.freeze(id)).sending.text);
  assert.deepEqual([told.revision, told.base_revision, told.text], [2, 1, 'Sedan']);
});

test('unsent is really deleted, its photo too; what another shows stays', async () => {
  const owner = await join();
  const [own, shared] = [photo(10), photo(11)];
  const gone = await outbox.save(owner, words('bort'), [own, shared]);
  await outbox.save(owner, words('kvar'), [shared]);
  assert.equal(await outbox.remove(gone.id), true);
  assert.deepEqual((await outbox.photosOf(owner)).map((p) => p.sha256), [shared.sha256]);
  assert.equal(await get('bytes', `${owner} ${own.sha256}`), undefined);
});

test('what may have left the phone is not deleted but withdrawn', async () => {
  const owner = await join();
  const { id } = await outbox.save(owner, words('skickad'));
  await outbox.freeze(id);
  assert.equal(await outbox.remove(id), false);
  await outbox.delivered(id, {});
  await outbox.withdraw(id);
  const told = JSON.parse((await outbox.freeze(id)).sending.text);
  assert.deepEqual([told.withdrawn, told.revision], [true, 2]);
});

test('the mark of an open camera survives until the photo is back', async () => {
  const owner = await join();
  await drafts.cameraOpens({ owner, words: words('Halvvägs') });
  assert.equal((await drafts.draftOf(owner)).camera, true);
  await drafts.cameraClosed(owner);
  assert.equal((await drafts.draftOf(owner)).camera, false);
});

test('the sequence counts up within a person', async () => {
  const owner = await join();
  const made = [];
  for (const text of ['a', 'b', 'c']) made.push((await outbox.save(owner, words(text))).sequence);
  assert.deepEqual(made, [1, 2, 3]);
});

test('no token stands anywhere but with the participant', async () => {
  const { owner } = await person();
  const { token } = await participants.one(owner);
  await outbox.save(owner, words('Mörkt'));
  for (const name of ['observations', 'photos', 'drafts', 'settings']) assert.ok(!JSON.stringify(await all(name)).includes(token));
});
