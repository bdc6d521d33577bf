// When to try again. Full jitter: forty phones that lost the same mast must not come back in the same second.

const FIRST = 2_000;
const LONGEST = 300_000;

/** Milliseconds to wait after the n-th failure in a row (n from 1). `random` is for tests. */
export function pause(failures, random = Math.random) {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1));
  return Math.round(500 + random() * (ceiling - 500));
}

/** What the server asked for, in milliseconds: seconds or a date; never more than an hour, never less than asked. */
export function asked(retryAfter, now = Date.now()) {
  if (!retryAfter) return null;
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - now;
  return Number.isFinite(wait) ? Math.min(3_600_000, Math.max(0, wait)) : null;
}
