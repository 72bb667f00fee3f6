// Every page, by everybody who may open it: axe finds nothing in either language, size or colour.

import { after, before, describe, test } from 'node:test';
import { DESK, PHONE, alive, axe, browser, choose, serve } from './lib.mjs';
import { everybody, everyPage, walk as walkThrough } from './pages.mjs';

const MODES = ['zh-CN', 'en'].flatMap((lang) => [false, true].flatMap((care) => ['light', 'dark'].map((theme) => ({ lang, care, theme }))));

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

describe('axe finds nothing on any page in any mode', () => {
  for (const who of everybody) {
    test(who ?? 'a visitor', () =>
      walk(who, { foreign: true }, async ({ page, context }) => {
        const out = [];
        for (const mode of MODES) {
          await choose(context, site, mode);
          await page.setViewportSize(mode.theme === 'dark' ? DESK : PHONE);
          await page.reload();
          await alive(page);
          out.push(...(await axe(page)).map((what) => `${mode.lang}${mode.care ? ' care' : ''} ${mode.theme}: ${what}`));
        }
        await choose(context, site, MODES[0]);
        await page.setViewportSize(PHONE);
        return out;
      }));
  }
});
