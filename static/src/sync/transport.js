// One request over XHR. Why not fetch: it tells no progress of an upload, and a photo over a thin link needs a timer
// that starts anew with every byte that moves, never one over the whole request.

const STALL = 20_000;

/** The network did not carry it: nobody is to blame, it is tried again. */
export class Offline extends Error {
  name = 'Offline';
}

/**
 * @param {{method: string, url: string, headers: Record<string, string>, body?: any, progress?: (part: number) => void}} request
 * @returns {Promise<{status: number, type: string, text: string, header: (name: string) => string | null}>}
 */
export function transport({ method, url, headers, body, progress }) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let timer;
    const failed = (why) => () => { clearTimeout(timer); reject(new Offline(why)); };
    const alive = () => { clearTimeout(timer); timer = setTimeout(() => xhr.abort(), STALL); };
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) if (value != null) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => { alive(); progress?.(event.total ? event.loaded / event.total : 0); };
    xhr.onprogress = xhr.onreadystatechange = alive;
    xhr.onerror = failed('no network');
    xhr.onabort = failed('stalled');
    xhr.onload = () => {
      clearTimeout(timer);
      if (xhr.responseURL && new URL(xhr.responseURL).pathname !== new URL(url, location.href).pathname) {
        return reject(new Offline('redirected'));
      }
      return resolve({
        status: xhr.status, type: xhr.getResponseHeader('Content-Type') ?? '', text: xhr.responseText,
        header: (name) => xhr.getResponseHeader(name),
      });
    };
    alive();
    xhr.send(body ?? null);
  });
}
