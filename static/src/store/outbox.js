// What waits on the phone, and what became of it. A row stays `waiting` until its answer is settled:
// a phone that dies half-way sends the same bytes again, and the same id makes that harmless.
import { body, compose, pick } from '../model/observation.js';
import { sha256 } from '../model/receipt.js';
import { all, amend, get, write } from './db.js';
import { draftKey } from './drafts.js';

const photoKey = (owner, sha) => `${owner} ${sha}`;
const listed = (photo) => ({ sha256: photo.sha256, bytes: photo.bytes.byteLength, taken_at: photo.taken_at });

function photoRow(owner, photo) {
  return {
    key: photoKey(owner, photo.sha256), owner, sha256: photo.sha256, bytes: photo.bytes.byteLength, type: photo.type,
    taken_at: photo.taken_at, small: photo.small ?? null, state: 'waiting', proof: null, trouble: null, secured: false,
    tries: 0, next_at: 0,
  };
}

async function putPhotos(owner, fresh, photos, bytes) {
  for (const photo of fresh) {
    const row = photoRow(owner, photo);
    if (await photos.get(row.key)) continue; // the same picture twice is one picture
    await photos.put(row);
    await bytes.put({ key: row.key, bytes: photo.bytes });
  }
}

const EVERYTHING = ['participants', 'observations', 'photos', 'bytes', 'drafts', 'draft_photos'];

/**
 * Keep a new observation: record, photo bytes and the end of its draft in one transaction.
 * @returns the row, already on disk
 */
export const save = (owner, words, fresh = [], now = new Date()) =>
  write(EVERYTHING, async (people, observations, photos, bytes, drafts, draftPhotos) => {
    const person = await people.get(owner);
    const sequence = person.sequence + 1;
    const all = [...(words.photos ?? []), ...fresh.map(listed)];
    const { id, walk, made_at, ...told } = compose({ ...words, photos: all }, { walk: person.walk, sequence, now });
    const row = {
      id, owner, walk, made_at, sequence, words: told, withdrawn: false, state: 'waiting', version: 1, last: 0, base: null,
      sending: null, accepted: null, number: null, held: false, secured: false, proof: null, trouble: null, tries: 0, next_at: 0,
    };
    await observations.put(row);
    await putPhotos(owner, fresh, photos, bytes);
    await people.put({ ...person, sequence, receipt: null });
    await clearDraft(owner, drafts, draftPhotos);
    return row;
  });

async function clearDraft(owner, drafts, draftPhotos) {
  await drafts.delete(owner);
  for (const key of await draftPhotos.index('owner').getAllKeys(owner)) await draftPhotos.delete(key);
}

/** The phone is full: the words get through alone, into the room that was kept free for them. */
export async function saveWordsOnly(owner, words, now) {
  await write(['settings', 'drafts', 'draft_photos'], async (settings, drafts, draftPhotos) => {
    await settings.delete('pad');
    await clearDraft(owner, drafts, draftPhotos);
  });
  return save(owner, { ...words, photos: [] }, [], now);
}

/** Change what was written. It goes as the next revision, or as the first when none has left the phone. */
export const revise = (id, words, fresh = []) =>
  write(EVERYTHING, async (people, observations, photos, bytes, drafts, draftPhotos) => {
    const row = await observations.get(id);
    const next = { ...pick(words), photos: [...(words.photos ?? []), ...fresh.map(listed)] };
    await putPhotos(row.owner, fresh, photos, bytes);
    const person = await people.get(row.owner);
    await people.put({ ...person, receipt: null });
    await clearDraft(draftKey(row.owner, id), drafts, draftPhotos);
    return put(observations, { ...touched(row), words: { ...row.words, ...next } });
  });

const touched = (row) => ({ ...row, state: 'waiting', trouble: null, tries: 0, next_at: 0, version: row.version + 1 });

async function put(rows, row) {
  await rows.put(row);
  return row;
}

