// The figures of large print 关怀版 and of the normal size, measured on the pages as they are drawn: text, targets, gaps,
// line height, contrast; twice the text; and everything by keyboard.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESK, alive, arrives, browser, nothing, open, person, serve, sticksOut } from './lib.mjs';
import { everyPage } from './pages.mjs';

const RESIDENT = [null, 'owner'];

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

/** Texts, targets and paragraphs of a page, measured in CSS pixels. */
function measure(page) {
  return page.evaluate(() => {
    const shown = (e) => {
      const box = e.getBoundingClientRect();
      return e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.width > 2 && box.height > 2 && !e.closest('.visually-hidden, .skip');
    };
    const name = (e) => `${e.tagName.toLowerCase()}.${e.className || ''} “${(e.textContent || e.getAttribute('aria-label') || e.name || '').trim().slice(0, 24)}”`;
    const texts = [...document.body.querySelectorAll('*')]
      .filter((e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && !['SCRIPT', 'OPTION'].includes(e.tagName))
      .map((e) => {
        const style = getComputedStyle(e);
        return { name: name(e), size: parseFloat(style.fontSize), line: parseFloat(style.lineHeight) / parseFloat(style.fontSize), para: e.matches('p, li, textarea, label, td') };
      });
    // What is pressed: a link within a sentence counts as text (WCAG 2.5.8), a field's label is part of its target.
    const inline = (e) => e.tagName === 'A' && getComputedStyle(e).display === 'inline';
    // What stands on the site plan is as large as it is on the ground: a tap comes nearer first (`plan.test.mjs` measures that), and
    // the list beside it has the same as targets of full size.
    const targets = [...document.body.querySelectorAll('a[href], button, select, textarea, summary, input:not([type=hidden])')]
      .filter((e) => !e.closest('#plan'))
      .map((e) => (e.matches('input[type=radio], input[type=checkbox], input[type=file]') ? e.closest('label') ?? e : e))
      .filter((e) => shown(e) && !inline(e))
      .map((e) => {
        const { x, y, width, height } = e.getBoundingClientRect();
        return { name: name(e), x, y: y + scrollY, width, height, bar: !!e.closest('nav.tabs, nav.side') };
      });
    return { body: parseFloat(getComputedStyle(document.body).fontSize), texts, targets };
  });
}

/** Targets that stand closer to each other than `gap` without touching as one row. */
function tooClose(targets, gap) {
  const out = [];
  for (const [i, a] of targets.entries()) {
    for (const b of targets.slice(i + 1)) {
      if (a.bar !== b.bar) continue;
      const dx = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width);
      const dy = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height);
      const apart = Math.max(dx, dy);
      // Rows of a list share an edge (0) and are told apart by a line.
      if (apart > 1 && apart < gap - 0.1 && (dx < 0 || dy < 0)) out.push(`${a.name} and ${b.name} are ${apart.toFixed(1)} px apart`);
    }
  }
  return out;
}

const FIGURES = {
  normal: { care: false, body: 18, least: 16, home: 44, elsewhere: 44, line: 1.5 },
  'large print': { care: true, body: 22, least: 18, home: 60, elsewhere: 48, line: 1.5 },
};

for (const [mode, want] of Object.entries(FIGURES)) {
  describe(`${mode}: text of ${want.body} px, targets of ${want.home} px on home and ${want.elsewhere} px elsewhere`, () => {
    for (const who of RESIDENT) {
      test(who ?? 'a visitor', async () => {
        const someone = await person(chrome, site, { who, care: want.care });
        const found = [];
        for (const [name, path] of Object.entries(pages.find(([w]) => w === who)[1])) {
          await open(someone, path);
          const { body, texts, targets } = await measure(someone.page);
          const home = name.includes('home');
          const side = home ? want.home : want.elsewhere;
          const wrong = [
            ...(body < want.body ? [`the body's text is ${body} px`] : []),
            ...texts.filter((t) => t.size < want.least).map((t) => `${t.name} is ${t.size} px`),
            ...texts.filter((t) => t.para && t.line < want.line - 0.01).map((t) => `${t.name} has a line height of ${t.line.toFixed(2)}`),
            ...targets.filter((t) => t.height < side - 0.5 || t.width < side - 0.5).map((t) => `${t.name} is ${t.width.toFixed(0)}×${t.height.toFixed(0)}, not ${side}`),
            ...tooClose(targets, 8),
          ];
          found.push(...wrong.map((what) => `${name}: ${what}`));
        }
        await someone.context.close();
        nothing(found);
      });
    }
  });
}

test('large print is one tap away on every page, is remembered, and is offered on the first visit', async () => {
  const someone = await person(chrome, site, { lang: 'zh-CN' });
  await someone.context.clearCookies();
  await open(someone, '/c/xianghe');
  assert.match(await someone.page.textContent('.offer'), /关怀版/);
  for (const path of Object.values(pages[0][1])) {
    await someone.page.goto(path);
    assert.equal(await someone.page.locator('header.top button:has-text("关怀版")').count(), 1, path);
  }
  await someone.page.goto('/c/xianghe/board');
  await Promise.all([someone.page.waitForEvent('load'), someone.page.click('header.top button:has-text("关怀版")')]);
  assert.equal(new URL(someone.page.url()).pathname, '/c/xianghe/board');
  assert.equal(await someone.page.getAttribute('body', 'data-weui-mode'), 'care');
  await someone.page.goto('/c/xianghe');
  assert.equal(await someone.page.getAttribute('body', 'data-weui-mode'), 'care');
  assert.equal(await someone.page.locator('.offer').count(), 0, 'it is offered once');
  await someone.context.close();
});

test('with text twice as large everything is still there and nothing sticks out', async () => {
  for (const care of [false, true]) {
    const someone = await person(chrome, site, { care });
    for (const [name, path] of Object.entries(pages[0][1])) {
      await open(someone, path);
      await someone.page.evaluate(async () => {
        document.documentElement.style.fontSize = '200%';
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      });
      assert.deepEqual(await sticksOut(someone.page), [], name);
    }
    await someone.context.close();
  }
});

test('a report by keyboard alone, with a focus that can be seen', async () => {
  const { page, context } = await person(chrome, site, { who: 'owner', size: DESK });
  await page.goto(`/q/${site.tag}`);
  await alive(page);
  const seen = new Set();
  let sent = false;
  for (let i = 0; i < 90 && !sent; i += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(async () => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const e = document.activeElement;
      // A hidden radio or file field shows its focus on the label around it.
      const drawn = [e, e.nextElementSibling, e.closest('label')].filter(Boolean).some((x) => {
        const s = getComputedStyle(x);
        return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none';
      });
      return { what: `${e.tagName} ${e.id || e.name || e.textContent.trim().slice(0, 12)}`, drawn, id: e.id, send: e.matches('#report > button[type=submit]') };
    });
    assert.ok(at.drawn, `${at.what} has the focus, but nothing shows it`);
    seen.add(at.id);
    if (at.id === 'text') await page.keyboard.type('只用键盘报的');
    if (at.send) {
      await page.keyboard.press('Enter');
      await arrives(page);
      sent = true;
    }
  }
  assert.ok(sent && seen.has('text'), 'the whole form is reached by Tab');
  await context.close();
});
