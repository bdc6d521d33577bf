// What this phone can do, found out by trying, never by the name of the browser.

/** Without a secure context a browser gives no place, no camera and no storage worth the name. */
export const secure = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && crypto.randomUUID);

/** Write, read back and delete: private windows may refuse, or take it and forget. */
export async function storageWorks(write, read, drop) {
  try {
    const bytes = crypto.getRandomValues(new Uint8Array(4096)).buffer;
    await write('probe', bytes);
    const back = await read('probe');
    await drop('probe');
    return back?.byteLength === bytes.byteLength;
  } catch {
    return false;
  }
}

/** Free bytes as the browser estimates them; null where it does not tell (WebKit on some systems). */
export async function room() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage;
  } catch {
    return null;
  }
}

/** Ask to be kept when the phone tidies up. A no is no error. */
export async function persist() {
  try {
    return await navigator.storage.persist();
  } catch {
    return false;
  }
}

export const worksOffline = () => Boolean(navigator.serviceWorker);

/** Keep the screen on while walking, where the phone lets us; asked for again when the app comes back. */
export function stayAwake() {
  let lock = null;
  let wanted = false;
  const take = async () => {
    if (!wanted || document.visibilityState !== 'visible') return;
    lock = await navigator.wakeLock?.request('screen').catch(() => null) ?? null;
  };
  document.addEventListener('visibilitychange', take);
  return (on) => {
    wanted = on;
    if (on) return take();
    lock?.release();
    lock = null;
    return undefined;
  };
}
