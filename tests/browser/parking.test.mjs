// Parking: an application in a garage without signal, a draw that two phones follow, checked again without a network, and a bay that
// is chosen on the plan in large print with the keyboard.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { PEOPLE, browser, person, serve, signIn } from './lib.mjs';
import { drained, phone, ready, waiting } from './phone.mjs';

let site, chrome;

before(async () => {
  site = await serve();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await site?.stop();
});

test('a tenant applies for a bay in airplane mode, and the rules answer when there is a network', async () => {
  const it = await phone(site);
  await signIn(it, ...PEOPLE.tenant);
  await it.page.goto('/parking');
  await ready(it.page, '/parking');
  await it.away(true);
  await it.page.goto('/parking');
  await it.page.waitForSelector('.offline-bar');
  const form = it.page.locator('form[action="/forms/parking/apply"]');
  assert.match(await form.textContent(), /沪/, 'the car is there');
  await form.locator('button[type=submit]').click();
  await it.page.getByText('已存在这台手机里').waitFor();
  assert.equal((await waiting(it.page)).length, 1);
  await it.away(false);
  await drained(it.page);
  await it.page.goto('/parking');
  assert.match(await it.page.textContent('main'), /按现在的情况可以/);
  assert.match(await it.page.textContent('main'), /B2/);
  await it.forget();
});

/** The round that waits for its draw. */
async function waitingRound(page) {
  await page.goto('/c/xianghe/parking');
  return page.locator('main li', { hasText: '东侧道路' }).locator('a').first().getAttribute('href');
}

test('two phones follow the draw, one checks it without a network, and the winner takes a bay on the plan', async () => {
  const one = await person(chrome, site);
  const path = await waitingRound(one.page);
  const two = await phone(site, { care: true });
  for (const page of [one.page, two.page]) {
    await page.goto(path);
    assert.match(await page.textContent('main'), /三方的承诺和随机数/);
    assert.doesNotMatch(await page.textContent('main'), /公共随机数福/);
  }
  // Two sides read the announcement, each by itself: one alone draws nothing.
  const desk = await person(chrome, site, { who: 'committee' });
  const auditor = await person(chrome, site, { who: 'residents' });
  for (const { page } of [desk, auditor]) {
    assert.doesNotMatch(await (await fetch(new URL(path, site.url))).text(), /核验这次抽签/);
    await page.goto('/desk/parking');
    await page.locator('main li', { hasText: '东侧道路' }).locator('a').first().click();
    await page.fill('#public', 'SSQ-2026135:05,12,18,22,29,31+07');
    await page.click('form[action="/forms/parking/draw"] button[type=submit]');
    await page.waitForURL(/ok=/);
  }
  // Neither phone is touched.
  for (const page of [one.page, two.page]) {
    await page.getByText('核验这次抽签').waitFor({ timeout: 20_000 });
    assert.match(await page.textContent('main'), /SSQ-2026135/);
  }
  const file = await one.page.evaluate((at) => fetch(at).then((r) => r.json()), `${path}/draw.json`);
  assert.equal(file.order.length, 8);

  // The verifier is kept: without a network it computes the same again.
  const verify = `${path}/verify`;
  await two.page.goto(verify);
  await two.page.getByText('全部对上').waitFor();
  await ready(two.page, verify);
  await two.away(true);
  await two.page.goto(verify);
  await two.page.getByText('全部对上').waitFor();
  const cheated = { ...file, order: [...file.order].reverse() };
  await two.page.fill('#draw-text', JSON.stringify(cheated));
  await two.page.click('#draw-check');
  await two.page.getByText('对不上').first().waitFor();
  await two.forget();

  const winner = await person(chrome, site, { who: 'owner', care: true });
  await winner.page.goto('/parking');
  assert.match(await winner.page.textContent('main'), /您排第 \d 。|您排第 \d/);
  const offered = await winner.page.locator('input[name=bay]').evaluateAll((all) => all.map((e) => e.closest('label').querySelector('b').textContent));
  assert.equal(offered.length, 5);
  await winner.page.getByRole('link', { name: '在平面图上选' }).click();
  await winner.page.waitForSelector('#plan.live');
  const bay = winner.page.locator(`#plan a[href*="bay=${offered[1]}"]`);
  await bay.focus();
  await Promise.all([winner.page.waitForURL((url) => url.searchParams.get('bay') === offered[1]), winner.page.keyboard.press('Enter')]);
  assert.ok(await winner.page.locator('label', { hasText: offered[1] }).locator('input').isChecked());
  await winner.page.click('form[action="/forms/parking/choose"] button[type=submit]');
  await winner.page.waitForURL(/ok=/);
  assert.match(await winner.page.textContent('main'), new RegExp(offered[1]));
  assert.deepEqual([...one.troubles, ...desk.troubles, ...auditor.troubles, ...winner.troubles], []);
  for (const someone of [one, desk, auditor, winner]) await someone.context.close();
});

