//! Projects in the open: the list with progress and money, and one project from its pictures to its papers.

use super::model::{DefectView, InspectionView, MilestoneView, PaymentView, Row, Signed, Source, Taken, View};
use super::party::Party;
use super::rules::{Stage, Step, Verdict};
use super::store::{missing, pictures};
use crate::i18n::{Lang, spoken_date};
use crate::ids::PhotoId;
use crate::measure::{Fen, Time};
use crate::rooms::assets::rules::percent;
use crate::rooms::people::rules::{Permission, may};
use crate::rooms::photos::model::Size;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{empty, frame, photo};
use crate::{tr, trf};
use leptos::prelude::*;

/// A day as records write it.
pub fn day(at: Time, offset: i32) -> String {
    at.local(offset).format("%Y-%m-%d").to_string()
}

/// An amount of another one: `354,000.00 / 1,116,800.00 (31.7 %)`.
pub fn share(part: Fen, whole: Fen) -> String {
    match percent(part.0, whole.0) {
        Some(rate) => format!("{part} / {whole} ({rate})"),
        None => format!("{part} / {whole}"),
    }
}

/// Where it stands, as a small label.
pub fn stage_tag(lang: Lang, stage: Stage) -> impl IntoView {
    let class = match stage {
        Stage::Accepted | Stage::Closed => "tag ok",
        Stage::Cancelled => "tag off",
        _ => "tag due",
    };
    view! { <span class=class>{stage.label(lang)}</span> }
}

/// A project in a list.
pub fn item(boot: &Boot, p: &Row, href: String) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (done, all, open) = (p.done, p.milestones, p.open_defects);
    let money = match p.contracted {
        Some(contract) => {
            let paid = share(p.paid, contract);
            trf!(lang, "已付 {paid} 元", "paid {paid} yuan")
        }
        None => {
            let budget = p.budget;
            trf!(lang, "预算 {budget} 元", "budget {budget} yuan")
        }
    };
    let defects = (open > 0).then(|| view! { " "<span class="tag warn">{trf!(lang, "{open} 处整改", "{open} defects")}</span> });
    view! {
        <li><a href=href><b>{p.title.clone()}</b></a>" "{stage_tag(lang, p.stage)}{defects}<br/>
            <span class="muted">{p.number.clone()}" · "{day(p.at, boot.offset())}" · "{trf!(lang, "节点 {done} / {all}", "milestones {done} / {all}")}<br/>{money}</span></li>
    }
}

/// The list.
pub fn overview(boot: &Boot, rows: &[Row], next: Option<Time>) -> AnyView {
    let lang = boot.lang;
    let list = if rows.is_empty() {
        empty("tool", tr!(lang, "还没有专项工程。", "There are no projects yet.").into(), None).into_any()
    } else {
        let items = rows.iter().map(|p| item(boot, p, boot.at(&format!("/projects/{}", p.number)))).collect_view();
        view! { <section class="card"><ul class="plain">{items}</ul></section> }.into_any()
    };
    let older = next.map(|at| view! { <p><a class="chip" href=format!("{}?before={}", boot.at("/projects"), at.0)>{tr!(lang, "更早的", "Older")}</a></p> });
    let site = boot
        .role()
        .is_some_and(|r| may(r, Permission::ProjectSite))
        .then(|| view! { <p><a class="btn sec small" href="/works">{tr!(lang, "我参加的现场检查", "My site inspections")}</a></p> });
    let body = view! {
        <section class="card"><p>{tr!(lang, "方案先公示，再签合同；专项工作组（居委会、业委会、物业、业主代表，党总支牵头）到现场检查签字；节点查合格才付款；四方都签字才算验收。", "A plan is shown before its contract. A working group (residents' committee, owners' committee, property company, owners' representatives, led by the Party branch) inspects and signs; a milestone is paid when it has passed; all four sign the acceptance.")}</p>{site}</section>
        {list}{older}
    };
    frame(boot, Page::Board, tr!(lang, "专项工程", "Projects").into(), tr!(lang, "从立项到验收，每一步都看得见", "From the proposal to the acceptance, step by step").into(), body)
}

