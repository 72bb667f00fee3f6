// `make screenshots`: every main page on a phone and at a desk, normal, large print and dark, as PNG files.
//
//   node screenshots.mjs [--out DIR] [--only NAME,NAME] [--url URL --tag CODE]   with XIANGHE_BIN and XIANGHE_SITE set

import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DESK, PHONE, alive, browser, choose, person, serve } from './lib.mjs';
import { addresses, pagesOf } from './pages.mjs';

const { values: opt } = parseArgs({
  options: { out: { type: 'string', default: 'target/screenshots' }, only: { type: 'string' }, modes: { type: 'string' }, url: { type: 'string' }, tag: { type: 'string' } },
});
const only = opt.only?.split(',');
const MODES = { normal: { care: false, theme: 'light' }, care: { care: true, theme: 'light' }, dark: { care: false, theme: 'dark' } };
const SIZES = { phone: PHONE, desk: DESK };

const out = resolve(opt.out);
await mkdir(out, { recursive: true });
const site = opt.url ? { url: opt.url, tag: opt.tag, stop() {} } : await serve();
const chrome = await browser();
try {
  const scout = await person(chrome, site);
  const pages = pagesOf(await addresses(scout, site));
  let count = 0;
  for (const [who, theirs] of pages) {
    for (const [device, size] of Object.entries(SIZES)) {
      const { page, context } = await person(chrome, site, { who, size });
      for (const [name, path] of Object.entries(theirs)) {
        if (only && !only.includes(name)) continue;
        for (const [mode, how] of Object.entries(MODES)) {
          if (opt.modes && !opt.modes.split(',').includes(`${device}-${mode}`)) continue;
          await choose(context, site, { lang: 'zh-CN', ...how });
          await page.goto(path);
          await alive(page);
          await page.evaluate(() => Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode().catch(() => {}); })));
          await page.screenshot({ path: join(out, `${name}-${device}-${mode}.png`), fullPage: true });
          count += 1;
        }
      }
      await context.close();
    }
  }
  console.log(`${count} pictures in ${out}`);
} finally {
  await chrome.close();
  await site.stop();
}
