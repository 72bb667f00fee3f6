// Without a network: what was written arrives later, once, and its person always knows where it is.

import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PEOPLE, alive, arrives, browser, open, serve, signIn } from './lib.mjs';
import { carried, drafted, drained, fillIn, kept, phone, pictures, published, ready, saved, stored, until, waiting } from './phone.mjs';
import { proxy } from './proxy.mjs';

let site, chrome;

before(async () => {
  site = await serve();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await site?.stop();
});

test('1: twenty reports with two photos each, written in airplane mode, survive the night and arrive once', async () => {
  const it = await phone(site);
  const spot = `/q/${site.tag}`;
  await signIn(it, ...PEOPLE.owner);
  await open({ page: it.page, script: true }, spot);
  await ready(it.page, spot);
  const two = await pictures(it.page, 2);
  await it.away(true);
  for (let i = 0; i < 20; i += 1) {
    await it.page.goto(spot);
    await fillIn(it.page, `飞行模式甲${i}`, two.map((p, n) => ({ ...p, name: `${i}-${n}.jpg` })));
    await saved(it.page);
  }
  assert.match(await it.page.textContent('nav a[href="/me"] .badge'), /20/);
  await it.close();
  await it.open({ offline: true });
  await it.page.goto('/outbox');
  await it.page.waitForSelector('[data-entry]');
  assert.equal((await waiting(it.page)).length, 20);
  await it.away(false);
  await drained(it.page);
  const arrived = await published(site, '飞行模式甲');
  assert.equal(arrived.tickets.length, 20);
  assert.equal(arrived.photos, 40);
  assert.equal((await stored(it.page, 'blobs')).length, 0, 'photos that arrived do not stay on the phone');
  await it.page.waitForSelector('nav.tabs a[href="/me"]:not(:has(.badge))');
  await it.forget();
});

test('3: two tabs and the worker send at once, and each entry goes in one request', async () => {
  const net = await proxy(site);
  const who = await carried(chrome, net, { who: 'owner' });
  const { page, context } = who;
  await open(who, `/q/${site.tag}`);
  await ready(page, `/q/${site.tag}`);
  await who.away(true);
  for (let i = 0; i < 8; i += 1) {
    await page.goto(`/q/${site.tag}`);
    await fillIn(page, `三处同发乙${i}`);
    await saved(page);
  }
  const other = await context.newPage();
  await other.goto('/outbox');
  await who.away(false);
  await Promise.all([page, other].map((p) => p.evaluate(() => navigator.serviceWorker.ready.then((w) => w.sync.register('outbox')).then(() => dispatchEvent(new Event('online'))))));
  await drained(page);
  const sent = net.envelopes();
  assert.equal(sent.length, 8, `sent ${sent.length} times`);
  assert.equal(new Set(sent).size, 8);
  assert.equal((await published(site, '三处同发乙')).tickets.length, 8);
  await context.close();
  net.close();
});

test('3: a browser without locks and without a worker: two tabs send one after the other', async () => {
  const net = await proxy(site);
  const who = await carried(chrome, net, { who: 'owner' });
  await who.context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });
  });
  const tabs = [who.page, await who.context.newPage()];
  net.rule = ({ path }) => (path === '/api/v1/sync' ? 'cut' : null);
  for (const [i, page] of tabs.entries()) {
    for (let n = 0; n < 3; n += 1) {
      await page.goto(`/q/${site.tag}`);
      await fillIn(page, `没有锁${i}${n}`, await pictures(page, 1));
      await saved(page);
    }
  }
  net.rule = () => null;
  const before = net.envelopes().length;
  await Promise.all(tabs.map((page) => page.goto('/outbox')));
  await Promise.all(tabs.map((page) => page.click('#outbox button:has-text("现在发送")', { timeout: 2_000 }).catch(() => {})));
  // A tab that went in the middle of sending holds its lease for 75 seconds.
  await drained(tabs[0], 120_000);
  const sent = net.envelopes().slice(before);
  assert.deepEqual([sent.length, new Set(sent).size], [6, 6]);
  assert.equal((await published(site, '没有锁')).tickets.length, 6);
  // Whoever sent last gives it back, and nobody holds it any more.
  const held = async () => (await stored(tabs[0], 'meta')).some((m) => m.name === 'lease');
  for (const end = Date.now() + 20_000; await held(); await tabs[0].waitForTimeout(50)) assert.ok(Date.now() < end, 'the lease is still held');
  await who.context.close();
  net.close();
});

