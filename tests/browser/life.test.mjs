// A bench breaks and is repaired: five people on their phones and at their desks, by pressing what is on the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, arrives, browser, jpeg, open, person, serve } from './lib.mjs';

let site, chrome;

before(async () => {
  site = await serve();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await site?.stop();
});

/** Presses the button of a step's form and waits for the next page. */
async function take(page, step, fill = async () => {}) {
  const form = page.locator(`form:has(input[name=step][value=${step}])`).first();
  const folded = page.locator(`details:not([open]):has(input[name=step][value=${step}]) > summary`).first();
  if (await folded.count()) await folded.click();
  await fill(form);
  // The address may say `ok=moved` from the step before: only a page that came after the button counts.
  await page.evaluate(() => {
    const address = new URL(location.href);
    address.searchParams.delete('ok');
    history.replaceState(history.state, '', address);
  });
  await form.locator('button[type=submit]').last().click();
  await arrives(page, /ok=moved/);
  assert.match(await page.textContent('main'), /好了，已经记下/);
}

test('from a QR code on a bench to a repaired bench', async () => {
  const owner = await person(chrome, site, { who: 'owner' });
  await open(owner, `/q/${site.tag}`);
  await owner.page.setInputFiles('[data-photos=camera]', await jpeg(owner.page));
  await owner.page.waitForSelector('.shots .shot input[name=photo]', { state: 'attached' });
  await owner.page.fill('#text', '椅面断了两根');
  await owner.page.click('#report button[type=submit].btn');
  await arrives(owner.page);
  const address = new URL(owner.page.url()).pathname;
  const number = address.split('/').pop();

  // The property company's desk, at a desk.
  const desk = await person(chrome, site, { who: 'dispatcher', size: DESK });
  await desk.page.goto('/desk/tickets/inbox');
  await desk.page.click(`a.it[href$="t=${number}"]`);
  await take(desk.page, 'accept');
  await desk.page.goto(`/desk/tickets/open?t=${number}`);
  await take(desk.page, 'assign', (form) => form.locator('select').selectOption({ label: '张根生' }));
  await desk.page.goto(`/desk/tickets/open?t=${number}`);
  await take(desk.page, 'quote', async (form) => {
    const line = async (i, kind, name, quantity, price) => {
      await form.locator('[name=kind]').nth(i).selectOption(kind);
      await form.locator('[name=name]').nth(i).fill(name);
      await form.locator('[name=quantity]').nth(i).fill(quantity);
      await form.locator('[name=price]').nth(i).fill(price);
    };
    await line(0, 'material', '防腐木板条', '8', '985.50');
    await line(1, 'labour', '拆换安装', '1', '1200');
  });

  // Four of seven members of the committee, on the metro: each their own word; the fourth decides.
  const members = [];
  for (const who of ['committee', 'member', 'second-member', 'several']) {
    const member = await person(chrome, site, { who });
    members.push(member);
    await member.page.goto('/desk/tickets/approvals');
    await member.page.click(`a.it[href$="t=${number}"]`);
    assert.match(await member.page.textContent('main'), /9,084\.00/);
    assert.ok(await member.page.locator('.ba img').first().isVisible(), 'the photo is on the same screen');
    const form = member.page.locator('form[action="/forms/decision-word"]');
    await form.locator('label:has([name=no_conflict])').click();
    await Promise.all([member.page.waitForEvent('load'), form.locator('button[name=agrees][value="1"]').click()]);
    await member.page.waitForURL(/ok=moved/);
  }

  // The worker, in the garden.
  const worker = await person(chrome, site, { who: 'worker' });
  await open(worker, '/jobs');
  await worker.page.click(`a[href$="/t/${number}"]`);
  await worker.page.waitForSelector('ol.tl');
  await take(worker.page, 'arrive');
  await take(worker.page, 'pause', (form) => form.locator('textarea').fill('等板条，下午到'));
  await open(owner, address);
  assert.match(await owner.page.textContent('main'), /等板条，下午到/);
  await open(worker, address);
  await take(worker.page, 'resume');
  const finish = worker.page.locator('form:has(input[name=step][value=finish])');
  await finish.locator('button[type=submit]').click();
  await worker.page.waitForSelector('.err');
  assert.match(await worker.page.textContent('main'), /照片/, 'done needs a photo of the repair');
  await take(worker.page, 'finish', async (form) => {
    await form.locator('input[type=file]').setInputFiles(await jpeg(worker.page, 1200, 900, 120));
    await form.locator('textarea').fill('换了两根板条，打磨上漆');
  });

  // The owner is told on the way in, sees before and after, and rates it.
  await open(owner, '/mine');
  assert.ok(await owner.page.locator(`a:has(.dot)[href$="/t/${number}"]`).count(), 'it shows what has changed');
  await owner.page.click(`a[href$="/t/${number}"]`);
  await owner.page.waitForSelector('ol.tl');
  assert.match(await owner.page.textContent('main'), /前后对比/);
  assert.equal(await owner.page.locator('.ba img').count(), 2);
  await take(owner.page, 'rate', async (form) => {
    await form.locator('label:has(input[value="4"])').click();
    await form.locator('textarea').fill('坐得稳了');
  });

  // Everybody can follow it; who reported it stays unknown.
  const anybody = await person(chrome, site, { size: DESK });
  await open(anybody, address);
  const said = await anybody.page.textContent('main');
  for (const words of ['坐得稳了', '等板条，下午到', '9,084.00', '业委会同意']) assert.ok(said.includes(words), words);
  const events = await anybody.page.locator('ol.tl li').count();
  assert.ok(events >= 9, `${events} events`);
  for (const who of [owner, desk, ...members, worker, anybody]) {
    assert.deepEqual(who.troubles.filter((t) => !/status of 422/.test(t)), []);
    await who.context.close();
  }
});

