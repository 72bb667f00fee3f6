// Forms that work without a network: what is typed is kept as it is typed, and "send" saves it on the phone first.
// Where the phone cannot keep anything, a form goes the plain way, as it does without a script.

import { drain, entries, save, PARKED, RECEIVED, WAITING } from './outbox.js';
import { boot, h, notice, t } from './dom.js';
import { photosOf, restore, take } from './photos.js';
import { VISITOR, newId, onChange, read, who, write } from './store.js';

/** How long somebody looks at "sending" before they are told that it is saved and may go. */
const SOON = 6_000;

const value = (form, name) => {
  const field = form.elements.namedItem(name);
  return (field?.value ?? '').trim();
};

const reasoned = (step) => (form) => ({ step, reason: value(form, 'reason') });
const bare = (step) => () => ({ step });

const spots = (form) =>
  photosOf(form).map(({ id, field }) => {
    const [kind, spot] = field.split('-');
    return { photo: id, spot: Number(spot), after: kind === 'after' };
  });

/** The steps that can be taken without a network; all others go the plain way. */
const STEPS = {
  arrive: bare('arrive'),
  resume: bare('resume'),
  confirm: bare('confirm'),
  pause: reasoned('pause'),
  reject: reasoned('reject'),
  reopen: reasoned('reopen'),
  resubmit: reasoned('resubmit'),
  withdraw: reasoned('withdraw'),
  rate: (form) => ({ step: 'rate', stars: Number(value(form, 'stars')), words: value(form, 'words') }),
  finish: (form) => ({ step: 'finish', note: value(form, 'note'), photos: spots(form) }),
  add_photos: (form) => ({ step: 'add_photos', photos: spots(form) }),
};

/** What each form asks for: kind, payload, and the word of thanks on the page it leads to. */
const KINDS = {
  '/forms/report': (form) => ({
    kind: 'ticket.report.v1',
    thanks: 'reported',
    payload: {
      tag: value(form, 'tag') || null,
      place: value(form, 'tag') ? null : value(form, 'place') || null,
      category: value(form, 'category') || null,
      text: value(form, 'text'),
      photos: photosOf(form).map((p) => p.id),
      contact: value(form, 'contact') || null,
    },
  }),
  '/forms/me-too': (form) => ({ kind: 'ticket.me_too.v1', thanks: 'me_too', payload: { ticket: value(form, 'ticket') } }),
  '/forms/comment': (form) => ({ kind: 'ticket.comment.v1', thanks: 'commented', payload: { ticket: value(form, 'ticket'), text: value(form, 'text') } }),
  '/forms/advance': (form) => {
    const step = STEPS[value(form, 'step')]?.(form);
    return step && { kind: 'ticket.advance.v1', thanks: 'moved', payload: { ticket: value(form, 'ticket'), version: Number(value(form, 'version')), step } };
  },
};

/** How the word of a field becomes a value of the payload, by its `data-as`. */
/** `0.45` as 45; the field's pattern lets nothing else through. */
const hundredths = (v) => (v ? Math.round(Number(v.replace(/[,，]/, '.')) * 100) : null);
const AS = { int: (v) => (v ? Number(v) : null), hundredths, bool: (v) => v === '1', maybe: (v) => v || null };

/**
 * A form that names its kind itself (`data-kind`): the fields with a `data-as` are the payload. A name with dots is a
 * path (`checks.0.passed`), of several buttons the pressed one counts, the ticked boxes of one name become a list
 * (`each`), and pictures become the list `photos`.
 */
function spoken(form, pressed) {
  const payload = {};
  for (const e of form.elements) {
    if (e.dataset.as === 'each') {
      if (e.checked) (payload[e.name] ??= []).push(e.value);
      continue;
    }
    if (e.dataset.as === undefined || (e.type === 'radio' && !e.checked) || (e.type === 'submit' && e !== pressed)) continue;
    const path = e.name.split('.');
    const last = path.pop();
    const at = path.reduce((o, key, i) => (o[key] ??= /^\d+$/.test(path[i + 1] ?? last) ? [] : {}), payload);
    const word = e.type === 'checkbox' ? (e.checked ? e.value : '') : e.value.trim();
    at[last] = AS[e.dataset.as]?.(word) ?? (e.dataset.as in AS ? null : word);
  }
  if (form.querySelector('input[type=file]')) {
    // `before-3` shows what the fourth line is about.
    payload.photos = form.dataset.photos === 'spots' ? spots(form).map(({ photo, spot }) => ({ photo, spot })) : photosOf(form).map((p) => p.id);
  }
  return { kind: form.dataset.kind, thanks: form.dataset.thanks ?? 'saved', payload };
}

