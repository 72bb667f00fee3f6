// What every browser test needs: the real program on a fresh demo, Debian's Chromium, and people who look at pages.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
/** The packages that the site is built with are the ones that it is looked at with. */
export const need = createRequire(join(root, 'frontend', 'package.json'));
const { chromium } = need('playwright-core');
const axeSource = need.resolve('axe-core/axe.min.js');

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 800 };

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** The people of the demonstration. */
export const PEOPLE = {
  owner: ['13800000001', '246810'],
  tenant: ['13800000002', '246810'],
  leader: ['13800000003', '246810', /楼组长|building leader/i],
  committee: ['13800000004', '246810'],
  member: ['13800000012', '246810'],
  'second-member': ['13800000013', '246810'],
  several: ['13800000010', '246810'],
  manager: ['13800000005', 'xianghe-demo'],
  dispatcher: ['13800000006', 'xianghe-demo'],
  worker: ['13800000007', 'xianghe-demo'],
  residents: ['13800000008', 'xianghe-demo'],
  administrator: ['13800000009', 'xianghe-demo'],
};

function variable(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`make test\` or \`make screenshots\``);
  return value;
}

/** Fails with every finding on a line of its own. */
export function nothing(found) {
  if (found.length) assert.fail(`${found.length} findings:\n${found.map((line) => `  ${line}`).join('\n')}`);
}

/**
 * Starts the program in a folder of its own. `demo` loads the demonstration, or takes it from XIANGHE_DEMO_DATA where it
 * has been loaded before.
 */
export async function serve({ demo = true, flags = ['--no-limits'], folder = null, listen = '127.0.0.1:0', files = variable('XIANGHE_SITE') } = {}) {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'xianghe-browser-')));
  if (!folder && demo && process.env.XIANGHE_DEMO_DATA) await cp(process.env.XIANGHE_DEMO_DATA, data, { recursive: true });
  const program = spawn(
    variable('XIANGHE_BIN'),
    ['serve', '--listen', listen, '--data', data, '--site', files, ...(demo ? ['--demo'] : []), ...flags],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, XIANGHE_LOG: 'warn' } },
  );
  const log = [];
  createInterface({ input: program.stderr }).on('line', (line) => log.push(line));
  const said = [];
  const url = await new Promise((resolve, reject) => {
    let found = null;
    program.once('exit', (code) => reject(new Error(`the program ended with ${code}\n${log.join('\n')}`)));
    createInterface({ input: program.stdout }).on('line', (line) => {
      said.push(line);
      found ??= /is at (http:\S+)/.exec(line)?.[1];
      // With the demonstration the address of a sticker is the last thing said.
      if (found && (!demo || /\/q\//.test(line))) resolve(found);
    });
  });
  const tag = /\/q\/(\w+)/.exec(said.join('\n'))?.[1];
  return {
    url,
    data,
    log,
    tag,
    /** Ends it as a power cut would. The data stays, and `again` serves it at the same address. */
    async kill() {
      program.removeAllListeners('exit');
      program.kill('SIGKILL');
      await once(program, 'exit');
    },
    /** Serves the same data at the same address, perhaps with other files. */
    again: (change = {}) => serve({ demo, flags, files, ...change, folder: data, listen: new URL(url).host }),
    /** Stops it as a service manager would, and fails when it does not end well. */
    async stop() {
      if (program.exitCode === null) {
        program.removeAllListeners('exit');
        program.kill('SIGTERM');
        await once(program, 'exit');
      }
      await rm(data, { recursive: true, force: true });
      if (program.exitCode !== 0) throw new Error(`the program ended with ${program.exitCode}\n${log.join('\n')}`);
    },
  };
}

const program = () => process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Chromium. */
export function browser(extra = []) {
  return chromium.launch({ executablePath: program(), args: [...FLAGS, ...extra] });
}

/** Chromium on a folder that keeps what its pages keep. */
export function launchKept(folder, options) {
  return chromium.launchPersistentContext(folder, { executablePath: program(), args: FLAGS, ...options });
}

/**
 * Somebody with their own cookies: `who` is a name of PEOPLE or nobody; `foreign` lets scripts in that are not the site's. Every console error and every failed script is
 * kept in `person.troubles`.
 */
export async function person(chrome, site, { who = null, size = PHONE, lang = 'zh-CN', care = false, theme = 'light', script = true, touch = size.width < 1000, foreign = false } = {}) {
  const context = await chrome.newContext({ viewport: size, javaScriptEnabled: script, locale: lang, baseURL: site.url, hasTouch: touch, isMobile: touch, reducedMotion: 'reduce', bypassCSP: foreign });
  await choose(context, site, { lang, care, theme });
  const troubles = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 500) troubles.push(`${response.status()}: ${response.url()}`);
  });
  const someone = { context, page, troubles, script };
  if (who) await signIn(someone, ...PEOPLE[who]);
  return someone;
}

