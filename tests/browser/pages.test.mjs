// Every page, by everybody who may open it: it comes to life without a console error and fits a narrow phone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESK, PHONE, browser, choose, open, person, serve, sticksOut } from './lib.mjs';
import { everybody, everyPage, walk as walkThrough } from './pages.mjs';

/** The pages that nobody may see answer with what is the matter; the others are fine. */
const STATUS = { 'not-found': 404, 'wrong-code': 422, letter: 404 };
/** What Chromium itself says of a page that is not there. */
const OWN_WORDS = /Failed to load resource: the server responded with a status of 4(04|22)/;

let site, chrome, pages;

before(async () => {
  site = await serve();
  chrome = await browser();
  pages = await everyPage(chrome, site);
});
after(async () => {
  await chrome?.close();
  await site?.stop();
});

const walk = (who, options, look) => walkThrough({ chrome, site, pages }, who, options, look);

describe('every page comes to life without a console error and fits', () => {
  for (const who of everybody) {
    for (const size of [PHONE, DESK]) {
      test(`${who ?? 'a visitor'} at ${size.width}`, () =>
        walk(who, { size }, async (someone, name, answer) => {
          const troubles = someone.troubles.filter((t) => !(STATUS[name] && OWN_WORDS.test(t)));
          if (answer.status() !== (STATUS[name] ?? 200)) troubles.push(`status ${answer.status()}`);
          return [...troubles, ...(await sticksOut(someone.page))];
        }));
    }
    test(`${who ?? 'a visitor'} at 360 and at 320, large print and English too`, () =>
      walk(who, { size: { width: 320, height: 640 } }, async ({ page, context }) => {
        const out = [];
        for (const mode of [{ lang: 'zh-CN', care: false }, { lang: 'zh-CN', care: true }, { lang: 'en', care: true }]) {
          await choose(context, site, { ...mode, theme: 'light' });
          await page.reload();
          for (const width of [360, 320]) {
            await page.setViewportSize({ width, height: 640 });
            out.push(...(await sticksOut(page)).map((what) => `${mode.lang}${mode.care ? ' care' : ''} ${width}: ${what}`));
          }
        }
        await choose(context, site, { lang: 'zh-CN', care: false, theme: 'light' });
        return out;
      }));
  }
});

test('a link that the browser follows by itself changes title and page, and going back comes back', async () => {
  const someone = await person(chrome, site);
  await open(someone, '/c/xianghe');
  await someone.page.click('nav.tabs a[href="/c/xianghe/board"]');
  await someone.page.waitForSelector('form[role=search]');
  assert.match(await someone.page.title(), /^公示/);
  await someone.page.click('main a[href*="/t/"] >> nth=0');
  await someone.page.waitForSelector('ol.tl');
  await someone.page.goBack();
  await someone.page.waitForSelector('form[role=search]');
  assert.deepEqual(someone.troubles, []);
  await someone.context.close();
});
