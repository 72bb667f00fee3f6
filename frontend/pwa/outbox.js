// What waits on the phone, and the one loop that brings it to the server. Pages and the service worker run the same
// loop, one at a time. An entry never changes once it is made; only what became of it does.
//
//   waiting   saved on this phone
//   parked    refused, or in conflict: its person decides
//   received  the server's receipt is here; kept a week, so that the person can look up the number

import { VISITOR, changed, meta, newId, read, setMeta, who, write } from './store.js';

export const WAITING = 'waiting';
export const PARKED = 'parked';
export const RECEIVED = 'received';

/** The most that one request carries; the server takes no more. */
const BATCH = 100;
const PHOTOS_AT_ONCE = 2;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 5 * 60_000;
const PATIENCE = { sync: 60_000, photo: 120_000 };
const KEPT_RECEIPTS = 7 * 86_400_000;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Saves an entry with its photos, and ends the draft it came from, in one step. `entry.form` is the id that the form
 * was made with: the same form with the same words is the same entry, however often it is sent.
 */
export async function save(entry, draft) {
  const saved = await write(['outbox', 'blobs', 'drafts', 'meta'], async (tx) => {
    const [outbox, blobs, metas] = ['outbox', 'blobs', 'meta'].map((name) => tx.objectStore(name));
    const all = await outbox.getAll();
    const twin = all.find((e) => e.account === entry.account && e.kind === entry.kind && same(e.typed, entry.payload) && repeats(e, entry));
    if (twin) {
      await tx.objectStore('drafts').delete(draft);
      return twin;
    }
    const seq = ((await metas.get('seq'))?.value ?? 0) + 1;
    const used = !entry.form || all.some((e) => e.id === entry.form);
    const payload = follow(all, entry);
    const made = { ...entry, payload, typed: entry.payload, id: used ? newId() : entry.form, seq, state: WAITING, attempts: 0, error: null };
    for (const id of made.photos) {
      const blob = await blobs.get(id);
      // No entry goes without a photo that its person saw in it.
      if (!blob) throw new Error('a photo is missing');
      await blobs.put({ ...blob, draft: null, entry: made.id });
    }
    await outbox.put(made);
    await metas.put({ name: 'seq', value: seq });
    await tx.objectStore('drafts').delete(draft);
    return made;
  });
  changed();
  return saved;
}

/** Whether the same words are the same thing: from one form, with the same photos, or while the first still waits. */
const repeats = (e, entry) => (entry.form && e.form === entry.form) || e.photos.length > 0 || e.state === WAITING;

/** Steps on one ticket, made one after the other without a network, each build on the one before. */
function follow(all, { account, payload }) {
  if (payload.version === undefined) return payload;
  const before = all.filter((e) => e.account === account && e.state === WAITING && e.payload.ticket === payload.ticket && e.payload.version >= payload.version);
  return before.length ? { ...payload, version: Math.max(...before.map((e) => e.payload.version)) + 1 } : payload;
}

/** The entries that the person of this phone may see: their own, and what was reported here without signing in. */
export async function entries() {
  const { account } = await who();
  const all = await read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
  return all.filter((e) => e.account === account || e.account === VISITOR).sort((a, b) => a.seq - b.seq);
}

/** Takes back what has not been received. */
export async function cancel(id) {
  await write(['outbox', 'blobs'], (tx) => remove(tx, id));
  changed();
}

async function remove(tx, id) {
  const entry = await tx.objectStore('outbox').get(id);
  await tx.objectStore('outbox').delete(id);
  for (const photo of entry?.photos ?? []) await tx.objectStore('blobs').delete(photo);
  return entry;
}

/** Sends a parked entry once more, as a new one: what was refused stays refused. */
export async function again(id, change = {}) {
  await write(['outbox', 'blobs'], async (tx) => {
    const outbox = tx.objectStore('outbox');
    const entry = await outbox.get(id);
    if (entry?.state !== PARKED) return;
    await outbox.delete(id);
    const made = { ...entry, payload: { ...entry.payload, ...change }, id: newId(), form: null, state: WAITING, attempts: 0, error: null };
    for (const photo of made.photos) {
      const blob = await tx.objectStore('blobs').get(photo);
      if (blob) await tx.objectStore('blobs').put({ ...blob, entry: made.id });
    }
    await outbox.put(made);
  });
  changed();
}

/** Turns a parked entry back into the draft that it was. Answers the page of its form, or null. */
export async function rewrite(id, account) {
  const page = await write(['outbox', 'blobs', 'drafts'], async (tx) => {
    const entry = await tx.objectStore('outbox').get(id);
    if (entry?.state !== PARKED || !entry.again) return null;
    const { form, values, photos } = entry.again;
    const key = `${account} ${form}`;
    await tx.objectStore('drafts').put({ key, values, photos, at: Date.now() });
    for (const photo of entry.photos) {
      const blob = await tx.objectStore('blobs').get(photo);
      if (blob) await tx.objectStore('blobs').put({ ...blob, entry: null, draft: key });
    }
    await tx.objectStore('outbox').delete(id);
    return entry.again.page;
  });
  changed();
  return page;
}

