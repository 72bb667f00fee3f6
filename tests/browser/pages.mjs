// Every page that there is, by who opens it: what the tests walk through and the screenshots show.

import { nothing, open, person } from './lib.mjs';

/** Finds the addresses of a running demonstration that carry codes: a ticket, a place, an invitation. */
export async function addresses(someone, site) {
  const { page } = someone;
  const first = async (path, selector) => {
    await page.goto(path);
    return page.locator(selector).first().getAttribute('href');
  };
  const ticket = await first('/c/xianghe/board?state=finished', 'main a[href*="/t/"]');
  const open = await first('/c/xianghe/board?state=open', 'main a[href*="/t/"]');
  const overdue = await first('/c/xianghe/board?overdue=1', 'main a[href*="/t/"]');
  const use = await first('/c/xianghe/fund', 'main li:last-child > a[href*="/fund/uses/"]');
  const worker = await person(page.context().browser(), site, { who: 'worker' });
  await worker.page.goto('/rounds');
  const round = await worker.page.locator('main li a[href^="/rounds/"]').first().getAttribute('href');
  await worker.context.close();
  const works = await first('/c/xianghe/projects', 'main li:last-child > a[href*="/projects/"]');
  const number = (await first('/c/xianghe/projects', 'main li:first-child > a[href*="/projects/"]')).split('/').pop();
  const decision = await first('/c/xianghe/decisions', 'main li:has(.tag.ok) > a[href*="/decisions/"]');
  const result = await first('/c/xianghe/scoring', 'main table a[href*="/scoring/"]');
  const parking = await first('/c/xianghe/parking', 'main li:last-child > a[href*="/parking/"]');
  const leader = await person(page.context().browser(), site, { who: 'leader' });
  await leader.page.goto('/scoring');
  const sheet = await leader.page.locator('main li a[href^="/scoring/"]').first().getAttribute('href');
  await leader.context.close();
  const residents = await person(page.context().browser(), site, { who: 'residents' });
  await residents.page.goto(`/desk${sheet}`);
  const paper = await residents.page.locator('a[href*="/paper/"]').first().getAttribute('href');
  await residents.context.close();
  const owner = await person(page.context().browser(), site, { who: 'owner' });
  await owner.page.goto('/visits');
  const pass = await owner.page.locator('main a[href^="/v/"]').first().getAttribute('href');
  await owner.context.close();
  return { pass, ticket, open, overdue, use, round, works, number, decision, result, sheet, paper, parking, tag: `/q/${site.tag}` };
}

