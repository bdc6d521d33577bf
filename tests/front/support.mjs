// What the phone's tests share: a database in memory, a server that can be told to misbehave, a person on a walk.
import '../../static/node_modules/fake-indexeddb/auto/index.mjs';
import { createHash } from 'node:crypto';
import * as participants from '../../static/src/store/participants.js';
import { createApi } from '../../static/src/sync/api.js';
import { createSender } from '../../static/src/sync/sender.js';
import { Offline } from '../../static/src/sync/transport.js';
import { blank } from '../../static/src/model/observation.js';

export const WALK = '0190c1d2-1111-7000-8000-000000000001';
export const sha = (bytes) => createHash('sha256').update(typeof bytes === 'string' ? bytes : Buffer.from(bytes)).digest('hex');
export const photo = (seed, size = 2000) => {
  const bytes = new Uint8Array(size).map((_zero, i) => (i * 31 + seed) % 256).buffer;
  return { sha256: sha(bytes), bytes, small: null, type: 'image/jpeg', taken_at: '2026-10-28T16:20:00.000Z' };
};
export const words = (text, more = {}) => ({ ...blank(), text, ...more });

/** The contract's server, small: it stores, and says back what it stored. */
export class Server {
  id = 'server-1';
  epoch = 'epoch-1';
  observations = new Map(); // id -> {owner, revisions: Map(revision -> body)}
  photos = new Map();
  participants = new Map();
  asked = [];
  secured = false;
  fates = [];

  /** Faults: (request, real answer) => answer | undefined; the first that answers is used up unless `always`. */
  faults = [];

  transport = async (request) => {
    this.asked.push(`${request.method} ${request.url}`);
    const found = this.faults.findIndex((fault) => fault.match(request));
    if (found >= 0) {
      const fault = this.faults[found];
      if (!fault.always) this.faults.splice(found, 1);
      return fault.answer(request, () => this.answer(request));
    }
    return this.answer(request);
  };

  fault(match, answer, always = false) {
    this.faults.push({ match: (request) => `${request.method} ${request.url}`.includes(match), answer, always });
  }

  json(status, body, headers = {}) {
    const text = JSON.stringify({ ...body, server_id: this.id, epoch: this.epoch, server_time: new Date().toISOString() });
    return { status, type: status < 400 ? 'application/json' : 'application/problem+json', text, header: (name) => headers[name] ?? null };
  }

  answer(request) {
    const parts = request.url.split('/').slice(2);
    if (parts[2] === 'participants') return this.join(parts[3], request);
    const [, participant] = /^Bearer ([^.]+)\.(.+)$/.exec(request.headers.Authorization) ?? [];
    const token = request.headers.Authorization.split('.').at(-1);
    if (this.participants.get(participant) !== sha(token)) return this.json(401, { code: 'register' });
    if (parts[0] === 'observations') return parts[2] ? this.photo(parts[3], request) : this.observe(parts[1], participant, request);
    if (parts[2] === 'receipt') return this.receipt(JSON.parse(request.body));
    if (parts[2].startsWith('changes')) return this.json(200, { own: this.fates, others: [], cursor: 'c1' });
    return this.json(200, { state: 'open', message: null });
  }

  join(uuid, { body, headers }) {
    if (headers.Authorization !== 'Join 7KQF-M3XA') return this.json(401, { code: 'walk.bad_code' });
    const hash = JSON.parse(body).token_sha256;
    const known = this.participants.get(uuid);
    if (known && known !== hash) return this.json(409, { code: 'walk.id_taken' });
    this.participants.set(uuid, hash);
    return this.json(known ? 200 : 201, { status: known ? 'already' : 'joined', proof: 'join-proof' });
  }

  observe(id, owner, { body }) {
    const told = JSON.parse(body);
    const kept = this.observations.get(id) ?? { owner, revisions: new Map() };
    if (kept.owner !== owner) return this.json(409, { code: 'observation.id_taken' });
    const current = Math.max(0, ...kept.revisions.keys()) || null;
    const said = { id, revision: told.revision, sha256: sha(body), number: this.observations.size + (kept.revisions.size ? 0 : 1), proof: `proof-${id}` };
    if (kept.revisions.has(told.revision)) {
      return kept.revisions.get(told.revision) === body ? this.json(200, { status: 'already', ...said }) : this.json(409, { code: 'conflict', current });
    }
    if (told.base_revision !== current) return this.json(409, { code: 'observation.conflict', current });
    kept.revisions.set(told.revision, body);
    this.observations.set(id, kept);
    return this.json(201, { status: 'stored', ...said });
  }

  photo(name, { body }) {
    if (sha(body) !== name) return this.json(422, { code: 'hash_mismatch' });
    const known = this.photos.has(name);
    this.photos.set(name, body.byteLength);
    return this.json(known ? 200 : 201, { status: known ? 'already' : 'stored', sha256: name, bytes: body.byteLength, proof: 'photo-proof' });
  }

  receipt({ observations, photos }) {
    const has = ({ id, revision }) => this.observations.get(id)?.revisions.has(revision);
    const missing = { observations: observations.filter((o) => !has(o)), photos: photos.filter((p) => !this.photos.has(p)) };
    const lines = [
      ...observations.filter(has).map(({ id, revision }) => `o ${id} ${revision} ${sha(this.observations.get(id).revisions.get(revision))}\n`),
      ...photos.filter((p) => this.photos.has(p)).map((p) => `p ${p} ${this.photos.get(p)}\n`),
    ];
    const whole = !missing.observations.length && !missing.photos.length;
    return this.json(200, {
      missing, digest: whole ? sha(lines.sort().join('')) : null,
      secured: this.secured ? { observations: observations.map((o) => o.id), photos } : { observations: [], photos: [] },
    });
  }

  /** What the server holds of an observation, newest revision first. */
  told(id) {
    const kept = this.observations.get(id);
    return kept ? [...kept.revisions.keys()].sort((a, b) => b - a).map((r) => JSON.parse(kept.revisions.get(r))) : [];
  }
}

export const offline = () => { throw new Offline('no network'); };
export const portal = () => ({ status: 200, type: 'text/html', text: '<h1>Welcome to the café</h1>', header: () => null });
/** The server did its work, but its answer never came back. */
export const swallowed = (_request, really) => { really(); throw new Offline('the line was cut'); };

/** A person on a walk, with a clock that a test can move. */
export async function person({ server = new Server(), shrink } = {}) {
  const time = { now: Date.now() };
  const { owner } = await participants.join({ walk: WALK, code: '7KQF-M3XA', language: 'sv' });
  const told = [];
  const sender = createSender({
    api: createApi({ transport: server.transport, build: 'test' }), shrink, tell: (event) => told.push(event), now: () => time.now, random: () => 0.5,
  });
  return { server, owner, sender, told, time, send: () => sender.send(owner), later: (ms) => { time.now += ms; } };
}
