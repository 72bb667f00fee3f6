// A building leader scores the property company at the doors, where there is no signal, in large print.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { differences, recount } from '../../frontend/pwa/tools/recount.js';
import { PEOPLE, browser, jpeg, person, serve, signIn } from './lib.mjs';
import { drafted, drained, phone, ready, waiting } from './phone.mjs';

let site, chrome;

before(async () => {
  site = await serve();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await site?.stop();
});

const marks = (page) => page.locator('fieldset.mark');
/** Half a point below the full mark. */
const almost = (page, n) => marks(page).nth(n).locator('label.half').nth(1);
const chosen = (page, n) => almost(page, n).locator('input').isChecked();

test('a whole sheet in airplane mode and large print, closed in the middle, and what a second phone sees', async () => {
  const it = await phone(site, { care: true });
  await signIn(it, ...PEOPLE.leader);
  await it.page.goto('/scoring');
  const path = await it.page.locator('main li a[href^="/scoring/"]').first().getAttribute('href');
  await it.page.goto(path);
  await ready(it.page, path);
  await it.away(true);
  await it.page.goto(path);
  await it.page.waitForSelector('.offline-bar');
  assert.equal(await it.page.getAttribute('body', 'data-weui-mode'), 'care');
  const count = await marks(it.page).count();
  assert.ok(count >= 12, `${count} items`);
  for (const label of await marks(it.page).first().locator('label.half').all()) {
    const box = await label.boundingBox();
    assert.ok(box.width >= 48 && box.height >= 48, `a choice of ${box.width}×${box.height}`);
  }
  const half = Math.floor(count / 2);
  for (let n = 0; n < half; n += 1) await almost(it.page, n).click();
  const remark = marks(it.page).nth(half - 1).locator('input[type=text]');
  await remark.fill('夜里有两次没人');
  await drafted(it.page, { [await remark.getAttribute('name')]: '夜里有两次没人' }, 0);
  await it.close();

  await it.open({ offline: true });
  await it.page.goto(path);
  await it.page.waitForSelector('[data-restored]');
  for (let n = 0; n < half; n += 1) assert.ok(await chosen(it.page, n), `item ${n + 1} is still marked`);
  assert.equal(await marks(it.page).nth(half - 1).locator('input[type=text]').inputValue(), '夜里有两次没人');
  for (let n = half; n < count; n += 1) await almost(it.page, n).click();
  await it.page.click('form[action="/forms/scoring-sheet"] button[type=submit]');
  await it.page.getByText('已存在这台手机里').waitFor();
  assert.equal((await waiting(it.page)).length, 1);
  await it.away(false);
  await drained(it.page);

  const other = await person(chrome, site, { who: 'leader' });
  await other.page.goto(path);
  assert.match(await other.page.textContent('main'), /您的表 .+ 交了/);
  for (let n = 0; n < count; n += 1) assert.ok(await chosen(other.page, n), `item ${n + 1} arrived`);
  assert.deepEqual(other.troubles, []);
  await other.context.close();
  await it.forget();
});