const pathOf = (form) => new URL(form.action, location.href).pathname;
/** A form that may wait, or null. */
const ours = (form) => (form.dataset.kind || (KINDS[pathOf(form)] && (pathOf(form) !== '/forms/advance' || STEPS[value(form, 'step')])) ? form : null);

/** Who sends this form: in a community where they have a role as themselves, elsewhere as a visitor. */
async function sender(form) {
  // The page for what is not kept is nobody's: the phone knows whose it is.
  const page = boot();
  const known = page.me ? { me: page.me, community: page.community?.id, slug: page.slug } : await who();
  const me = known.me;
  const home = value(form, 'community') || page.community?.id || known.community || null;
  const hat = me && (me.hat.community === home || !home ? me.hat : me.hats.find((h) => h.community === home));
  return hat ? { account: me.account, person: hat.person, membership: hat.membership, community: hat.community } : { account: VISITOR, person: null, membership: null, community: home };
}

/** The person's own, on a page that names them; on the page for what is not kept, this phone's. */
const draftKey = (form) => `${boot().me?.account ?? VISITOR} ${formKey(form)}`;
const formKey = (form) => `${location.pathname} ${pathOf(form)} ${value(form, 'step')} ${value(form, 'ticket')}${form.dataset.key ? ` ${form.dataset.key}` : ''}`;

// ── drafts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const timers = new WeakMap();

/** Fields that somebody fills in. */
const typed = (form) => [...form.elements].filter((e) => e.name && !['hidden', 'file', 'submit', 'button', 'fieldset'].includes(e.type));

function valuesOf(form) {
  const values = {};
  for (const e of typed(form)) {
    if (e.type === 'radio' || e.type === 'checkbox') {
      if (e.checked && !e.defaultChecked) values[e.name] = e.value;
    } else if (e.value !== e.defaultValue && e.value) values[e.name] = e.value;
  }
  return values;
}

export const isOpen = (form) => !form.hidden && (Object.keys(valuesOf(form)).length > 0 || photosOf(form).length > 0);

async function keepDraft(form) {
  const key = draftKey(form);
  const draft = { key, values: valuesOf(form), photos: photosOf(form), at: Date.now() };
  const empty = !draft.photos.length && !Object.keys(draft.values).length;
  await write(['drafts'], (tx) => (empty ? tx.objectStore('drafts').delete(key) : tx.objectStore('drafts').put(draft)));
  if (!empty) askToKeep();
}

function saveSoon(form) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keepDraft(form).catch(() => {}), 250));
}

let askedToKeep = false;
/** Asks the browser, once there is something to lose, not to clear what the phone keeps. */
function askToKeep() {
  if (askedToKeep) return;
  askedToKeep = true;
  navigator.storage?.persist?.().catch(() => {});
}

/** What is folded away is opened. */
const open = (e) => e.closest('details')?.setAttribute('open', '');

/** Puts drafts back into the forms of this page. */
export async function restoreDrafts() {
  for (const form of [...document.forms].filter(ours)) {
    if (form.dataset.draft || isOpen(form)) continue;
    form.dataset.draft = '1';
    const draft = await read(['drafts'], (tx) => tx.objectStore('drafts').get(draftKey(form))).catch(() => null);
    if (!draft) continue;
    for (const e of typed(form)) {
      const kept = draft.values[e.name];
      if (kept === undefined) continue;
      if (e.type === 'radio' || e.type === 'checkbox') e.checked = e.value === kept;
      else e.value = kept;
      open(e);
    }
    open(form);
    form.prepend(restoredLine(form));
    await restore(form, draft.photos);
  }
}

function restoredLine(form) {
  const discard = async () => {
    form.reset();
    form.querySelectorAll('.shot').forEach((shot) => shot.remove());
    await write(['drafts'], (tx) => tx.objectStore('drafts').delete(draftKey(form)));
    line.remove();
  };
  const line = h('p', { class: 'note', role: 'status', 'data-restored': true }, t('上次没写完的还在。', 'What you had begun is still here. '), h('button', { type: 'button', class: 'link', click: discard }, t('清空重写', 'Start afresh')));
  return line;
}

// ── sending ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The page that shows what became of an entry. */
export function resultOf(entry) {
  if (entry.kind !== 'ticket.report.v1') return withOk(entry.back || '/', entry.thanks);
  if (entry.account === VISITOR) return entry.slug ? `/c/${entry.slug}?ok=waiting` : null;
  return entry.slug ? `/c/${entry.slug}/t/${entry.number}?ok=reported` : '/mine';
}

