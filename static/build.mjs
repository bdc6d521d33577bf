// Builds static/src into static/dist: hashed names, .br beside every text, assets.json for the templates.
// `--check` builds in memory and judges: who may import whom, and how much the phone loads at start.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { SVG, png } from './icon.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SRC = join(HERE, 'src');
const DIST = join(HERE, 'dist');
const CHECK = process.argv.includes('--check');
const TARGET = ['safari15.4', 'chrome100', 'firefox100'];
const START_BUDGET = 25_000; // bytes of brotli: one bar of signal, ten seconds

// What folium's map page asks for, and the same Leaflet for everyone.
const VENDOR = {
  'leaflet.js': 'leaflet/dist/leaflet.js',
  'leaflet.css': 'leaflet/dist/leaflet.css',
  'leaflet-heat.js': 'leaflet.heat/dist/leaflet-heat.js',
  'leaflet-markercluster.js': 'leaflet.markercluster/dist/leaflet.markercluster.js',
  'leaflet-markercluster.css': 'leaflet.markercluster/dist/MarkerCluster.css',
  'leaflet-markercluster-default.css': 'leaflet.markercluster/dist/MarkerCluster.Default.css',
  'leaflet-fullscreen.js': 'leaflet.fullscreen/Control.FullScreen.js',
  'leaflet-fullscreen.css': 'leaflet.fullscreen/Control.FullScreen.css',
};

// Who may import whom. A folder may always import itself; `npm` lists the packages it may use.
const MAY_IMPORT = {
  model: { folders: [], npm: [] },
  store: { folders: ['model'], npm: ['idb'] },
  device: { folders: [], npm: [] },
  sync: { folders: ['model', 'store'], npm: [] },
  screens: { folders: ['model', 'store', 'device', 'sync', 'icons', 'lang'], npm: ['leaflet', 'client-zip'] },
  desk: { folders: ['icons', 'lang'], npm: ['leaflet', 'terra-draw', 'terra-draw-leaflet-adapter'] },
  style: { folders: [], npm: ['leaflet'] },
  icons: { folders: [], npm: [] },
  lang: { folders: [], npm: [] },
  'field.js': { folders: ['model', 'store', 'device', 'sync', 'screens'], npm: [] },
  'desk.js': { folders: ['desk'], npm: [] },
  'sw.js': { folders: [], npm: [] },
};

const hash = (bytes, length = 10) => createHash('sha256').update(bytes).digest('hex').slice(0, length);

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name)).sort();
}

/** One id for everything a phone holds: the sources, the lock, and the page itself. */
async function buildId() {
  const page = join(HERE, '../templates/field.html');
  const inputs = [...await filesUnder(SRC), join(HERE, 'package-lock.json'), ...(existsSync(page) ? [page] : [])];
  const sum = createHash('sha256');
  for (const file of inputs) sum.update(relative(HERE, file)).update(await readFile(file));
  return sum.digest('hex').slice(0, 8);
}

/** The languages come from the .po files by `python -m walkapp.kernel.words`; without it the phone speaks its msgids. */
async function languages() {
  await mkdir(join(SRC, 'lang'), { recursive: true });
  for (const lang of ['sv', 'en']) {
    const file = join(SRC, 'lang', `${lang}.json`);
    if (!existsSync(file)) await writeFile(file, JSON.stringify({ lang, t: {} }));
  }
}

/** `pictograms` is a module of the symbols the phone's own code names, cut out of the one sheet. */
const pictograms = {
  name: 'pictograms',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^pictograms$/ }, () => ({ path: 'pictograms', namespace: 'pictograms' }));
    esbuild.onLoad({ filter: /.*/, namespace: 'pictograms' }, async () => {
      const sheet = await readFile(join(SRC, 'icons/icons.svg'), 'utf8');
      const known = new Map([...sheet.matchAll(/<symbol id="i-([\w-]+)"[^>]*>(.*?)<\/symbol>/g)].map((m) => [m[1], m[2]]));
      const named = new Set();
      for (const file of await filesUnder(SRC)) {
        if (!/[\\/](screens|model)[\\/].*\.js$/.test(file)) continue;
        const code = await readFile(file, 'utf8');
        for (const [, name] of code.matchAll(/\bicon\('([\w-]+)'\)/g)) {
          if (!known.has(name)) throw new Error(`${file}: no such pictogram: ${name}`);
        }
        for (const [, name] of code.matchAll(/'([\w-]+)'/g)) if (known.has(name)) named.add(name);
      }
      const chosen = Object.fromEntries([...named].sort().map((name) => [name, known.get(name)]));
      return { contents: `export default ${JSON.stringify(chosen)}`, loader: 'js' };
    });
  },
};

const present = (names) => names.filter((name) => existsSync(join(SRC, name)));
const shared = {
  bundle: true, minify: true, metafile: true, write: false, target: TARGET, outdir: DIST, legalComments: 'none',
  logLevel: 'warning', charset: 'utf8', absWorkingDir: HERE, entryNames: '[name].[hash]', chunkNames: '[name].[hash]',
  assetNames: '[name].[hash]', loader: { '.png': 'dataurl', '.svg': 'dataurl', '.gif': 'dataurl' }, plugins: [pictograms],
};

function pass(names, more = {}) {
  const entryPoints = present(names).map((name) => join('src', name));
  if (!entryPoints.length) return { outputFiles: [], metafile: { inputs: {}, outputs: {} } };
  return build({ ...shared, entryPoints, format: 'esm', splitting: true, ...more });
}

