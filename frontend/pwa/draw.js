// Computes a draw of parking bays again from its published file (R5.7), and makes commitments. It stands inside the page
// itself and asks no server for anything: a saved copy of the page works as well.

(() => {
  const SCHEME = 'XHJY-PARK-v1';
  const KINDS = ['plain', 'ev', 'accessible'];
  const encoder = new TextEncoder();
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  const sha256 = async (text) => hex(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text))));
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const NONCE = /^[0-9a-f]{32,64}$/;
  const LINE = /^([A-Za-z0-9-]{1,60})\|([1-4])\|(0|[1-9]\d*)\|([0-3])$/;

  const read = (line) => {
    const found = LINE.exec(line);
    return found && { id: found[1], band: Number(found[2]), wait: Number(found[3]), need: Number(found[4]) };
  };

  const commitment = (round, party, nonce, listHash) => sha256(`${round}|${party}|${nonce}|${listHash}`);

  /** What each of the order gets: cards first, then everybody in turn. */
  function assign(order, supply) {
    const left = Object.fromEntries(KINDS.map((kind) => [kind, supply?.[kind] ?? 0]));
    const take = (kind) => (left[kind] > 0 ? (left[kind]--, kind) : null);
    const got = order.map((e) => (e.need & 2 ? take('accessible') : null));
    return order.map((e, i) => got[i] ?? ((e.need & 1 && take('ev')) || take('plain')));
  }

  /** Checks a file; answers one line for each thing that is computed, with the first place that differs. */
  async function check(file) {
    const checks = [];
    const say = (name, ok, at = '') => checks.push({ name, ok, at });
    const list = Array.isArray(file.list) ? file.list.map(String) : [];
    const entries = list.map(read);
    const bad = entries.findIndex((e, i) => !e || (i > 0 && compare(entries[i - 1].id, e.id) >= 0));
    say('scheme', file.scheme === SCHEME, file.scheme);
    say('list', list.length > 0 && bad < 0, bad < 0 ? '' : `${bad + 1}: ${list[bad]}`);
    const listHash = await sha256(list.map((line) => `${line}\n`).join(''));
    say('list_hash', listHash === file.list_hash, listHash);
    const parties = Array.isArray(file.parties) ? file.parties : [];
    for (const p of parties) {
      if (p.nonce === null) say('silent', true, p.party);
      else say('commitment', (await commitment(file.round, p.party, p.nonce, file.list_hash)) === p.commitment, p.party);
    }
    const revealed = parties.filter((p) => p.nonce !== null).sort((a, b) => compare(a.party, b.party));
    const seed = await sha256([SCHEME, file.round, file.list_hash, ...revealed.map((p) => `${p.party}=${p.nonce}`), file.public].join('|'));
    say('seed', seed === file.seed, seed);
    const order = await Promise.all(entries.filter(Boolean).map(async (e) => ({ ...e, key: await sha256(`${seed}|${e.id}`) })));
    order.sort((a, b) => a.band - b.band || b.wait - a.wait || compare(a.key, b.key) || compare(a.id, b.id));
    const got = assign(order, file.supply);
    const placed = Array.isArray(file.order) ? file.order : [];
    const differs = Array.from({ length: Math.max(order.length, placed.length) }, (_, i) => i).find((i) => {
      const [mine, theirs] = [order[i], placed[i]];
      return !mine || !theirs || mine.id !== theirs.id || mine.key !== theirs.key || (got[i] ?? null) !== (theirs.got ?? null);
    });
    say('order', differs === undefined, differs === undefined ? '' : `${differs + 1}: ${placed[differs]?.id ?? '-'} / ${order[differs]?.id ?? '-'}`);
    return { ok: checks.every((c) => c.ok), checks, list_hash: listHash, seed, order: order.map((e, i) => ({ id: e.id, key: e.key, got: got[i] })) };
  }

  globalThis.parkingDraw = { check, commitment, sha256, assign };
  if (typeof document === 'undefined') return;

  const english = document.documentElement.lang.startsWith('en');
  const t = (zh, en) => (english ? en : zh);
  const NAMES = {
    scheme: t('算法', 'Scheme'),
    list: t('名单逐行', 'The list, line by line'),
    list_hash: t('名单散列值', 'Hash of the list'),
    commitment: t('承诺', 'Commitment'),
    silent: t('没有公开，不计入', 'Did not reveal, left out'),
    seed: t('种子', 'Seed'),
    order: t('顺序和结果', 'Order and result'),
  };
  const by = (id) => document.getElementById(id);
  const line = (text, name) => Object.assign(document.createElement(name ?? 'li'), { textContent: text });

  async function show(text) {
    const box = by('draw-result');
    const begun = performance.now();
    try {
      if (!globalThis.crypto?.subtle) throw new Error(t('这个浏览器打开的不是安全地址（https），算不了。请用下面的 Python 脚本。', 'This page is not at a secure address (https): use the Python script below.'));
      const { ok, checks, order } = await check(JSON.parse(text));
      const rows = document.createElement('ol');
      for (const c of checks) rows.append(line(`${c.ok ? '✓' : '✗'} ${NAMES[c.name]} ${c.at}`));
      const took = Math.max(1, Math.round(performance.now() - begun));
      const verdict = ok ? t(`全部对上：${order.length} 份申请，用了 ${took} 毫秒。`, `Everything agrees: ${order.length} applications, ${took} ms.`) : t('对不上，请看打 ✗ 的那一行。', 'It does not agree: see the line with ✗.');
      const sentence = line(verdict, 'p');
      sentence.className = ok ? 'notice ok' : 'notice err';
      box.replaceChildren(sentence, rows);
    } catch (error) {
      const sentence = line(t('读不了这份文件：', 'This file cannot be read: ') + error.message, 'p');
      sentence.className = 'notice err';
      box.replaceChildren(sentence);
    }
  }

  function start() {
    const here = by('draw-file')?.textContent;
    by('draw-check')?.addEventListener('click', () => show(by('draw-text').value || here || ''));
    by('draw-choose')?.addEventListener('change', async (event) => {
      by('draw-text').value = (await event.target.files[0]?.text()) ?? '';
      show(by('draw-text').value);
    });
    by('commit-nonce')?.addEventListener('input', (event) => event.target.setCustomValidity(''));
    by('commit-make')?.addEventListener('click', async () => {
      const box = by('commit-nonce');
      // As the server reads it: a commitment to any other spelling could never be revealed.
      const nonce = box.value.trim().toLowerCase() || hex(crypto.getRandomValues(new Uint8Array(32)));
      box.value = nonce;
      by('commit-out').value = '';
      box.setCustomValidity(NONCE.test(nonce) ? '' : t('随机数是 32 到 64 位十六进制数字（0-9、a-f）', '32 to 64 hexadecimal digits (0-9, a-f)'));
      if (!box.reportValidity()) return;
      by('commit-out').value = await commitment(by('commit-round').value.trim(), by('commit-party').value, nonce, by('commit-hash').value.trim());
    });
    if (here) show(here);
  }
  document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', start) : start();
})();
