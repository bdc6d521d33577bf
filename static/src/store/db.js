// The phone's database. Everything a person has told the phone stands here before any screen says "saved".
import { openDB } from 'idb';

const NAME = 'walkapp';
const VERSION = 1;

// Keyed by `owner` = walk + participant: two walks, or two people, on one phone never mix.
const STORES = {
  participants: { keyPath: 'owner' }, // who this phone is on a walk, with its token
  packs: { keyPath: 'walk' }, // a walk as the server told it, replaced whole
  observations: { keyPath: 'id', indexes: ['owner'] }, // small rows: listed often
  photos: { keyPath: 'key', indexes: ['owner'] }, // what is known of a photo, with a thumbnail
  bytes: { keyPath: 'key' }, // heavy: read only while sending. ArrayBuffers: Safari's private mode drops Blobs
  drafts: { keyPath: 'owner' }, // the words being written: survive the camera that kills the tab
  draft_photos: { keyPath: 'key', indexes: ['owner'] }, // apart from the words, which are written at each key press
  settings: { keyPath: 'key' }, // language, last walk, the invitation before joining
};

function upgrade(db) {
  for (const [name, { keyPath, indexes = [] }] of Object.entries(STORES)) {
    if (db.objectStoreNames.contains(name)) continue;
    const store = db.createObjectStore(name, { keyPath });
    for (const index of indexes) store.createIndex(index, index);
  }
}

let opening;

const open = () => opening ??= openDB(NAME, VERSION, {
  upgrade,
  blocking(_current, _blocked, event) { event.target.close(); opening = undefined; },
  terminated() { opening = undefined; },
});

/**
 * Run `work` on the open database; reopen once when the system closed it behind our back.
 * Why: iOS ends the database process of a sleeping tab, and the old handle then refuses for ever.
 */
export async function store(work) {
  for (let again = false; ; again = true) {
    try {
      return await work(await open());
    } catch (error) {
      if (again || !['InvalidStateError', 'UnknownError'].includes(error.name)) throw error;
      opening = undefined;
    }
  }
}

/** A write that is on disk before it is told: a phone may die in the next second. */
export const write = (names, work) => store(async (db) => {
  const tx = db.transaction(names, 'readwrite', { durability: 'strict' });
  try {
    const result = await work(...[names].flat().map((name) => tx.objectStore(name)));
    await tx.done;
    return result;
  } catch (error) {
    try { tx.abort(); } catch { /* it is over already */ }
    await tx.done.catch(() => {});
    throw tx.error ?? error;
  }
});

export const get = (name, key) => store((db) => db.get(name, key));
export const all = (name, index, key) => store((db) => (index ? db.getAllFromIndex(name, index, key) : db.getAll(name)));

/** Change one row in one transaction; `change` returns the new row, or nothing to leave it. */
export const amend = (name, key, change) => write(name, async (rows) => {
  const row = await rows.get(key);
  if (row === undefined) return undefined;
  const next = change(row);
  if (next) await rows.put(next);
  return next ?? row;
});

/** For tests: forget the open handle. */
export async function close() {
  const db = await opening;
  opening = undefined;
  db?.close();
}