/** Sets language, size and colours as their switches would. */
export async function choose(context, site, { lang, care, theme }) {
  const cookies = { lang: lang === 'zh-CN' ? 'zh-CN' : 'en', care: care ? '1' : '0', theme };
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: site.url })));
}

/** Signs in, and takes on the role that `hat` names where somebody has several. */
export async function signIn({ page }, phone, secret, hat = null) {
  await page.goto('/sign-in');
  await page.fill('[name=phone]', phone);
  await page.fill('[name=secret]', secret);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/sign-in')), page.click('main button[type=submit].btn')]);
  if (!hat) return;
  await page.goto('/me');
  const role = page.locator('form[action="/forms/switch-role"] button').filter({ hasText: hat }).first();
  if ((await role.getAttribute('aria-current')) === null) await Promise.all([page.waitForEvent('load'), role.click()]);
}

/**
 * Waits until what was sent from a form has arrived. Within six seconds the page goes on by itself; later it says that it
 * has arrived and offers a link, which is followed.
 */
export async function arrives(page, where = /ok=reported/) {
  const link = page.locator('form [data-phone] a[href*="ok="]');
  let followed = false;
  for (const end = Date.now() + 60_000; !where.test(page.url()); await page.waitForTimeout(50)) {
    assert.ok(Date.now() < end, `${page.url()} is still not ${where}`);
    if (followed || !(await link.count().catch(() => 0))) continue;
    followed = true;
    await link.click({ timeout: 10_000 }).catch(() => {});
  }
  await page.waitForLoadState();
}

/**
 * How many times slower a phone of the middle class is than this machine just now: at least once, at most four times.
 * By Lighthouse's benchmark index, which is about 400 for such a phone and 1,500 or more for a desk that is idle.
 */
export async function slowdown(chrome) {
  const { pageFunctions } = await import(join(dirname(need.resolve('lighthouse')), 'lib', 'page-functions.js'));
  const page = await chrome.newPage();
  const index = await page.evaluate(`(${pageFunctions.computeBenchmarkIndex})()`);
  await page.close();
  return Math.min(4, Math.max(1, index / 400));
}

/** Opens a page and waits until it has come to life, where it does. */
export async function open({ page, script }, path) {
  const answer = await page.goto(path);
  if (script) await alive(page);
  return answer;
}

/** Waits until the browser has taken the page over; plain pages have nothing to wait for. */
export async function alive(page) {
  if (await page.locator('script[type=module]').count()) await page.waitForSelector('html[data-live]', { state: 'attached', timeout: 60_000 });
}

/** What axe finds on a page of somebody who is `foreign`, in words. */
export async function axe(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis).catch(() => false))) await page.addScriptTag({ path: axeSource });
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} – ${n.failureSummary?.split('\n').slice(1).join('; ').trim()}`));
}

/** Whatever sticks out of the window to the side. */
export function sticksOut(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const scrolls = (e) => e && e !== document.documentElement && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    return [...document.body.querySelectorAll('*')]
      .filter((e) => e.getBoundingClientRect().right > wide + 0.5 && !scrolls(e.parentElement))
      .slice(0, 5)
      .map((e) => `${e.tagName.toLowerCase()}.${e.className} ends at ${Math.round(e.getBoundingClientRect().right)} of ${wide}`);
  });
}

/** A JPEG that a camera could have made: a coloured picture of this many pixels, drawn by the browser. */
export async function jpeg(page, width = 2400, height = 1800, hue = 200) {
  const base64 = await page.evaluate(
    ([w, h, hue]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const c = canvas.getContext('2d');
      for (let i = 0; i < 400; i += 1) {
        c.fillStyle = `hsl(${hue + (i * 7) % 60} 60% ${30 + ((i * 13) % 50)}%)`;
        c.fillRect((i * 97) % w, (i * 61) % h, w / 6, h / 6);
      }
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
    },
    [width, height, hue],
  );
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}
