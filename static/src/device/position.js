// Where the phone is, as well as it knows. Never an old place: maximumAge is 0. Never a wait without an end.

const LONGEST = 12_000;
const REASONS = { 1: 'denied', 2: 'unavailable', 3: 'slow' };

/**
 * Follow the phone's place until `stop` is called.
 * @param {(fix: {lat: number, lon: number, accuracy_m: number, fixed_at: string}) => void} found
 * @param {(reason: 'denied' | 'unavailable' | 'slow' | 'missing') => void} missed
 */
export function follow(found, missed, { geolocation = navigator.geolocation, longest = LONGEST } = {}) {
  if (!geolocation) { missed('missing'); return () => {}; }
  // The browser's own callback may never come: the question can stay unanswered on the screen.
  let timer = setTimeout(() => missed('slow'), longest);
  const id = geolocation.watchPosition(({ coords, timestamp }) => {
    clearTimeout(timer);
    found({
      lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy,
      fixed_at: new Date(timestamp || Date.now()).toISOString(),
    });
  }, ({ code }) => { clearTimeout(timer); missed(REASONS[code] ?? 'unavailable'); }, {
    enableHighAccuracy: true, maximumAge: 0, timeout: longest,
  });
  return () => { clearTimeout(timer); geolocation.clearWatch(id); };
}

/** 'granted', 'denied', 'prompt', or 'unknown' where a browser does not tell. */
export async function permission() {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state;
  } catch {
    return 'unknown';
  }
}