test('4: a new build comes while the phone is away: drafts and entries survive, and the update is offered when nothing is being written', async () => {
  const files = await mkdtemp(join(tmpdir(), 'xianghe-site-'));
  await cp(process.env.XIANGHE_SITE, files, { recursive: true });
  let own = await serve({ files });
  const who = await carried(chrome, own, { who: 'owner' });
  const { page, context } = who;
  const spot = `/q/${own.tag}`;
  await open(who, spot);
  await ready(page, spot);
  await who.away(true);
  await page.goto(spot);
  await fillIn(page, '换版以前丙', await pictures(page, 1));
  await saved(page);
  await page.goto('/c/xianghe/report');
  await page.goto(spot);
  await page.setInputFiles('[data-photos=album]', await pictures(page, 1));
  await page.fill('#text', '还没写完丁');
  await drafted(page, { text: '还没写完丁' }, 1);

  await own.kill();
  await renewBuild(files);
  own = await own.again();
  await page.reload();
  await page.waitForSelector('[data-restored]');
  assert.equal(await page.inputValue('#text'), '还没写完丁', 'the draft is there on the old page');
  assert.equal(await page.locator('.shot').count(), 1);
  await who.away(false);
  await drained(page);
  await page.reload();
  await alive(page);
  await page.waitForSelector('[data-restored]');
  assert.equal(await page.inputValue('#text'), '还没写完丁', 'and on the new one');
  await page.evaluate(() => navigator.serviceWorker.ready.then((w) => w.update()));
  await page.waitForSelector('#update');
  await page.click('#update button');
  assert.match(await page.textContent('#update'), /先写完/);
  assert.equal((await published(own, '换版以前丙')).tickets.length, 1);
  await page.click('#report button[type=submit].btn');
  await arrives(page);
  await page.waitForSelector('#update');
  await Promise.all([page.waitForEvent('load'), page.click('#update button')]);
  await until(page, async () => (await caches.keys()).filter((n) => n.startsWith('site-')).length === 1);
  assert.equal((await published(own, '还没写完丁')).tickets.length, 1);
  await context.close();
  await own.stop();
  await rm(files, { recursive: true, force: true });
});

/** The same site with one script changed, as a new build would have it. */
async function renewBuild(files) {
  const names = JSON.parse(await readFile(join(files, 'site.json'), 'utf8'));
  const fresh = '/pkg/page.0123456789abcdef.js';
  await writeFile(join(files, fresh), `${await readFile(join(files, names.page), 'utf8')}\n// new`);
  for (const old of [names.page, `${names.page}.br`, `${names.page}.gz`]) await rm(join(files, old), { force: true });
  await writeFile(join(files, 'site.json'), JSON.stringify({ ...names, page: fresh }));
}