/// One project.
pub fn one(boot: &Boot, v: &View) -> AnyView {
    let lang = boot.lang;
    let body = view! {
        {standing(boot, v)}
        {money(boot, v)}
        {progress(boot, v)}
        {shots(boot, v)}
        {plan(boot, v)}
        {group(boot, v)}
        {inspections(boot, v)}
        {defects(boot, v)}
        {acceptance(boot, v)}
        {payments(boot, v)}
        {steps(boot, v)}
        {papers(boot, v)}
    };
    let sub = tr!(lang, "{no} · {day} 提出", "{no}, proposed {day}", no = v.row.number, day = day(v.row.at, boot.offset()));
    frame(boot, Page::Board, v.row.title.clone(), sub, body)
}

/// Where it stands and what that waits for.
pub fn standing(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let spoken = |at: Time| spoken_date(lang, at, v.now, boot.offset());
    let shown = v.shown.filter(|_| v.row.stage == Stage::PlanShown).map(|(_, until)| {
        let t = spoken(until);
        if until > v.now {
            trf!(lang, "方案公示到 {t}，没有满期不能签合同。", "The plan is on show until {t}; no contract before that.")
        } else {
            tr!(lang, "方案公示期已满，可以签合同。", "The plan has been shown for its whole time.").to_owned()
        }
    });
    let next = v.next_inspection.map(|at| {
        let (late, t) = (at < v.now, spoken(at));
        let words =
            if late { trf!(lang, "应在 {t} 前检查，已经过期", "inspection due {t}, overdue") } else { trf!(lang, "下次检查在 {t} 前", "next inspection by {t}") };
        view! { <p class=if late { "late" } else { "" }>{words}</p> }
    });
    let signing = (v.row.stage == Stage::Acceptance).then(|| missing(lang, v)).flatten().map(|m| trf!(lang, "四方验收还缺：{m}", "The acceptance still lacks: {m}"));
    let open = v.row.open_defects;
    let defects = (open > 0).then(|| view! { " "<span class="tag warn">{trf!(lang, "{open} 处整改没完成", "{open} defects open")}</span> });
    // Nobody is led to where they are.
    let (at_desk, on_site) = (boot.path.starts_with("/desk/"), boot.path.starts_with("/works/"));
    let to_desk = !at_desk && (v.can.at_desk() || (v.can.convene && v.group.is_empty()));
    let to_site = !on_site && v.can.party.is_some();
    let desk = to_desk.then(|| view! { <a class="btn small" href=format!("/desk/projects/{}", v.row.number)>{tr!(lang, "去办下一步", "Take the next step")}</a> });
    let site = to_site.then(|| view! { <a class="btn small sec" href=format!("/works/{}", v.row.number)>{tr!(lang, "现场检查和签字", "Inspect and sign")}</a> });
    view! {
        <section class="card">
            <p>{stage_tag(lang, v.row.stage)}{defects}</p>
            {shown.map(|s| view! { <p>{s}</p> })}
            {signing.map(|s| view! { <p>{s}</p> })}
            {next}
            {(to_desk || to_site).then(|| view! { <div class="cluster">{desk}{site}</div> })}
        </section>
    }
}

