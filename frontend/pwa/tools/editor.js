// The editor of a scoring sheet: the total follows what is typed, and lines can be added.

import { t } from '../dom.js';

const form = document.querySelector('form[data-editor]');
const out = form?.querySelector('output');

/** Half points, or not a number. */
const halves = (text) => {
  const n = Number(text.trim().replace('，', '.').replace(',', '.')) * 2;
  return Number.isInteger(n) && n >= 0 ? n : NaN;
};

function total() {
  const fields = [...form.querySelectorAll('[data-full]')].filter((e) => e.value.trim());
  const wrong = fields.filter((e) => Number.isNaN(halves(e.value)));
  const sum = fields.reduce((all, e) => all + (halves(e.value) || 0), 0) / 2;
  const left = 100 - sum;
  const word = wrong.length
    ? t(`有 ${wrong.length} 项的满分不是半分的倍数`, `${wrong.length} items are not in half points`)
    : left === 0
      ? t('合计 100 分，可以启用', '100 points together: it can be adopted')
      : left > 0
        ? t(`合计 ${sum} 分，还差 ${left} 分`, `${sum} points together, ${left} missing`)
        : t(`合计 ${sum} 分，多了 ${-left} 分`, `${sum} points together, ${-left} too many`);
  out.textContent = word;
  out.className = `notice ${wrong.length || left ? 'err' : 'ok'}`;
}

/** A new line stands after the last one of its section, and takes the next number. */
function more(button) {
  const last = [...form.querySelectorAll(`[data-section="${button.dataset.more}"]`)].at(-1);
  const line = last.cloneNode(true);
  const n = form.querySelectorAll('[data-section]').length;
  for (const e of line.querySelectorAll('[name]')) {
    e.name = e.name.replace(/\.\d+\./, `.${n}.`);
    if (e.name.endsWith('.code')) e.value = e.value.replace(/\d+$/, (d) => Number(d) + 1);
    else if (e.tagName === 'INPUT' && e.type !== 'hidden') e.value = '';
    else if (e.tagName === 'SELECT') e.selectedIndex = 0;
  }
  for (const e of line.querySelectorAll('[id]')) e.id = `${e.id}-${n}`;
  for (const e of line.querySelectorAll('[for]')) e.htmlFor = `${e.htmlFor}-${n}`;
  line.querySelector('details')?.setAttribute('open', '');
  last.after(line);
  line.querySelector('input:not([type=hidden])')?.focus();
  total();
}

if (form && out) {
  for (const button of form.querySelectorAll('[data-more]')) {
    button.hidden = false;
    button.addEventListener('click', () => more(button));
  }
  form.addEventListener('input', total);
  total();
}