test('5: two people share a phone: neither sees nor sends what is the other’s', async () => {
  const net = await proxy(site);
  net.rule = ({ path }) => (path === '/api/v1/sync' ? 'cut' : null);
  const who = await carried(chrome, net, { who: 'owner' });
  const { page, context } = who;
  await open(who, `/q/${site.tag}`);
  await ready(page);
  await fillIn(page, '只有我知道戊');
  await saved(page);
  await page.goto('/me');
  await alive(page);
  const out = 'form[action="/forms/sign-out"]:not(:has([name=handle])):not(:has([name=everywhere])) button';
  await page.click(out);
  await page.waitForSelector('main >> text=还有 1 份没有发出');
  await Promise.all([page.waitForURL(/signed_out/), page.click(out)]);
  // What was read is gone.
  await until(page, async () => (await caches.keys()).every((n) => !n.startsWith('kept-') || n === 'kept-visitor'));
  await signIn(who, ...PEOPLE.leader);
  net.rule = () => null;
  const before = net.envelopes().length;
  await page.goto('/outbox');
  await page.waitForSelector('#outbox >> text=没有等着发出的');
  assert.ok(!(await page.textContent('body')).includes('只有我知道戊'));
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.waitForTimeout(1_500);
  assert.equal(net.envelopes().length, before, 'nothing is sent for somebody else');
  assert.equal((await published(site, '只有我知道戊')).tickets.length, 0, 'nobody else sends it');
  await context.clearCookies({ name: 'xianghe' });
  await signIn(who, ...PEOPLE.owner);
  await page.goto('/outbox');
  await drained(page);
  assert.equal((await published(site, '只有我知道戊')).tickets.length, 1);
  await context.close();
  net.close();
});

test('6: two who move one ticket without a network: the second sees both sides and decides', async () => {
  const desk = await carried(chrome, site, { who: 'dispatcher' });
  const worker = await carried(chrome, site, { who: 'worker' });
  await open(worker, '/jobs');
  const job = await firstWith(worker, 'form:has(input[name=step][value=arrive])');
  for (const someone of [worker, desk]) {
    await open(someone, job);
    await ready(someone.page, job);
    await someone.away(true);
    await someone.page.goto(job);
    await someone.page
      .click('form:has(input[name=step][value=arrive]):visible button[type=submit]')
      .catch(async (error) => assert.fail(`${error.message}\n${someone.page.url()}\n${await someone.page.innerText('body')}`));
    await someone.page.waitForSelector('text=已存在这台手机里');
  }
  // Who arrived without a network goes on: finishing is possible before the arrival was sent.
  assert.ok(await worker.page.isVisible('form:has(input[name=step][value=finish])'));
  await worker.away(false);
  await drained(worker.page);
  await desk.away(false);
  await drained(desk.page);
  const [entry] = await stored(desk.page, 'outbox');
  assert.equal(entry.state, 'parked');
  await desk.page.goto('/outbox');
  const row = desk.page.locator('[data-state=parked]');
  assert.match(await row.textContent(), /刚才有人先改了[^]*您做的[^]*这期间别人做的[^]*师傅已到场[^]*现在：[^]*(维修中|处理中|在修)/);
  await row.locator('button', { hasText: '不发了' }).click();
  await row.locator('button', { hasText: '再点一次' }).click();
  await desk.page.waitForSelector('#outbox >> text=没有等着发出的');
  await Promise.all([worker.context.close(), desk.context.close()]);
});

/** The first of somebody's jobs whose page has such a form. */
async function firstWith(someone, selector) {
  const jobs = await someone.page.locator('main a[href*="/t/"]').evaluateAll((links) => links.map((l) => new URL(l.href).pathname));
  for (const job of jobs) {
    await someone.page.goto(job);
    if (await someone.page.locator(`${selector}:not([data-then] *)`).count()) return job;
  }
  throw new Error(`no job among ${jobs.length} has ${selector}`);
}