test('two people at the desk: the second one sees that somebody was faster', async () => {
  const owner = await person(chrome, site, { who: 'owner', script: false });
  await open(owner, `/q/${site.tag}`);
  await owner.page.fill('#text', '两个人同时受理');
  await owner.page.click('#report button[type=submit].btn');
  await arrives(owner.page);
  const number = new URL(owner.page.url()).pathname.split('/').pop();
  const [a, b] = [await person(chrome, site, { who: 'dispatcher', size: DESK }), await person(chrome, site, { who: 'manager', size: DESK })];
  for (const { page } of [a, b]) await page.goto(`/desk/tickets/inbox?t=${number}`);
  await take(a.page, 'accept');
  await b.page.locator('form:has(input[name=step][value=accept]) button[type=submit]').click();
  await b.page.waitForSelector('.notice.err');
  assert.match(await b.page.textContent('.notice.err'), /有人先改了/);
  for (const who of [owner, a, b]) await who.context.close();
});

test('a letter brings a household in, and the new member reports', async () => {
  const owner = await person(chrome, site, { who: 'owner' });
  await open(owner, '/me');
  await owner.page.click('form[action="/forms/letter-issue"] button >> nth=0');
  await owner.page.waitForURL(/ok=invited/);
  const letter = await owner.page.locator('a.code[href^="/letter/"]').first().getAttribute('href');
  const guest = await person(chrome, site, { script: false });
  await guest.page.goto(letter);
  assert.match(await guest.page.textContent('main'), /\*/, 'the home is shown masked');
  await guest.page.fill('[name=name]', '林小满');
  await guest.page.fill('[name=phone]', '13712345678');
  for (const field of await guest.page.locator('input[type=password]').all()) await field.fill('135791');
  await Promise.all([guest.page.waitForURL((url) => !url.pathname.startsWith('/letter')), guest.page.click('main form button[type=submit].btn')]);
  await open(guest, `/q/${site.tag}`);
  assert.equal(await guest.page.locator('#contact').count(), 0, 'nobody asks again who this is');
  const again = await person(chrome, site, { script: false });
  await again.page.goto(letter);
  assert.match(await again.page.textContent('main'), /用过|无效|失效|没有/);
  for (const who of [owner, guest, again]) await who.context.close();
});

test('somebody with several roles and communities changes between them in one tap', async () => {
  const someone = await person(chrome, site, { script: false });
  await someone.page.goto('/sign-in');
  await someone.page.fill('[name=phone]', '13800000011');
  await someone.page.fill('[name=secret]', '246810');
  await Promise.all([someone.page.waitForURL((u) => !u.pathname.startsWith('/sign-in')), someone.page.click('main button[type=submit].btn')]);
  await someone.page.goto('/me');
  const before = await someone.page.textContent('nav.side .side-name');
  await someone.page.locator('form[action="/forms/switch-role"] button:not([aria-current])').last().click();
  await someone.page.waitForLoadState();
  await someone.page.goto('/me');
  assert.notEqual(await someone.page.textContent('nav.side .side-name'), before);
  await someone.context.close();
});
