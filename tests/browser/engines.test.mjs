// 9: one short story in every engine that our users have: report online, report offline, drain.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ENGINES } from './engines.mjs';
import { PEOPLE, browser, jpeg, serve } from './lib.mjs';
import { published } from './phone.mjs';
import { proxy } from './proxy.mjs';

let site, folder, photo;

before(async () => {
  site = await serve();
  folder = await mkdtemp(join(tmpdir(), 'xianghe-photo-'));
  photo = join(folder, 'bench.jpg');
  const chrome = await browser();
  await writeFile(photo, (await jpeg(await chrome.newPage(), 480, 360, 120)).buffer);
  await chrome.close();
});
after(async () => {
  await site?.stop();
  await rm(folder, { recursive: true, force: true });
});

for (const [name, launch] of Object.entries(ENGINES)) {
  test(`9: ${name}: a report with a network, one without, and what waits goes when there is one again`, { timeout: 180_000 }, async (t) => {
    const net = await proxy(site);
    const it = await launch();
    try {
      t.diagnostic(await story(it, net, name));
    } finally {
      await it.close();
      net.close();
    }
  });
}

async function story(it, net, name) {
  const at = (path) => new URL(path, net.url).href;
  const spot = at(`/q/${net.tag}`);
  await signIn(it, at);
  await it.goto(spot);
  await live(it);
  await leaveHalfway(it, at('/me'), spot);
  await report(it, `${name}有网`);
  // After six seconds the page says that it has arrived, and offers the way there.
  await until(it, () => location.search.includes('ok=reported') || void document.querySelector('#report [data-phone] a[href*="ok=reported"]')?.click());
  assert.deepEqual(await arrived(`${name}有网`), [1, 1]);

  // What an engine has decides how far it goes without a network; what was written is safe in each.
  const has = await it.run(() => ['serviceWorker', 'locks', 'storage'].map((name) => `${name}: ${name in navigator}`).join(', ') + `, sync: ${'SyncManager' in globalThis}`);
  const worker = await it.run(() => Promise.race([navigator.serviceWorker?.ready.then(() => true) ?? false, new Promise((resolve) => setTimeout(resolve, 10_000, false))]));
  await it.goto(spot);
  await live(it);
  if (worker) await until(it, isKept, new URL(spot).pathname);
  net.rule = () => 'cut';
  if (worker) {
    await it.goto(spot);
    await until(it, () => document.querySelector('.offline-bar') !== null && document.querySelector('#report #text') !== null);
  }
  await report(it, `${name}没网`);
  await until(it, () => document.querySelector('#report')?.textContent.includes('已存在这台手机里'));
  assert.equal(await waiting(it), 1);

  net.rule = () => null;
  await it.goto(at('/outbox'));
  await it.run(() => dispatchEvent(new Event('online')));
  await until(it, () => document.querySelector('#outbox')?.textContent.includes('没有等着发出的'), null, 40_000);
  assert.equal(await waiting(it), 0);
  assert.deepEqual(await arrived(`${name}没网`), [1, 1]);
  const sent = net.envelopes();
  assert.equal(new Set(sent).size, 2, `${sent}`);
  return `service worker runs: ${worker}; ${has}`;
}

async function arrived(words) {
  const { tickets, photos } = await published(site, words);
  return [tickets.length, photos];
}

async function signIn(it, at) {
  const [phone, secret] = PEOPLE.owner;
  await it.goto(at('/sign-in?back=/me'));
  await it.run(() => { document.cookie = 'lang=zh-CN; path=/'; document.cookie = 'care=0; path=/'; });
  await it.run(([number, pin]) => {
    document.querySelector('[name=phone]').value = number;
    document.querySelector('[name=secret]').value = pin;
    document.querySelector('form:has([name=secret]) button[type=submit]').click();
  }, [phone, secret]);
  await until(it, () => location.pathname === '/me');
}

/**
 * Leaving a page that has begun to write, or is in the middle of its stores: an engine may put it away as it is (WebKit
 * always does), and it must not keep the next page from what is on the phone. Back on it, it goes on.
 */
async function leaveHalfway(it, elsewhere, spot) {
  const away = async (words) => {
    await write(it, words);
    await eventually(it, `${words} is a draft`, async () => (await stored(it, 'drafts')).some((draft) => draft.values.text === words));
    await it.run(() => { setInterval(() => dispatchEvent(new Event('online')), 1); });
    await it.goto(elsewhere);
    await it.goto(spot);
    await until(it, (text) => document.querySelector('[data-restored]') !== null && document.getElementById('text').value === text, words);
  };
  await away('写到一半');
  await it.run(() => { document.documentElement.dataset.left = '1'; setTimeout(() => history.go(-2)); });
  await until(it, () => !document.documentElement.dataset.left && document.getElementById('text')?.value === '写到一半');
  await live(it);
  await away('接着写');
}

const write = (it, words) =>
  it.run((text) => {
    const field = document.getElementById('text');
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, words);

/** As a person does it: photo, words, button. */
async function report(it, words) {
  await it.file('[data-photos=album]', photo);
  await until(it, () => document.querySelectorAll('.shots .shot input[name=photo]').length === 1);
  await write(it, words);
  await it.run(() => document.querySelector('#report button[type=submit].btn').click());
}

const live = (it) => until(it, () => document.documentElement.dataset.live !== undefined);

async function isKept(path) {
  for (const name of (await caches.keys()).filter((n) => n.startsWith('kept-'))) {
    for (const request of await (await caches.open(name)).keys()) if (new URL(request.url).pathname === path) return true;
  }
  return false;
}

/** Everything in one store of the phone. */
const stored = (it, store) =>
  it.run(
    (name) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('xianghe', 1);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction(name).objectStore(name).getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve(all.result);
          };
        };
      }),
    store,
  );

const waiting = async (it) => (await stored(it, 'outbox')).filter((e) => e.state === 'waiting').length;

/** Asks until the answer is yes; a page that is just going answers nothing. */
async function eventually(it, what, ask, timeout = 30_000) {
  for (const end = Date.now() + timeout; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    if (await ask().catch(() => false)) return;
  }
  const page = await it.run(() => `${location.href}\n${JSON.stringify({ ...document.getElementById('report')?.dataset })}\n${document.body.innerText.slice(0, 2_000)}`).catch(String);
  assert.fail(`still not so after ${timeout} ms: ${what}\n${page}`);
}

const until = (it, question, about = null, timeout) => eventually(it, question, () => it.run(question, about), timeout);
