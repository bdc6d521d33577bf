// Who this phone is on a walk. The token is made here and its hash alone ever leaves.
import { sha256 } from '../model/receipt.js';
import { all, amend, get, write } from './db.js';

export const ownerOf = (walk, participant) => `${walk} ${participant}`;

const newToken = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replaceAll('+', '-').replaceAll('/', '_').replace('=', '');

/** Take part in a walk. Works without network: the registration is item 0 of what waits. */
export async function join({ walk, code, name = null, language, group = null }) {
  const participant = crypto.randomUUID();
  const token = newToken();
  const row = {
    owner: ownerOf(walk, participant), walk, participant, token, token_sha256: await sha256(token), code,
    name, language, group, server_id: null, epoch: null, proof: null, registered: false, changed: true, pause: null,
    sequence: 0, joined_at: new Date().toISOString(), stop: null, receipt: null, check: false, state: null,
  };
  await write(['participants', 'settings'], async (rows, settings) => {
    await rows.put(row);
    await settings.put({ key: 'owner', value: row.owner });
  });
  return row;
}

export const one = (owner) => get('participants', owner);
export const everyone = () => all('participants');
export const change = (owner, fields) => amend('participants', owner, (row) => ({ ...row, ...fields }));

/** Scanned again: the same person on the same walk, perhaps with a new code. */
export async function known(walk) {
  const rows = (await everyone()).filter((row) => row.walk === walk);
  return rows.sort((a, b) => (a.joined_at < b.joined_at ? 1 : -1))[0];
}

/** The server knows this id with another hash: mint a new one and take everything along. */
export async function renew(owner) {
  const old = await one(owner);
  const participant = crypto.randomUUID();
  const token = newToken();
  const fresh = {
    ...old, participant, token, token_sha256: await sha256(token), owner: ownerOf(old.walk, participant), proof: null,
    registered: false,
  };
  await write(['participants', 'observations', 'photos', 'bytes', 'drafts', 'draft_photos', 'settings'], async (
    people, observations, photos, bytes, drafts, draftPhotos, settings,
  ) => {
    await people.put(fresh);
    await people.delete(owner);
    for (const row of await observations.index('owner').getAll(owner)) await observations.put({ ...row, owner: fresh.owner });
    for (const photo of await photos.index('owner').getAll(owner)) {
      const key = `${fresh.owner} ${photo.sha256}`;
      const heavy = await bytes.get(photo.key);
      await photos.put({ ...photo, owner: fresh.owner, key });
      if (heavy) await bytes.put({ ...heavy, key });
      await photos.delete(photo.key);
      await bytes.delete(photo.key);
    }
    const draft = await drafts.get(owner);
    if (draft) { await drafts.put({ ...draft, owner: fresh.owner }); await drafts.delete(owner); }
    for (const photo of await draftPhotos.index('owner').getAll(owner)) {
      await draftPhotos.put({ ...photo, owner: fresh.owner, key: `${fresh.owner} ${photo.sha256}` });
      await draftPhotos.delete(photo.key);
    }
    if ((await settings.get('owner'))?.value === owner) await settings.put({ key: 'owner', value: fresh.owner });
  });
  return fresh;
}
