// A building leader scores the property company at the doors, where there is no signal, in large print.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PEOPLE, browser, person, serve, signIn } from './lib.mjs';
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
