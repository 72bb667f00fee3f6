// Counts a published round of scoring again, from its sheets without names: in whole numbers, with fractions, rounded once.
// Written apart from the program's own counting, so that the two can disagree.

import { h, t } from '../dom.js';

const gcd = (a, b) => (b ? gcd(b, a % b) : a);
const frac = (n, d = 1n) => {
  const g = gcd(n < 0n ? -n : n, d) || 1n;
  return [n / g, d / g];
};
const add = ([a, b], [c, d]) => frac(a * d + c * b, b * d);
const times = ([a, b], n, d = 1n) => frac(a * n, b * d);
/** Half up, for numbers that are not negative. */
const rounded = ([n, d]) => (2n * n + d) / (2n * d);

/** One group's marks in half points: how many are dropped at each end, and the mean of the rest; null for too few. */
export function trimmed(marks, samples) {
  const n = marks.length;
  if (!n || n < samples) return null;
  const drop = n < 5 ? 0 : n < 10 ? 1 : Math.floor(n / 10);
  const kept = [...marks].sort((a, b) => a - b).slice(drop, n - drop);
  return frac(BigInt(kept.reduce((a, b) => a + b, 0)), BigInt(kept.length));
}

function rated(item, data) {
  const of = (group) =>
    data.sheets
      .filter((s) => s.group === group && (s.high_rise || item.who !== 'high_rise'))
      .flatMap((s) => s.marks.filter((m) => m.item === item.code && m.halves !== null && m.halves >= 0 && m.halves <= item.full).map((m) => m.halves));
  const weight = BigInt(data.numbers.weight_percent);
  const counted = [['representative', weight], ['leader', 100n - weight]]
    .map(([group, w]) => [trimmed(of(group), data.numbers.samples), w])
    .filter(([mean, w]) => mean && w > 0n);
  const all = counted.reduce((sum, [, w]) => sum + w, 0n);
  return all ? counted.reduce((sum, [mean, w]) => add(sum, times(mean, w, all)), frac(0n)) : null;
}

function objective(item, data) {
  const reading = data.readings.find((r) => r.item === item.code && r.all > 0);
  if (!reading) return null;
  const [good, all] = [BigInt(Math.min(Math.max(reading.good, 0), reading.all)), BigInt(reading.all)];
  const [target, floor] = [BigInt(item.kind.target), BigInt(item.kind.floor)];
  const span = (target > floor ? target - floor : 1n) * all;
  const above = good * 10_000n - floor * all;
  const inside = above < 0n ? 0n : above > span ? span : above;
  return frac(inside * BigInt(item.full), span);
}

/** Everything again: points of each item and the total, in hundredths, and the level. */
export function recount(data) {
  const items = data.template.sections.flatMap((s) => s.items);
  const scores = items.map((item) => [item, item.kind.kind === 'rated' ? rated(item, data) : objective(item, data)]);
  const scored = scores.filter(([, score]) => score);
  const full = scored.reduce((sum, [item]) => sum + BigInt(item.full), 0n);
  const sum = scored.reduce((all, [, score]) => add(all, score), frac(0n));
  const earned = full ? Number(rounded(times(sum, 10_000n, full))) : 0;
  const off = data.deductions.reduce((all, d) => {
    const rule = data.template.deductions.find((r) => r.code === d.code);
    return all + Math.min(d.times * rule.points, rule.cap) * 100;
  }, 0);
  const total = Math.max(0, earned - off);
  const enough = data.appointed > 0 && data.sheets.length * 100 >= data.appointed * data.numbers.turnout_percent && Number(full) >= data.numbers.full_points * 2;
  const [excellent, good, pass] = data.numbers.levels.map((points) => points * 100);
  const level = data.vetoes.length ? 'fail' : total >= excellent ? 'excellent' : total >= good ? 'good' : total >= pass ? 'pass' : 'fail';
  return {
    items: scores.map(([item, score]) => ({ item: item.code, hundredths: score ? Number(rounded(times(score, 50n))) : null })),
    earned,
    total: enough ? total : null,
    level: enough ? level : null,
  };
}

/** What the program says otherwise. */
export function differences(data, mine) {
  const theirs = data.result;
  const items = mine.items.filter(({ item, hundredths }) => theirs.items.find((i) => i.item === item)?.hundredths !== hundredths).map(({ item }) => item);
  const rest = [['earned', mine.earned, theirs.earned_hundredths], ['total', mine.total, theirs.total_hundredths], ['level', mine.level, theirs.level]];
  return items.concat(rest.filter(([, a, b]) => a !== b).map(([name]) => name));
}

const points = (hundredths) => (hundredths === null ? '—' : (hundredths / 100).toFixed(2));

async function show(box) {
  const say = (kind, text) => box.replaceChildren(h('p', { class: `notice ${kind}`, role: kind === 'err' ? 'alert' : 'status' }, h('span', {}, text)));
  const answer = await fetch(box.dataset.recount).catch(() => null);
  if (!answer?.ok) return say('err', t('没有取到打分表，请有网时再试。', 'The sheets could not be fetched; try again with a network.'));
  const data = await answer.json();
  const mine = recount(data);
  const wrong = differences(data, mine);
  const n = data.sheets.length;
  if (wrong.length) say('err', t(`这台手机算出来不一样：${wrong.join('、')}`, `This phone counts otherwise: ${wrong.join(', ')}`));
  else say('ok', t(`这台手机用 ${n} 张表重新算了一遍：${points(mine.total)} 分，和公布的一样。`, `This phone counted ${n} sheets again: ${points(mine.total)} points, as published.`));
  const rows = mine.items.map(({ item, hundredths }) => h('tr', {}, h('th', { scope: 'row' }, item), h('td', { class: 'num' }, points(hundredths)), h('td', { class: 'num' }, points(data.result.items.find((i) => i.item === item)?.hundredths ?? null))));
  const head = h('tr', {}, ...[t('评分项', 'Item'), t('这台手机算的', 'This phone'), t('公布的', 'Published')].map((name) => h('th', { scope: 'col' }, name)));
  box.append(h('details', { class: 'more' }, h('summary', {}, t('逐项对照', 'Item by item')), h('div', { class: 'scroll-x', tabindex: 0, role: 'group', 'aria-label': t('逐项对照', 'Item by item') }, h('table', { class: 't' }, h('thead', {}, head), h('tbody', {}, ...rows)))));
}

for (const box of globalThis.document?.querySelectorAll('[data-recount]') ?? []) {
  const button = h('button', { type: 'button', class: 'btn sec', click: () => show(box) }, t('在这台手机上重新算', 'Count it again on this phone'));
  box.append(button);
}
