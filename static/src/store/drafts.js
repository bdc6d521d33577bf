// The observation being written. It is on disk before the camera opens: Android may end the tab behind it.
import { all, amend, get, write } from './db.js';

/** A new observation has one draft; a change to a saved one has its own, so neither overwrites the other. */
export const draftKey = (owner, id = null) => (id ? `${owner} ${id}` : owner);

export const draftOf = (owner) => get('drafts', owner);
export const draftPhotos = async (owner) =>
  (await all('draft_photos', 'owner', owner)).sort((a, b) => a.order - b.order);

/** @param {{owner: string, id: string | null, words: object, camera?: boolean}} draft */
export const keepDraft = (draft) => write('drafts', (drafts) => drafts.put(draft));

/** The camera is about to open; whoever finds this mark after a restart knows that the photo did not come back. */
export const cameraOpens = (draft) => keepDraft({ ...draft, camera: true });
export const cameraClosed = (owner) => amend('drafts', owner, (draft) => ({ ...draft, camera: false }));

/** @param {{sha256: string, bytes: ArrayBuffer, small: ArrayBuffer | null, type: string, taken_at: string}} photo */
export const addDraftPhoto = (owner, photo) => write('draft_photos', (photos) =>
  photos.put({ ...photo, owner, key: `${owner} ${photo.sha256}`, order: Date.now() }));

export const dropDraftPhoto = (owner, sha256) => write('draft_photos', (photos) => photos.delete(`${owner} ${sha256}`));

export const dropDraft = (owner) => write(['drafts', 'draft_photos'], async (drafts, photos) => {
  await drafts.delete(owner);
  for (const key of await photos.index('owner').getAllKeys(owner)) await photos.delete(key);
});
