// 待发箱: what waits on this phone, since when, how large, what is wrong with it, and what its person can do.

import { PARKED, RECEIVED, WAITING, again, cancel, drain, entries, rest, rewrite } from './outbox.js';
import { ago, boot, cookie, h, size, t } from './dom.js';
import { resultOf } from './forms.js';
import { VISITOR, meta, onChange, read } from './store.js';
import { read_file, write_file } from './bundle.js';

export async function show(root) {
  // The list is drawn anew whenever something changes; what somebody is typing beside it is not.
  const list = h('div', { class: 'stack' });
  const beside = files();
  root.replaceChildren(...[list, beside, engines()].filter(Boolean));
  let drawn = '';
  const draw = async () => {
    const all = await entries();
    const pause = await meta('pause');
    const sizes = await weigh(all.filter((e) => e.state !== RECEIVED));
    const key = JSON.stringify([all.map((e) => [e.id, e.state, e.attempts]), pause?.why, [...sizes]]);
    if (key === drawn || !document.contains(root)) return;
    drawn = key;
    list.replaceChildren(...page(all, pause, sizes));
    const out = beside?.querySelector('[data-save]');
    if (out) out.hidden = all.every((e) => e.state === RECEIVED);
  };
  onChange(() => draw().catch(() => {}));
  await draw();
}

async function weigh(list) {
  const sizes = new Map();
  // Only a few are weighed: five hundred entries are listed without reading a thousand photos.
  if (list.length > SHOWN) return sizes;
  await read(['blobs'], async (tx) => {
    for (const entry of list) {
      let bytes = JSON.stringify(entry.payload).length;
      for (const id of entry.photos) bytes += (await tx.objectStore('blobs').get(id))?.bytes.byteLength ?? 0;
      sizes.set(entry.id, bytes);
    }
  });
  return sizes;
}

function page(all, pause, sizes) {
  const waiting = all.filter((e) => e.state === WAITING);
  const parked = all.filter((e) => e.state === PARKED);
  const received = all.filter((e) => e.state === RECEIVED).reverse();
  return [
    state(waiting, parked, pause),
    parked.length ? section(t('需要您看一下', 'Needs you'), parked.slice(0, SHOWN).map((e) => row(e, sizes))) : null,
    waiting.length ? section(t('等着发出', 'Waiting to be sent'), [...waiting.slice(0, SHOWN).map((e) => row(e, sizes)), more(waiting.length - SHOWN)]) : null,
    received.length ? section(t('已经收到', 'Received'), received.slice(0, 20).map((e) => row(e, sizes))) : null,
  ].filter(Boolean);
}

/** Five hundred rows help nobody; the first ones do, and how many there are. */
const SHOWN = 40;
let most = 0;

const section = (title, rows) => h('section', { class: 'card' }, h('h2', {}, title), h('ul', { class: 'said-list outbox' }, rows));

const more = (n) => (n > 0 ? h('li', {}, t(`还有 ${n} 份`, `and ${n} more`)) : null);

function state(waiting, parked, pause) {
  most = waiting.length ? Math.max(most, waiting.length) : 0;
  if (!waiting.length && !parked.length) {
    return h('p', { class: 'note', role: 'status' }, t('没有等着发出的，都在小区那边了。', 'Nothing waits on this phone: everything has arrived.'));
  }
  if (!waiting.length) return h('p', { class: 'note', role: 'status' }, t(`${parked.length} 份没有发成，请您看一下。`, `${parked.length} could not be sent: please look.`));
  const words =
    pause?.why === 'sign_in'
      ? [t('登录已经结束，要先登录才能发出。', 'You are no longer signed in: sign in and it goes. '), h('a', { href: '/sign-in?back=/outbox', rel: 'external' }, t('去登录', 'Sign in'))]
      : [t(`${waiting.length} 份在这台手机里，还没有发出。有网时自动发出。`, `${waiting.length} on this phone, not sent yet. They go by themselves when there is a network.`)];
  const now = h('button', { class: 'btn', type: 'button', click: () => send(now) }, t('现在发送', 'Send now'));
  const done = most > waiting.length ? h('progress', { max: most, value: most - waiting.length, 'aria-label': t('已发出', 'Sent') }) : null;
  return h('section', { class: 'card' }, h('p', { role: 'status' }, words), done, now);
}