/** Why a drain came to a stop: `done`, `wait` (a time), or `sign_in`. */
class Stop extends Error {
  constructor(why, seconds) {
    super(why);
    this.why = why;
    this.seconds = seconds;
  }
}

let running = null;
let asked = false;
let hurry = false;

/** Sends what waits. `now` begins at once, whatever the back-off says. Answers when nothing more can be done for now. */
export function drain({ now = false } = {}) {
  asked = true;
  hurry ||= now;
  running ??= (async () => {
    try {
      while (asked) {
        const at = hurry;
        asked = hurry = false;
        await alone(() => work(at));
      }
    } finally {
      running = null;
    }
  })();
  return running;
}

/** One at a time among all pages and the worker. */
const alone = (job) => (globalThis.navigator?.locks ? navigator.locks.request('xianghe-outbox', job) : leased(job));

/** How long a page may be silent before another one takes over; a hidden page's clock ticks once a minute. */
const LEASE = 75_000;

/** The same for a browser without locks (Safari before 15.4): whoever holds the lease in the stores goes first. */
async function leased(job) {
  const mine = newId();
  const claim = () =>
    write(['meta'], async (tx) => {
      const held = (await tx.store.get('lease'))?.value;
      const left = (held?.until ?? 0) - Date.now();
      // A lease that ends later than any can was written by a clock that is wrong.
      if (held && held.by !== mine && left > 0 && left <= LEASE) return false;
      await tx.store.put({ name: 'lease', value: { by: mine, until: Date.now() + LEASE } });
      return true;
    });
  while (!(await claim())) await new Promise((resolve) => setTimeout(resolve, 500));
  const beat = setInterval(() => claim().catch(() => {}), LEASE / 5);
  try {
    await job();
  } finally {
    clearInterval(beat);
    await write(['meta'], async (tx) => {
      if ((await tx.store.get('lease'))?.value.by === mine) await tx.store.delete('lease');
    });
  }
}

async function work(now) {
  const { until = 0, failures = 0 } = (await meta('pause')) ?? {};
  if (!now && until > Date.now()) return;
  try {
    while (await step());
    await setMeta('pause', { why: null });
    await sweep();
  } catch (error) {
    const stop = error instanceof Stop ? error : new Stop('wait');
    const pause = stop.seconds ? stop.seconds * 1_000 : Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE);
    await setMeta('pause', { why: stop.why, until: Date.now() + pause, failures: Math.min(failures + 1, 12) });
  }
  changed();
}

/** How long the loop rests now, in milliseconds; 0 when it does not. */
export async function rest() {
  const pause = await meta('pause');
  return pause?.why ? Math.max(0, pause.until - Date.now()) : 0;
}

/** One batch; answers whether there may be more. */
async function step() {
  const waiting = (await entries()).filter((e) => e.state === WAITING).slice(0, BATCH);
  if (!waiting.length) return false;
  await photos(waiting);
  // A photo that was refused has parked its entry.
  const ready = (await entries()).filter((e) => e.state === WAITING && waiting.some((w) => w.id === e.id));
  if (ready.length) await sync(ready);
  return true;
}

/** Photos first: the server hangs them on what follows. */
async function photos(waiting) {
  const queue = waiting.flatMap((entry) => entry.photos.map((id) => ({ entry, id })));
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await photo(next.entry, next.id);
  };
  await Promise.all(Array.from({ length: PHOTOS_AT_ONCE }, lane));
}

async function photo(entry, id) {
  const blob = await read(['blobs'], (tx) => tx.objectStore('blobs').get(id));
  // The server forgets a photo that nothing was hung on for two days.
  if (!blob || blob.stored > Date.now() - 86_400_000) return;
  const answer = await ask(`/api/v1/photos/${id}?community=${entry.community ?? ''}&tag=${entry.payload.tag ?? ''}`, PATIENCE.photo, {
    method: 'PUT',
    headers: { 'content-type': blob.type || 'image/jpeg' },
    body: blob.bytes,
  });
  if (answer.ok && answer.body?.photo === id) {
    await write(['blobs'], async (tx) => {
      const now = await tx.objectStore('blobs').get(id);
      if (now) await tx.objectStore('blobs').put({ ...now, stored: Date.now() });
    });
    return;
  }
  await refusal(answer, [entry]);
}