fn money(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (budget, paid) = (v.row.budget, v.row.paid);
    let source = match &v.plan.source {
        Source::Fund { number } => view! { {tr!(lang, "维修资金 ", "Maintenance fund ")}<a href=boot.at(&format!("/fund/uses/{number}"))>{number.clone()}</a>{tr!(lang, "，付款在维修资金里办", ", paid in the fund")} }.into_any(),
        Source::CommonIncome => view! { {tr!(lang, "公共收益，每一笔都记在", "Common income; each payment is in ")}<a href=boot.at("/income")>{tr!(lang, "公共收益账", "its ledger")}</a> }.into_any(),
        Source::Other { words } => words.clone().into_any(),
    };
    let contract = v.contract.as_ref().map(|c| {
        let amount = c.amount;
        view! {
            <div><dt>{tr!(lang, "合同 / 预算", "Contract / budget")}</dt><dd>{share(amount, budget)}</dd></div>
            <div><dt>{tr!(lang, "施工单位", "Contractor")}</dt><dd>{c.contractor.clone()}</dd></div>
            <div><dt>{tr!(lang, "合同编号", "Contract no.")}</dt><dd>{c.number.clone()}" · "{c.day.clone()}</dd></div>
            <div><dt>{tr!(lang, "保修到", "Warranty until")}</dt><dd>{c.warranty.clone()}</dd></div>
        }
    });
    let kept = v.retention.map(|(kept, paid)| {
        let percent = v.contract.as_ref().map_or(0, |c| c.retention);
        view! { <div><dt>{tr!(lang, "质保金", "Kept back")}</dt><dd>{trf!(lang, "{percent} %，{kept} 元，保修期满后付；已付 {paid} 元", "{percent} %, {kept} yuan, paid after the warranty; {paid} yuan paid")}</dd></div> }
    });
    let lines = v.plan.lines.iter().map(|l| view! { <tr><th scope="row">{l.name.clone()}</th><td class="num">{l.amount.to_string()}</td></tr> }).collect_view();
    view! {
        <section class="card"><h2>{tr!(lang, "钱", "Money")}</h2>
            <p class="sum">{paid.to_string()}" "{tr!(lang, "元", "yuan")}</p>
            <p class="muted">{tr!(lang, "已付", "paid")}{v.row.contracted.map(|c| format!("{}{}", tr!(lang, " / 合同：", " / contract: "), share(paid, c)))}{tr!(lang, "；已付 / 预算：", "; paid / budget: ")}{share(paid, budget)}</p>
            {(paid.0 > 0).then(|| view! { <progress max=v.row.contracted.unwrap_or(budget).0.to_string() value=paid.0.to_string() aria-label=tr!(lang, "已付", "Paid")></progress> })}
            <dl class="facts"><div><dt>{tr!(lang, "资金来源", "Source")}</dt><dd>{source}</dd></div><div><dt>{tr!(lang, "预算", "Budget")}</dt><dd>{budget.to_string()}" "{tr!(lang, "元", "yuan")}</dd></div>{contract}{kept}</dl>
            <details class="more"><summary>{tr!(lang, "预算明细", "The budget line by line")}</summary><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "预算明细", "Budget")><table class="t"><thead><tr><th scope="col">{tr!(lang, "项目", "Line")}</th><th scope="col" class="num">{tr!(lang, "金额（元）", "Yuan")}</th></tr></thead><tbody>{lines}</tbody><tfoot><tr><th scope="row">{tr!(lang, "合计", "Total")}</th><td class="num">{budget.to_string()}</td></tr></tfoot></table></div></details>
        </section>
    }
}

/// The milestones as a bar with the same in words, and a table.
fn progress(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (done, all) = (v.row.done, v.row.milestones);
    let width = 100 / all.max(1);
    let parts = v
        .milestones
        .iter()
        .enumerate()
        .map(|(i, m)| {
            let class = if m.passed {
                "good"
            } else if m.done_at.is_some() {
                "done"
            } else {
                "open"
            };
            view! { <rect class=class x=(i * width).to_string() y="0" width=width.saturating_sub(1).max(1).to_string() height="6"></rect> }
        })
        .collect_view();
    let rows = v.milestones.iter().map(|m| milestone(boot, v, m)).collect_view();
    let label = trf!(lang, "{all} 个节点完成 {done} 个", "{done} of {all} milestones done");
    view! {
        <section class="card"><h2>{tr!(lang, "进度", "Progress")}</h2>
            <svg class="progress-bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label=label.clone()>{parts}</svg>
            <p>{label}</p>
            <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "节点", "Milestones")><table class="t">
                <thead><tr><th scope="col">{tr!(lang, "节点", "Milestone")}</th><th scope="col">{tr!(lang, "计划", "Due")}</th><th scope="col">{tr!(lang, "完成", "Done")}</th><th scope="col">{tr!(lang, "检查", "Inspected")}</th><th scope="col" class="num">{tr!(lang, "占比", "Share")}</th><th scope="col" class="num">{tr!(lang, "已付 / 可付（元）", "Paid / share (yuan)")}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            <p class="hint">{tr!(lang, "合格 = 检查没有不合格（或已整改），并有两方以上签字，这时才能付这一节点的款。", "Passed = nothing fails (any more) and two parties signed; only then is the milestone paid.")}</p>
        </section>
    }
}