/** Hidden from everyone but the coordinator; the record itself stays at the municipality. */
export const withdraw = (id) => write(['observations', 'participants'], async (observations, people) => {
  const row = await observations.get(id);
  const person = await people.get(row.owner);
  await people.put({ ...person, receipt: null });
  return put(observations, { ...touched(row), withdrawn: true });
});

/** True while no byte of it can have left the phone. */
export const neverSent = (row) => row.last === 0;

/** What was never sent is really deleted, its photos too unless another observation shows them. */
export const remove = (id) => write(['observations', 'photos', 'bytes'], async (observations, photos, bytes) => {
  const row = await observations.get(id);
  if (!row || !neverSent(row)) return false;
  await observations.delete(id);
  const others = new Set((await observations.index('owner').getAll(row.owner)).flatMap((o) => o.words.photos.map((p) => p.sha256)));
  for (const { sha256: sha } of row.words.photos) {
    const photo = await photos.get(photoKey(row.owner, sha));
    if (others.has(sha) || photo?.state === 'arrived') continue;
    await photos.delete(photoKey(row.owner, sha));
    await bytes.delete(photoKey(row.owner, sha));
  }
  return true;
});

export const observation = (id) => get('observations', id);
export const observations = async (owner) => (await all('observations', 'owner', owner)).sort((a, b) => a.sequence - b.sequence);
export const photosOf = (owner) => all('photos', 'owner', owner);
export const bytesOf = async (key) => (await get('bytes', key))?.bytes;

/** How much waits, and since when. */
export async function waiting(owner) {
  const rows = (await observations(owner)).filter((row) => row.state === 'waiting');
  const photos = (await photosOf(owner)).filter((photo) => photo.state === 'waiting');
  return { observations: rows.length, photos: photos.length, oldest_at: rows.map((row) => row.made_at)[0] ?? photos[0]?.taken_at ?? null };
}

/**
 * Freeze the body of the next revision, once: every retry sends these bytes.
 * The hash is made outside the transaction, so the row is looked at again before it is put.
 */
export async function freeze(id) {
  for (;;) {
    const row = await observation(id);
    if (!row || row.state !== 'waiting' || row.sending) return row;
    const revision = row.last + 1;
    const told = { ...row.words, walk: row.walk, made_at: row.made_at, sequence: row.sequence };
    const text = body(told, { revision, base_revision: row.base, withdrawn: row.withdrawn });
    const sending = { revision, text, sha256: await sha256(text), version: row.version };
    const frozen = await amend('observations', id, (now) =>
      (now.version === row.version && !now.sending ? { ...now, sending, last: revision } : undefined));
    if (!frozen || frozen.sending) return frozen;
  }
}

/** The answer was whole: this revision has arrived. Words changed meanwhile stay waiting as the next one. */
export const delivered = (id, { number, proof, held = false }) => amend('observations', id, (row) => {
  const { revision, text, sha256: sha, version } = row.sending;
  const done = version === row.version;
  return {
    ...row, state: done ? 'arrived' : 'waiting', accepted: { revision, sha256: sha, text }, base: revision, sending: null,
    number: number ?? row.number, proof: proof ?? row.proof, held, trouble: null, tries: 0, next_at: 0,
  };
});

/** Somebody was first: our text goes as the next revision on the server's. */
export const conflicted = (id, current) => amend('observations', id, (row) => ({
  ...row, sending: null, base: current, last: Math.max(row.last, current ?? 0), tries: row.tries + 1,
}));

/** The id belongs to another participant: the same words under a new id. */
export const renamed = (id) => write('observations', async (rows) => {
  const row = await rows.get(id);
  const fresh = { ...row, id: crypto.randomUUID(), sending: null, last: 0, base: null, accepted: null };
  await rows.delete(id);
  return put(rows, fresh);
});

/** It did not work this time; others go first until `next_at`. */
export const later = (kind, key, next_at) => amend(kind, key, (row) => ({ ...row, tries: row.tries + 1, next_at }));

