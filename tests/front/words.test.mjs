import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const STRING = "'((?:[^'\\\\]|\\\\.)*)'";

function msgids() {
  const found = new Set();
  for (const folder of ['screens', 'model']) {
    for (const file of readdirSync(new URL(`static/src/${folder}/`, root))) {
      const code = read(`static/src/${folder}/${file}`);
      for (const m of code.matchAll(new RegExp(`\\bn_\\(\\s*${STRING}\\s*,\\s*${STRING}`, 'g'))) found.add(m[1]).add(m[2]);
      for (const m of code.matchAll(new RegExp(`(?<![\\w.$])_\\(\\s*${STRING}`, 'g'))) found.add(m[1]);
      if (folder === 'model') for (const m of code.matchAll(new RegExp(`\\bname: ${STRING}`, 'g'))) found.add(m[1]);
    }
  }
  return found;
}

const swedish = new Map([...read('walkapp/translations/sv/phone.po').matchAll(/msgid "(.+)"\nmsgstr "(.*)"/g)].map((m) => [m[1], m[2]]));

test('every word on the phone is said in Swedish', () => {
  const silent = [...msgids()].filter((id) => !swedish.get(id));
  assert.deepEqual(silent, []);
});

test('no Swedish is kept for words the phone no longer says', () => {
  const said = msgids();
  assert.deepEqual([...swedish.keys()].filter((id) => !said.has(id)), []);
});

test('a fact in the English sentence stands in the Swedish one too', () => {
  const facts = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
  for (const [id, text] of swedish) assert.equal(facts(text), facts(id), id);
});
