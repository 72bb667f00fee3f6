// A worker goes from sticker to sticker where there is no signal: sixty checks wait on the phone and arrive once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, PEOPLE, browser, person, serve, signIn } from './lib.mjs';
import { drafted, drained, phone, pictures, ready, stored, waiting } from './phone.mjs';

let site, chrome;

before(async () => {
  site = await serve();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await site?.stop();
});

/** The desk opens a round of sixty doors and gives it to the worker of the demonstration. */
async function openRound() {
  const desk = await person(chrome, site, { who: 'dispatcher', size: DESK });
  await desk.page.goto('/desk/rounds?kind=door');
  await desk.page.selectOption('#rkind', 'door');
  await desk.page.selectOption('#rworker', { label: '张根生' });
  await desk.page.fill('#most', '60');
  await Promise.all([desk.page.waitForURL(/ok=saved/), desk.page.click('form[action="/forms/round-open"] button')]);
  const round = await desk.page.locator('main li a[href^="/rounds/"]').first().getAttribute('href');
  assert.deepEqual(desk.troubles, []);
  await desk.context.close();
  return round;
}

const stops = (page) => page.locator('ol.stops > li');

async function check(page, stop, { passed, note = '', photo = null }) {
  if (!passed) {
    if (!(await stop.locator('details').getAttribute('open').then((o) => o !== null))) await stop.locator('summary').click();
    await stop.locator('[name=note]').fill(note);
  }
  if (photo) {
    await stop.locator('input[type=file]').setInputFiles(photo);
    await stop.locator('.shot input[name=photo]').waitFor({ state: 'attached' });
  }
  await stop.locator(`button[name=passed][value="${passed ? 1 : 0}"]`).click();
  await stop.getByText('已存在这台手机里').waitFor();
}

test('a round of sixty tags in airplane mode, closed and opened again in the middle', async () => {
  const path = await openRound();
  const it = await phone(site);
  await signIn(it, ...PEOPLE.worker);
  await it.page.goto(path);
  await ready(it.page, path);
  const [photo] = await pictures(it.page, 1);
  assert.equal(await stops(it.page).count(), 60);
  await it.away(true);
  await it.page.goto(path);
  await it.page.waitForSelector('.offline-bar');
  for (let n = 0; n < 30; n += 1) await check(it.page, stops(it.page).nth(n), { passed: true, photo: n % 10 ? null : photo });
  // A draft: begun, not saved.
  await stops(it.page).nth(31).locator('summary').click();
  await stops(it.page).nth(31).locator('[name=note]').fill('门吸松了');
  await drafted(it.page, { note: '门吸松了' }, 0);
  await it.close();

  await it.open({ offline: true });
  await it.page.goto(path);
  await stops(it.page).nth(29).getByText('已存在这台手机里').waitFor();
  assert.equal((await waiting(it.page)).length, 30);
  assert.equal(await stops(it.page).nth(31).locator('[name=note]').inputValue(), '门吸松了', 'what was begun is still there');
  for (let n = 30; n < 60; n += 1) {
    const fails = n === 31 || n === 45;
    await check(it.page, stops(it.page).nth(n), { passed: !fails, note: fails ? '门吸松了，关不严' : '', photo: n === 45 ? photo : null });
  }
  assert.equal((await waiting(it.page)).length, 60);

  await it.away(false);
  await drained(it.page, 120_000);
  assert.equal((await stored(it.page, 'blobs')).length, 0, 'photos that arrived do not stay on the phone');
  await it.page.goto(path);
  const text = await it.page.textContent('main');
  assert.match(text, /60 \/ 60/);
  assert.match(text, /58 \/ 60/);
  const failed = stops(it.page).filter({ hasText: '门吸松了，关不严' });
  assert.equal(await failed.count(), 2);
  for (const stop of await failed.all()) assert.match(await stop.textContent(), /报修单/, 'a failed check opens a ticket');
  await it.forget();
});
