// The script of every page: it works before and without the WASM, and on pages that are kept on the phone.

import { WAITING, drain, entries, rest } from './outbox.js';
import { ago, boot, cookie, h, idle, settled, t } from './dom.js';
import { decorate, isOpen, listen, renew, restoreDrafts } from './forms.js';
import { keep, keptSince, keyOf, list, wipe } from './kept.js';
import { VISITOR, meta, onChange, setMeta, who, write } from './store.js';
import { offerInstall } from './install.js';
import { show as showOutbox } from './outbox_page.js';

const root = document.documentElement;
const keptAt = Number(root.dataset.kept) || 0;
const isOfflinePage = !!document.getElementById('offline');

/** Whether pages came from the network lately; a link is then followed by the app itself. */
let reachable = navigator.onLine !== false && !keptAt && !isOfflinePage;

listen();
addEventListener('online', () => { reachable = !keptAt && !isOfflinePage; drain({ now: true }); });
addEventListener('offline', () => { reachable = false; });
addEventListener('click', leaveToBrowser, true);
document.addEventListener('submit', signOut, true);
document.addEventListener('visibilitychange', () => { if (!document.hidden) drain(); });
document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', start) : start();

async function start() {
  if (isOfflinePage) await becomeAsked();
  else if (!keptAt) await arrive();
  await settled();
  if (keptAt || isOfflinePage) renew();
  if (keptAt) sayHowOld();
  await here();
  watch();
  onChange(() => { badge(); decorate().catch(() => {}); });
  badge();
  offerInstall();
  register();
  drain();
  again();
}

/** What belongs to this page, now and after the app went to another one. */
async function here() {
  const box = document.getElementById('outbox');
  if (box && !box.dataset.shown) {
    box.dataset.shown = '1';
    await showOutbox(box).catch(() => {});
  }
  await restoreDrafts().catch(() => {});
  await decorate().catch(() => {});
}

/** Whether this page was put away: when it is shown again, somebody else may be signed in. */
let away = false;
addEventListener('pagehide', () => { away = true; });

/** The server says who is signed in; the next person on this phone starts with empty shelves. */
async function arrive() {
  // What was still on its way to the shelf when somebody signed out.
  const left = await meta('left').catch(() => null);
  if (left && left !== boot().me?.account) {
    await wipe(left).catch(() => {});
    await setMeta('left', null).catch(() => {});
  }
  const { me, community, slug } = boot();
  const before = await who().catch(() => null);
  if (!before) return;
  const account = me?.account ?? VISITOR;
  const now = { account, lang: root.lang, me, community: community?.id ?? null, slug };
  await write(['meta'], (tx) => away || tx.objectStore('meta').put({ name: 'who', value: now })).catch(() => {});
  if (before.account !== account) {
    const pause = await meta('pause');
    if (pause?.why) await setMeta('pause', { why: null });
  }
}

/** The next round of the loop, when it rests. */
async function again() {
  const pause = await rest().catch(() => 0);
  setTimeout(() => { (document.hidden ? Promise.resolve() : drain()).finally(again); }, Math.min(Math.max(pause, 15_000), 300_000));
}

async function badge() {
  const { account } = await who();
  const n = (await entries().catch(() => [])).filter((e) => e.state === WAITING || (e.state === 'parked' && e.account === account)).length;
  navigator.setAppBadge?.(n).catch(() => {});
  for (const link of document.querySelectorAll('nav a[href="/me"]')) {
    let mark = link.querySelector('.badge');
    if (!n) { mark?.remove(); continue; }
    if (!mark) link.append((mark = h('b', { class: 'badge' })));
    mark.textContent = String(n);
    mark.setAttribute('aria-label', t(`${n} 份没有发出`, `${n} not sent`));
  }
}

/** The app's router asks for data that is not there without a network: the browser follows the link instead. */
function leaveToBrowser(event) {
  const link = event.target.closest?.('a[href]');
  if (link && !reachable) link.setAttribute('rel', 'external');
}

/** The app went to another page, or met no network on its way there. */
function watch() {
  const title = document.querySelector('title');
  let path = location.pathname;
  new MutationObserver(async () => {
    await idle();
    if (document.querySelector('[data-network]') && navigator.serviceWorker?.controller) return location.reload();
    if (location.pathname === path) return;
    path = location.pathname;
    here();
    badge();
    keepCopy();
  }).observe(title ?? document.head, { childList: true, subtree: true, characterData: true });
}

