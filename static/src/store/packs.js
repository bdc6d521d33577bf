// A walk as the server told it: all that the phone needs without network.
import { get, write } from './db.js';

export const packOf = (walk) => get('packs', walk);
export const keepPack = (row) => write('packs', (packs) => packs.put({ ...row, fetched_at: new Date().toISOString() }));
