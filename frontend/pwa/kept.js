// The last copy of each page that somebody opened, one cache for each person. Nobody else is shown it, and signing out
// removes it.

import { VISITOR } from './store.js';

const PREFIX = 'kept-';
const PAGES = 80;
const PICTURES = 240;

export const shelf = (account) => `${PREFIX}${account || VISITOR}`;

/** Pages that residents and workers need where there is no network; not desks, letters or sign-in. */
const KEEPABLE = [/^\/$/, /^\/c\/[^/]+(\/(board|numbers|report|t\/[^/]+|p\/[^/]+|projects(\/[^/]+)?|plan|bays\/[^/]+|parking(\/[^/]+(\/verify)?)?))?$/, /^\/[qv]\/[^/]+$/, /^\/(mine|jobs|me|outbox|parking|visits|bikes|(rounds|works|scoring)(\/[^/]+)?)$/];

/** The address under which a page is kept, or null. Questions to the board are not kept; `?ok=` is no question. */
export function keyOf(address) {
  const url = new URL(address);
  url.searchParams.delete('ok');
  url.hash = '';
  const keep = !url.search && KEEPABLE.some((k) => k.test(url.pathname));
  return keep ? url.href : null;
}

/** Whose page the server says this is. */
export const ownerOf = (response) => response.headers.get('x-person') || VISITOR;

/** Keeps a page's copy. */
export async function keep(address, response) {
  const key = keyOf(address);
  const html = (response.headers.get('content-type') ?? '').startsWith('text/html');
  if (!key || !html || response.status !== 200 || response.redirected) return;
  const headers = new Headers(response.headers);
  headers.set('x-kept-at', String(Date.now()));
  const cache = await caches.open(shelf(ownerOf(response)));
  // Never removed first: a page that goes at this moment would leave nothing. What is put anew stands last.
  await cache.put(key, new Response(await response.blob(), { headers }));
  await trim(cache, (url) => !url.pathname.startsWith('/photos/'), PAGES);
}

/** Keeps a picture that was shown. */
export async function keepPicture(account, request, response) {
  if (response.status !== 200) return;
  const cache = await caches.open(shelf(account));
  await cache.put(request.url, response);
  await trim(cache, (url) => url.pathname.startsWith('/photos/'), PICTURES);
}

async function trim(cache, which, most) {
  const all = (await cache.keys()).filter((request) => which(new URL(request.url)));
  await Promise.all(all.slice(0, Math.max(0, all.length - most)).map((request) => cache.delete(request)));
}

/** Removes what one person, or with nobody named everybody, has read. */
export async function wipe(account) {
  if (!globalThis.caches) return;
  const names = (await caches.keys()).filter((name) => (account ? name === shelf(account) : name.startsWith(PREFIX)));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** When a page was kept for a person, in milliseconds since 1970; 0 = it was not. */
export async function keptSince(account, address) {
  const copy = await (await caches.open(shelf(account))).match(keyOf(address));
  return Number(copy?.headers.get('x-kept-at')) || 0;
}

/** What a person can open without a network: address and when it was kept, the newest first. */
export async function list(account) {
  if (!globalThis.caches) return [];
  const cache = await caches.open(shelf(account));
  const pages = [];
  for (const request of await cache.keys()) {
    const at = Number((await cache.match(request))?.headers.get('x-kept-at'));
    if (at) pages.push({ path: new URL(request.url).pathname, at });
  }
  return pages.sort((a, b) => b.at - a.at);
}