test('anybody counts a published result again on their own phone, and a changed mark is noticed', async () => {
  const visitor = await person(chrome, site);
  const { page } = visitor;
  await page.goto('/c/xianghe/scoring');
  const links = await page.locator('main table a[href*="/scoring/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(links.length >= 2, 'two rounds are over');
  for (const link of links) {
    await page.goto(link);
    await page.getByRole('button', { name: '在这台手机上重新算' }).click();
    await page.getByText('和公布的一样').waitFor();
    const data = await page.evaluate((path) => fetch(path).then((r) => r.json()), `${link}/everything.json`);
    assert.deepEqual(differences(data, recount(data)), []);
    // One sheet more counts otherwise: what the comparison says can be false.
    const lower = { ...data, sheets: data.sheets.map((s) => ({ ...s, marks: s.marks.map((m) => ({ ...m, halves: m.halves === null || m.halves < 0 ? m.halves : Math.max(0, m.halves - 1) })) })) };
    assert.ok(differences(data, recount(lower)).includes('total'));
  }
  assert.deepEqual(visitor.troubles, []);
  await visitor.context.close();
});

test('the editor adds up as somebody types and takes a line more', async () => {
  const it = await person(chrome, site, { who: 'committee' });
  await it.page.goto('/desk/scoring/editor');
  const total = it.page.locator('form[data-editor] output');
  assert.match(await total.textContent(), /合计 100 分/);
  await it.page.locator('[name="items.0.full"]').fill('1.5');
  assert.match(await total.textContent(), /还差 0.5 分/);
  await it.page.getByRole('button', { name: '加一项' }).first().click();
  const added = it.page.locator('[data-section="0"]').last();
  assert.equal(await added.locator('[name$=".code"]').inputValue(), 'A6');
  await added.locator('[name$=".name"]').fill('上门态度');
  await added.locator('[name$=".full"]').fill('0.5');
  assert.match(await total.textContent(), /可以启用/);
  // What was typed is what is adopted: the line is there when the page is read again.
  await it.page.fill('#source', '业主大会 2026-11');
  await it.page.getByRole('button', { name: '启用' }).click();
  await it.page.waitForURL(/\/desk\/scoring\?ok=saved/);
  await it.page.goto('/desk/scoring/editor');
  const codes = await it.page.locator('[data-section="0"] [name$=".code"]').evaluateAll((all) => all.map((e) => e.value));
  assert.deepEqual(codes, ['A1', 'A2', 'A3', 'A4', 'A5', 'A6']);
  assert.deepEqual(it.troubles, []);
  await it.context.close();
});

test('one item a screen, with how many are marked at its foot, and a photo of a mark', async () => {
  const it = await phone(site);
  await signIn(it, ...PEOPLE.leader);
  await it.page.goto('/scoring');
  const path = await it.page.locator('main li a[href^="/scoring/"]').first().getAttribute('href');
  await it.page.goto(path);
  await ready(it.page, path);
  await it.page.locator('.one-each').check();
  const heights = await marks(it.page).evaluateAll((all) => all.map((m) => m.getBoundingClientRect().height));
  const screen = it.page.viewportSize().height;
  assert.ok(heights.every((h) => h > screen * 0.6), `${heights} of ${screen}`);
  const next = marks(it.page).first().getByRole('link', { name: '下一项' });
  await next.click();
  assert.ok(await marks(it.page).nth(1).evaluate((m) => m.getBoundingClientRect().top < innerHeight / 2));
  await marks(it.page).nth(1).locator('input[type=file]').setInputFiles(await jpeg(it.page, 640, 480));
  await marks(it.page).nth(1).locator('.shot img').waitFor();
  const count = await marks(it.page).count();
  for (let n = 0; n < count; n += 1) await almost(it.page, n).click();
  const said = await it.page.locator('.sofar').evaluate((e) => getComputedStyle(e, '::before').content);
  assert.match(said, /counter/, said);
  await it.page.click('form[action="/forms/scoring-sheet"] button[type=submit]');
  await it.page.waitForURL(/ok=saved/);
  assert.equal(await marks(it.page).nth(1).locator('.papers img').count(), 1, 'the photo is there when the page is read again');
  // It is taken away in airplane mode, and gone when the sheet has arrived.
  await ready(it.page, path);
  await it.away(true);
  await it.page.goto(path);
  await marks(it.page).nth(1).locator('input[name=without]').check();
  await it.page.click('form[action="/forms/scoring-sheet"] button[type=submit]');
  await it.page.getByText('已存在这台手机里').waitFor();
  await it.away(false);
  await drained(it.page);
  await it.page.goto(path);
  assert.equal(await marks(it.page).nth(1).locator('.papers img').count(), 0, 'it is gone');
  await it.forget();
});