/** It will not work as it is: told to the person, kept on the phone, and out of the others' way. */
export const troubled = (kind, key, trouble) =>
  amend(kind, key, (row) => ({ ...row, ...(kind === 'observations' ? { sending: null } : {}), trouble, tries: row.tries + 1 }));

/** Everything may be tried at once again: the network came back, or a person asked. */
export const hurry = (owner) => write(['observations', 'photos'], async (...stores) => {
  for (const rows of stores) {
    for (const row of await rows.index('owner').getAll(owner)) if (row.next_at) await rows.put({ ...row, next_at: 0 });
  }
});

export const photoArrived = (key, proof) => amend('photos', key, (photo) => ({
  ...photo, state: 'arrived', proof: proof ?? photo.proof, trouble: null, tries: 0, next_at: 0,
}));

/** A photo that was too large, made smaller: new bytes, new name, and a new revision of those that show it. */
export const replacePhoto = (owner, sha, smaller) =>
  write(['observations', 'photos', 'bytes'], async (observations, photos, bytes) => {
    const old = await photos.get(photoKey(owner, sha));
    await putPhotos(owner, [{ ...smaller, taken_at: old.taken_at, small: old.small }], photos, bytes);
    const made = await photos.get(photoKey(owner, smaller.sha256));
    await photos.put({ ...made, step: (old.step ?? 0) + 1 });
    for (const row of await observations.index('owner').getAll(owner)) {
      if (!row.words.photos.some((photo) => photo.sha256 === sha)) continue;
      const shown = row.words.photos.map((photo) => (photo.sha256 === sha ? { ...listed({ ...smaller, taken_at: photo.taken_at }) } : photo));
      await observations.put({ ...touched(row), words: { ...row.words, photos: shown } });
    }
    await photos.delete(old.key);
    await bytes.delete(old.key);
  });

/** The server was restored from an older copy: what it does not have goes again, the same bytes with their proof. */
export const sendAgain = (owner, missing) => write(['observations', 'photos'], async (observations, photos) => {
  for (const id of missing.observations) {
    const row = await observations.get(id);
    if (row?.owner !== owner || !row.accepted || row.state !== 'arrived') continue;
    const { revision, text, sha256: sha } = row.accepted;
    await observations.put({ ...row, state: 'waiting', sending: { revision, text, sha256: sha, version: row.version }, next_at: 0 });
  }
  for (const sha of missing.photos) {
    const photo = await photos.get(photoKey(owner, sha));
    if (photo?.state === 'arrived') await photos.put({ ...photo, state: 'waiting', next_at: 0 });
  }
});

/** Held by three verified backups: the only moment at which a phone may forget. */
export const secured = (owner, { observations: ids, photos: shas }) => write(['observations', 'photos'], async (observations, photos) => {
  for (const id of ids) {
    const row = await observations.get(id);
    if (row?.owner === owner && !row.secured) await observations.put({ ...row, secured: true });
  }
  for (const sha of shas) {
    const photo = await photos.get(photoKey(owner, sha));
    if (photo && !photo.secured) await photos.put({ ...photo, secured: true });
  }
});

/** What the municipality told of our own things: a number given later, a photo that could not be read after all. */
export const fates = (owner, own) => write(['observations', 'photos'], async (observations, photos) => {
  for (const fate of own) {
    const row = await observations.get(fate.id);
    if (row?.owner !== owner) continue;
    await observations.put({ ...row, number: fate.number ?? row.number, held: row.held && fate.held !== false });
    for (const { sha256: sha, state } of fate.photos ?? []) {
      const photo = await photos.get(photoKey(owner, sha));
      const unreadable = state === 'quarantined' && row.words.photos.some((shown) => shown.sha256 === sha);
      if (photo && unreadable && !photo.trouble) await photos.put({ ...photo, trouble: { code: 'bad_image' } });
    }
  }
});
