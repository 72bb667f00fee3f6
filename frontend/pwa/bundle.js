// Unsent work as a file, encrypted with a passphrase: another phone of the same person can send it.
//
//   "XHE1" | u32 length | JSON {name, account, salt, iv, rounds} | AES-256-GCM of (u32 length | JSON entries | photos)

import { PARKED, WAITING, entries } from './outbox.js';
import { changed, read, who, write } from './store.js';

const MARK = 'XHE1';
/** OWASP's number for PBKDF2 with SHA-256. */
const ROUNDS = 600_000;

const encode = (text) => new TextEncoder().encode(text);
const decode = (bytes) => new TextDecoder().decode(bytes);
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

function sized(bytes) {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.byteLength);
  return [length, bytes];
}

async function join(parts) {
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function keyOf(passphrase, salt, rounds, use) {
  const base = await crypto.subtle.importKey('raw', encode(passphrase.normalize('NFKC')), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, base, { name: 'AES-GCM', length: 256 }, false, [use]);
}

/** The file, and how many entries are in it. */
export async function write_file(passphrase, name) {
  const waiting = (await entries()).filter((e) => e.state === WAITING || e.state === PARKED);
  const photos = [];
  for (const id of waiting.flatMap((e) => e.photos)) {
    const blob = await read(['blobs'], (tx) => tx.objectStore('blobs').get(id));
    if (blob) photos.push(blob);
  }
  const list = encode(JSON.stringify({ entries: waiting, photos: photos.map(({ bytes, ...rest }) => ({ ...rest, length: bytes.byteLength })) }));
  const plain = await join([...sized(list), ...photos.map((p) => p.bytes)]);
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const head = encode(JSON.stringify({ name, account: (await who()).account, salt: hex(salt), iv: hex(iv), rounds: ROUNDS }));
  const secret = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: head }, await keyOf(passphrase, salt, ROUNDS, 'encrypt'), plain);
  return { file: new Blob([MARK, ...sized(head), secret], { type: 'application/octet-stream' }), count: waiting.length };
}

/** Reads a file back. Answers how many entries were new, or throws `not_a_file`, `other_person` or `passphrase`. */
export async function read_file(file, passphrase) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const [head, secret] = headOf(bytes);
  const { account, salt, iv, rounds, raw } = head;
  if (account !== (await who()).account) throw new Error('other_person');
  let plain;
  try {
    const key = await keyOf(passphrase, unhex(salt), Math.min(rounds, 10 * ROUNDS), 'decrypt');
    plain = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: unhex(iv), additionalData: raw }, key, secret));
  } catch {
    throw new Error('passphrase');
  }
  return put(plain);
}

function headOf(bytes) {
  try {
    if (decode(bytes.subarray(0, 4)) !== MARK) throw new Error();
    const end = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
    const raw = bytes.subarray(8, end);
    return [{ ...JSON.parse(decode(raw)), raw }, bytes.subarray(end)];
  } catch {
    throw new Error('not_a_file');
  }
}

async function put(plain) {
  const end = 4 + new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  const { entries: list, photos } = JSON.parse(decode(plain.subarray(4, end)));
  const fresh = await write(['outbox', 'blobs', 'meta'], async (tx) => {
    const [outbox, blobs, metas] = ['outbox', 'blobs', 'meta'].map((name) => tx.objectStore(name));
    let seq = (await metas.get('seq'))?.value ?? 0;
    let count = 0;
    let at = end;
    for (const { length, ...photo } of photos) {
      if (!(await blobs.get(photo.id))) await blobs.put({ ...photo, bytes: plain.slice(at, at + length).buffer });
      at += length;
    }
    for (const entry of list) {
      if (await outbox.get(entry.id)) continue;
      seq += 1;
      count += 1;
      await outbox.put({ ...entry, seq });
    }
    await metas.put({ name: 'seq', value: seq });
    return count;
  });
  changed();
  return fresh;
}
