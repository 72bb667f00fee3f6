// Every page that there is, by who opens it: what the tests walk through and the screenshots show.

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
  const decision = await first('/c/xianghe/decisions', 'main li:has(.tag.ok) > a[href*="/decisions/"]');
  return { ticket, open, overdue, use, decision, tag: `/q/${site.tag}` };
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
      decisions: '/c/xianghe/decisions',
      decision: found.decision,
      ticket: found.ticket,
      'ticket-open': found.open,
      'not-found': '/c/xianghe/nothing-here',
      'sign-in': '/sign-in',
      letter: '/letter/AAAAA-AAAAA',
    }],
    ['owner', { 'owner-home': '/', 'owner-fund': '/mine/fund', mine: '/mine', me: '/me', outbox: '/outbox', 'owner-report': found.tag, 'owner-ticket': found.open }],
    ['committee', { 'desk-approvals': '/desk/tickets/approvals', 'desk-fund': '/desk/fund', 'desk-income': '/desk/income', 'desk-messages': '/desk/messages', 'desk-decisions': '/desk/decisions', 'committee-home': '/' }],
    ['dispatcher', { 'desk-inbox': '/desk/tickets/inbox', 'desk-open': '/desk/tickets/open', 'dispatcher-ticket': found.open, 'decision-print': `/print/decisions/xianghe/${found.decision.split('/').pop()}` }],
    ['worker', { jobs: '/jobs' }],
    ['residents', { 'desk-pending': '/desk/tickets/pending', 'desk-hidden': '/desk/tickets/hidden', 'fund-print': `/print/fund/xianghe/uses/${found.use.split('/').pop()}/resolve` }],
    ['administrator', { letters: '/desk/letters', 'desk-places': '/desk/places', roster: '/desk/roster', members: '/desk/members' }],
    ['manager', { 'manager-home': '/', 'desk-plan': '/desk/plan', 'desk-robots': '/desk/robots' }],
  ];
}
