// Small things that every part of the page's script needs.

/** What the server wrote into the page: language, who is signed in, the community. */
export function boot() {
  try {
    return JSON.parse(document.getElementById('boot')?.textContent ?? '{}');
  } catch {
    return {};
  }
}

const english = () => document.documentElement.lang.startsWith('en');

/** Chinese or English, as the page is. */
export const t = (zh, en) => (english() ? en : zh);

/** An element with attributes (functions are listeners) and children. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === 'function') element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/** A message as the frame shows it. */
export function notice(kind, ...children) {
  return h('div', { class: `notice ${kind}`, role: kind === 'err' ? 'alert' : 'status', 'data-phone': true }, h('span', {}, ...children));
}

/** How long ago, in words. */
export function ago(at, now = Date.now()) {
  const minutes = Math.max(0, Math.round((now - at) / 60_000));
  if (minutes < 1) return t('刚才', 'just now');
  if (minutes < 60) return t(`${minutes} 分钟前`, `${minutes} min ago`);
  const hours = Math.round(minutes / 60);
  if (hours < 48) return t(`${hours} 小时前`, `${hours} h ago`);
  const days = Math.round(hours / 24);
  return t(`${days} 天前`, `${days} days ago`);
}

/** Bytes in words. */
export const size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

export const cookie = (name) => document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

/**
 * Waits until the app has taken this page over, where it does: it must find the page as the server made it. Where its
 * WASM does not come, the page goes on without.
 */
export function settled() {
  const root = document.documentElement;
  if (root.dataset.live || !document.querySelector('script[type=module]')) return Promise.resolve();
  return new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (!root.dataset.live) return;
      observer.disconnect();
      resolve();
    }).observe(root, { attributes: true });
    setTimeout(resolve, 10_000);
  });
}

/** Waits until the browser has nothing better to do. */
export const idle = () => new Promise((resolve) => (globalThis.requestIdleCallback ?? ((f) => setTimeout(f, 200)))(resolve));