const withOk = (back, ok) => `${back.split('?')[0]}?ok=${ok}`;

function label(form, kind, pressed) {
  const title = document.querySelector('h1')?.firstChild?.textContent ?? '';
  if (kind === 'ticket.report.v1') return [value(form, 'tag') && !title ? value(form, 'tag') : title, value(form, 'text').slice(0, 40)].filter(Boolean).join(' · ');
  const button = (pressed ?? form.querySelector('button[type=submit]'))?.textContent ?? '';
  return [button, form.dataset.about ?? '', value(form, 'number') || title].filter(Boolean).join(' · ');
}

function problem(form, mutation) {
  const { payload } = mutation;
  if (mutation.kind === 'ticket.report.v1' && !payload.text && !payload.photos.length) return t('请拍一张照片，或写一句话', 'Take a photo or write one sentence');
  if (payload.step?.photos && !payload.step.photos.length && payload.step.step === 'add_photos') return t('请先拍照片', 'Take a photo first');
  return null;
}

function complain(form, words) {
  form.querySelectorAll('[data-phone]').forEach((e) => e.remove());
  const line = h('p', { class: 'err', role: 'alert', 'data-phone': true }, words);
  (form.querySelector('button[type=submit]') ?? form.lastElementChild).before(line);
  line.scrollIntoView({ block: 'center' });
}

async function send(form, mutation, pressed) {
  const wrong = problem(form, mutation);
  if (wrong) return complain(form, wrong);
  clearTimeout(timers.get(form));
  const { kind, payload, thanks } = mutation;
  const entry = await save(
    {
      ...(await sender(form)),
      form: value(form, 'id') || null,
      kind,
      payload,
      thanks,
      photos: photosOf(form).map((p) => p.id),
      at: Date.now(),
      version: boot().version ?? '',
      slug: value(form, 'community') && value(form, 'community') !== boot().community?.id ? null : boot().slug || null,
      back: value(form, 'back') || location.pathname,
      label: label(form, kind, pressed),
      // What it takes to open this form again as it was.
      again: { page: location.pathname, form: formKey(form), values: valuesOf(form), photos: photosOf(form) },
    },
    draftKey(form),
  );
  await follow(form, entry);
}

/** Whether the buttons of a form can be pressed. */
const press = (form, can) => form.querySelectorAll('button[type=submit]').forEach((b) => (b.disabled = !can));

/** From here on the truth is told: sending, saved on this phone, received, or what is wrong. */
async function follow(form, saved) {
  press(form, false);
  form.dataset.entry = saved.id;
  const box = notice('ok', t('已存在手机里，正在发送……', 'Saved on this phone, sending …'));
  form.querySelectorAll('[data-phone]').forEach((e) => e.remove());
  form.append(box);
  let late = false;
  const look = async () => {
    const entry = (await entries()).find((e) => e.id === saved.id);
    if (form.dataset.gone) return;
    if (entry?.state === WAITING) return late && shelve(form, box);
    stop();
    if (entry?.state === RECEIVED) arrived(form, box, entry, late);
    else if (entry?.state === PARKED && !late) await hand(form, box, entry);
    else if (entry) box.replaceChildren(h('span', {}, t('没有发成，请看', 'Not sent: see '), h('a', { href: '/outbox', rel: 'external' }, t('待发箱', 'the outbox'))));
  };
  const stop = onChange(() => look().catch(() => {}));
  const timer = setTimeout(() => {
    late = true;
    look().catch(() => {});
  }, navigator.onLine === false ? 0 : SOON);
  saved.state === WAITING ? wake() : await look();
  drain({ now: true }).then(look).then(() => {
    // The loop came to rest and it is still here: no network, or nobody signed in.
    if (form.dataset.entry === saved.id && document.contains(box) && !form.dataset.gone) {
      clearTimeout(timer);
      late = true;
      return look();
    }
  });
}

/** The browser may send it when this page is long closed. */
function wake() {
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register('outbox')).catch(() => {});
}

function shelve(form, box) {
  [...form.children].forEach((child) => child !== box && (child.hidden = true));
  box.replaceChildren(
    h('span', {}, t('已存在这台手机里，还没有发出。有网时会自动发出，不用再填。', 'Saved on this phone, not sent yet. It goes by itself when there is a network; no need to fill it in again. '), h('a', { href: '/outbox', rel: 'external' }, t('看待发箱', 'See the outbox'))),
  );
}