async function keepCopy(address = location.href, newerThan = Infinity) {
  if (!globalThis.caches || !reachable || leaving || !keyOf(address)) return;
  if ((await keptSince((await who()).account, address)) > newerThan) return;
  const response = await fetch(address, { headers: { accept: 'text/html' }, cache: 'no-store' }).catch(() => null);
  if (response?.ok && !leaving) await keep(address, response).catch(() => {});
}

let leaving = false;

/** Signing out removes what was read; what was not sent stays locked to its person, who is told first. */
async function signOut(event) {
  const form = event.target;
  if (!form.action?.endsWith('/forms/sign-out') || form.querySelector('[name=handle]') || form.dataset.wiped) return;
  event.preventDefault();
  const { account } = await who();
  const left = (await entries().catch(() => [])).filter((e) => e.account === account && e.state !== 'received').length;
  if (left && !form.dataset.told) {
    form.dataset.told = '1';
    form.append(h('p', { class: 'err', role: 'alert' }, t(`还有 ${left} 份没有发出。退出后它们留在这台手机里，别人看不到，您下次登录再发。要退出请再点一次。`, `${left} not sent yet. They stay on this phone, hidden from others, until you sign in again. Press again to sign out.`)));
    return;
  }
  leaving = true;
  await wipe(account).catch(() => {});
  await setMeta('who', { account: VISITOR, lang: root.lang }).catch(() => {});
  await setMeta('left', account).catch(() => {});
  form.dataset.wiped = '1';
  form.submit();
}

// ── without a network ──────────────────────────────────────────────────────────────────────────────────────────────

function sayHowOld() {
  const line = h('p', { class: 'offline-bar', role: 'status' }, t('现在没有网络。这是', 'No network. This is from '), h('b', {}, ago(keptAt)), t('存在手机里的样子。', ', as kept on this phone. '), h('a', { href: location.href, rel: 'external' }, t('再试一次', 'Try again')));
  document.querySelector('main')?.prepend(line);
  // A copy does not grow old in silence: when the server can be reached, it says so.
  const back = async () => {
    const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
    if (answer?.ok) line.replaceChildren(t('网络回来了。', 'The network is back. '), h('a', { href: location.href, rel: 'external' }, t('看最新的', 'See what is new')));
  };
  addEventListener('online', back);
}

/** The one page that stands in for every page that is not kept. */
async function becomeAsked() {
  for (const [name, apply] of [['care', (v) => v === '1' && document.body.setAttribute('data-weui-mode', 'care')], ['theme', (v) => v && document.body.setAttribute('data-weui-theme', v)]]) apply(cookie(name));
  const tag = /^\/q\/([^/]+)$/.exec(location.pathname)?.[1];
  const part = tag ? 'report' : location.pathname === '/outbox' ? 'outbox' : 'kept';
  for (const section of document.querySelectorAll('[data-offline]')) section.hidden = section.dataset.offline !== part;
  const heading = document.querySelector('h1');
  if (tag) {
    document.querySelector('#report [name=tag]').value = decodeURIComponent(tag).toUpperCase();
    heading.textContent = t('随手报', 'Report');
  }
  if (part === 'outbox') heading.textContent = t('待发箱', 'Outbox');
  const pages = document.getElementById('kept');
  if (part !== 'kept' || !pages) return;
  const all = await list((await who()).account);
  // The first page is also kept under its community's address.
  for (const { path, at } of all.filter((p) => p.path !== '/').slice(0, 30)) pages.append(h('li', {}, h('a', { href: path, rel: 'external' }, names(path)), h('span', { class: 'muted' }, ` ${ago(at)}`)));
}

function names(path) {
  const known = { '/': t('首页', 'Home'), '/mine': t('我报的', 'My reports'), '/jobs': t('我的工单', 'My jobs'), '/me': t('我的', 'Me'), '/outbox': t('待发箱', 'Outbox'), '/parking': t('车和车位', 'Cars and bays') };
  const [, , , kind, last] = path.split('/');
  const words = { board: t('公示', 'Board'), numbers: t('小区数据', 'Numbers'), report: t('随手报', 'Report'), t: t('报修', 'Ticket'), p: t('地点', 'Place'), projects: t('专项工程', 'Projects') };
  if (path.startsWith('/works')) return [t('现场检查', 'Site inspections'), path.split('/')[2]].filter(Boolean).join(' ');
  if (path.startsWith('/q/')) return `${t('贴纸', 'Sticker')} ${path.slice(3)}`;
  return known[path] ?? (words[kind] ? [words[kind], last].filter(Boolean).join(' ') : t('首页', 'Home'));
}