fn milestone(boot: &Boot, v: &View, m: &MilestoneView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let late = m.done_at.is_none() && m.due < day(v.now, boot.offset()) && v.row.stage == Stage::UnderWay;
    let done = match m.done_at {
        Some(at) => view! { {day(at, boot.offset())} }.into_any(),
        None if late => view! { <span class="late">{tr!(lang, "晚了", "late")}</span> }.into_any(),
        None => view! { <span class="muted">{tr!(lang, "未完成", "not yet")}</span> }.into_any(),
    };
    let seen = if m.passed {
        view! { <span class="tag ok">{tr!(lang, "合格", "passed")}</span> }.into_any()
    } else {
        view! { <span class="muted">{tr!(lang, "还没有", "not yet")}</span> }.into_any()
    };
    let money = m.cap.map_or_else(|| "—".to_owned(), |cap| format!("{} / {cap}", m.paid));
    view! { <tr><th scope="row">{m.n}". "{m.name.clone()}</th><td>{m.due.clone()}</td><td>{done}</td><td>{seen}</td><td class="num">{m.share}" %"</td><td class="num">{money}</td></tr> }
}

fn shots(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let heads = [tr!(lang, "施工前", "Before"), tr!(lang, "施工中", "During"), tr!(lang, "完工后", "After")];
    let all = pictures(v);
    if all.iter().all(Vec::is_empty) {
        return None;
    }
    let parts = heads
        .into_iter()
        .zip(all)
        .filter(|(_, part)| !part.is_empty())
        .map(|(head, part)| {
            let count = part.len();
            let pictures = part.into_iter().map(|(id, at, words)| figure(boot, id, at, words)).collect_view();
            view! { <details class="more" open=head != heads[1]><summary>{head}" "{count}</summary><div class="papers">{pictures}</div></details> }
        })
        .collect_view();
    Some(view! { <section class="card"><h2>{tr!(lang, "照片", "Pictures")}</h2>{parts}</section> })
}

fn figure(boot: &Boot, id: PhotoId, at: Time, words: String) -> impl IntoView + use<> {
    let date = day(at, boot.offset());
    let alt = if words.is_empty() { date.clone() } else { format!("{date} {words}") };
    view! { <figure>{photo(id, Size::Small, alt)}<figcaption class="muted">{date}</figcaption></figure> }
}

fn plan(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let places = (!v.places.is_empty()).then(|| view! { <div><dt>{tr!(lang, "地点", "Places")}</dt><dd>{v.places.join(tr!(lang, "、", ", "))}</dd></div> });
    let assets = (!v.plan.assets.is_empty()).then(|| {
        let rows = v.plan.assets.iter().map(|a| {
            let (replaced, added, all) = (a.replaced, a.added, a.replaced + a.added);
            let kind = &a.kind;
            trf!(lang, "{kind}：替换 {replaced}，新增 {added}，共 {all}", "{kind}: {replaced} replaced, {added} added, {all} in all")
        });
        view! { <div><dt>{tr!(lang, "设备", "Assets")}</dt><dd>{rows.collect::<Vec<_>>().join(tr!(lang, "；", "; "))}" "<a href=boot.at("/assets")>{tr!(lang, "看设施设备", "see the assets")}</a></dd></div> }
    });
    let checklist = v.plan.checklist.iter().map(|c| view! { <li>{c.clone()}</li> }).collect_view();
    view! {
        <section class="card"><h2>{tr!(lang, "方案", "Plan")}</h2><dl class="facts">
            <div><dt>{tr!(lang, "为什么做", "Why")}</dt><dd>{v.plan.why.clone()}</dd></div>
            <div><dt>{tr!(lang, "做什么、在哪里", "What and where")}</dt><dd>{v.plan.works.clone()}</dd></div>
            {places}{assets}
        </dl>
        <details class="more"><summary>{tr!(lang, "每次检查看什么", "What every inspection looks at")}</summary><ol>{checklist}</ol></details></section>
    }
}

