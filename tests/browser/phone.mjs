// What the tests of work without a network share: a phone that keeps its memory, and a look into it.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PHONE, choose, jpeg, launchKept, person } from './lib.mjs';
import { proxy } from './proxy.mjs';

/**
 * Somebody who can go where there is no network: `away(true)`. Chromium is told so, and the line is cut too: what
 * Chromium is told does not reach a service worker that starts afterwards.
 */
export async function carried(chrome, site, options) {
  const line = await proxy(site);
  const someone = await person(chrome, line, options);
  someone.context.on('close', () => line.close());
  return Object.assign(someone, { away: (without) => leave(someone.context, line, without) });
}

async function leave(context, line, without) {
  line.off = without;
  await context.setOffline(without);
}

/** A phone whose memory outlives its browser: `close` and `open` are what a person does in the evening and in the morning. */
export async function phone(site, { offline = false, care = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'xianghe-phone-'));
  const line = await proxy(site);
  const it = { context: null, page: null, away: (without) => leave(it.context, line, without) };
  it.open = async ({ offline: without = offline } = {}) => {
    line.off = without;
    it.context = await launchKept(folder, { baseURL: line.url, viewport: PHONE, locale: 'zh-CN', hasTouch: true, isMobile: true, offline: without });
    await choose(it.context, line, { lang: 'zh-CN', care, theme: 'light' });
    it.page = it.context.pages()[0] ?? (await it.context.newPage());
    return it;
  };
  it.close = () => it.context.close();
  it.forget = async () => {
    await it.context?.close().catch(() => {});
    line.close();
    await rm(folder, { recursive: true, force: true });
  };
  return it.open();
}

/** Waits until this page may be opened without a network. */
export async function ready(page, path = null) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await until(page, async () => {
    const names = (await caches.keys()).filter((n) => n.startsWith('site-'));
    return names.length > 0 && navigator.serviceWorker.controller !== null;
  });
  if (path) await kept(page, path);
}

/** Waits until a page is kept on the phone. */
export async function kept(page, path) {
  await until(page, async (wanted) => {
    for (const name of (await caches.keys()).filter((n) => n.startsWith('kept-'))) {
      for (const request of await (await caches.open(name)).keys()) if (new URL(request.url).pathname === wanted) return true;
    }
    return false;
  }, path);
}

/** Asks the page that is open when the answer comes: one that goes on to the next takes the question with it. */
async function asked(page, question, about) {
  for (const end = Date.now() + 30_000; ; await page.waitForTimeout(50)) {
    try {
      return await page.evaluate(question, about);
    } catch (error) {
      if (Date.now() > end || !/Execution context was destroyed|Cannot find context/.test(error.message)) throw error;
    }
  }
}

/** Waits until a question to the page is answered with yes. */
export async function until(page, question, about, timeout = 60_000) {
  const end = Date.now() + timeout;
  while (!(await asked(page, question, about))) {
    assert.ok(Date.now() < end, `still not so after ${timeout} ms: ${question} ${about ?? ''}`);
    await page.waitForTimeout(50);
  }
}

/** Everything in one store of the phone. */
export function stored(page, store) {
  return asked(
    page,
    (name) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('xianghe', 1);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction(name).objectStore(name).getAll();
          all.onsuccess = () => {
            opening.result.close();
            // Bytes stay on the phone.
            resolve(all.result.map((row) => ({ ...row, bytes: row.bytes?.byteLength })));
          };
        };
      }),
    store,
  );
}

/** Waits until the fields of a form are a draft on the phone, and so many photos with them. */
export async function drafted(page, fields, photos) {
  const same = (draft) => draft.photos.length === photos && Object.entries(fields).every(([name, value]) => draft.values[name] === value);
  for (const end = Date.now() + 60_000; !(await stored(page, 'drafts')).some(same); await page.waitForTimeout(50)) {
    assert.ok(Date.now() < end, `no such draft: ${JSON.stringify(fields)}`);
  }
}

export const waiting = async (page) => (await stored(page, 'outbox')).filter((e) => e.state === 'waiting');

/** Waits until nothing waits on the phone. */
export async function drained(page, timeout = 60_000) {
  const end = Date.now() + timeout;
  while ((await waiting(page)).length) {
    assert.ok(Date.now() < end, `still waiting: ${JSON.stringify((await stored(page, 'outbox')).map((e) => [e.label, e.state, e.error]))}`);
    await page.waitForTimeout(100);
  }
}

/** Fills the report of this page in and presses the button. */
export async function fillIn(page, words, photos = []) {
  if (photos.length) {
    await page.setInputFiles('[data-photos=album]', photos);
    await page.waitForFunction((n) => document.querySelectorAll('.shots .shot input[name=photo]').length === n, photos.length);
  }
  await page.fill('#text', words);
  await page.click('#report button[type=submit].btn');
}

export const saved = (page) => page.waitForSelector('#report >> text=已存在这台手机里');

/** Small pictures, drawn once. */
export async function pictures(page, n) {
  const all = [];
  for (let i = 0; i < n; i += 1) all.push({ ...(await jpeg(page, 480, 360, i * 37)), name: `p${i}.jpg` });
  return all;
}

/** How many tickets carry these words, and how many photos hang on them, as everybody sees it. */
export async function published(site, words) {
  const board = await (await fetch(new URL(`/c/xianghe/board?text=${encodeURIComponent(words)}`, site.url))).text();
  const tickets = [...new Set([...board.matchAll(/href="(\/c\/xianghe\/t\/[^"?]+)"/g)].map((m) => m[1]))];
  let photos = 0;
  for (const ticket of tickets) {
    const page = await (await fetch(new URL(ticket, site.url))).text();
    photos += new Set([...page.matchAll(/src="\/photos\/([^/"]+)\/m"/g)].map((m) => m[1])).size;
  }
  return { tickets, photos };
}

export { person };
