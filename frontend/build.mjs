// Builds the site: WASM, its JavaScript, the stylesheet and the public files, each under a name made of its content.
//
//   node build.mjs [--out DIR] [--profile wasm-release|dev] [--no-wasm] [--check-weight]
//
// DIR/pkg/{app.<hash>.wasm, app.<hash>.js, page.<hash>.js, plan.<hash>.js, main.<hash>.css}, DIR/worker.js (the service worker, which the
// server completes), the files of public/ in DIR itself, a .br and a .gz beside each that gains from it, and DIR/site.json,
// which names them for the server. When nothing changed it does nothing.
// Reads CARGO_TARGET_DIR and TOOLS (where bin/wasm-bindgen stands).

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const KB = 1024;
const BUDGET = { app: 300 * KB, plan: 3 * KB, css: 25 * KB };
const BROWSERS = ['chrome87', 'safari14', 'firefox90'];
const SCRIPT_BROWSERS = ['chrome89', 'safari15', 'firefox90']; // import.meta, top-level await, destructuring
const COMPRESSED = new Set(['.wasm', '.js', '.css', '.svg', '.txt', '.html', '.json', '.webmanifest']);
const WASM_FEATURES = ['bulk-memory', 'sign-ext', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types', 'multivalue'];

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const target = resolve(root, process.env.CARGO_TARGET_DIR || 'target');
const tools = resolve(root, process.env.TOOLS || '.tools');
const { values: opt } = parseArgs({
  options: {
    out: { type: 'string', default: join(target, 'site') },
    profile: { type: 'string', default: 'wasm-release' },
    'no-wasm': { type: 'boolean', default: false },
    'check-weight': { type: 'boolean', default: false },
  },
});
const out = resolve(opt.out);
const small = opt.profile !== 'dev';

/** Something the person at the keyboard can put right: shown without a stack. */
class Trouble extends Error {}

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** Every file under a folder, sorted, as full paths. */
async function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    }),
  );
  return found.flat().sort();
}

/** One digest over everything that the site is made of. */
async function inputDigest() {
  const single = ['Cargo.toml', 'Cargo.lock', 'frontend/Cargo.toml', 'frontend/package-lock.json', 'frontend/build.mjs'];
  const folders = ['app', 'frontend/pwa', 'frontend/src', 'frontend/style', 'frontend/public'];
  const paths = [...single.map((p) => join(root, p)), ...(await Promise.all(folders.map((f) => filesUnder(join(root, f))))).flat()];
  const digest = createHash('sha256').update(`${opt.profile} ${opt['no-wasm']} ${process.version}\n`);
  for (const path of paths) {
    if (existsSync(path)) digest.update(`${relative(root, path)} ${sha256(await readFile(path))}\n`);
  }
  return digest.digest('hex');
}

/** Runs one step and prints how long it took. */
async function step(name, work) {
  const start = performance.now();
  const result = await work();
  console.log(`  ${name.padEnd(14)} ${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`);
  return result;
}

function run(command, args, options = {}) {
  const { status, error, stdout } = spawnSync(command, args, { cwd: root, stdio: 'inherit', encoding: 'utf8', ...options });
  if (error?.code === 'ENOENT') throw new Trouble(`${command} is not installed: run \`make tools\``);
  if (error) throw error;
  if (status !== 0) throw new Trouble(`${basename(command)} ended with ${status}`);
  return stdout;
}

/** The wasm-bindgen tool, which must be of the version that the lockfile names. */
async function wasmBindgen() {
  const local = join(tools, 'bin', 'wasm-bindgen');
  const command = existsSync(local) ? local : 'wasm-bindgen';
  const lock = await readFile(join(root, 'Cargo.lock'), 'utf8');
  const wanted = /name = "wasm-bindgen"\r?\nversion = "([^"]+)"/.exec(lock)?.[1];
  const found = run(command, ['--version'], { stdio: ['ignore', 'pipe', 'inherit'] }).trim().split(/\s+/)[1];
  if (found !== wanted) throw new Trouble(`wasm-bindgen is ${found}, Cargo.lock has ${wanted}: run \`make tools\``);
  return command;
}

