// The site plan under a finger, a mouse or a keyboard. One transform of one group moves everything: nothing is done for each
// object while it moves. Without this script the plan is a picture with links, and the list beside it has them all.

const svg = document.getElementById('plan');
if (svg) start(svg, document.getElementById('plan-all'));

function start(svg, all) {
  const [, , W, H] = svg.getAttribute('viewBox').split(' ').map(Number);
  const care = document.body.dataset.weuiMode === 'care';
  /** How large something has to be on the screen before a tap opens it, and how near to it a finger is, in pixels. */
  const TARGET = care ? 48 : 28;
  const NEAR = care ? 30 : 22;
  const MOST = 40;
  const bay = Number(svg.dataset.bay) || W / 150;
  const objects = [...all.querySelectorAll('a')].map((a) => {
    const [, x, y] = /M(-?\d+) (-?\d+)/.exec(a.firstElementChild.getAttribute('d')) ?? [0, 0, 0];
    return { a, x: Number(x) + bay / 2, y: Number(y) + bay / 2 };
  });
  let view = { k: 1, x: 0, y: 0 };
  let asked = 0;
  let still = 0;

  /** Pixels in one unit of the svg, and where it begins in the window. */
  const frame = () => {
    const m = svg.getScreenCTM();
    return { s: m.a, e: m.e, f: m.f };
  };
  const inside = (event, m = frame()) => ({ x: (event.clientX - m.e) / m.s, y: (event.clientY - m.f) / m.s });
  /** From the window to the plan's own units. */
  const onPlan = (event) => {
    const p = inside(event);
    return { x: (p.x - view.x) / view.k, y: (p.y - view.y) / view.k };
  };

  function show(next) {
    const k = Math.min(MOST, Math.max(1, next.k));
    view = { k, x: Math.min(0, Math.max(W * (1 - k), next.x)), y: Math.min(0, Math.max(H * (1 - k), next.y)) };
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      all.style.transform = `translate(${view.x}px,${view.y}px) scale(${view.k})`;
    });
    // While it moves it is a layer of its own; at rest it is drawn sharp again.
    all.classList.add('moving');
    clearTimeout(still);
    still = setTimeout(() => all.classList.remove('moving'), 250);
  }
  const zoom = (by, p) => {
    const k = Math.min(MOST, Math.max(1, view.k * by));
    show({ k, x: p.x - ((p.x - view.x) * k) / view.k, y: p.y - ((p.y - view.y) * k) / view.k });
  };
  const middle = { x: W / 2, y: H / 2 };
  const large = () => Math.max(view.k, TARGET / (bay * frame().s));
  const centre = (o, k = large()) => show({ k, x: W / 2 - o.x * k, y: H / 2 - o.y * k });

  // ── one object at a time has the keyboard ──
  let here = objects.findIndex((o) => o.a.id === 'plan-at');
  const has = (i) => {
    if (objects[here]) objects[here].a.setAttribute('tabindex', '-1');
    here = i;
    objects[i]?.a.setAttribute('tabindex', '0');
  };
  objects.forEach((o) => o.a.setAttribute('tabindex', '-1'));
  has(Math.max(0, here));
  if (svg.querySelector('#plan-at, #plan-here')) {
    const mark = svg.querySelector('#plan-here');
    // What is around it is seen with it.
    centre(mark ? { x: Number(mark.getAttribute('cx')), y: Number(mark.getAttribute('cy')) } : objects[here], Math.max(1, large() / 2.5));
  }
  const focus = (i) => {
    has(i);
    centre(objects[i]);
    objects[i].a.focus({ preventScroll: true });
    svg.scrollIntoView({ block: 'nearest' });
  };
  /** The nearest in a direction, straight ahead before aside. */
  function next(dx, dy) {
    const from = objects[here];
    let best = -1;
    let least = Infinity;
    objects.forEach((o, i) => {
      const ahead = (o.x - from.x) * dx + (o.y - from.y) * dy;
      const aside = Math.abs((o.x - from.x) * dy) + Math.abs((o.y - from.y) * dx);
      const far = ahead + 2 * aside;
      if (ahead > 0 && aside <= ahead * 1.5 && far < least) [best, least] = [i, far];
    });
    return best;
  }

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener('keydown', (event) => {
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow && objects.length) {
      const i = next(...arrow);
      if (i >= 0) focus(i);
    } else if (event.key === '+' || event.key === '=') zoom(1.5, middle);
    else if (event.key === '-') zoom(1 / 1.5, middle);
    else if (event.key === '0') show({ k: 1, x: 0, y: 0 });
    else if (event.key === 'Home' && objects.length) focus(0);
    else if (event.key === 'End' && objects.length) focus(objects.length - 1);
    else return;
    event.preventDefault();
  });
  svg.addEventListener('focusin', (event) => {
    const i = objects.findIndex((o) => o.a === event.target);
    if (i < 0 || i === here) return;
    has(i);
  });

  // ── fingers and mouse ──
  const fingers = new Map();
  let moved = 0;
  svg.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    if (!fingers.size) moved = 0;
    fingers.set(event.pointerId, inside(event));
  });
  svg.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const m = frame();
    const now = inside(event, m);
    const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, p]) => p);
    moved += Math.hypot(now.x - before.x, now.y - before.y) * m.s;
    fingers.set(event.pointerId, now);
    if (moved < 8 && !others.length) return;
    if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    if (others.length) {
      const o = others[0];
      zoom(Math.hypot(now.x - o.x, now.y - o.y) / Math.max(1e-6, Math.hypot(before.x - o.x, before.y - o.y)), { x: (now.x + o.x) / 2, y: (now.y + o.y) / 2 });
    }
    const share = 1 / (others.length + 1);
    show({ ...view, x: view.x + (now.x - before.x) * share, y: view.y + (now.y - before.y) * share });
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) svg.addEventListener(end, (event) => fingers.delete(event.pointerId));
  svg.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 400), inside(event));
    },
    { passive: false },
  );
  svg.addEventListener('dragstart', (event) => event.preventDefault());

  // ── a tap ──
  const [fx, fy] = ['x', 'y'].map((name) => (svg.dataset.place === undefined ? null : document.querySelector(`form [name=${name}]`)));
  function put(p) {
    fx.value = Math.round(p.x);
    fy.value = Math.round(p.y);
    const mark = svg.querySelector('#plan-here') ?? all.appendChild(document.createElementNS(svg.namespaceURI, 'circle'));
    mark.id = 'plan-here';
    mark.setAttribute('class', 'here');
    for (const [name, value] of [['cx', fx.value], ['cy', fy.value], ['r', bay]]) mark.setAttribute(name, value);
  }
  svg.addEventListener('click', (event) => {
    // Enter on a link is a click without a place.
    if (event.detail === 0 && !fx) return;
    event.preventDefault();
    if (moved >= 8) return;
    const p = onPlan(event);
    if (fx) return put(p);
    const px = frame().s * view.k;
    const found = objects.map((o) => [Math.hypot(o.x - p.x, o.y - p.y) * px, o]).reduce((a, b) => (b[0] < a[0] ? b : a), [Infinity]);
    // What is too small to be meant is brought nearer first.
    if (bay * px < TARGET * 0.9) zoom(Math.max(2.5, Math.min(8, TARGET / (bay * px))), inside(event));
    else if (found[0] <= NEAR + (bay * px) / 2) location.assign(found[1].a.href.baseVal);
  });

  for (const button of document.querySelectorAll('[data-plan]')) {
    button.hidden = false;
    button.addEventListener('click', () => (button.dataset.plan === '0' ? show({ k: 1, x: 0, y: 0 }) : zoom(Number(button.dataset.plan), middle)));
  }
  svg.classList.add('live');
}
