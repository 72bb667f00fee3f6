// What the phone keeps: IndexedDB `xianghe`, version 1.
//
//   outbox  what was sent by its person and what became of it, by mutation id
//   blobs   the photos of drafts and of what waits, by photo id, as bytes (WebKit cannot always keep a Blob)
//   drafts  what is being written, by person and form
//   meta    who is signed in here, the counter, the back-off
//
// A write is on the disk when its promise is fulfilled (`durability: 'strict'`): only then is anybody told "saved".

import { openDB } from 'idb';

let opening = null;

function open() {
  opening ??= openDB('xianghe', 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'id' });
      db.createObjectStore('blobs', { keyPath: 'id' });
      db.createObjectStore('drafts', { keyPath: 'key' });
      db.createObjectStore('meta', { keyPath: 'name' });
    },
    // A newer page wants to change the stores: this one lets go, and opens again when it needs them.
    blocking: () => forget(),
    // iOS closes the database behind our back.
    terminated: () => forget(),
  });
  opening.catch(forget);
  return opening;
}

function forget() {
  opening?.then((db) => db.close(), () => {});
  opening = null;
}

/** What is under way on this page. */
const under = new Set();
/** Once the page was put away: fulfilled when it is shown again. */
let shown;

// Going back to a page shows it as it was left, if the browser put it away whole. WebKit puts it away with its transactions
// under way, and no other page gets at these stores until it throws the old one out: "send" would do nothing, minutes long.
// So they are undone, and done anew when the page is shown again.
addEventListener('pagehide', ({ persisted }) => {
  if (!persisted) return;
  shown = new Promise((resolve) => addEventListener('pageshow', resolve, { once: true }));
  under.forEach(undo);
  forget();
});

function undo(tx) {
  tx.done.catch(() => {});
  try {
    tx.abort();
  } catch {
    // Over already.
  }
}

/** Runs `work` in one transaction: all of it happens, or nothing. It may run twice, so it changes nothing but the stores. */
export async function within(stores, mode, work) {
  for (let again = false; ; ) {
    await shown;
    const here = shown;
    let tx;
    try {
      tx = (await open()).transaction(stores, mode, { durability: 'strict' });
    } catch (error) {
      // The connection was closed under us: once more with a new one.
      if (again) throw error;
      again = true;
      forget();
      continue;
    }
    under.add(tx);
    try {
      const result = await work(tx);
      await tx.done;
      return result;
    } catch (error) {
      undo(tx);
      if (here === shown) throw error;
    } finally {
      under.delete(tx);
    }
  }
}

export const read = (stores, work) => within(stores, 'readonly', work);
export const write = (stores, work) => within(stores, 'readwrite', work);

export const meta = async (name) => (await read(['meta'], (tx) => tx.objectStore('meta').get(name)))?.value;
export const setMeta = (name, value) => write(['meta'], (tx) => tx.objectStore('meta').put({ name, value }));

/** Everybody who is not signed in on this phone is the same person to it. */
export const VISITOR = 'visitor';

/** Who is signed in here, as the last page that the server made said. */
export const who = async () => (await meta('who')) ?? { account: VISITOR };

/** A UUID of version 7: they sort by when they were made. */
export function newId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Tells the other pages and the worker that something changed. */
const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('xianghe') : null;
const listeners = new Set();
channel?.addEventListener('message', () => listeners.forEach((listen) => listen()));

export function changed() {
  listeners.forEach((listen) => listen());
  channel?.postMessage('changed');
}

export function onChange(listen) {
  listeners.add(listen);
  return () => listeners.delete(listen);
}
