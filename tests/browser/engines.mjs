// Three engines behind one small door: Chromium, Firefox (over WebDriver BiDi) and WebKit, which every iPhone runs.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { PHONE, browser, need } from './lib.mjs';

/**
 * A browser with one page: `goto(address)`, `run(function, argument)` in the page (promises are waited for), `file(css,
 * path)` chooses a file, `close()`.
 */
export const ENGINES = { Chromium: chromium, Firefox: firefox, WebKit: webkit };

async function chromium() {
  const chrome = await browser();
  const page = await (await chrome.newContext({ viewport: PHONE, locale: 'zh-CN' })).newPage();
  return {
    goto: (address) => page.goto(address),
    run: (question, about) => page.evaluate(question, about),
    file: (css, path) => page.setInputFiles(css, path),
    close: () => chrome.close(),
  };
}

async function firefox() {
  const puppeteer = need('puppeteer-core');
  const executablePath = process.env.FIREFOX ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);
  const fox = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: { 'intl.accept_languages': 'zh-CN' } });
  const page = await fox.newPage();
  await page.setViewport(PHONE);
  return {
    goto: (address) => page.goto(address),
    run: (question, about) => page.evaluate(question, about),
    file: async (css, path) => (await page.$(css)).uploadFile(path),
    close: () => fox.close(),
  };
}

const BROWSERS = ['/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser'];

async function webkit() {
  const { Builder, By } = need('selenium-webdriver');
  const screen = await display();
  const port = await free();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore', env: { ...process.env, ...screen.env, LANG: 'zh_CN.UTF-8', LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } });
  await listening(port);
  const options = { binary: process.env.WEBKIT ?? BROWSERS.find(existsSync), args: ['--automation'] };
  const session = await new Builder()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options })
    .build();
  await session.manage().setTimeouts({ script: 60_000, pageLoad: 60_000 });
  return {
    goto: (address) => session.get(address),
    async run(question, about = null) {
      const [answer, error] = await session.executeAsyncScript(
        `const done = arguments[1]; Promise.resolve(arguments[0]).then(${question}).then((v) => done([v ?? null, null]), (e) => done([null, String(e)]))`,
        about,
      );
      if (error) throw new Error(error);
      return answer;
    },
    file: async (css, path) => (await session.findElement(By.css(css))).sendKeys(path),
    async close() {
      await session.quit().catch(() => {});
      driver.kill();
      screen.close();
    },
  };
}

/** A screen that nobody looks at: MiniBrowser cannot do without. */
async function display() {
  if (process.env.DISPLAY) return { env: {}, close: () => {} };
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '800x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = await once(createInterface({ input: screen.stdio[3] }), 'line');
  return { env: { DISPLAY: `:${number}` }, close: () => screen.kill() };
}

async function free() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(port) {
  for (let end = Date.now() + 15_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const socket = net.connect(port, '127.0.0.1');
    const open = await Promise.race([once(socket, 'connect').then(() => true, () => false)]);
    socket.destroy();
    if (open) return;
  }
  throw new Error('WebKitWebDriver does not answer');
}
