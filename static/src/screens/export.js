// Everything on this phone as one file, for a walk that never gets coverage: the coordinator reads it in.
import { downloadZip } from 'client-zip';
import { bytesOf, freeze, observations, photosOf } from '../store/outbox.js';
import { _ } from './words.js';

const ENDINGS = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/heic': 'heic' };
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** The exact bodies as they are sent, and no token: the file alone lets nobody speak as this person. */
export async function saveToFile(app) {
  const { owner, walk, participant, server_id } = app.person;
  for (const row of await observations(owner)) await freeze(row.id);
  const rows = await observations(owner);
  const photos = await photosOf(owner);
  const bodies = rows.flatMap((row) => [row.accepted, row.sending].filter(Boolean).map(({ revision, text, sha256 }) => (
    { id: row.id, revision, sha256, body: base64(text) })));
  const pictures = photos.map((photo) => ({
    sha256: photo.sha256, bytes: photo.bytes, type: photo.type, file: `photos/${photo.sha256}.${ENDINGS[photo.type] ?? 'bin'}`,
    observations: rows.filter((row) => row.words.photos.some((p) => p.sha256 === photo.sha256)).map((row) => row.id), key: photo.key,
  }));
  const manifest = {
    version: 1, walk, participant, server_id, made_at: new Date().toISOString(), observations: bodies,
    photos: pictures.map(({ key: _key, ...photo }) => photo), ratings: [], voices: [],
  };
  const files = [{ name: 'manifest.json', input: JSON.stringify(manifest, null, 1) }];
  for (const picture of pictures) {
    const bytes = await bytesOf(picture.key);
    if (bytes) files.push({ name: picture.file, input: bytes });
  }
  files.push({ name: _('READ-ME.txt'), input: _('Give this file to the coordinator of the walk. It holds everything that was written on this phone.') });
  const blob = await downloadZip(files).blob();
  await hand(new File([blob], `walk-${participant.slice(0, 8)}.zip`, { type: 'application/zip' }));
}

/** An installed iPhone app has no downloads that lead back: there the share sheet carries it. */
async function hand(file) {
  if (navigator.standalone && navigator.canShare?.({ files: [file] })) {
    await navigator.share({ files: [file] });
    return;
  }
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: url, download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
