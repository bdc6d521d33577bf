// Where one observation stands on its way: a word, a pictogram and a tone, the same everywhere.

export const STATES = {
  needs_you: { picture: 'needs-you', tone: 'bad', name: 'Needs you' },
  sending: { picture: 'sending', tone: 'move', name: 'Sending' },
  waiting: { picture: 'on-phone', tone: 'wait', name: 'On the phone' },
  held: { picture: 'held', tone: 'rest', name: 'Came after closing' },
  arrived: { picture: 'arrived', tone: 'move', name: 'Arrived' },
  secured: { picture: 'secured', tone: 'good', name: 'Secured' },
};

const ORDER = Object.keys(STATES);

/**
 * The state a person sees, of a row and its photos.
 * The words and every photo must be there before "arrived" is said.
 */
export function stateOf(row, photos, sending = null) {
  if (row.trouble || photos.some((photo) => photo.trouble)) return 'needs_you';
  if (row.state !== 'arrived' || photos.some((photo) => photo.state !== 'arrived')) {
    return sending === row.id || photos.some((photo) => photo.sha256 === sending) ? 'sending' : 'waiting';
  }
  if (row.held) return 'held';
  return row.secured && photos.every((photo) => photo.secured) ? 'secured' : 'arrived';
}

/** What needs a person first, then what is on its way, then what is done; newest first inside. */
export const byNeed = (a, b) => ORDER.indexOf(a.shown) - ORDER.indexOf(b.shown) || b.sequence - a.sequence;