fn group(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    if v.group.is_empty() {
        return view! { <section class="card"><h2>{tr!(lang, "专项工作组", "Working group")}</h2><p class="muted">{tr!(lang, "还没有组建。", "Not convened yet.")}</p></section> }
            .into_any();
    }
    let rows = v
        .group
        .iter()
        .map(|(party, who, _)| {
            let leads = (*party == Party::PartyBranch).then_some(tr!(lang, "（牵头）", " (leads)"));
            view! { <div><dt>{party.label(lang)}{leads}</dt><dd>{who.clone()}</dd></div> }
        })
        .collect_view();
    view! { <section class="card"><h2>{tr!(lang, "专项工作组", "Working group")}</h2><dl class="facts">{rows}</dl></section> }.into_any()
}

/// Signatures in one line.
pub fn signed(lang: Lang, all: &[Signed]) -> String {
    all.iter().map(|s| format!("{} {}", s.party.label(lang), s.who)).collect::<Vec<_>>().join(tr!(lang, "、", ", "))
}

/// One inspection as everybody reads it.
pub fn inspection(boot: &Boot, v: &View, i: &InspectionView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (failed, judged) = (i.failed(), i.judged());
    let good = judged - failed;
    let verdict = if failed == 0 {
        view! { <span class="tag ok">{trf!(lang, "合格 {good} / {judged}", "passed {good} / {judged}")}</span> }
    } else {
        view! { <span class="tag warn">{trf!(lang, "合格 {good} / {judged}", "passed {good} / {judged}")}</span> }
    };
    let of =
        i.milestone.map_or_else(|| tr!(lang, "巡查", "In between").to_owned(), |n| v.milestones.iter().find(|m| m.n == n).map(|m| format!("{n}. {}", m.name)).unwrap_or_default());
    let items = i
        .items
        .iter()
        .map(|(name, item)| {
            let note = (!item.note.is_empty()).then(|| format!(" · {}", item.note));
            view! { <li class=if item.verdict == Verdict::Fail { "late" } else { "" }>{name.clone()}" — "{item.verdict.label(lang)}{note}</li> }
        })
        .collect_view();
    let pictures = (!i.photos.is_empty()).then(|| {
        let all = i.photos.iter().map(|p| figure(boot, *p, i.at, i.words.clone())).collect_view();
        view! { <div class="papers">{all}</div> }
    });
    let print = format!("/print/projects/{}/{}/inspection-{}", boot.slug, v.row.number, i.n);
    view! {
        <b>{tr!(lang, "第 {n} 次", "No. {n}", n = i.n)}" · "{of}</b>" "{verdict}<br/>
        <span class="muted">{day(i.at, boot.offset())}" · "{tr!(lang, "签字：", "signed: ")}{signed(lang, &i.signatures)}" · "<a href=print>{tr!(lang, "打印", "print")}</a></span>
        <p>{i.words.clone()}</p>
        <details class="more"><summary>{tr!(lang, "每一项", "Every item")}</summary><ul>{items}</ul>{pictures}</details>
    }
}