async function send(button) {
  button.disabled = true;
  await drain({ now: true });
  const left = await rest();
  button.disabled = false;
  if (left) button.after(h('p', { class: 'hint', role: 'status' }, t('还连不上，稍后会自动再试。', 'Not reachable yet; it is tried again by itself.')));
}

function row(entry, sizes) {
  const facts = [ago(entry.state === RECEIVED ? entry.receivedAt : entry.at), entry.photos.length ? t(`${entry.photos.length} 张照片`, `${entry.photos.length} photo${entry.photos.length === 1 ? '' : 's'}`) : null, sizes.has(entry.id) ? size(sizes.get(entry.id)) : null];
  const address = entry.state === RECEIVED ? resultOf(entry) : null;
  const title = h('b', {}, entry.label || t('一份上报', 'A report'), entry.number && entry.state === RECEIVED ? ` · ${entry.number}` : '');
  return h(
    'li',
    { 'data-entry': entry.id, 'data-state': entry.state },
    h('span', { class: 't' }, address ? h('a', { href: address, rel: 'external' }, title) : title, h('span', { class: 'muted' }, facts.filter(Boolean).join(' · '))),
    entry.error ? h('p', { class: 'err' }, t(entry.error.zh, entry.error.en)) : null,
    entry.error?.standing ? sides(entry) : null,
    entry.state === RECEIVED ? null : h('div', { class: 'acts' }, buttons(entry)),
  );
}

/** A conflict: what this person did, beside what others did meanwhile. */
function sides(entry) {
  const { standing, meanwhile = [] } = entry.error;
  const step = entry.payload.step ?? {};
  const shots = h('p', { class: 'acts' });
  look(entry.photos, shots).catch(() => {});
  return h(
    'div',
    { class: 'sides' },
    h('section', {}, h('h3', {}, t('您做的', 'Yours')), h('p', {}, entry.label, h('span', { class: 'muted' }, ` · ${ago(entry.at)}`)), h('p', {}, step.reason || step.note || ''), shots),
    h('section', {}, h('h3', {}, t('这期间别人做的', 'Others meanwhile')), meanwhile.map((m) => h('p', {}, t(m.zh, m.en))), h('p', {}, t('现在：', 'Now: '), h('b', {}, t(standing.zh, standing.en))), h('p', {}, h('a', { href: entry.back, rel: 'external' }, t('看这一单', 'See the ticket')))),
  );
}

async function look(ids, into) {
  for (const id of ids) {
    const blob = await read(['blobs'], (tx) => tx.objectStore('blobs').get(id));
    if (!blob) continue;
    const url = URL.createObjectURL(new Blob([blob.bytes], { type: blob.type }));
    into.append(h('img', { src: url, alt: t('您拍的照片', 'Your photo'), load: () => URL.revokeObjectURL(url) }));
  }
}

function buttons(entry) {
  const drop = h('button', { class: 'btn small sec', type: 'button' }, entry.state === PARKED ? t('不发了', 'Discard') : t('取消', 'Cancel'));
  // What somebody wrote goes only when they say so twice.
  drop.addEventListener('click', () => {
    drop.textContent = t('真的不要了？再点一次', 'Really? Press again');
    drop.addEventListener('click', () => cancel(entry.id), { once: true });
  }, { once: true });
  if (entry.state !== PARKED) return [drop];
  const conflict = entry.error?.current !== undefined;
  const retry = h(
    'button',
    { class: 'btn small', type: 'button', click: async () => { await again(entry.id, conflict ? { version: entry.error.current } : {}); await drain({ now: true }); } },
    conflict ? t('还是照我的做', 'Do mine all the same') : t('再发一次', 'Send again'),
  );
  const fix = entry.kind === 'ticket.report.v1' && !conflict ? mend(entry) : null;
  return [retry, fix, conflict || !entry.again ? null : change(entry), drop];
}

/** Back into the form that it came from, with its words and photos. */
function change(entry) {
  const back = async () => {
    const page = await rewrite(entry.id, boot().me?.account ?? VISITOR);
    if (page) location.assign(page);
  };
  return h('button', { class: 'btn small sec', type: 'button', click: back }, t('改一改', 'Change it'));
}