async function esbuild() {
  try {
    return await import('esbuild');
  } catch {
    throw new Trouble('frontend/node_modules is missing: run `make tools`');
  }
}

/** Puts bytes in pkg/ under a name made of their SHA-256, and answers the address. */
async function place(site, stem, extension, bytes) {
  const name = `${stem}.${sha256(bytes).slice(0, 16)}.${extension}`;
  await writeFile(join(site, 'pkg', name), bytes);
  return `/pkg/${name}`;
}

async function buildWasm(site, scratch) {
  const bindgen = await wasmBindgen();
  const { build } = await esbuild();
  await step('cargo', () => run('cargo', ['build', '-p', 'frontend', '--target', 'wasm32-unknown-unknown', '--profile', opt.profile]));
  const built = join(target, 'wasm32-unknown-unknown', opt.profile === 'dev' ? 'debug' : opt.profile, 'frontend.wasm');
  await step('wasm-bindgen', () => run(bindgen, ['--target', 'web', '--no-typescript', '--out-name', 'app', '--out-dir', scratch, built]));

  let bare = join(scratch, 'app_bg.wasm');
  if (small) {
    const optimised = join(scratch, 'app_opt.wasm');
    const flags = ['-Oz', '--reorder-functions', '--strip-debug', '--strip-producers', ...WASM_FEATURES.map((f) => `--enable-${f}`)];
    await step('wasm-opt', () => run(join(here, 'node_modules', '.bin', 'wasm-opt'), [...flags, bare, '-o', optimised]));
    bare = optimised;
  }
  const wasm = await place(site, 'app', 'wasm', await readFile(bare));

  return step('javascript', async () => {
    // The glue names its WASM for callers that pass no address: it gets the real name, so its own hash follows the WASM's.
    const glue = join(scratch, 'app.js');
    await writeFile(glue, (await readFile(glue, 'utf8')).replaceAll('app_bg.wasm', basename(wasm)));
    const { outputFiles } = await build({
      absWorkingDir: scratch, // paths in its comments must not change the hash
      entryPoints: [glue],
      bundle: true, // wasm-bindgen's snippets, if any
      format: 'esm',
      target: SCRIPT_BROWSERS,
      minify: small,
      legalComments: 'none',
      write: false,
      logLevel: 'warning',
    });
    return { js: await place(site, 'app', 'js', outputFiles[0].contents), wasm };
  });
}

/** The scripts of the phone: one for every page, the site plan's own, and the service worker. */
async function buildPhone(site) {
  const { build } = await esbuild();
  const bundle = async (name) => {
    const { outputFiles } = await build({
      absWorkingDir: join(here, 'pwa'),
      entryPoints: [join(here, 'pwa', `${name}.js`)],
      bundle: true,
      format: 'iife',
      target: SCRIPT_BROWSERS,
      charset: 'utf8',
      minify: small,
      legalComments: 'none',
      write: false,
      logLevel: 'warning',
    });
    return outputFiles[0].contents;
  };
  await writeFile(join(site, 'worker.js'), await bundle('sw'));
  return { page: await place(site, 'page', 'js', await bundle('page')), plan: await place(site, 'plan', 'js', await bundle('plan')) };
}