/** A request whose answer is one of ours, or a reason to try again later. */
async function ask(address, patience, options) {
  let response;
  let body = null;
  try {
    response = await fetch(address, { ...options, credentials: 'same-origin', cache: 'no-store', redirect: 'error', signal: timeout(patience) });
    body = await response.json().catch(() => null);
  } catch {
    throw new Stop('wait');
  }
  return { ok: response.ok, status: response.status, after: Number(response.headers.get('retry-after')) || 0, body };
}

function timeout(patience) {
  if (AbortSignal.timeout) return AbortSignal.timeout(patience);
  const control = new AbortController();
  setTimeout(() => control.abort(), patience);
  return control.signal;
}

/** What to do with an answer that is none: wait, ask to sign in, or lay the entry aside. */
async function refusal({ status, after, body }, about) {
  if (status === 401) throw new Stop('sign_in', 3_600);
  if (status === 429) throw new Stop('wait', after || 30);
  const theirs = [400, 403, 404, 409, 410, 413, 415, 422].includes(status);
  // What has no words of ours was not said by our server (a portal, a proxy): later, perhaps, it is there again.
  if (!theirs || (status !== 413 && body === null)) throw new Stop('wait');
  await settle(about.map((entry) => [entry.id, { state: PARKED, error: sentence(status, body) }]));
}

function sentence(status, body) {
  const first = body?.Invalid?.[0] ?? body?.Closed;
  if (first?.zh) return { zh: first.zh, en: first.en };
  if (status === 413) return { zh: '这一份太大，服务器收不下。请减少照片再发。', en: 'Too large for the server. Send it again with fewer photos.' };
  return { zh: '服务器没有收下这一份。可以改一改再发。', en: 'The server did not take this. Change it and send it again.' };
}

async function sync(batch) {
  const envelopes = batch.map(({ id, account, person, membership, community, version, at, kind, payload }) => ({
    id,
    account: account === VISITOR ? null : account,
    person: person ?? null,
    membership: membership ?? null,
    community: community || null,
    app_version: version ?? '',
    client_time: at,
    kind,
    payload,
  }));
  const answer = await ask('/api/v1/sync', PATIENCE.sync, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ envelopes }) });
  const receipts = answer.ok ? answer.body?.receipts : null;
  if (Array.isArray(receipts)) {
    if (!receipts.length) throw new Stop('wait');
    return take(batch, new Map(receipts.map((r) => [r.id, r])));
  }
  const splits = batch.length > 1 && [400, 413, 422].includes(answer.status);
  if (!splits) return refusal(answer, batch);
  // One of them is what the server cannot take; the others must not wait for it.
  const middle = Math.ceil(batch.length / 2);
  await sync(batch.slice(0, middle));
  return sync(batch.slice(middle));
}

async function take(batch, receipts) {
  const changes = [];
  let stop = null;
  for (const entry of batch) {
    const { status, number, version, zh, en, current, standing, meanwhile, retry_after: after } = receipts.get(entry.id) ?? {};
    if (status === 'done') changes.push([entry.id, { state: RECEIVED, number, doneVersion: version, receivedAt: Date.now(), error: null }]);
    else if (status === 'rejected') changes.push([entry.id, { state: PARKED, error: { zh, en, current, standing, meanwhile } }]);
    else if (status === 'update') changes.push([entry.id, { state: PARKED, error: { zh, en, update: true } }]);
    else if (status === 'sign_in') stop ??= new Stop('sign_in', 3_600);
    else stop ??= new Stop('wait', after);
  }
  await settle(changes);
  if (stop) throw stop;
}

/** Writes down what became of entries. Photos go when their receipt is here. */
async function settle(changes) {
  await write(['outbox', 'blobs'], async (tx) => {
    for (const [id, change] of changes) {
      const entry = await tx.objectStore('outbox').get(id);
      if (!entry) continue;
      await tx.objectStore('outbox').put({ ...entry, ...change, attempts: entry.attempts + 1 });
      if (change.state === RECEIVED) for (const photo of entry.photos) await tx.objectStore('blobs').delete(photo);
    }
  });
  changed();
}

/** Old receipts go, and photos that belong to nothing any more. */
async function sweep() {
  const before = Date.now() - KEPT_RECEIPTS;
  await write(['outbox', 'blobs', 'drafts'], async (tx) => {
    const all = await tx.objectStore('outbox').getAll();
    for (const entry of all) if (entry.state === RECEIVED && entry.receivedAt < before) await remove(tx, entry.id);
    const drafts = new Set(await tx.objectStore('drafts').getAllKeys());
    const ids = new Set(all.map((e) => e.id));
    for (let cursor = await tx.objectStore('blobs').openCursor(); cursor; cursor = await cursor.continue()) {
      const { entry, draft, at } = cursor.value;
      if (at < before && !(entry ? ids.has(entry) : drafts.has(draft))) await cursor.delete();
    }
  });
}