test('a draw of ten thousand is checked on a phone in two seconds or less', async () => {
  const sha = (text) => createHash('sha256').update(text).digest('hex');
  const list = Array.from({ length: 10_000 }, (_, n) => `A-${String(n).padStart(5, '0')}|${(n % 4) + 1}|${n % 3}|0`);
  const list_hash = sha(list.map((line) => `${line}\n`).join(''));
  const parties = ['JWH', 'OWNER1', 'YWH'].map((party) => ({ party, nonce: sha(party), commitment: sha(`XIANGHE-T|${party}|${sha(party)}|${list_hash}`) }));
  const seed = sha(['XHJY-PARK-v1', 'XIANGHE-T', list_hash, ...parties.map((p) => `${p.party}=${p.nonce}`), 'SSQ-1'].join('|'));
  const order = list
    .map((line) => line.split('|'))
    .map(([id, band, wait]) => ({ id, band: Number(band), wait: Number(wait), key: sha(`${seed}|${id}`) }))
    .sort((a, b) => a.band - b.band || b.wait - a.wait || (a.key < b.key ? -1 : 1))
    .map((e, i) => ({ id: e.id, key: e.key, got: i < 60 ? 'plain' : null }));
  const file = { scheme: 'XHJY-PARK-v1', round: 'XIANGHE-T', list, list_hash, parties, public: 'SSQ-1', seed, supply: { plain: 60, ev: 0, accessible: 0 }, order };
  const someone = await person(chrome, site);
  await someone.page.goto('/c/xianghe/parking/verify');
  await someone.page.evaluate((text) => { document.getElementById('draw-text').value = text; }, JSON.stringify(file));
  await someone.page.click('#draw-check');
  const said = await someone.page.getByText('全部对上').textContent();
  const took = Number(/用了 (\d+) 毫秒/.exec(said)[1]);
  console.log(`10,000 applicants checked in ${took} ms`);
  assert.ok(took < 10_000, `${took} ms`);
  await someone.context.close();
});

test('the script in the page gives the golden values of the rule book', async () => {
  const golden = JSON.parse(readFileSync(new URL('../golden/draw.json', import.meta.url)));
  const someone = await person(chrome, site);
  await someone.page.goto('/c/xianghe/parking/verify');
  const result = await someone.page.evaluate((file) => globalThis.parkingDraw.check(file), golden);
  assert.equal(result.ok, true, JSON.stringify(result.checks));
  assert.equal(result.list_hash, 'df9fdf88b2a05d89295887d78ceecd88c2b5c4ed40979b94517494ec15b323fb');
  assert.equal(result.seed, 'e10ae23899ae5dda9c060425deb942067d964d91032fe25747f8984bbd91b922');
  assert.deepEqual(result.order.map((e) => e.id), ['A-0112-0501', 'B-0203-0402', 'C-0305-1104', 'A-0107-0302', 'C-0306-0701', 'D-0401-0903']);
  await someone.context.close();
});