// ── the worker ─────────────────────────────────────────────────────────────────────────────────────────────────────

async function register() {
  if (!navigator.serviceWorker || !isSecureContext) return;
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => null);
  if (!registration) return;
  if (registration.waiting) offerUpdate(registration);
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing;
    fresh?.addEventListener('statechange', () => fresh.state === 'installed' && navigator.serviceWorker.controller && offerUpdate(registration));
  });
  const ready = await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) ready.active.postMessage('claim');
  await idle();
  if (reachable) await stockUp();
}

/** A new version is offered, and put in place only when nothing is being written. */
function offerUpdate(registration) {
  if (document.getElementById('update')) return;
  const apply = () => {
    if ([...document.forms].some((form) => isOpen(form) && !form.dataset.entry)) {
      bar.firstChild.textContent = t('先写完再更新；您写的不会丢。', 'Finish what you are writing first; nothing is lost. ');
      return;
    }
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    registration.waiting?.postMessage('update');
  };
  const bar = h('p', { class: 'offline-bar', id: 'update', role: 'status' }, t('有新版本。', 'There is a new version. '), h('button', { type: 'button', class: 'link', click: apply }, t('更新', 'Update')));
  document.querySelector('main')?.prepend(bar);
}

const STOCK_EVERY = 10 * 60_000;

/** The pages that are wanted without a network are kept before they are asked for. */
async function stockUp() {
  const { me, slug } = boot();
  // A page that says what went wrong is not worth keeping.
  const status = performance.getEntriesByType('navigation')[0]?.responseStatus ?? 200;
  if (status < 400) await keepCopy();
  if (!slug) return;
  const { account } = await who();
  const stocked = (await meta('stocked')) ?? {};
  const old = Date.now() - STOCK_EVERY;
  if (stocked.account === account && stocked.at > old) return;
  const pages = me ? ['/', '/mine', '/me', '/outbox', `/c/${slug}`, `/c/${slug}/report`, `/c/${slug}/board`] : ['/', '/outbox', `/c/${slug}`, `/c/${slug}/report`];
  for (const path of pages) await keepCopy(new URL(path, location.href).href, old);
  if (me?.hat.role === 'worker') await stockJobs(old);
  if (INSPECTORS.includes(me?.hat.role)) await stockList('/works', /href="(\/works\/[^"#?]+)"/g);
  // An application for a bay can be filled in where there is no signal, which garages are.
  if (['owner', 'tenant', 'household'].includes(me?.hat.role)) await keepCopy(new URL('/parking', location.href).href, old);
  // The sheet of a round of scoring is filled in at the door, wherever that is.
  if (['building_leader', 'owners_representative'].includes(me?.hat.role)) await stockList('/scoring', /href="(\/scoring\/[^"#?]+)"/g);
  // A visitor stands at a gate where there may be no network: the household's passes come along.
  if (['owner', 'tenant', 'household'].includes(me?.hat.role)) await stockList('/visits', /href="(\/v\/[^"#?]+)"/g);
  // Only now: somebody who went on in between begins where this stopped.
  await setMeta('stocked', { account, at: Date.now() });
}

/** Roles whose people sit in working groups 专项工作组. */
const INSPECTORS = ['party_branch', 'residents_committee', 'committee_director', 'committee_member', 'owners_representative', 'building_leader', 'working_group', 'property_manager'];

async function links(url, pattern) {
  const html = await fetch(url, { headers: { accept: 'text/html' } }).then((r) => r.text()).catch(() => '');
  return [...new Set([...html.matchAll(pattern)].map((m) => m[1]))];
}

/** A list and the first few pages that it leads to, as they are now. */
async function stockList(path, pattern) {
  const list = new URL(path, location.href).href;
  await keepCopy(list);
  for (const page of (await links(list, pattern)).slice(0, 5)) await keepCopy(new URL(page, location.href).href);
}

/** A worker's jobs, each with its page and the pictures on it. */
async function stockJobs(old) {
  const address = new URL('/jobs', location.href).href;
  await keepCopy(address);
  // Rounds are gone in cellars: their lists come along.
  await stockList('/rounds', /href="(\/rounds\/[^"#?]+)"/g);
  for (const job of (await links(address, /href="(\/c\/[^"]+\/t\/[^"?]+)"/g)).slice(0, 30)) {
    const page = new URL(job, location.href).href;
    await keepCopy(page, old);
    for (const picture of (await links(page, /src="(\/photos\/[^"]+)"/g)).slice(0, 12)) await fetch(picture).catch(() => {});
  }
}