/** Pages by visitor: name → address. `null` is somebody who is not signed in. */
export function pagesOf(found) {
  return [
    [null, {
      choose: '/',
      home: '/c/xianghe',
      'home-small': '/c/hefeng',
      report: found.tag,
      places: '/c/xianghe/report',
      'wrong-code': '/q/ABCDE',
      board: '/c/xianghe/board',
      'board-overdue': '/c/xianghe/board?overdue=1',
      'board-empty': '/c/xianghe/board?text=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA%E8%AF%8D',
      numbers: '/c/xianghe/numbers',
      open: '/c/xianghe/open',
      fund: '/c/xianghe/fund',
      'fund-building': '/c/xianghe/fund/buildings/7',
      'fund-use': found.use,
      income: '/c/xianghe/income',
      assets: '/c/xianghe/assets',
      asset: '/c/xianghe/assets/SB-00001',
      plan: '/c/xianghe/plan',
      'plan-tickets': '/c/xianghe/plan?show=tickets',
      'plan-pick': '/c/xianghe/plan?show=bays&pick=/c/xianghe/bays',
      bays: '/c/xianghe/bays',
      bay: '/c/xianghe/bays/D-012',
      bikes: '/c/xianghe/bikes',
      conversions: '/c/xianghe/conversions',
      pass: found.pass,
      projects: '/c/xianghe/projects',
      project: found.works,
      decisions: '/c/xianghe/decisions',
      decision: found.decision,
      scoring: '/c/xianghe/scoring',
      'scoring-result': found.result,
      'scoring-sheets': `${found.result}/sheets`,
      'scoring-item': `${found.result}/items/C1`,
      parking: '/c/xianghe/parking',
      'parking-round': found.parking,
      'parking-verify': `${found.parking}/verify`,
      ticket: found.ticket,
      'ticket-open': found.open,
      'not-found': '/c/xianghe/nothing-here',
      'sign-in': '/sign-in',
      letter: '/letter/AAAAA-AAAAA',
    }],
    ['committee', { 'desk-approvals': '/desk/tickets/approvals', 'desk-fund': '/desk/fund', 'desk-income': '/desk/income', 'desk-messages': '/desk/messages', 'desk-decisions': '/desk/decisions', 'desk-scoring': '/desk/scoring', 'scoring-editor': '/desk/scoring/editor', 'desk-parking': '/desk/parking', 'desk-projects': '/desk/projects', 'desk-project': `/desk/projects/${found.number}`, 'committee-home': '/' }],
    ['leader', { scores: '/scoring', notes: '/notes', sheet: found.sheet, 'sheet-print': found.sheet.replace('/scoring/', '/print/scoring-sheet/') }],
    ['owner', { 'owner-home': '/', 'owner-fund': '/mine/fund', visits: '/visits', 'owner-bikes': '/bikes', 'owner-pass': found.pass, mine: '/mine', me: '/me', 'my-parking': '/parking', outbox: '/outbox', 'owner-report': found.tag, 'owner-ticket': found.open }],
    ['dispatcher', { 'desk-inbox': '/desk/tickets/inbox', 'desk-open': '/desk/tickets/open', 'dispatcher-ticket': found.open, 'desk-assets': '/desk/assets', 'desk-asset': '/desk/assets/SB-00001', 'desk-rounds': '/desk/rounds', 'desk-bays': '/desk/bays', 'desk-bay': '/desk/bays/D-012', 'desk-site': '/desk/plan-of-site', 'desk-bikes': '/desk/bikes', 'desk-visits': '/desk/visits', 'bikes-print': '/print/bikes', 'decision-print': `/print/decisions/xianghe/${found.decision.split('/').pop()}`, 'asset-print': '/print/assets?kind=bench' }],
    ['worker', { jobs: '/jobs', rounds: '/rounds', round: found.round, 'round-print': found.round.replace('/rounds/', '/print/rounds/') }],
    ['residents', { 'scoring-desk': `/desk${found.sheet}`, 'scoring-paper': found.paper, 'desk-pending': '/desk/tickets/pending', 'desk-hidden': '/desk/tickets/hidden', works: '/works', 'works-site': `/works/${found.number}`, 'project-print': `/print/projects/xianghe/${found.works.split('/').pop()}/acceptance`, 'fund-print': `/print/fund/xianghe/uses/${found.use.split('/').pop()}/resolve` }],
    ['administrator', { letters: '/desk/letters', settings: '/desk/settings', 'desk-places': '/desk/places', roster: '/desk/roster', members: '/desk/members' }],
    ['manager', { 'manager-home': '/', 'parking-leases': '/desk/parking/leases', 'desk-conversions': '/desk/conversions', 'desk-plan': '/desk/plan', 'desk-robots': '/desk/robots' }],
  ];
}

/** Those who open them. */
export const everybody = [null, 'owner', 'leader', 'committee', 'dispatcher', 'worker', 'residents', 'administrator', 'manager'];

/** The pages of a running demonstration. */
export async function everyPage(chrome, site) {
  const someone = await person(chrome, site);
  const pages = pagesOf(await addresses(someone, site));
  await someone.context.close();
  return pages;
}

/** Each page of somebody in turn; what it finds is collected, so that one run names everything. */
export async function walk({ chrome, site, pages }, who, options, look) {
  const someone = await person(chrome, site, { who, ...options });
  const found = [];
  for (const [name, path] of Object.entries(pages.find(([w]) => w === who)[1])) {
    someone.troubles.length = 0;
    const answer = await open(someone, path);
    found.push(...(await look(someone, name, answer)).map((what) => `${name} (${path}): ${what}`));
  }
  await someone.context.close();
  nothing(found);
}
