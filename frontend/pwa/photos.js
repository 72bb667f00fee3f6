// Photos in forms: scaled to at most 1,920 px and written anew on the phone (so neither place nor device leaves it),
// saved on the phone at once, and sent ahead where there is a network. The form carries their names.

import { h, settled, t } from './dom.js';
import { newId, read, write } from './store.js';

const SIDE = 1_920;
const SMALL = 300_000;
const MOST = 6;
/** Less room than this, and the person is told before they take another photo. */
const ROOM = 20_000_000;

/** The field that a photo's name goes in: a report's are in order, a step's say which spot they show. */
export const nameOf = (field) => (field === 'file' ? 'photo' : `kept-${field}`);

const shots = (form) => [...form.querySelectorAll('.shot')];
const photoFields = (form) => [...form.querySelectorAll('.shot input[type=hidden]')];

/** The photos of a form as they go into a mutation. */
export const photosOf = (form) => photoFields(form).map((input) => ({ id: input.value, field: input.dataset.field }));

/** Takes the files that were chosen over from the field. */
export async function take(input, draft) {
  const { form } = input;
  await settled();
  const room = Math.max(0, MOST - shots(form).length);
  const files = [...input.files];
  input.value = '';
  input.required = false;
  say(form, files.length > room ? t(`最多 ${MOST} 张照片`, `At most ${MOST} photos`) : '');
  for (const file of files.slice(0, room)) await one(form, input.name, file, draft);
}

/** Shows the photos that a draft has. */
export async function restore(form, photos) {
  for (const { id, field } of photos) {
    const blob = await read(['blobs'], (tx) => tx.objectStore('blobs').get(id));
    if (!blob) continue;
    const shot = show(form, id, field, new Blob([blob.bytes], { type: blob.type }));
    shot.done();
    if (!blob.stored) ahead(shot, form, blob);
  }
}

async function one(form, field, file, draft) {
  const id = newId();
  const shot = show(form, id, field, file);
  // What this browser cannot read (HEIC on some phones) goes as it is: the server says what to do.
  const picture = await shrink(file).catch(() => file);
  const blob = { id, bytes: await picture.arrayBuffer(), type: picture.type, draft, entry: null, stored: 0, at: Date.now() };
  try {
    await write(['blobs'], (tx) => tx.objectStore('blobs').put(blob));
  } catch (error) {
    shot.fail(
      error?.name === 'QuotaExceededError'
        ? t('手机存满了，这张没有存下。请先发出已存的，或清理手机。', 'The phone is full: this photo was not kept. Send what waits, or make room.')
        : t('这张没能存在手机里，请再拍一次', 'This photo could not be kept; take it again'),
    );
    return;
  }
  shot.done();
  form.dispatchEvent(new Event('input', { bubbles: true }));
  ahead(shot, form, blob);
  warnWhenShort(form);
}

function show(form, id, field, file) {
  const picture = h('img', { src: URL.createObjectURL(file), alt: t('刚拍的照片', 'The photo just taken') });
  const bar = h('progress', { max: 100, 'aria-label': t('正在发送', 'Sending') });
  const shot = h('div', { class: 'shot', 'data-photo': id }, picture, bar);
  const input = h('input', { type: 'hidden', name: nameOf(field), value: id, 'data-field': field });
  const leave = () => {
    URL.revokeObjectURL(picture.src);
    shot.remove();
    form.dispatchEvent(new Event('input', { bubbles: true }));
  };
  shot.append(h('button', { class: 'x', type: 'button', 'aria-label': t('去掉这张', 'Remove'), click: leave }, '×'));
  const shelf = shelfOf(form, field);
  shelf.insertBefore(shot, shelf.querySelector('label'));
  return {
    shot,
    done: () => shot.append(input),
    progress: (part) => (bar.value = part),
    sent: () => bar.remove(),
    fail(text) {
      bar.remove();
      input.remove();
      shot.append(h('p', { class: 'err', role: 'alert' }, text));
    },
  };
}

/** Where the pictures stand: in the row of a report, or beside the field of a step. */
function shelfOf(form, field) {
  const row = form.querySelector('.shots:not([data-for])');
  if (row) return row;
  const input = form.querySelector(`input[type=file][name="${field}"]`);
  const own = form.querySelector(`.shots[data-for="${field}"]`);
  if (own) return own;
  const made = h('div', { class: 'shots', 'data-for': field });
  input.after(made);
  return made;
}

function say(form, words) {
  const hint = form.querySelector('.shots ~ .hint');
  if (hint) hint.textContent = words;
}

async function shrink(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height, 1));
  const canvas = h('canvas', { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  // 300 KB is enough for a look at a bench: less quality until it fits.
  let blob;
  for (const quality of [0.82, 0.7, 0.55]) {
    blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob && blob.size <= SMALL) break;
  }
  if (!blob) throw new Error('no picture');
  return blob;
}

/** Sends a photo while its form is still being filled in. Without a network it simply waits for its form. */
function ahead(shot, form, blob) {
  const community = form.elements.namedItem('community')?.value ?? '';
  const tag = form.elements.namedItem('tag')?.value ?? '';
  const request = new XMLHttpRequest();
  request.open('PUT', `/api/v1/photos/${blob.id}?community=${encodeURIComponent(community)}&tag=${encodeURIComponent(tag)}`);
  request.setRequestHeader('content-type', blob.type || 'image/jpeg');
  request.upload.onprogress = (event) => event.lengthComputable && shot.progress(Math.min(99, (event.loaded * 99) / event.total));
  request.onerror = () => shot.sent();
  request.onload = async () => {
    shot.sent();
    if (request.status === 200) await mark(blob.id, { stored: Date.now() });
    else if ([413, 415, 422].includes(request.status)) {
      shot.fail(reason(request.responseText));
      await write(['blobs'], (tx) => tx.objectStore('blobs').delete(blob.id)).catch(() => {});
      form.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };
  request.send(new Blob([blob.bytes], { type: blob.type }));
}

const mark = (id, change) =>
  write(['blobs'], async (tx) => {
    const now = await tx.objectStore('blobs').get(id);
    if (now) await tx.objectStore('blobs').put({ ...now, ...change });
  }).catch(() => {});

function reason(text) {
  try {
    const first = JSON.parse(text).Invalid[0];
    return t(first.zh, first.en);
  } catch {
    return t('服务器没有收下这张，请去掉后重拍', 'The server did not take this photo; remove it and take it again');
  }
}

async function warnWhenShort(form) {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (quota - usage < ROOM) say(form, t('手机空间快满了，请尽快联网发出。', 'The phone is nearly full: go online soon so that it can be sent.'));
}