fn inspections(boot: &Boot, v: &View) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let n = v.inspections.len();
    let one = |i: &InspectionView| view! { <li>{inspection(boot, v, i)}</li> };
    let (fresh, older) = v.inspections.split_at(n.min(4));
    let fresh = fresh.iter().map(one).collect_view();
    let more = (!older.is_empty()).then(|| {
        let rows = older.iter().map(one).collect_view();
        let rest = n - 4;
        view! { <details class="more"><summary>{trf!(lang, "更早的 {rest} 次", "{rest} earlier ones")}</summary><ul class="plain">{rows}</ul></details> }
    });
    (n > 0).then(|| view! { <section class="card"><h2>{trf!(lang, "检查 {n} 次", "{n} inspections")}</h2><ul class="plain">{fresh}</ul>{more}</section> })
}

/// One defect as everybody reads it.
pub fn defect(boot: &Boot, v: &View, d: &DefectView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let offset = boot.offset();
    let state = match (&d.closed, &d.mended) {
        (Some(_), _) => view! { <span class="tag ok">{tr!(lang, "已整改", "Closed")}</span> }.into_any(),
        (None, Some(_)) => view! { <span class="tag due">{tr!(lang, "等复查", "To be judged")}</span> }.into_any(),
        (None, None) if d.due_at < v.now => view! { <span class="tag warn">{tr!(lang, "整改过期", "Overdue")}</span> }.into_any(),
        (None, None) => view! { <span class="tag warn">{tr!(lang, "待整改", "To be mended")}</span> }.into_any(),
    };
    let (found, due, n) = (day(d.opened_at, offset), day(d.due_at, offset), d.inspection);
    let mended = d.mended.as_ref().map(|(at, words)| {
        let at = day(*at, offset);
        view! { <p>{trf!(lang, "{at} 整改：{words}", "Mended {at}: {words}")}</p> }
    });
    let closed = d.closed.as_ref().map(|(at, words, who)| {
        let (at, who) = (day(*at, offset), signed(lang, std::slice::from_ref(who)));
        view! { <p>{trf!(lang, "{at} {who} 复查：{words}", "Found good {at} by {who}: {words}")}</p> }
    });
    let pictures = (!d.photos.is_empty()).then(|| {
        let at = d.mended.as_ref().map_or(d.opened_at, |(at, _)| *at);
        let all = d.photos.iter().map(|p| figure(boot, *p, at, tr!(lang, "整改后", "mended").to_owned())).collect_view();
        view! { <div class="papers">{all}</div> }
    });
    view! { <b>{d.item.clone()}</b>" "{state}<br/><span class="muted">{trf!(lang, "第 {n} 次检查，{found} 发现，{due} 前改好", "found {found} by inspection {n}, due {due}")}</span><p>{d.note.clone()}</p>{mended}{closed}{pictures} }
}

fn defects(boot: &Boot, v: &View) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let (all, open) = (v.defects.len(), v.row.open_defects);
    let rows = v.defects.iter().map(|d| view! { <li>{defect(boot, v, d)}</li> }).collect_view();
    (all > 0).then(|| view! { <section class="card"><h2>{trf!(lang, "整改 {all} 处，没完成 {open} 处", "{all} defects, {open} open")}</h2><ul class="plain">{rows}</ul></section> })
}

fn acceptance(boot: &Boot, v: &View) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let rows = v.sign_offs.iter().map(|s| view! { <li><b>{s.party.label(lang)}" "{s.who.clone()}</b>" · "{day(s.at, boot.offset())}<p>{s.words.clone()}</p></li> }).collect_view();
    let verdict = v.taken.iter().find(|t| t.step == Some(Step::Accept)).map(|t| {
        let (at, words) = (day(t.at, boot.offset()), &t.words);
        view! { <p><span class="tag ok">{tr!(lang, "验收通过", "Accepted")}</span>" "{at}" · "{t.who.clone()}</p><p>{words.clone()}</p> }
    });
    let lack = (v.row.stage == Stage::Acceptance).then(|| missing(lang, v)).flatten().map(|m| view! { <p class="note">{trf!(lang, "还缺：{m}", "still missing: {m}")}</p> });
    (verdict.is_some() || !v.sign_offs.is_empty())
        .then(|| view! { <section class="card"><h2>{tr!(lang, "四方验收", "Acceptance by the four parties")}</h2>{verdict}{lack}<ul class="plain">{rows}</ul></section> })
}