describe('every page that is needed opens without a network', () => {
  test('a resident: home, a sticker seen before, one never seen, my reports, what was read', async () => {
    const who = await carried(chrome, site, { who: 'owner' });
    const { page, context } = who;
    await open(who, `/q/${site.tag}`);
    await ready(page);
    await kept(page, '/c/xianghe/board');
    await open(who, '/mine');
    const ticket = await page.locator('main a[href*="/t/"]').first().getAttribute('href');
    await open(who, ticket);
    await ready(page, ticket);
    await who.away(true);
    for (const path of ['/', '/c/xianghe', `/q/${site.tag}`, '/mine', '/me', '/outbox', '/c/xianghe/report', ticket]) {
      await page.goto(path);
      assert.match(await page.textContent('.offline-bar'), /没有网络.*(刚才|分钟前)/, path);
    }
    await page.goto('/q/gz7kx');
    assert.equal(await page.inputValue('#report [name=tag]'), 'GZ7KX');
    await page.goto('/c/xianghe/numbers');
    assert.match(await page.textContent('main'), /这一页没有存在手机里/);
    await page.waitForFunction(() => document.querySelectorAll('#kept a').length >= 5);
    // A link that the app itself would follow is followed by the browser.
    await page.goto('/mine');
    await page.click('nav.tabs a[href="/c/xianghe/board"]');
    await page.waitForURL(/\/board$/);
    assert.ok((await page.locator('main a[href*="/t/"]').count()) > 5);
    await context.close();
  });

  test('a copy that is being renewed when its page goes is still the old one', async () => {
    const who = await carried(chrome, site, { who: 'owner' });
    const { page, context } = who;
    await open(who, '/mine');
    await ready(page, '/mine');
    // The new copy never comes.
    await context.addInitScript(() => {
      Cache.prototype.put = () => {
        globalThis.renewing = true;
        return new Promise(() => {});
      };
    });
    await open(who, '/mine');
    await page.waitForFunction(() => globalThis.renewing);
    await who.away(true);
    await page.goto('/mine');
    await page.waitForSelector('.offline-bar');
    await context.close();
  });

  test('a page that is open when the network goes follows its links to the copies', async () => {
    const who = await carried(chrome, site, { who: 'owner' });
    const { page, context } = who;
    await open(who, '/c/xianghe');
    await ready(page);
    await kept(page, '/mine');
    await kept(page, '/me');
    await who.away(true);
    await page.click('nav.tabs a[href="/me"]');
    await page.waitForSelector('.offline-bar');
    await page.click('main a[href="/mine"]');
    await page.waitForSelector('.offline-bar');
    assert.match(page.url(), /\/mine$/);
    await context.close();
  });

  test('a worker: the jobs with their pictures, and the whole repair in the basement', async () => {
    const who = await carried(chrome, site, { who: 'worker' });
    const { page, context } = who;
    await open(who, '/jobs');
    const job = await firstWith(who, 'form:has(input[name=step][value=arrive])');
    await open(who, '/jobs');
    await ready(page, job);
    await kept(page, '/jobs');
    await until(page, async () => (await Promise.all((await caches.keys()).map(async (n) => (await (await caches.open(n)).keys()).some((r) => r.url.includes('/photos/'))))).some(Boolean));
    await who.away(true);
    await page.goto('/jobs');
    const thumbs = await page.locator('main img').evaluateAll((all) => Promise.all(all.map((i) => i.decode().then(() => i.naturalWidth > 0, () => false))));
    assert.ok(thumbs.length > 0 && thumbs.every(Boolean), `${thumbs.filter(Boolean).length} of ${thumbs.length} pictures`);
    await page.goto(job);
    await page.click('form:has(input[name=step][value=arrive]) button[type=submit]');
    await page.waitForSelector('form:has(input[name=step][value=finish]):visible');
    const finish = page.locator('form:has(input[name=step][value=finish])');
    const [picture] = await pictures(page, 1);
    for (const field of await finish.locator('input[type=file]').all()) await field.setInputFiles(picture);
    await page.waitForFunction(() => [...document.querySelectorAll('form:has(input[name=step][value=finish]) input[type=file]')].every((i) => i.parentElement.querySelector('.shot input')));
    await finish.locator('[name=note]').fill('在地下室修好的己');
    await finish.locator('button[type=submit]').click();
    await finish.locator('text=已存在这台手机里').waitFor();
    assert.equal((await waiting(page)).length, 2);
    await who.away(false);
    await drained(page);
    assert.deepEqual((await stored(page, 'outbox')).map((e) => e.state), ['received', 'received'], JSON.stringify(await stored(page, 'outbox')));
    await open(who, job);
    assert.match(await page.textContent('main'), /在地下室修好的己/);
    await context.close();
  });
});

