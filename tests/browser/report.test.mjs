// Three taps: scan, photo, send. With a script and without, by a resident and by a visitor; whatever is pressed twice or
// reloaded stays one report.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PEOPLE, arrives, browser, jpeg, open, person, serve } from './lib.mjs';

let site, chrome;

before(async () => {
  site = await serve();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await site?.stop();
});

/** How many of the newest reports on the board carry these words. */
async function onBoard(words) {
  const someone = await person(chrome, site, { script: false });
  await someone.page.goto(`/c/xianghe/board?text=${encodeURIComponent(words)}`);
  const n = await someone.page.locator('main a[href*="/t/"]').count();
  await someone.context.close();
  return n;
}

const stored = (page) => page.waitForSelector('.shots .shot input[name=photo]', { state: 'attached', timeout: 30_000 });

describe('a resident with a script', () => {
  test('scan, photo, send: three taps, and nothing else is asked', async () => {
    const who = await person(chrome, site, { who: 'owner' });
    const { page } = who;
    await open(who, `/q/${site.tag}`); // tap one: the sticker
    await page.setInputFiles('[data-photos=camera]', await jpeg(page)); // tap two: the shutter
    await stored(page);
    await page.click('#report button[type=submit].btn'); // tap three
    await arrives(page, /\/t\/\w+\?ok=reported/);
    assert.match(await page.textContent('main'), /收到了，谢谢您/);
    const picture = page.locator('.ba img').first();
    assert.ok(await picture.evaluate((i) => i.decode().then(() => i.naturalWidth > 300)));
    assert.equal(await page.locator('input[name=contact]').count(), 0);
    assert.deepEqual(who.troubles, []);
    await who.context.close();
  });

  test('the picture is scaled on the phone and carries no place or device', async () => {
    const who = await person(chrome, site, { who: 'owner' });
    const { page } = who;
    // What leaves the phone, as the phone sends it: the browser's own records leave files out.
    await page.addInitScript(() => {
      const send = XMLHttpRequest.prototype.send;
      XMLHttpRequest.prototype.send = function keep(body) {
        globalThis.sent = body.arrayBuffer().then((bytes) => Array.from(new Uint8Array(bytes)));
        return send.call(this, body);
      };
    });
    await open(who, `/q/${site.tag}`);
    await page.setInputFiles('[data-photos=album]', await jpeg(page, 4000, 3000, 20));
    await stored(page);
    const body = Buffer.from(await page.evaluate(() => globalThis.sent));
    assert.ok(body.length <= 300 * 1000, `${body.length} bytes`);
    assert.ok(!body.includes('Exif'), 'no Exif');
    await who.context.close();
  });

  test('six photos at most, one can be taken away again, and too many are named', async () => {
    const who = await person(chrome, site, { who: 'owner' });
    const { page } = who;
    await open(who, `/q/${site.tag}`);
    const pictures = [];
    for (let i = 0; i < 7; i += 1) pictures.push({ ...(await jpeg(page, 300, 200, i * 40)), name: `p${i}.jpg` });
    await page.setInputFiles('[data-photos=album]', pictures);
    await page.waitForFunction(() => document.querySelectorAll('.shots .shot input[name=photo]').length === 6);
    assert.match(await page.textContent('#report'), /最多 6 张/);
    await page.locator('.shots .shot button.x').first().click();
    await page.waitForFunction(() => document.querySelectorAll('.shots .shot').length === 5);
    await who.context.close();
  });

  test('what is not a picture is refused in words, and the report can still go', async () => {
    const who = await person(chrome, site, { who: 'owner' });
    const { page } = who;
    await open(who, `/q/${site.tag}`);
    await page.setInputFiles('[data-photos=album]', { name: 'IMG_1.HEIC', mimeType: 'image/heic', buffer: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'.padEnd(400, 'x'), 'latin1') });
    await page.waitForSelector('.shots .shot .err');
    assert.match(await page.textContent('.shots .shot .err'), /HEIC|JPEG|照片/);
    await page.fill('#text', '没有照片，只有一句话甲');
    await page.click('#report button[type=submit].btn');
    await arrives(page);
    assert.equal(await onBoard('只有一句话甲'), 1);
    await who.context.close();
  });

  test('an empty report is asked for a photo or a sentence, and what was chosen is kept', async () => {
    const who = await person(chrome, site, { who: 'owner' });
    const { page } = who;
    await open(who, `/q/${site.tag}`);
    await page.check('input[name=category][value=lighting]', { force: true });
    await page.click('#report button[type=submit].btn');
    await page.waitForSelector('.err, .notice.err');
    assert.ok(await page.isChecked('input[name=category][value=lighting]'));
    assert.match(await page.textContent('main'), /拍.*照|写一句/);
    await page.fill('#text', '改好后再发乙');
    await page.click('#report button[type=submit].btn');
    await arrives(page);
    assert.equal(await onBoard('改好后再发乙'), 1);
    await who.context.close();
  });
});

describe('one report, whatever is pressed', () => {
  for (const script of [true, false]) {
    const how = script ? 'with a script' : 'without a script';

    test(`a double click ${how}`, async () => {
      const who = await person(chrome, site, { who: 'owner', script });
      const words = `连点两下${script ? '丙' : '丁'}`;
      await open(who, `/q/${site.tag}`);
      await who.page.fill('#text', words);
      await who.page.locator('#report button[type=submit].btn').dblclick();
      await arrives(who.page);
      assert.equal(await onBoard(words), 1);
      await who.context.close();
    });

    test(`going back and sending again, and reloading, ${how}`, async () => {
      const who = await person(chrome, site, { who: 'owner', script });
      const words = `返回再发${script ? '戊' : '己'}`;
      await open(who, `/q/${site.tag}`);
      await who.page.fill('#text', words);
      await who.page.click('#report button[type=submit].btn');
      await arrives(who.page);
      const first = new URL(who.page.url()).pathname;
      await who.page.reload();
      await who.page.goBack();
      await who.page.waitForSelector('#report');
      assert.equal(await who.page.inputValue('#text'), words, 'what was typed is still there');
      await who.page.click('#report button[type=submit].btn');
      await who.page.waitForURL(/\/t\/|ok=/);
      assert.equal(new URL(who.page.url()).pathname, first, 'the same report answers');
      assert.equal(await onBoard(words), 1);
      await who.context.close();
    });
  }
});

describe('without a script', () => {
  test('a resident sends two photos and a sentence', async () => {
    const who = await person(chrome, site, { who: 'owner', script: false });
    const helper = await person(chrome, site);
    await open(who, `/q/${site.tag}`);
    await who.page.setInputFiles('[data-photos=album]', [await jpeg(helper.page, 900, 700, 10), { ...(await jpeg(helper.page, 900, 700, 90)), name: 'b.jpg' }]);
    await who.page.fill('#text', '两张照片一句话庚');
    await who.page.click('#report button[type=submit].btn');
    await arrives(who.page);
    assert.equal(await who.page.locator('.ba img').count(), 2);
    await Promise.all([who.context.close(), helper.context.close()]);
  });

  test('a visitor without an account reports, and it waits for a moderator who lets it in', async () => {
    const visitor = await person(chrome, site, { script: false });
    await open(visitor, `/q/${site.tag}`);
    await visitor.page.fill('#text', '访客看到的辛');
    await visitor.page.fill('#contact', '13900001111');
    await visitor.page.click('#report button[type=submit].btn');
    await arrives(visitor.page, /ok=waiting/);
    assert.equal(await onBoard('访客看到的辛'), 0);
    const moderator = await person(chrome, site, { who: 'residents', script: false });
    await moderator.page.goto('/desk/tickets/pending');
    await moderator.page.click('a.it:has-text("访客看到的辛")');
    await moderator.page.click('form[action="/forms/moderate"] button.btn >> nth=0');
    await moderator.page.waitForURL(/ok=/);
    assert.equal(await onBoard('访客看到的辛'), 1);
    await Promise.all([visitor.context.close(), moderator.context.close()]);
  });
});

describe('finding the spot', () => {
  test('a wrong code says so and offers the list of places', async () => {
    const who = await person(chrome, site);
    await open(who, '/c/xianghe');
    await open(who, '/q/ZZZZZ');
    await who.page.click('main a:has-text("看地点列表")');
    await who.page.waitForURL(/\/report$/);
    await who.page.fill('#code', 'zzzzz');
    await who.page.click('form[action="/q"] button');
    await who.page.waitForSelector('.err');
    assert.equal(await who.page.inputValue('#code'), 'zzzzz');
    await who.page.fill('#code', site.tag.toLowerCase());
    await Promise.all([who.page.waitForURL(`**/q/${site.tag}`), who.page.click('form[action="/q"] button')]);
    await who.context.close();
  });

  test('from home by the list of places, without a sticker', async () => {
    const who = await person(chrome, site);
    await open(who, '/c/xianghe');
    await who.page.click('a.hero');
    await who.page.waitForURL(/\/report$/);
    const chip = who.page.locator('details[open] a.chip').first();
    await chip.click();
    await who.page.waitForSelector('#report');
    await who.context.close();
  });

  test('what is open at this spot is shown first, and 我也遇到 counts a household once', async () => {
    const first = await person(chrome, site, { who: 'owner' });
    await open(first, `/q/${site.tag}`);
    await first.page.fill('#text', '同一件事壬');
    await first.page.click('#report button[type=submit].btn');
    await arrives(first.page);
    const address = new URL(first.page.url()).pathname;
    const neighbour = await person(chrome, site, { who: 'leader' });
    await open(neighbour, `/q/${site.tag}`);
    assert.match(await neighbour.page.textContent('main'), /同一件事壬/);
    await neighbour.context.close();
    const tenant = await person(chrome, site, { who: 'tenant' });
    await open(tenant, address);
    const meToo = tenant.page.locator('form[action="/forms/me-too"] button');
    assert.equal(await meToo.count(), 1);
    await meToo.click();
    await arrives(tenant.page, /ok=me_too/);
    assert.match(await tenant.page.textContent('h1'), /2 户/);
    await Promise.all([first.context.close(), tenant.context.close()]);
  });
});

test('the answer to a wrong secret is the same whether the phone is known or not', async () => {
  const said = [];
  for (const phone of [PEOPLE.owner[0], '13911112222']) {
    const who = await person(chrome, site);
    await who.page.goto('/sign-in');
    await who.page.fill('[name=phone]', phone);
    await who.page.fill('[name=secret]', '000000');
    await who.page.click('main button[type=submit].btn');
    await who.page.waitForSelector('.notice.err, .err');
    said.push((await who.page.textContent('main')).replaceAll(phone, ''));
    await who.context.close();
  }
  assert.equal(said[0], said[1]);
});
