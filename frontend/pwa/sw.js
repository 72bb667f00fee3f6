// The service worker. The server puts `self.XIANGHE = {version, files, names}` before it: a digest of the built site,
// what to fetch at once, and what each file is called now.

import { drain, rest } from './outbox.js';
import { keep, keepPicture, keyOf, ownerOf, shelf } from './kept.js';
import { setMeta, who } from './store.js';

const { version, files, names } = self.XIANGHE;
const SITE = `site-${version}`;
const LIMIT = 3_000;

self.addEventListener('install', (event) => {
  // All or nothing: a half-fetched version is never used. Documents come without anybody's cookies.
  const fetched = files.map((path) => new Request(path, { cache: path.startsWith('/pkg/') ? 'default' : 'no-cache', credentials: 'omit' }));
  event.waitUntil(caches.open(SITE).then((cache) => cache.addAll(fetched)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith('site-') && name !== SITE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  if (event.data === 'update') self.skipWaiting();
  // A page that began to load before this worker was there.
  if (event.data === 'claim') event.waitUntil(self.clients.claim());
});

self.addEventListener('sync', (event) => {
  event.waitUntil(
    drain({ now: true }).then(async () => {
      // Refused with an error, the browser asks again later.
      if ((await rest()) > 0) throw new Error('something still waits');
    }),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(event));
  else if (url.pathname.startsWith('/pkg/') || url.pathname.startsWith('/icons/')) event.respondWith(asset(request));
  else if (/^\/photos\/.*\/[sm]$/.test(url.pathname)) event.respondWith(picture(event));
});

async function asset(request) {
  return (await caches.match(request, { cacheName: SITE })) ?? fetch(request);
}

async function picture(event) {
  const { request } = event;
  const { account } = await who();
  try {
    const response = await fetch(request);
    event.waitUntil(keepPicture(account, request, response.clone()));
    return response;
  } catch (error) {
    const kept = await (await caches.open(shelf(account))).match(request.url);
    if (kept) return kept;
    throw error;
  }
}

/** The network for three seconds, then the copy that is kept, then the page that says so. */
async function page(event) {
  const network = fetch(event.request).then((response) => {
    event.waitUntil(remember(event.request.url, response.clone()));
    return response;
  });
  const late = new Promise((resolve) => setTimeout(resolve, LIMIT, null));
  const first = await Promise.race([network.catch(() => null), late]);
  if (first) return first;
  const copy = await kept(event.request.url);
  if (copy) return copy;
  // Nothing is kept of this page: a slow network is better than none.
  return Promise.race([network.catch(offline), new Promise((resolve) => setTimeout(resolve, 4 * LIMIT)).then(offline)]);
}

async function remember(address, response) {
  if (response.type !== 'basic' || !response.headers.has('x-person')) return;
  const owner = ownerOf(response);
  const now = await who();
  if (now.account !== owner) await setMeta('who', { account: owner, lang: now.lang });
  await keep(address, response);
}

/** A kept page does not come to life: its links and forms work by themselves, and it says how old it is. */
async function kept(address) {
  const key = keyOf(address);
  if (!key) return null;
  const copy = await (await caches.open(shelf((await who()).account))).match(key);
  if (!copy) return null;
  const html = (await copy.text())
    .replace('<html', `<html data-kept="${Number(copy.headers.get('x-kept-at'))}"`)
    .replace(/<link rel="modulepreload"[^>]*>/, '')
    .replace(/<script type="module"[^]*?<\/script>/, '')
    // What this version has in place of files that went with the version that made the page.
    .replace(/\/pkg\/([a-z]+)\.[0-9a-f]{16}\.(css|js)/g, (old, stem, kind) => names[`${stem}.${kind}`] ?? old);
  return new Response(html, { headers: copy.headers });
}

async function offline() {
  const { lang } = await who();
  const page = (lang ?? self.navigator.language ?? '').startsWith('en') ? '/offline/en' : '/offline/zh';
  return (await caches.match(page, { cacheName: SITE })) ?? Response.error();
}
