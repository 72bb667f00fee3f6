// Every browser test, one file after the other (a machine of two cores draws one page at a time), on one demonstration
// that is loaded once and copied for each file.
//
//   node all.mjs [FILE…]   with XIANGHE_BIN and XIANGHE_SITE set

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const files = process.argv.length > 2 ? process.argv.slice(2).map((f) => resolve(f)) : readdirSync(here).filter((f) => f.endsWith('.test.mjs')).sort().map((f) => join(here, f));
const given = process.env.XIANGHE_DEMO_DATA;
const demo = given ?? mkdtempSync(join(tmpdir(), 'xianghe-demo-'));
// A file that hangs is a failure, not a wait: it has a quarter of an hour, and nothing it left open keeps it alive.
const run = (command, args) => spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, XIANGHE_DEMO_DATA: demo, XIANGHE_LOG: 'warn' } }).status ?? 1;
let status = given ? 0 : run(process.env.XIANGHE_BIN, ['demo', '--data', demo]);
if (status === 0) status = run(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=900000', '--test-force-exit', '--test-reporter=spec', ...files]);
if (!given) rmSync(demo, { recursive: true, force: true });
process.exit(status);