/** The logical name of an entry's output: src/style/desk.css is `desk.css`. */
const entriesOf = (result) => Object.entries(result.metafile.outputs)
  .filter(([, output]) => /^src\/(style\/)?\w+\.(js|css)$/.test(output.entryPoint ?? ''))
  .map(([file, output]) => [basename(output.entryPoint), basename(file)]);

async function vendor() {
  const found = Object.entries(VENDOR).filter(([, path]) => existsSync(join(HERE, 'node_modules', path)));
  const made = await Promise.all(found.map(async ([name, path]) => {
    const css = extname(name) === '.css';
    const built = await build({
      ...shared, entryPoints: [join('node_modules', path)], bundle: css, legalComments: 'inline', plugins: [],
    });
    const { contents } = built.outputFiles[0];
    return { name, file: `${basename(name, extname(name))}.${hash(contents)}${extname(name)}`, contents };
  }));
  return made;
}

const icons = () => [['icon.svg', Buffer.from(SVG)], ['icon-192.png', png(192)], ['icon-512.png', png(512)]]
  .map(([name, contents]) => ({ name, file: `${basename(name, extname(name))}.${hash(contents)}${extname(name)}`, contents }));

async function everything() {
  await languages();
  const id = await buildId();
  const styles = await pass(['style/field.css', 'style/fieldmap.css', 'style/desk.css', 'style/print.css'], { splitting: false });
  const sheets = new Map(entriesOf(styles));
  const define = { BUILD: JSON.stringify(id), MAP_SHEET: JSON.stringify(`/static/${sheets.get('fieldmap.css')}`) };
  const field = await pass(['field.js'], { define });
  const desk = await pass(['desk.js'], { define });
  const ready = [...await vendor(), ...icons()];
  const names = new Map([...entriesOf(field), ...entriesOf(desk), ...sheets]);
  const shell = [...field.outputFiles.map((f) => basename(f.path)), names.get('field.css'), names.get('fieldmap.css'),
    ...ready.filter(({ name }) => name.startsWith('icon')).map(({ file }) => file)].filter(Boolean).sort();
  const worker = await pass(['sw.js'], {
    splitting: false, format: 'iife', define: { ...define, SHELL: JSON.stringify(shell.map((f) => `/static/${f}`)) },
  });
  for (const [name, file] of entriesOf(worker)) names.set(name, file);
  const results = [field, desk, styles, worker];
  const files = new Map(results.flatMap((r) => r.outputFiles.map((f) => [basename(f.path), f.contents])));
  for (const { name, file, contents } of ready) { names.set(name, file); files.set(file, contents); }
  return { id, names, files, results, field, styles };
}

const squeeze = (bytes) => brotliCompressSync(bytes, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
});

/** Where a source stands: 'model', 'npm:idb', 'field.js'. */
function standing(path) {
  const npm = path.match(/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/);
  if (npm) return `npm:${npm[1]}`;
  if (path.startsWith('pictograms:')) return 'icons';
  const parts = path.split('/');
  return parts[0] === 'src' ? parts[1] : null;
}

function wrongImports(results) {
  const wrong = [];
  for (const { metafile } of results) {
    for (const [path, input] of Object.entries(metafile.inputs)) {
      const here = standing(path);
      if (!here || here.startsWith('npm:')) continue;
      const may = MAY_IMPORT[here];
      if (!may) { wrong.push(`${path}: no rule for ${here}`); continue; }
      for (const imported of input.imports) {
        const there = standing(imported.path);
        if (!there || there === here) continue;
        const ok = there.startsWith('npm:') ? may.npm.includes(there.slice(4)) : may.folders.includes(there);
        if (!ok) wrong.push(`${path} may not import ${imported.path}`);
      }
    }
  }
  return wrong;
}

/** What field.js and field.css load at once; words and screens follow one file at a time. */
function startWeight({ field, names, files }) {
  const outputs = field.metafile.outputs;
  const first = Object.keys(outputs).find((file) => outputs[file].entryPoint?.endsWith('field.js'));
  const seen = new Set();
  const walk = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const i of outputs[file].imports) if (i.kind === 'import-statement' && outputs[i.path]) walk(i.path);
  };
  if (first) walk(first);
  const all = [...seen].map((file) => basename(file)).concat(names.get('field.css') ?? []);
  return all.reduce((sum, file) => sum + squeeze(files.get(file)).length, 0);
}

async function write({ names, files }) {
  await mkdir(DIST, { recursive: true });
  for (const [file, contents] of files) {
    await writeFile(join(DIST, file), contents);
    if (!file.endsWith('.png')) await writeFile(join(DIST, `${file}.br`), squeeze(contents));
  }
  const sorted = Object.fromEntries([...names].sort());
  // The list comes after the files and before the sweep: a server that runs meanwhile never misses one.
  await writeFile(join(DIST, 'assets.json'), `${JSON.stringify(sorted, null, 2)}\n`);
  const wanted = new Set(['assets.json', ...files.keys(), ...[...files.keys()].map((file) => `${file}.br`)]);
  for (const file of await readdir(DIST)) if (!wanted.has(file)) await rm(join(DIST, file), { recursive: true });
}

const made = await everything();
if (process.argv.includes("--weights")) for (const [f, c] of made.files) console.log(f, squeeze(c).length);
const wrong = wrongImports(made.results);
const weight = startWeight(made);
if (weight > START_BUDGET) wrong.push(`the phone's start weighs ${weight} bytes, more than ${START_BUDGET}`);
if (wrong.length) {
  console.error(wrong.join('\n'));
  process.exitCode = 1;
}
if (!CHECK) await write(made);
console.log(`build ${made.id}: ${made.files.size} files, the phone starts with ${(weight / 1000).toFixed(1)} kB`);