function arrived(form, box, entry, late) {
  form.dataset.gone = '1';
  const address = resultOf(entry);
  if (entry.slug) document.cookie = `home=${entry.slug}; Path=/; Max-Age=31536000; SameSite=Lax`;
  if (address && !late) return location.assign(address);
  [...form.children].forEach((child) => child !== box && (child.hidden = true));
  const words = entry.number ? t(`收到了，编号 ${entry.number}。`, `Received: No. ${entry.number}. `) : t('收到了。', 'Received. ');
  box.replaceChildren(h('span', {}, words, address ? h('a', { href: address, rel: 'external' }, t('去看看', 'Look')) : ''));
}

/** A refusal comes back into the form, where it can be mended at once; nothing of it is lost. */
async function hand(form, box, entry) {
  box.remove();
  if (entry.error.current !== undefined || entry.error.update) {
    // Somebody was faster, or this page is too old: the outbox shows both sides.
    location.assign('/outbox');
    return;
  }
  await write(['outbox', 'blobs', 'drafts'], async (tx) => {
    await tx.objectStore('outbox').delete(entry.id);
    for (const photo of entry.photos) {
      const blob = await tx.objectStore('blobs').get(photo);
      if (blob) await tx.objectStore('blobs').put({ ...blob, entry: null, draft: draftKey(form) });
    }
  });
  delete form.dataset.entry;
  form.elements.namedItem('id')?.setAttribute('value', newId());
  press(form, true);
  await keepDraft(form);
  complain(form, t(entry.error.zh, entry.error.en));
}

// ── the page ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Steps that wait already are shown as such; what comes after them becomes possible. */
export async function decorate() {
  const waiting = (await entries()).filter((e) => e.state === WAITING);
  for (const form of [...document.forms].filter(ours)) {
    const about = (e) => (form.dataset.kind ? e.again?.form === formKey(form) : e.payload.step && e.payload.ticket === value(form, 'ticket') && e.payload.step.step === value(form, 'step'));
    const mine = waiting.find(about);
    if (!mine || form.dataset.entry) continue;
    form.dataset.entry = mine.id;
    const box = notice('ok');
    form.append(box);
    shelve(form, box);
  }
  for (const next of document.querySelectorAll('[data-then]')) {
    next.hidden = !waiting.some((e) => e.payload.step && e.payload.ticket === next.dataset.ticket && e.payload.step.step === next.dataset.then);
  }
}

/** A page that is shown again without a network carries an id that may have been used. */
export function renew() {
  for (const input of document.querySelectorAll('form input[name=id]')) input.value = newId();
}

export function listen() {
  document.addEventListener('change', (event) => {
    const input = event.target;
    if (input.type === 'file' && input.form && ours(input.form) && input.files.length) take(input, draftKey(input.form)).catch(() => {});
  });
  document.addEventListener('input', (event) => {
    const form = event.target.form ?? (event.target.tagName === 'FORM' ? event.target : null);
    if (form && ours(form)) saveSoon(form);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.plain || !ours(form)) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = '1';
    const mutation = form.dataset.kind ? spoken(form, event.submitter) : KINDS[pathOf(form)](form);
    send(form, mutation, event.submitter)
      .catch((error) => fall(form, error))
      .finally(() => delete form.dataset.busy);
  });
  // A page that comes back as it was left can be sent again: the same words are the same entry.
  addEventListener('pageshow', (event) => event.persisted && [...document.forms].filter(ours).forEach(reopen));
  // Leaving, or being put away: what was typed in the last quarter of a second.
  addEventListener('pagehide', () => [...document.forms].filter((f) => ours(f) && isOpen(f) && !f.dataset.entry && !f.dataset.busy).forEach((f) => keepDraft(f).catch(() => {})));
}

function reopen(form) {
  form.querySelectorAll('[data-phone]').forEach((e) => e.remove());
  for (const name of ['entry', 'gone', 'busy']) delete form.dataset[name];
  press(form, true);
}

/** The phone cannot keep it: the plain way, if the server can be reached. */
function fall(form, error) {
  if (error?.name === 'QuotaExceededError') return complain(form, t('手机存满了，没有存下，也没有发出。请清理手机后再点一次。', 'The phone is full: nothing was saved or sent. Make room and press again.'));
  if (error?.message === 'a photo is missing') return complain(form, t('有一张照片不在手机里了，请去掉后重拍。', 'One photo is no longer on this phone: remove it and take it again.'));
  form.dataset.plain = '1';
  form.submit();
}
