// Putting the app on the home screen: offered quietly, once, after the first report that arrived.

import { RECEIVED, entries } from './outbox.js';
import { h, t } from './dom.js';
import { meta, onChange, setMeta } from './store.js';

let prompt = null;

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  prompt = event;
  offerInstall();
});

const apple = () => /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone && !/MicroMessenger/i.test(navigator.userAgent);

export async function offerInstall() {
  if (document.getElementById('install') || matchMedia('(display-mode: standalone)').matches) return;
  if (!prompt && !apple()) return;
  const sent = (await entries().catch(() => [])).some((e) => e.state === RECEIVED);
  const saidNo = await meta('install').catch(() => 'no');
  if (!sent || saidNo || document.getElementById('install')) return;
  const close = () => {
    bar.remove();
    setMeta('install', 'no').catch(() => {});
  };
  const install = async () => {
    prompt.prompt();
    await prompt.userChoice;
    close();
  };
  const words = prompt ? t('把祥和放到桌面，下次一点就开，没网也能用。', 'Put Xianghe on your home screen: one tap, and it opens without a network. ') : t('放到桌面：点下面的“分享”，再选“添加到主屏幕”。', 'To put it on your home screen: Share, then “Add to Home Screen”. ');
  const bar = h('p', { class: 'offline-bar', id: 'install' }, words, prompt ? h('button', { type: 'button', class: 'link', click: install }, t('放到桌面', 'Install')) : '', ' ', h('button', { type: 'button', class: 'link', click: close }, t('不用', 'No, thanks')));
  document.querySelector('main')?.append(bar);
}

onChange(() => offerInstall());
