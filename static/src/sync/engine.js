// When the sender runs: at the start, after a save, when the network or the person comes back, and by its own timer.
// Background Sync is missing in Safari and not to be relied on anywhere.
import { everyone, one } from '../store/participants.js';
import { hurry, waiting } from '../store/outbox.js';

const LOOK = 30_000; // while the app is seen

/**
 * @param {{sender: {send: Function}, locks?: LockManager, timer?: Function}} how
 * `status` is what the screen may show; `listen` is how it hears.
 */
export function createEngine({ sender, locks = globalThis.navigator?.locks, timer = setTimeout, onLine = () => navigator.onLine }) {
  const ears = new Set();
  const status = { outcome: 'empty', busy: false, sending: null, part: 0 };
  let next;
  let again = false;

  /** What the sender tells goes to whoever listens; the sender itself knows nobody. */
  function tell(event) {
    if ('sending' in event) Object.assign(status, { sending: event.sending, part: event.part ?? 0 });
    for (const ear of ears) ear(event);
  }

  const listen = (ear) => { ears.add(ear); return () => ears.delete(ear); };

  /** Everyone on this phone who has something to send; the one on the screen first. */
  async function owners(first) {
    const rows = [];
    for (const person of await everyone()) {
      const left = await waiting(person.owner);
      if (person.owner === first || left.observations || left.photos) rows.push(person.owner);
    }
    return rows.sort((a) => (a === first ? -1 : 1));
  }

  /** One tab at a time; where locks are missing the server's idempotency carries it. */
  const alone = (work) => (locks ? locks.request('walkapp-send', { ifAvailable: true }, (lock) => (lock ? work() : 'busy')) : work());

  async function run(first) {
    if (status.busy) { again = true; return; }
    clearTimeout(next);
    Object.assign(status, { busy: true });
    tell({ started: true });
    let soonest = null;
    try {
      // A phone that knows it is offline does not even try: what never left it can still be really deleted.
      if (!onLine()) status.outcome = 'offline';
      else await alone(async () => {
        for (const owner of await owners(first)) {
          const { outcome, wait } = await sender.send(owner);
          if (owner === first) status.outcome = outcome;
          if (wait !== null) soonest = Math.min(soonest ?? wait, wait);
        }
      });
    } finally {
      Object.assign(status, { busy: false, sending: null, part: 0 });
      tell({ ended: status.outcome });
      const wait = again ? 0 : soonest ?? LOOK;
      again = false;
      next = timer(() => run(first), wait);
    }
  }

  /** Try everything at once: the network came back, or a person pressed "send now". */
  async function now(first) {
    if (first && await one(first)) await hurry(first);
    return run(first);
  }

  return { run, now, tell, listen, status };
}

/** The moments at which a phone may have come back to life. `current` tells whose walk is on the screen. */
export function wake(engine, current) {
  const soon = () => engine.now(current());
  addEventListener('online', soon);
  addEventListener('pageshow', soon);
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') soon(); });
}
