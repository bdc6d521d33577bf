// The heart: sends what waits, and never touches the screen. Registration first, then words, oldest first, then photos,
// smallest first, one at a time, then the receipt. One item that will not go never keeps the others.
import { asked, pause } from '../model/backoff.js';
import { digest, code as codeOf } from '../model/receipt.js';
import { STEPS } from '../model/sizes.js';
import * as outbox from '../store/outbox.js';
import * as participants from '../store/participants.js';
import { Refused } from './api.js';

const HEARTBEAT = 60_000;
const TRIES_OF_A_BAD_HASH = 3;

// What stops everything of this person until somebody does something; nothing is ever deleted by it.
const PAUSES = { 401: 'register', 403: 'revoked', 404: 'no_walk', 410: 'walk_over', 426: 'update' };
const WAITS = [408, 429, 503, 507];

/** Stop this run: nothing gets through, everything stays. */
class Stop extends Error {
  constructor(outcome, wait = null) {
    super(outcome);
    Object.assign(this, { name: 'Stop', outcome, wait });
  }
}

/**
 * @param {{api: object, tell?: (event: object) => void, shrink?: Function, now?: () => number, random?: () => number}} how
 * `shrink(bytes, step)` makes a photo smaller, for a server that said it was too large.
 */
export function createSender({ api, tell = () => {}, shrink = async () => null, now = Date.now, random = Math.random }) {
  let failures = 0;
  let beat = 0;

  /** One round for one person. @returns {Promise<{outcome: string, wait: number | null}>} */
  async function send(owner) {
    try {
      await round(owner);
      failures = 0;
      const left = await soonest(owner);
      return { outcome: left === null ? 'empty' : 'later', wait: left === null ? null : Math.max(1000, left - now()) };
    } catch (error) {
      if (error.name === 'Stop') return { outcome: error.outcome, wait: error.wait };
      if (error.name !== 'Offline') throw error;
      failures += 1;
      return { outcome: 'offline', wait: pause(failures, random) };
    }
  }

  async function round(owner) {
    const person = await registered(owner);
    await sendWords(person.owner);
    await sendPhotos(person.owner);
    await sendWords(person.owner); // a photo made smaller has changed the words that show it
    await beating(person.owner);
    await check(person.owner);
  }

  // ---- registration ---------------------------------------------------------

  async function registered(owner) {
    const person = await participants.one(owner);
    if (person.pause) throw new Stop(person.pause);
    if (person.registered && !person.changed) return person;
    try {
      const answer = await api.join(person);
      await learn(person, answer);
      const joined = await participants.change(owner, { registered: true, changed: false, proof: answer.proof ?? person.proof });
      tell({ joined: owner });
      return joined;
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      if (refusal.code === 'id_taken') {
        const fresh = await participants.renew(owner);
        tell({ renamed: { from: owner, to: fresh.owner } });
        return registered(fresh.owner);
      }
      throw await stopping(person, refusal, refusal.code === 'bad_code' ? 'bad_code' : null);
    }
  }

  /** Every whole answer says which server it was; a new epoch means an older copy was restored. */
  async function learn(person, answer) {
    const now = await participants.one(person.owner);
    if (!now || (now.server_id && now.epoch === answer.epoch)) return;
    await participants.change(person.owner, {
      server_id: answer.server_id, epoch: answer.epoch, check: now.check || Boolean(now.epoch && now.epoch !== answer.epoch),
    });
  }

  /** A refusal that concerns everything of this person, or asks all to wait. */
  async function stopping(person, refusal, reason = null) {
    if (WAITS.includes(refusal.status)) {
      failures += 1;
      return new Stop('later', asked(refusal.retryAfter, now()) ?? pause(failures, random));
    }
    const why = reason ?? (refusal.code in EXPLAINED ? refusal.code : PAUSES[refusal.status]);
    if (!why) return refusal.status >= 500 ? new Stop('later', pause(failures += 1, random)) : new Stop('refused');
    await participants.change(person.owner, { pause: why });
    return new Stop(why);
  }

  // ---- words ----------------------------------------------------------------

  const due = (rows) => rows.filter((row) => row.state === 'waiting' && !row.trouble && row.next_at <= now());

  async function sendWords(owner) {
    for (let left; (left = due(await outbox.observations(owner))).length;) {
      const person = await participants.one(owner);
      const row = await outbox.freeze(left[0].id);
      if (row?.sending) await sendOne(person, row);
    }
  }

  async function sendOne(person, row) {
    tell({ sending: row.id });
    try {
      const answer = await api.observation(person, row);
      await welcomed(person, answer);
      await outbox.delivered(row.id, { number: answer.number, proof: answer.proof, held: answer.status === 'held' });
      tell({ delivered: row.id });
    } catch (error) {
      await failed('observations', row.id, row, person, error);
    }
  }

  // ---- photos ---------------------------------------------------------------

  async function sendPhotos(owner) {
    for (;;) {
      const rows = (await outbox.observations(owner)).filter((row) => row.last > 0);
      const shownBy = (photo) => rows.find((row) => row.words.photos.some((p) => p.sha256 === photo.sha256))?.id;
      const photos = due(await outbox.photosOf(owner)).filter(shownBy).sort((a, b) => a.bytes - b.bytes);
      if (!photos.length) return;
      await sendPhoto(await participants.one(owner), photos[0], shownBy(photos[0]));
    }
  }

  async function sendPhoto(person, photo, observation) {
    tell({ sending: photo.sha256, part: 0 });
    try {
      const bytes = await outbox.bytesOf(photo.key);
      if (!bytes) return void await outbox.troubled('photos', photo.key, { code: 'lost' });
      const answer = await api.photo(person, photo, observation, bytes, (part) => tell({ sending: photo.sha256, part }));
      await welcomed(person, answer);
      await outbox.photoArrived(photo.key, answer.proof);
      tell({ delivered: photo.sha256 });
    } catch (error) {
      await failed('photos', photo.key, photo, person, error);
    }
  }

  async function smaller(photo, person) {
    const step = (photo.step ?? 0) + 1;
    const made = step < STEPS.length ? await shrink(await outbox.bytesOf(photo.key), STEPS[step]) : null;
    if (!made || made.bytes.byteLength >= photo.bytes) {
      return outbox.troubled('photos', photo.key, { code: 'too_large' });
    }
    return outbox.replacePhoto(person.owner, photo.sha256, made);
  }

  // ---- what a refusal means --------------------------------------------------

  async function failed(kind, key, row, person, error) {
    const next = now() + pause(row.tries + 1, random);
    if (error.name === 'Offline') {
      await outbox.later(kind, key, next); // others go first next time: this one may be what breaks the line
      throw error;
    }
    if (!(error instanceof Refused)) throw error;
    await learn(person, error.answer);
    const settled = await (kind === 'photos' ? photoRefused : wordsRefused)(key, row, person, error);
    if (settled) return tell({ changed: key });
    if (WAITS.includes(error.status)) throw await stopping(person, error);
    if (error.status >= 500) { await outbox.later(kind, key, next); return undefined; }
    if (error.status === 401 && await again(person)) throw new Stop('later', 0);
    if (PAUSES[error.status]) throw await stopping(person, error);
    await outbox.troubled(kind, key, { code: error.code, status: error.status, field: error.answer.field });
    return tell({ changed: key });
  }

  /** 401 once is a server that forgot us: register again with the same id and token. Twice in a row is a stop. */
  async function again(person) {
    if (!person.registered || person.asked_again) return false;
    await participants.change(person.owner, { registered: false, asked_again: true });
    return true;
  }

  async function wordsRefused(id, row, _person, { status, code, answer }) {
    if (status !== 409) return false;
    if (code === 'id_taken') await outbox.renamed(id);
    else if (Number.isInteger(answer.current) && row.tries < 6) await outbox.conflicted(id, answer.current);
    else await outbox.later('observations', id, now() + pause(row.tries + 1, random));
    return true;
  }

  async function photoRefused(key, photo, person, { status, code }) {
    if (status === 413) { await smaller(photo, person); return true; }
    if (code === 'hash_mismatch' && photo.tries < TRIES_OF_A_BAD_HASH) {
      await outbox.later('photos', key, now() + pause(photo.tries + 1, random));
      return true;
    }
    return false;
  }

  async function welcomed(person, answer) {
    await learn(person, answer);
    if (person.asked_again) await participants.change(person.owner, { asked_again: false });
  }

  // ---- heartbeat and receipt ---------------------------------------------------

  async function beating(owner) {
    if (now() - beat < HEARTBEAT) return;
    const person = await participants.one(owner);
    const left = await outbox.waiting(owner);
    const answer = await quietly(person, () => api.heartbeat(person, left));
    if (!answer) return;
    beat = now();
    await participants.change(owner, { state: answer.state, message: answer.message ?? null });
    const news = await quietly(person, () => api.changes(person, person.cursor));
    if (!news?.own) return;
    await outbox.fates(owner, news.own);
    await participants.change(owner, { cursor: news.cursor });
    tell({ changed: owner });
  }

  /** Asked when all of it has arrived, and whenever a restored server may have lost some. */
  async function check(owner) {
    const person = await participants.one(owner);
    const rows = await outbox.observations(owner);
    const photos = (await outbox.photosOf(owner)).filter((photo) => photo.state === 'arrived');
    const here = rows.filter((row) => row.accepted);
    const whole = rows.length > 0 && rows.every((row) => row.state === 'arrived');
    if (!here.length || (!person.check && (!whole || person.receipt))) return;
    const answer = await quietly(person, () => api.receipt(person, {
      observations: here.map((row) => ({ id: row.id, revision: row.accepted.revision })),
      photos: photos.map((photo) => photo.sha256),
    }));
    if (answer) await settle(person, answer, here, photos);
  }

  async function settle(person, answer, here, photos) {
    const missing = ids(answer.missing);
    await outbox.secured(person.owner, ids(answer.secured));
    if (missing.observations.length || missing.photos.length) {
      await outbox.sendAgain(person.owner, missing);
      await participants.change(person.owner, { check: false, receipt: null });
      tell({ changed: person.owner });
      throw new Stop('later', 1000);
    }
    const own = await digest(here.map((row) => ({ id: row.id, ...row.accepted })), photos);
    const same = answer.digest === own;
    await participants.change(person.owner, {
      check: false,
      receipt: same ? { digest: own, code: codeOf(own), observations: here.length, photos: photos.length, at: now() } : null,
    });
    tell(same ? { receipt: person.owner } : { mismatch: person.owner });
  }

  /** Lists of ids, whether the server wrote them as ids or as {id, revision}. */
  const ids = (lists) => ({
    observations: (lists?.observations ?? []).map((o) => o.id ?? o),
    photos: (lists?.photos ?? []).map((p) => p.sha256 ?? p),
  });

  /** Something useful but not needed: a refusal of it stops nothing. */
  async function quietly(person, request) {
    try {
      const answer = await request();
      await learn(person, answer);
      return answer;
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  /** When the next item that waits for its turn may be tried; null when nothing waits. */
  async function soonest(owner) {
    const rows = [...await outbox.observations(owner), ...await outbox.photosOf(owner)];
    const times = rows.filter((row) => row.state === 'waiting' && !row.trouble).map((row) => row.next_at);
    return times.length ? Math.min(...times) : null;
  }

  return { send };
}

/** Codes that stop a person's sending, by their own name. */
const EXPLAINED = { bad_code: 1, paused: 1, walk_over: 1, register: 1, revoked: 1, no_walk: 1, update: 1 };