describe('drafts', () => {
  test('words and photos survive a reload and a crash, and become one report', async () => {
    const it = await phone(site);
    await signIn(it, ...PEOPLE.owner);
    await open({ page: it.page, script: true }, `/q/${site.tag}`);
    await it.page.setInputFiles('[data-photos=album]', await pictures(it.page, 2));
    await it.page.fill('#text', '写到一半庚');
    await it.page.check('input[name=category][value=lighting]', { force: true });
    await drafted(it.page, { text: '写到一半庚', category: 'lighting' }, 2);
    await it.close();
    await it.open();
    await open({ page: it.page, script: true }, `/q/${site.tag}`);
    await it.page.waitForSelector('[data-restored]');
    assert.equal(await it.page.inputValue('#text'), '写到一半庚');
    assert.ok(await it.page.isChecked('input[name=category][value=lighting]'));
    assert.equal(await it.page.locator('.shot').count(), 2);
    const other = await it.context.newPage();
    await open({ page: other, script: true }, `/q/${site.tag}`);
    await other.waitForSelector('[data-restored]');
    for (const page of [it.page, other]) {
      await page.click('#report button[type=submit].btn');
      await arrives(page);
    }
    assert.equal((await published(site, '写到一半庚')).tickets.length, 1);
    await open({ page: it.page, script: true }, `/q/${site.tag}`);
    assert.equal(await it.page.locator('[data-restored]').count(), 0);
    await it.forget();
  });
});

describe('the outbox', () => {
  test('what was refused goes back into its form with words and photos, is changed there, and arrives once', async () => {
    const net = await proxy(site);
    const who = await carried(chrome, net, { who: 'owner' });
    const { page, context } = who;
    await open(who, `/q/${site.tag}`);
    await ready(page, `/q/${site.tag}`);
    await who.away(true);
    await page.goto(`/q/${site.tag}`);
    await fillIn(page, '要改一改的话', await pictures(page, 1));
    await saved(page);
    net.rule = ({ path, body }) => {
      if (path !== '/api/v1/sync') return null;
      const receipts = JSON.parse(body.toString()).envelopes.map(({ id }) => ({ id, status: 'rejected', zh: '这句话不行', en: 'Not like this' }));
      return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ receipts }) };
    };
    await who.away(false);
    await page.waitForSelector('.offline-bar >> text=网络回来了');
    await page.goto('/outbox');
    await page.waitForSelector('[data-state=parked] >> text=这句话不行');
    await page.waitForSelector('#outbox >> text=1 份没有发成');
    net.rule = () => null;
    await page.click('[data-state=parked] button:has-text("改一改")');
    await page.waitForURL(`**/q/${site.tag}`);
    await page.waitForSelector('[data-restored]');
    await page.waitForSelector('.shot input[name=photo]', { state: 'attached' });
    assert.equal(await page.inputValue('#text'), '要改一改的话');
    await page.fill('#text', '改好了的话');
    await page.click('#report button[type=submit].btn');
    await arrives(page);
    const arrived = await published(site, '改好了的话');
    assert.deepEqual([arrived.tickets.length, arrived.photos], [1, 1]);
    assert.equal((await published(site, '要改一改的话')).tickets.length, 0);
    assert.deepEqual((await stored(page, 'outbox')).map((e) => e.state), ['received']);
    await context.close();
    net.close();
  });

  test('what waits can be taken back, and is saved to a file that only its person can read', async () => {
    const who = await carried(chrome, site, { who: 'owner' });
    const { page, context } = who;
    await open(who, `/q/${site.tag}`);
    await ready(page, `/q/${site.tag}`);
    await kept(page, '/outbox');
    await who.away(true);
    for (const words of ['留下的辛', '不要的壬']) {
      await page.goto(`/q/${site.tag}`);
      await fillIn(page, words, await pictures(page, 1));
      await saved(page);
    }
    await page.goto('/outbox');
    const drop = page.locator('li:has-text("不要的壬") button');
    await drop.click();
    await drop.click();
    await page.waitForSelector('li:has-text("不要的壬")', { state: 'detached' });
    await page.click('summary:has-text("存成文件")');
    await page.fill('#outbox details form:has(button:has-text("存成文件")) input[type=password]', '我家的口令一二三');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#outbox details button:has-text("存成文件")')]);
    const path = await file.path();
    const bytes = await readFile(path);
    assert.ok(!bytes.includes('留下的辛') && !bytes.includes('JFIF'), 'the file is encrypted');
    const name = join(tmpdir(), 'a.xianghe');
    await writeFile(name, bytes);

    const stranger = await carried(chrome, site, { who: 'leader' });
    assert.match(await readIn(stranger, name, '我家的口令一二三'), /是别人的/);
    const other = await carried(chrome, site, { who: 'owner' });
    assert.match(await readIn(other, name, '猜一个别的口令试试看'), /口令不对/);
    assert.match(await readIn(other, name, '我家的口令一二三'), /读回 1 份/);
    await drained(other.page);
    await who.away(false);
    await page.goto('/outbox');
    await drained(page);
    const arrived = await published(site, '留下的辛');
    assert.equal(arrived.tickets.length, 1, 'sent from both phones it counts once');
    assert.equal(arrived.photos, 1);
    assert.equal((await published(site, '不要的壬')).tickets.length, 0);
    await rm(name);
    await Promise.all([context, stranger.context, other.context].map((c) => c.close()));
  });

  async function readIn(someone, file, passphrase) {
    await open(someone, '/outbox');
    await someone.page.click('summary:has-text("存成文件")');
    const form = someone.page.locator('#outbox details form:has(input[type=file])');
    await form.locator('input[type=file]').setInputFiles(file);
    await form.locator('input[type=password]').fill(passphrase);
    await form.locator('button').click();
    const said = someone.page.locator('#outbox details .hint[role=status]');
    await said.filter({ hasText: /./ }).waitFor();
    const words = await said.textContent();
    await said.evaluate((e) => { e.textContent = ''; });
    return words;
  }
});

