// The phone's side of the contract. An answer counts only when it is whole: status, JSON, the walk's own server,
// and our own id and hash said back. Everything else (a captive portal's 200, a proxy's 413) means *offline*.
import { localTime } from '../model/observation.js';
import { Offline } from './transport.js';

/** The server said no, and it was the server. */
export class Refused extends Error {
  constructor(status, answer, retryAfter) {
    super(answer.code);
    Object.assign(this, { name: 'Refused', status, code: answer.code, answer, retryAfter });
  }
}

const JSON_TYPE = /^application\/(problem\+)?json\b/i;
// A problem's code may stand with its floor: `observation.conflict` says the same as `conflict`.
const codeOf = (answer) => String(answer.code ?? answer.status ?? '').split('.').pop();

function parse(response) {
  if (!JSON_TYPE.test(response.type)) throw new Offline(`not JSON: ${response.status}`);
  try {
    const answer = JSON.parse(response.text);
    if (answer && typeof answer === 'object' && answer.server_id) return answer;
  } catch { /* a cut answer is no answer */ }
  throw new Offline(`not the server: ${response.status}`);
}

/** @param {{transport: Function, build: string, base?: string}} how */
export function createApi({ transport, build, base = '' }) {
  async function ask(person, method, path, { body, headers = {}, progress, ok, echo = () => true }) {
    const response = await transport({
      method, url: base + path, body, progress,
      headers: { 'Walkapp-Client': `1.${build}`, 'Sent-At': localTime(), Accept: 'application/json', ...headers },
    });
    if (response.status === 304) return fresh(response, person);
    const answer = parse(response);
    if (person.server_id && answer.server_id !== person.server_id) throw new Offline('another server');
    if (!ok.includes(response.status)) {
      throw new Refused(response.status, { ...answer, code: codeOf(answer) }, response.header('Retry-After'));
    }
    if (!echo(answer)) throw new Offline('not our own item');
    return { ...answer, http: response.status, etag: response.header('ETag') };
  }

  function fresh(response, person) {
    const server = response.header('Server-Id');
    if (!server || (person.server_id && server !== person.server_id)) throw new Offline('another server');
    return { http: 304, server_id: server };
  }

  const bearer = (person) => ({ Authorization: `Bearer ${person.participant}.${person.token}` });
  const json = { 'Content-Type': 'application/json' };

  return {
    join: (person) => ask(person, 'PUT', `/api/walks/${person.walk}/participants/${person.participant}`, {
      headers: { ...json, Authorization: `Join ${person.code}`, Proof: person.proof },
      body: JSON.stringify({
        token_sha256: person.token_sha256, name: person.name, language: person.language, group: person.group,
      }),
      ok: [200, 201], echo: (answer) => ['joined', 'already'].includes(answer.status),
    }),

    /** The walk before taking part, by the code of the QR. */
    preview: ({ walk, code }, language) => ask({ walk }, 'GET', `/api/walks/${walk}/pack?language=${language}`, {
      headers: { Authorization: `Join ${code}`, 'Accept-Language': language }, ok: [200], echo: (answer) => answer.walk?.id === walk,
    }),

    pack: (person, language, etag) => ask(person, 'GET', `/api/walks/${person.walk}/pack?language=${language}`, {
      headers: { ...bearer(person), 'Accept-Language': language, 'If-None-Match': etag }, ok: [200],
      echo: (answer) => answer.walk?.id === person.walk,
    }),

    observation: (person, row) => ask(person, 'PUT', `/api/observations/${row.id}`, {
      headers: { ...json, ...bearer(person), Proof: row.proof }, body: row.sending.text, ok: [200, 201, 202],
      echo: (a) => a.id === row.id && a.revision === row.sending.revision && a.sha256 === row.sending.sha256,
    }),

    photo: (person, photo, observation, bytes, progress) =>
      ask(person, 'PUT', `/api/observations/${observation}/photos/${photo.sha256}`, {
        headers: { 'Content-Type': photo.type, ...bearer(person), Proof: photo.proof }, body: bytes, progress, ok: [200, 201],
        echo: (answer) => answer.sha256 === photo.sha256 && answer.bytes === photo.bytes,
      }),

    receipt: (person, asked) => ask(person, 'POST', `/api/walks/${person.walk}/receipt`, {
      headers: { ...json, ...bearer(person) }, body: JSON.stringify(asked), ok: [200], echo: (answer) => 'digest' in answer,
    }),

    heartbeat: (person, waiting) => ask(person, 'POST', `/api/walks/${person.walk}/heartbeat`, {
      headers: { ...json, ...bearer(person) }, ok: [200], echo: (answer) => 'state' in answer,
      body: JSON.stringify({
        waiting: { observations: waiting.observations, photos: waiting.photos }, oldest_at: waiting.oldest_at,
      }),
    }),

    contact: (person, email, band = null) =>
      ask(person, 'PUT', `/api/walks/${person.walk}/participants/${person.participant}/contact`, {
        headers: { ...json, ...bearer(person) }, body: JSON.stringify({ email, band }), ok: [200, 201],
      }),

    changes: (person, cursor) =>
      ask(person, 'GET', `/api/walks/${person.walk}/changes${cursor ? `?after=${encodeURIComponent(cursor)}` : ''}`, {
        headers: bearer(person), ok: [200],
      }),
  };
}
