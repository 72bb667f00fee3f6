// A page that changes while people watch it, such as a draw: it is asked again every few seconds, and what is new takes the place of
// what is old. The page says what state it shows (`data-follow`), so that nothing moves while nothing happened.

import { h, t } from '../dom.js';

const PAUSE = 4_000;

async function look(shown) {
  const answer = await fetch(location.href, { cache: 'no-store', headers: { accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main [data-follow]');
  if (!fresh || fresh.dataset.follow === shown.dataset.follow) return;
  // What somebody unfolded stays so.
  const open = [...shown.querySelectorAll('details')].map((d) => d.open);
  fresh.querySelectorAll('details').forEach((d, i) => { if (open[i]) d.open = true; });
  fresh.prepend(h('p', { class: 'notice ok', role: 'status' }, h('span', {}, t('有新的进展，下面已经更新。', 'Something happened: this page is up to date.'))));
  shown.replaceWith(fresh);
}

async function follow() {
  const shown = document.querySelector('main [data-follow]');
  if (!shown) return;
  if (!document.hidden) await look(shown);
  setTimeout(follow, PAUSE);
}

setTimeout(follow, PAUSE);