describe('an app on the phone', () => {
  test('the manifest is in both languages and Chromium finds nothing that keeps it from being installed', async () => {
    const who = await carried(chrome, site);
    await open(who, '/c/xianghe');
    await ready(who.page);
    const cdp = await who.context.newCDPSession(who.page);
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors.filter((e) => e.errorId !== 'in-incognito'), []);
    const manifest = await (await fetch(new URL('/manifest.webmanifest', site.url))).json();
    const english = await (await fetch(new URL('/manifest.webmanifest?lang=en', site.url))).json();
    assert.deepEqual([manifest.name, english.name], ['祥和', 'Xianghe']);
    assert.deepEqual(manifest.shortcuts.map((s) => s.name), ['随手报', '我的']);
    assert.ok(manifest.icons.some((i) => i.purpose === 'maskable'));
    for (const icon of manifest.icons) assert.equal((await fetch(new URL(icon.src, site.url))).status, 200, icon.src);
    await who.context.close();
  });

  test('the worker and the page without a network are never stale', async () => {
    for (const path of ['/sw.js', '/offline/zh', '/offline/en']) {
      const answer = await fetch(new URL(path, site.url));
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers.get('cache-control'), 'no-cache', path);
    }
    const worker = await (await fetch(new URL('/sw.js', site.url))).text();
    for (const file of JSON.parse(/self\.XIANGHE=(\{.*?\});/.exec(worker)[1]).files) assert.equal((await fetch(new URL(file, site.url))).status, 200, file);
  });

  test('without a worker, and with one that is broken, everything works online', async () => {
    const net = await proxy(site);
    for (const broken of [{ status: 404 }, { status: 200, headers: { 'content-type': 'text/javascript' }, body: 'throw new Error("broken")' }, { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>portal' }]) {
      net.rule = ({ path }) => (path === '/sw.js' ? broken : null);
      const who = await carried(chrome, net, { who: 'owner' });
      await open(who, `/q/${site.tag}`);
      await fillIn(who.page, `没有工人癸${net.seen.length}`);
      await arrives(who.page);
      await who.context.close();
    }
    net.close();
  });
});
