// Whatever breaks between the tap and the receipt: what was seen as saved arrives exactly once.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { arrives, browser, open, person, serve, slowdown } from './lib.mjs';
import { carried, drained, fillIn, pictures, published, ready, saved, stored, until, waiting } from './phone.mjs';
import { proxy } from './proxy.mjs';

let site, net, chrome;

before(async () => {
  site = await serve();
  net = await proxy(site);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  net?.close();
  await site?.stop();
});

// A test that failed leaves its bad network to nobody.
beforeEach(() => {
  if (net) net.rule = () => null;
});

const PAGES = Number(process.env.XIANGHE_PAGE_KILLS ?? 200);
const SERVERS = Number(process.env.XIANGHE_SERVER_KILLS ?? 50);

test(`2: the page killed at ${PAGES} moments and the server at ${SERVERS}: every report that was seen as saved arrives once`, async () => {
  const who = await person(chrome, net, { who: 'owner' });
  const { context } = who;
  const seen = new Set();
  await context.exposeBinding('sawAsSaved', (_, words) => seen.add(words));
  await context.addInitScript(() => {
    new MutationObserver(() => {
      const box = [...document.querySelectorAll('#report [data-phone]')].some((e) => e.textContent.includes('已存在'));
      if (box) globalThis.sawAsSaved(document.getElementById('text').value);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await open(who, `/q/${site.tag}`);
  await ready(who.page, `/q/${site.tag}`);
  // The moments reach well beyond "saved", however long this machine takes from the button to there.
  const span = Math.max(260, 2 * (await untilSaved(who.page, seen)));
  await who.page.close();
  const everyServer = Math.max(1, Math.round(PAGES / SERVERS));
  for (let i = 0; i < PAGES; i += 1) {
    const page = await context.newPage();
    await page.goto(`/q/${site.tag}`);
    await page.fill('#text', `随时断电${i}号`);
    page.click('#report button[type=submit].btn', { noWaitAfter: true }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, Math.random() * span));
    if (i % everyServer === 0) {
      await site.kill();
      await crash(context, page, i);
      site = await site.again();
      net.site = site;
    } else await crash(context, page, i);
  }
  const page = await context.newPage();
  await page.goto('/outbox');
  await drained(page, 120_000);
  assert.ok(seen.size > PAGES / 4, `only ${seen.size} were seen as saved`);
  const all = await stored(page, 'outbox');
  assert.deepEqual(all.filter((e) => e.state !== 'received').map((e) => [e.label, e.error]), []);
  const wrong = [];
  for (let i = 0; i < PAGES; i += 1) {
    const words = `随时断电${i}号`;
    const { tickets } = await published(site, words);
    if (tickets.length > 1 || (seen.has(words) && tickets.length !== 1)) wrong.push(`${words}: ${tickets.length}`);
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

/** How many milliseconds a report takes until its person sees that it is saved. */
async function untilSaved(page, seen) {
  await page.fill('#text', '量一下快慢');
  const begun = performance.now();
  page.click('#report button[type=submit].btn', { noWaitAfter: true }).catch(() => {});
  for (const end = Date.now() + 30_000; !seen.has('量一下快慢'); await new Promise((resolve) => setTimeout(resolve, 5))) assert.ok(Date.now() < end, 'nothing was saved');
  return performance.now() - begun;
}

/** Half of the pages crash, the others are closed without a word. A dead page answers nobody, so nobody waits for it. */
async function crash(context, page, i) {
  const soon = (promise) => Promise.race([promise.catch(() => null), new Promise((resolve) => setTimeout(resolve, 1_000, null))]);
  if (i % 2 === 0) {
    const cdp = await soon(context.newCDPSession(page));
    if (cdp) await Promise.race([cdp.send('Page.crash').catch(() => {}), new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  await soon(page.close({ runBeforeUnload: false }));
}

describe('7: whatever the server answers', () => {
  const json = (status, body, headers = {}) => ({ status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

  /** One report that meets `answer` at `path`; afterwards the network is as it should be. */
  async function meets(words, answer, { path = '/api/v1/sync', photos = 0 } = {}) {
    const who = await person(chrome, net, { who: 'owner' });
    await open(who, `/q/${site.tag}`);
    await ready(who.page, `/q/${site.tag}`);
    let asked = 0;
    net.rule = (r) => (r.path.startsWith(path) ? (asked += 1, answer) : null);
    await fillIn(who.page, words, photos ? await pictures(who.page, photos) : []);
    return { ...who, asked: () => asked };
  }

  async function heals({ page, context }, words, photos = 0) {
    net.rule = () => null;
    await page.goto('/outbox');
    if ((await waiting(page)).length) await page.click('#outbox button:has-text("现在发送")').catch(() => {});
    await drained(page);
    const arrived = await published(site, words);
    assert.deepEqual([arrived.tickets.length, arrived.photos], [1, photos]);
    await context.close();
  }

  for (const [name, answer] of [
    ['500', json(500, { Internal: { reference: 'X' } })],
    ['502 of a proxy', { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway' }],
    ['a portal’s page instead of an answer', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>请先登录无线网' }],
    ['JSON that is no answer', json(200, { hello: 'world' })],
    ['an empty list of answers', json(200, { receipts: [] })],
    ['404 without our words', { status: 404, headers: { 'content-type': 'text/html' }, body: 'nothing here' }],
    ['a line that breaks', 'cut'],
  ]) {
    test(`${name}: it waits, says so, and goes when it can`, async () => {
      const words = `坏网络${name}`;
      const it = await meets(words, answer);
      await saved(it.page);
      assert.equal((await waiting(it.page)).length, 1);
      await heals(it, words);
    });
  }

  test('a server that never answers: the person is told that it is saved, and may go', async () => {
    const it = await meets('没有回音', 'hang');
    await saved(it.page);
    assert.equal((await waiting(it.page)).length, 1);
    net.rule = () => null;
    // The request that hangs holds the line until its page goes.
    await it.page.close();
    it.page = await it.context.newPage();
    await heals(it, '没有回音');
  });

  test('429: it waits as long as it is told to', async () => {
    const it = await meets('请等一等', json(429, { TooMany: { retry_after: 40 } }, { 'retry-after': '40' }));
    await saved(it.page);
    const pause = (await stored(it.page, 'meta')).find((m) => m.name === 'pause').value;
    const seconds = (pause.until - Date.now()) / 1_000;
    assert.ok(seconds > 20 && seconds <= 41, `${seconds} s`);
    await heals(it, '请等一等');
  });

  test('401: it asks to sign in, keeps everything, and goes on afterwards', async () => {
    const it = await meets('请先登录', json(401, 'NotSignedIn'));
    await saved(it.page);
    net.rule = () => null;
    await it.context.clearCookies({ name: 'xianghe' });
    await it.page.goto('/outbox');
    assert.equal((await stored(it.page, 'outbox')).length, 1);
    await it.page.goto('/sign-in?back=/outbox');
    await it.page.fill('[name=phone]', '13800000001');
    await it.page.fill('[name=secret]', '246810');
    await Promise.all([it.page.waitForURL(/outbox/), it.page.click('main button[type=submit].btn')]);
    await heals(it, '请先登录');
  });

  test('413 for a batch: the large ones are parted from the others; for a photo: its report is laid aside with the reason', async () => {
    const it = await person(chrome, net, { who: 'owner' });
    await open(it, `/q/${site.tag}`);
    await ready(it.page, `/q/${site.tag}`);
    net.rule = ({ path }) => (path.startsWith('/api/v1/photos/') ? json(413, {}) : null);
    // The answer may be here before the picture is: it is shown in its place, and the report does not carry it.
    await it.page.setInputFiles('[data-photos=album]', await pictures(it.page, 1));
    await it.page.waitForSelector('.shot .err');
    assert.equal(await it.page.locator('.shot input[name=photo]').count(), 0);
    await it.context.close();

    const many = await carried(chrome, net, { who: 'owner' });
    await open(many, `/q/${site.tag}`);
    await ready(many.page, `/q/${site.tag}`);
    await many.away(true);
    for (let i = 0; i < 4; i += 1) {
      await many.page.goto(`/q/${site.tag}`);
      await fillIn(many.page, `一批之中${i}`);
      await saved(many.page);
    }
    net.rule = ({ path, body }) => (path === '/api/v1/sync' && body.includes('一批之中2') ? { status: 413 } : null);
    await many.away(false);
    await many.page.goto('/outbox');
    await drained(many.page);
    const left = (await stored(many.page, 'outbox')).filter((e) => e.state === 'parked');
    assert.equal(left.length, 1);
    assert.match(left[0].error.zh, /太大/);
    assert.equal((await published(site, '一批之中')).tickets.length, 3);
    net.rule = () => null;
    await many.page.reload();
    await many.page.click('[data-state=parked] button:has-text("再发一次")');
    await until(many.page, () => document.querySelectorAll('[data-state=parked]').length === 0);
    await drained(many.page);
    assert.equal((await published(site, '一批之中')).tickets.length, 4);
    await many.context.close();
  });

  test('a refusal comes back into its form with the reason, and can be mended there', async () => {
    const who = await person(chrome, net, { who: 'owner' });
    await open(who, `/q/${site.tag}`);
    await who.page.evaluate(() => document.getElementById('text').removeAttribute('maxlength'));
    await fillIn(who.page, '长'.repeat(600), await pictures(who.page, 1));
    await who.page.waitForSelector('#report .err[data-phone]');
    assert.equal((await who.page.inputValue('#text')).length, 600);
    assert.equal(await who.page.locator('.shot').count(), 1);
    await who.page.fill('#text', '改短以后');
    await who.page.click('#report button[type=submit].btn');
    await arrives(who.page);
    const arrived = await published(site, '改短以后');
    assert.deepEqual([arrived.tickets.length, arrived.photos], [1, 1]);
    await who.context.close();
  });
});

describe('8: what a phone cannot know', () => {
  test('a clock that is wrong by a year changes nothing', async () => {
    for (const years of [-1, 1]) {
      const who = await carried(chrome, net, { who: 'owner' });
      await who.context.addInitScript((by) => {
        const now = Date.now;
        Date.now = () => now() + by * 365 * 86_400_000;
      }, years);
      await open(who, `/q/${site.tag}`);
      await ready(who.page, `/q/${site.tag}`);
      await who.away(true);
      await who.page.goto(`/q/${site.tag}`);
      const words = `钟不准${years}`;
      await fillIn(who.page, words, await pictures(who.page, 1));
      await saved(who.page);
      await who.away(false);
      await drained(who.page);
      const { tickets } = await published(site, words);
      assert.equal(tickets.length, 1);
      const page = await (await fetch(new URL(tickets[0], site.url))).text();
      assert.match(page, /今天|刚才|分钟前/);
      await who.context.close();
    }
  });

  test('a receipt that is lost after the commit: the same answer the second time', async () => {
    const who = await person(chrome, net, { who: 'owner' });
    await open(who, `/q/${site.tag}`);
    await ready(who.page);
    let lost = 0;
    net.rule = ({ path }) => (path === '/api/v1/sync' && lost < 1 ? ((lost += 1), 'lose') : null);
    await fillIn(who.page, '回执丢了', await pictures(who.page, 1));
    await until(who.page, () => document.querySelector('#report [data-phone]') !== null);
    const end = Date.now() + 5_000;
    while (!lost && Date.now() < end) await who.page.waitForTimeout(50);
    // The worker may have sent it again by now, and the page is on its way to the ticket.
    await who.page.goto('/outbox').catch(() => who.page.goto('/outbox'));
    await drained(who.page);
    const [entry] = await stored(who.page, 'outbox');
    assert.equal(entry.state, 'received');
    const { tickets, photos } = await published(site, '回执丢了');
    assert.deepEqual([tickets.length, photos], [1, 1]);
    assert.ok(tickets[0].endsWith(`/${entry.number}`));
    await who.context.close();
  });

  test('an id that was used for something else is laid aside, and the same words go under a new one', async () => {
    const who = await carried(chrome, net, { who: 'owner' });
    await open(who, `/q/${site.tag}`);
    await ready(who.page, `/q/${site.tag}`);
    await who.away(true);
    await who.page.goto(`/q/${site.tag}`);
    await fillIn(who.page, '编号撞了');
    await saved(who.page);
    const [entry] = await waiting(who.page);
    await who.away(false);
    // Somebody's program took the id first: here the same person, with other words.
    net.rule = ({ path }) => (path === '/api/v1/sync' ? 'cut' : null);
    net.rule = () => null;
    const used = await who.page.evaluate(
      (e) => fetch('/api/v1/sync', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ envelopes: [{ id: e.id, account: e.account, membership: e.membership, community: e.community, person: null, app_version: '', client_time: 1, kind: e.kind, payload: { ...e.payload, text: '先来的' } }] }) }).then((r) => r.json()),
      entry,
    );
    if (used.receipts[0].status === 'done') {
      await who.page.goto('/outbox');
      await drained(who.page);
      const [now] = await stored(who.page, 'outbox');
      assert.equal(now.state, 'parked');
      await who.page.click('[data-state=parked] button:has-text("再发一次")');
      await until(who.page, () => document.querySelectorAll('[data-state=parked]').length === 0);
      await drained(who.page);
      assert.equal((await published(site, '先来的')).tickets.length, 1);
    } else assert.equal(used.receipts[0].status, 'rejected', 'the phone was first');
    assert.equal((await published(site, '编号撞了')).tickets.length, 1);
    await who.context.close();
  });
});

test('10: five hundred entries with a thousand photos drain without freezing the page, and it shows how far they are', async () => {
  const who = await person(chrome, net, { who: 'owner' });
  const { page, context } = who;
  await open(who, `/q/${site.tag}`);
  await ready(page);
  const two = (await pictures(page, 2)).map((p) => p.buffer.toString('base64'));
  net.rule = ({ path }) => (path === '/api/v1/sync' ? 'cut' : null);
  await fillWith(page, two, 500);
  await page.goto('/outbox');
  await page.waitForSelector('[data-entry]');
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: await slowdown(chrome) });
  await page.evaluate(() => {
    globalThis.long = [];
    new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map((e) => Math.round(e.duration)))).observe({ entryTypes: ['longtask'] });
  });
  net.rule = () => null;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.waitForSelector('#outbox progress', { timeout: 120_000 });
  await emptied(page);
  const long = await page.evaluate(() => globalThis.long);
  assert.ok(Math.max(0, ...long) <= 200, `tasks of ${long} ms`);
  const sent = net.envelopes();
  assert.ok(sent.length >= 500);
  const all = await stored(page, 'outbox');
  assert.equal(all.filter((e) => e.state === 'received').length, 500);
  assert.equal(new Set(all.map((e) => e.number)).size, 500, 'each has its own number');
  assert.equal((await stored(page, 'blobs')).length, 0);
  await context.close();
});

/**
 * Waits until the outbox says that nothing waits, for as long as it gets on; two minutes without a step are its end.
 * Asking the page for its stores would itself keep it busy: what it shows is enough.
 */
async function emptied(page) {
  let [words, since] = ['', Date.now()];
  while (!words.includes('没有等着发出的')) {
    assert.ok(Date.now() - since < 120_000, `it came to a stop: ${words}`);
    await page.waitForTimeout(500);
    const now = await page.textContent('#outbox [role=status]');
    if (now !== words) [words, since] = [now, Date.now()];
  }
}

/** As many reports as if they had been filled in one by one. */
function fillWith(page, pictures, n) {
  return page.evaluate(
    ([all, count]) => {
      const { me, community, slug } = JSON.parse(document.getElementById('boot').textContent);
      const tag = location.pathname.split('/').pop();
      const bytes = all.map((base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
      return new Promise((resolve, reject) => {
        const opening = indexedDB.open('xianghe', 1);
        opening.onsuccess = () => {
          const tx = opening.result.transaction(['outbox', 'blobs', 'meta'], 'readwrite');
          for (let i = 0; i < count; i += 1) {
            const photos = bytes.map((b) => {
              const id = crypto.randomUUID();
              tx.objectStore('blobs').put({ id, bytes: b.buffer, type: 'image/jpeg', draft: null, entry: null, stored: 0, at: Date.now() });
              return id;
            });
            const payload = { tag, place: null, category: null, text: `很多很多${i}`, photos, contact: null };
            tx.objectStore('outbox').put({ id: crypto.randomUUID(), account: me.account, person: me.hat.person, membership: me.hat.membership, community: community.id, slug, form: null, kind: 'ticket.report.v1', payload, typed: payload, photos, thanks: 'reported', back: '/', label: `很多很多${i}`, at: Date.now(), seq: i + 1, state: 'waiting', attempts: 0, error: null, version: '' });
          }
          tx.objectStore('meta').put({ name: 'seq', value: count });
          tx.oncomplete = () => { opening.result.close(); resolve(); };
          tx.onerror = () => reject(tx.error);
        };
      });
    },
    [pictures, n],
  );
}