async function buildStyle(site) {
  const { build } = await esbuild();
  const { outputFiles } = await build({
    entryPoints: [join(here, 'style', 'main.css')],
    bundle: true,
    minify: true,
    target: BROWSERS,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  return place(site, 'main', 'css', outputFiles[0].contents);
}

/** Writes .br and .gz beside each file that gains from it, and answers the list of files. */
async function compress(site) {
  const brotli = promisify(brotliCompress);
  const zip = promisify(gzip);
  return Promise.all(
    (await filesUnder(site)).map(async (path) => {
      const bytes = await readFile(path);
      const entry = { path: `/${relative(site, path).split(sep).join('/')}`, bytes: bytes.length, br: null };
      if (!COMPRESSED.has(extname(path))) return entry;
      const params = { [constants.BROTLI_PARAM_QUALITY]: small ? 11 : 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      const [br, gz] = await Promise.all([brotli(bytes, { params }), zip(bytes, { level: small ? 9 : 4 })]);
      if (br.length >= bytes.length) return entry;
      await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
      return { ...entry, br: br.length };
    }),
  );
}

/** The new site takes the old one's place whole, or not at all. */
async function swap(fresh) {
  const old = `${out}.old-${process.pid}`;
  await mkdir(dirname(out), { recursive: true });
  if (existsSync(out)) await rename(out, old);
  await rename(fresh, out);
  await rm(old, { recursive: true, force: true });
}

async function buildSite(digest) {
  const site = `${out}.new-${process.pid}`;
  const scratch = `${out}.scratch-${process.pid}`;
  try {
    await mkdir(join(site, 'pkg'), { recursive: true });
    await mkdir(scratch, { recursive: true });
    const app = opt['no-wasm'] ? { js: null, wasm: null } : await buildWasm(site, scratch);
    const phone = await step('phone', () => buildPhone(site));
    const css = await step('style', () => buildStyle(site));
    await step('public', () => cp(join(here, 'public'), site, { recursive: true }));
    const files = await step('compress', () => compress(site));
    await writeFile(join(site, 'site.json'), `${JSON.stringify({ ...app, ...phone, css, files }, null, 1)}\n`);
    await writeFile(join(site, '.stamp'), digest);
    await swap(site);
  } finally {
    await Promise.all([site, scratch].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** Whether the site in DIR is made of exactly what lies here now, and is all there. */
async function isFresh(digest) {
  const stamp = await readFile(join(out, '.stamp'), 'utf8').catch(() => '');
  if (stamp !== digest) return false;
  const site = JSON.parse(await readFile(join(out, 'site.json'), 'utf8'));
  const sizes = await Promise.all(site.files.map(({ path }) => stat(join(out, path)).then((s) => s.size, () => -1)));
  return site.files.every(({ bytes }, i) => bytes === sizes[i]);
}

function printTable(files) {
  const kb = (n) => (n === null ? '—' : `${(n / KB).toFixed(1)} KB`);
  console.log(`\n  ${'file'.padEnd(36)}${'size'.padStart(11)}${'brotli'.padStart(11)}`);
  for (const { path, bytes, br } of files) console.log(`  ${path.padEnd(36)}${kb(bytes).padStart(11)}${kb(br).padStart(11)}`);
}

function checkWeight(site) {
  const weigh = (...paths) => site.files.filter((f) => paths.includes(f.path)).reduce((sum, f) => sum + (f.br ?? f.bytes), 0);
  const parts = [
    ['WASM + JavaScript', weigh(site.wasm, site.js, site.page, site.plan, '/worker.js'), BUDGET.app],
    ['site plan', weigh(site.plan), BUDGET.plan],
    ['stylesheet', weigh(site.css), BUDGET.css],
  ];
  console.log();
  for (const [name, weight, budget] of parts) {
    const verdict = !small ? 'not weighed in the dev profile' : weight > budget ? 'TOO HEAVY' : 'ok';
    console.log(`  ${name}: ${(weight / KB).toFixed(1)} of ${budget / KB} KB brotli, ${verdict}`);
    if (small && weight > budget && opt['check-weight']) process.exitCode = 1;
  }
}

try {
  if (small && opt.profile !== 'wasm-release') throw new Trouble('--profile is wasm-release or dev');
  const digest = await inputDigest();
  if (await isFresh(digest).catch(() => false)) {
    console.log(`site: nothing changed, ${out}`);
  } else {
    console.log(`site: ${out}`);
    await step('total', () => buildSite(digest));
  }
  const site = JSON.parse(await readFile(join(out, 'site.json'), 'utf8'));
  printTable(site.files);
  checkWeight(site);
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  console.error(`build.mjs: ${error.message}`);
  process.exitCode = 1;
}