/// For what a payment is.
pub fn paid_part(lang: Lang, v: &View, p: &PaymentView) -> String {
    match p.milestone.and_then(|n| v.milestones.iter().find(|m| m.n == n)) {
        Some(m) => format!("{}. {}", m.n, m.name),
        None => tr!(lang, "质保金", "kept back").to_owned(),
    }
}

fn payments(boot: &Boot, v: &View) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let row = |p: &PaymentView| {
        let entry = p.entry.clone().map(|n| format!(" · {n}"));
        let picture = p.photo.map(|id| view! { <details class="more"><summary>{tr!(lang, "看凭证", "Show")}</summary>{photo(id, Size::Medium, p.voucher.clone())}</details> });
        let print = format!("/print/projects/{}/{}/payment-{}", boot.slug, v.row.number, p.n);
        view! { <tr><td>{day(p.at, boot.offset())}</td><td>{paid_part(lang, v, p)}<br/><span class="muted">{p.words.clone()}{entry}</span></td><td>{p.voucher.clone()}{picture}</td><td class="num">{p.amount.to_string()}</td><td><a href=print>{tr!(lang, "打印", "print")}</a></td></tr> }
    };
    let rows = v.payments.iter().map(row).collect_view();
    (!v.payments.is_empty()).then(|| {
        view! {
            <section class="card"><h2>{tr!(lang, "付款", "Payments")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "付款", "Payments")><table class="t">
                <thead><tr><th scope="col">{tr!(lang, "日期", "Date")}</th><th scope="col">{tr!(lang, "哪一笔", "What for")}</th><th scope="col">{tr!(lang, "凭证", "Voucher")}</th><th scope="col" class="num">{tr!(lang, "金额（元）", "Yuan")}</th><th scope="col">{tr!(lang, "记录", "Record")}</th></tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">{tr!(lang, "合计", "Total")}</th><td></td><td></td><td class="num">{v.row.paid.to_string()}</td><td></td></tr></tfoot>
            </table></div></section>
        }
    })
}

fn steps(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let one = |t: &Taken| {
        let name = match t.step {
            Some(step) => step.label(lang),
            None if v.taken.first() == Some(t) => tr!(lang, "提出项目", "Proposed"),
            None => tr!(lang, "组建、调整专项工作组", "Working group convened or changed"),
        };
        let words = (!t.words.is_empty()).then(|| view! { <p>{t.words.clone()}</p> });
        view! { <li><b>{name}</b><br/><span class="muted">{day(t.at, boot.offset())}" · "{t.who.clone()}</span>{words}</li> }
    };
    let rows = v.taken.iter().map(one).collect_view();
    view! { <section class="card"><h2>{tr!(lang, "一步一步", "Step by step")}</h2><ol class="plain">{rows}</ol></section> }
}

fn papers(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let to = |what: &str| format!("/print/projects/{}/{}/{what}", boot.slug, v.row.number);
    let plan = v.shown.is_some().then(|| view! { <a class="chip" href=to("plan")>{tr!(lang, "方案公示", "Plan shown")}</a> });
    let accepted = v.taken.iter().any(|t| t.step == Some(Step::Accept)).then(|| view! { <a class="chip" href=to("acceptance")>{tr!(lang, "验收单", "Acceptance record")}</a> });
    (plan.is_some() || accepted.is_some()).then(|| view! { <section class="card"><h2>{tr!(lang, "文书", "Documents")}</h2><div class="cluster">{plan}{accepted}</div><p class="hint">{tr!(lang, "每次检查、每笔付款的记录在上面各自打印。", "Each inspection and each payment prints from its own line above.")}</p></section> })
}