/** A code that was misread is typed again; what was written and photographed stays. */
function mend(entry) {
  if (!entry.payload.tag) return null;
  const input = h('input', { type: 'text', value: entry.payload.tag, maxlength: 14, autocomplete: 'off', 'aria-label': t('贴纸编号', 'Code on the sticker') });
  return h('span', { class: 'field-row' }, input, h('button', { class: 'btn small', type: 'button', click: async () => { await again(entry.id, { tag: input.value }); await drain({ now: true }); } }, t('用这个编号再发', 'Send with this code')));
}

function files() {
  if (!globalThis.crypto?.subtle) return null;
  const pass = () => h('input', { type: 'password', minlength: 8, maxlength: 100, required: true, autocomplete: 'off', 'aria-label': t('文件口令，至少 8 位', 'Passphrase, at least 8 characters') , placeholder: t('口令，至少 8 位', 'Passphrase, 8 or more') });
  const out = pass();
  const into = pass();
  const file = h('input', { type: 'file', accept: '.xianghe', required: true, 'aria-label': t('文件', 'File') });
  const said = h('p', { class: 'hint', role: 'status' });
  const saveForm = h('form', { class: 'stack', 'data-plain': '1', 'data-save': '1', submit: (event) => { event.preventDefault(); download(out.value, said); } }, out, h('button', { class: 'btn small sec', type: 'submit' }, t('存成文件', 'Save to a file')));
  const readForm = h('form', { class: 'stack', 'data-plain': '1', submit: (event) => { event.preventDefault(); upload(file.files[0], into.value, said); } }, file, into, h('button', { class: 'btn small sec', type: 'submit' }, t('从文件读回', 'Read from a file')));
  return h(
    'details',
    { class: 'more card' },
    h('summary', {}, t('存成文件，用另一台手机发', 'Save to a file and send it from another phone')),
    h('p', { class: 'hint' }, t('文件用口令加密，写着您的名字；在另一台手机上用您自己的账号登录后读回。两边都发也只算一份。', 'The file is encrypted with your passphrase and names you. Sign in as yourself on the other phone and read it there. Sent from both, it still counts once.')),
    saveForm,
    readForm,
    said,
  );
}

async function download(passphrase, said) {
  const { me } = boot();
  const { file, count } = await write_file(passphrase, me?.name ?? '');
  const link = h('a', { href: URL.createObjectURL(file), download: `xianghe-${new Date().toISOString().slice(0, 10)}.xianghe` });
  document.body.append(link);
  link.click();
  link.remove();
  said.textContent = t(`存好了，${count} 份。发出以前请不要删掉它。`, `Saved: ${count}. Keep the file until they have been sent.`);
}

async function upload(file, passphrase, said) {
  try {
    const count = await read_file(file, passphrase);
    said.textContent = t(`读回 ${count} 份。`, `${count} read.`);
    drain({ now: true });
  } catch (error) {
    said.textContent = {
      not_a_file: t('这不是待发箱的文件。', 'This is no file of the outbox.'),
      other_person: t('这份文件是别人的，请用那个人的账号登录后再读。', 'This file is somebody else’s: sign in as that person to read it.'),
      passphrase: t('口令不对，或文件不完整。', 'The passphrase does not fit, or the file is not whole.'),
    }[error.message] ?? t('没有读成，请再试一次。', 'It could not be read; please try again.');
  }
}

/** What this browser cannot do, where it matters. */
function engines() {
  const words = [];
  if (/MicroMessenger/i.test(navigator.userAgent)) words.push(t('微信里关掉页面就不能自动发了。点右上角“···”，选“在浏览器打开”，更稳妥。', 'Inside WeChat nothing is sent once the page is closed: choose “Open in browser” from the ··· menu.'));
  else if (!navigator.serviceWorker) words.push(t('这个浏览器没有网就打不开页面；发送时请让页面开着。', 'This browser cannot open pages without a network; keep the page open while it sends.'));
  if (/iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone) words.push(t('苹果手机 7 天不打开会清掉没发的内容。点“分享”再选“添加到主屏幕”，就不会清掉。', 'An iPhone clears what was not sent after seven days without a visit. Share → Add to Home Screen keeps it.'));
  return words.length && cookie('hint') !== 'none' ? h('section', { class: 'card' }, words.map((w) => h('p', { class: 'note' }, w))) : null;
}
