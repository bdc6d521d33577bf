// The observation being written, held in memory and on disk at once.
import { blank } from '../model/observation.js';
import { cameraClosed, cameraOpens, draftKey, draftOf, draftPhotos, keepDraft } from '../store/drafts.js';
import { observation } from '../store/outbox.js';

/** The draft of a new observation, or of a change to a saved one (`id`); found again after a restart. */
export async function drafting(app, id = null) {
  const key = draftKey(app.person.owner, id);
  if (app.draft?.key === key) return app.draft;
  const kept = await draftOf(key);
  const words = kept?.words ?? (id ? structuredClone((await observation(id)).words) : blank(stopNow(app)));
  const draft = {
    key, id, words, fresh: await draftPhotos(key), lostPhoto: Boolean(kept?.camera),
    begun: Boolean(kept), chosenPlace: Boolean(kept?.chosenPlace ?? (id && words.position?.source !== 'none')),
    row: () => ({ owner: key, id, words: draft.words, chosenPlace: draft.chosenPlace }),
    keep: () => { draft.begun = true; return keepDraft(draft.row()); },
    camera: () => cameraOpens(draft.row()),
    cameraBack: () => cameraClosed(key),
    reread: async () => { draft.fresh = await draftPhotos(key); },
  };
  app.draft = draft;
  return draft;
}

function stopNow(app) {
  const stops = [...(app.pack?.stops ?? [])].sort((a, b) => a.order - b.order);
  return stops.find((stop) => stop.id === app.person.stop)?.id ?? stops[0]?.id ?? null;
}
