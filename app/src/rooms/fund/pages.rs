//! The fund in the open: the overview, a building's statement, a use from its plan to the shares, one's own household.

use super::model::{BuildingAccount, EntryKind, EntryRow, Overview, Statement, Taken, UseRow, UseView};
use super::rules::{Stage, Step};
use super::uses::case_of;
use crate::i18n::{Lang, spoken_date};
use crate::ids::MutationId;
use crate::measure::{Area, Fen, Time};
use crate::rooms::photos::model::Size;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame, photo};
use crate::{tr, trf};
use leptos::prelude::*;

/// A day as a statement writes it.
pub fn day(at: Time, offset: i32) -> String {
    at.local(offset).format("%Y-%m-%d").to_string()
}

fn table(label: &'static str, head: Vec<(&'static str, bool)>, rows: AnyView, foot: Option<AnyView>) -> impl IntoView {
    let head = head.into_iter().map(|(words, number)| view! { <th scope="col" class=if number { "num" } else { "" }>{words}</th> }).collect_view();
    view! { <div class="scroll-x" tabindex="0" role="group" aria-label=label><table class="t"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{foot.map(|f| view! { <tfoot>{f}</tfoot> })}</table></div> }
}

/// The overview.
pub fn overview(boot: &Boot, fund: &Overview, mine: bool) -> AnyView {
    let lang = boot.lang;
    let bank = fund.bank;
    let all: Fen = fund.buildings.iter().map(|b| b.balance).sum();
    let low = fund.buildings.iter().filter(|b| b.missing.is_some()).count();
    let homes = fund.buildings.iter().map(|b| building_row(boot, b)).collect_view().into_any();
    let foot = view! { <tr><th scope="row">{tr!(lang, "合计", "Total")}</th><td class="num">{fund.buildings.iter().map(|b| b.initial).sum::<Fen>().to_string()}</td><td class="num">{all.to_string()}</td><td></td></tr> };
    let warning = (low > 0).then(|| view! { <p class="note">{trf!(lang, "{low} 幢楼的余额低于首期的三成，要续筹到一半（上海市住宅物业管理规定第 65 条）。", "{low} buildings are below 30 % of what was first paid in and must be refilled to half (Shanghai rules, art. 65).")}</p> });
    let own = mine.then(|| view! { <p><a class="btn sec small" href="/mine/fund">{tr!(lang, "看我家的账", "My household's account")}</a></p> });
    let uses = if fund.uses.is_empty() {
        empty("list", tr!(lang, "还没有用过维修资金。", "The fund has not been used yet.").into(), None).into_any()
    } else {
        view! { <ul class="plain">{fund.uses.iter().map(|u| use_item(boot, u)).collect_view()}</ul> }.into_any()
    };
    let body = view! {
        <section class="card">
            <p class="sum">{bank.to_string()}" "{tr!(lang, "元", "yuan")}</p>
            <p class="muted">{tr!(lang, "专户银行余额，等于各幢楼余额之和。每一分钱怎么来、怎么用，都在下面。", "At the bank, equal to the sum of all buildings. Where every fen came from and went stands below.")}</p>
            {own}
        </section>
        <section class="card"><h2>{tr!(lang, "怎么用的", "What it was used for")}</h2>{uses}</section>
        <section class="card"><h2>{tr!(lang, "按幢立账", "By building")}</h2>{warning}
            {table(tr!(lang, "按幢立账", "By building"), vec![(tr!(lang, "楼幢", "Building"), false), (tr!(lang, "首期（元）", "First paid in"), true), (tr!(lang, "余额（元）", "Balance"), true), (tr!(lang, "续筹", "Refill"), false)], homes, Some(foot.into_any()))}
        </section>
        <section class="card"><h2>{tr!(lang, "最近的账", "Latest entries")}</h2>{entries(boot, &fund.entries)}</section>
    };
    frame(
        boot,
        Page::Board,
        tr!(lang, "维修资金", "Maintenance fund").into(),
        tr!(lang, "按幢立账，按户核算，半年公布一次", "By building and by household, published every half-year").into(),
        body,
    )
}

fn building_row(boot: &Boot, b: &BuildingAccount) -> impl IntoView + use<> {
    let lang = boot.lang;
    let state = match b.missing {
        Some(missing) => view! { <span class="tag warn">{trf!(lang, "差 {missing} 元", "{missing} yuan missing")}</span> }.into_any(),
        None => view! { <span class="tag ok">{tr!(lang, "够", "Enough")}</span> }.into_any(),
    };
    let percent = if b.initial.0 > 0 { format!(" ({} %)", i128::from(b.balance.0) * 100 / i128::from(b.initial.0)) } else { String::new() };
    view! { <tr><th scope="row"><a href=boot.at(&format!("/fund/buildings/{}", b.code))>{b.name.clone()}</a></th><td class="num">{b.initial.to_string()}</td><td class="num">{b.balance.to_string()}{percent}</td><td>{state}</td></tr> }
}

fn use_item(boot: &Boot, u: &UseRow) -> impl IntoView + use<> {
    let lang = boot.lang;
    let class = if u.stage == Stage::Closed { "tag off" } else { "tag due" };
    let emergency = case_of(u.path).map(|_| tr!(lang, "应急 · ", "Emergency · "));
    view! { <li><a href=boot.at(&format!("/fund/uses/{}", u.number))><b>{emergency}{u.title.clone()}</b></a>" "<span class=class>{u.stage.label(lang)}</span><br/><span class="muted">{u.number.clone()}" · "{day(u.at, boot.offset())}" · "{u.amount.to_string()}" "{tr!(lang, "元", "yuan")}</span></li> }
}

fn entries(boot: &Boot, rows: &[EntryRow]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let lines = rows.iter().map(|e| entry(boot, e)).collect_view().into_any();
    table(
        tr!(lang, "分录", "Entries"),
        vec![(tr!(lang, "日期", "Date"), false), (tr!(lang, "编号", "No."), false), (tr!(lang, "摘要", "What"), false), (tr!(lang, "金额（元）", "Amount"), true)],
        lines,
        None,
    )
}

fn entry(boot: &Boot, e: &EntryRow) -> impl IntoView + use<> {
    let lang = boot.lang;
    let words = match &e.spent_on {
        Some(number) => view! { <a href=boot.at(&format!("/fund/uses/{number}"))>{e.words.clone()}</a> }.into_any(),
        None => e.words.clone().into_any(),
    };
    let below = e.overdrawn.as_ref().map(|why| view! { <br/><span class="tag warn">{tr!(lang, "垫付", "Advanced")}</span>" "{why.clone()} });
    view! { <tr><td>{day(e.at, boot.offset())}</td><td>{e.number.clone()}</td><td>{e.kind.label(lang)}" · "{words}{below}</td><td class="num">{e.change.to_string()}</td></tr> }
}

/// The sums of a statement and its entries.
fn statement(boot: &Boot, s: &Statement) -> impl IntoView + use<> {
    let lang = boot.lang;
    let sums = EntryKind::ALL
        .into_iter()
        .map(|kind| (kind, s.sum(kind)))
        .filter(|(_, sum)| sum.0 != 0)
        .map(|(kind, sum)| view! { <div><dt>{kind.label(lang)}</dt><dd>{sum.to_string()}</dd></div> })
        .collect_view();
    view! {
        <section class="card">
            <dl class="facts">
                <div><dt>{tr!(lang, "期初余额", "Opening balance")}</dt><dd>{s.opening.to_string()}</dd></div>
                {sums}
                <div><dt>{tr!(lang, "期末余额", "Closing balance")}</dt><dd><b>{s.closing.to_string()}</b></dd></div>
            </dl>
            <p class="hint">{tr!(lang, "单位：元", "in yuan")}</p>
        </section>
        <section class="card"><h2>{tr!(lang, "明细", "Entries")}</h2>{entries(boot, &s.entries)}</section>
    }
}

/// Half-years to choose from.
fn halves(path: &str, chosen: &str, all: &[String]) -> impl IntoView + use<> {
    let links = all.iter().map(|h| view! { <a class="chip" href=format!("{path}?half={h}") aria-current=(h == chosen).then_some("true")>{h.clone()}</a> }).collect_view();
    view! { <nav class="filters" aria-label="½">{links}</nav> }
}

/// A building's half-yearly statement.
pub fn building(boot: &Boot, account: &BuildingAccount, s: &Statement, half: &str, all: &[String]) -> AnyView {
    let lang = boot.lang;
    let path = boot.at(&format!("/fund/buildings/{}", account.code));
    let print = format!("/print/fund/{}/buildings/{}?half={half}", boot.slug, account.code);
    let missing = account.missing.map(|m| view! { <p class="note">{trf!(lang, "余额低于首期的三成，要续筹到一半，还差 {m} 元。90 天内由业主决定怎么筹；没有决定的，收到银行通知后 90 天内补足（上海市住宅物业管理规定第 65 条）。", "Below 30 % of what was first paid in: {m} yuan are missing to half of it. The owners decide how within 90 days; without a decision it is due 90 days after the bank's notice (Shanghai rules, art. 65).")}</p> });
    let body = view! { {halves(&path, half, all)}{missing}{statement(boot, s)}<p><a class="btn sec small" href=print>{tr!(lang, "打印对账单", "Print the statement")}</a></p> };
    frame(boot, Page::Board, tr!(lang, "{name} 维修资金", "{name}, maintenance fund", name = account.name), trf!(lang, "{half} 对账单", "statement {half}"), body)
}

/// What a household sees of its own.
#[derive(Clone, Debug)]
pub struct Household {
    /// The unit, unmasked: it is its owner who looks.
    pub name: String,
    /// What was first paid in.
    pub initial: Fen,
    /// What is there.
    pub balance: Fen,
    /// The statement.
    pub statement: Statement,
    /// Shares in uses: use, area, share.
    pub shares: Vec<(UseRow, Area, Fen)>,
}

/// One's own household's account.
pub fn mine(boot: &Boot, h: &Household, half: &str, all: &[String]) -> AnyView {
    let lang = boot.lang;
    let shares = h
        .shares
        .iter()
        .map(|(u, area, share)| {
            let (share, whole) = (*share, u.amount);
            view! { <li><a href=boot.at(&format!("/fund/uses/{}", u.number))><b>{u.title.clone()}</b></a><br/>{trf!(lang, "您家分摊 {share} 元，总额 {whole} 元；您家面积 {area} m²。", "Your share: {share} yuan of {whole} yuan; your area {area} m².")}</li> }
        })
        .collect_view();
    let shares = (!h.shares.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "分摊", "Shares")}</h2><ul class="plain">{shares}</ul></section> });
    let (balance, initial) = (h.balance, h.initial);
    let body = view! {
        <section class="card"><p class="sum">{balance.to_string()}" "{tr!(lang, "元", "yuan")}</p><p class="muted">{trf!(lang, "您家现在的余额；首期 {initial} 元", "your balance now; first paid in {initial} yuan")}</p></section>
        {shares}
        {halves("/mine/fund", half, all)}
        {statement(boot, &h.statement)}
        <p><a class="btn sec small" href=format!("/print/fund/mine?half={half}")>{tr!(lang, "打印对账单", "Print the statement")}</a></p>
    };
    frame(boot, Page::Me, tr!(lang, "我家的维修资金", "My household's fund").into(), h.name.clone(), body)
}

/// A use of the fund from its plan to the shares. `form` is the next step's form for whoever takes it.
pub fn one_use(boot: &Boot, u: &UseView, share: Option<(Area, Fen)>, form: Option<AnyView>) -> AnyView {
    let lang = boot.lang;
    let offset = boot.offset();
    let (units, area, budget) = (u.units, u.area, u.budget);
    let money = [(tr!(lang, "预算", "Budget"), Some(budget)), (tr!(lang, "合同", "Contract"), u.contracted), (tr!(lang, "审定", "Checked"), u.audited)]
        .into_iter()
        .filter_map(|(name, amount)| amount.map(|a| view! { <div><dt>{name}</dt><dd>{a.to_string()}" "{tr!(lang, "元", "yuan")}</dd></div> }))
        .collect_view();
    let own = share.map(|(area, share)| {
        let whole = u.row.amount;
        view! { <p class="note">{trf!(lang, "您家分摊 {share} 元，总额 {whole} 元；您家面积 {area} m²。", "Your share: {share} yuan of {whole} yuan; your area {area} m².")}</p> }
    });
    let plan = [
        (tr!(lang, "实施范围", "Works"), &u.outline.works),
        (tr!(lang, "维修原因", "Reason"), &u.outline.reason),
        (tr!(lang, "施工单位选择方式", "How the contractor is chosen"), &u.outline.choosing),
        (tr!(lang, "验收单位", "Who accepts"), &u.outline.accepting),
        (tr!(lang, "管理单位", "Who manages"), &u.outline.managing),
    ]
    .into_iter()
    .filter(|(_, words)| !words.is_empty())
    .map(|(name, words)| view! { <div><dt>{name}</dt><dd>{words.clone()}</dd></div> })
    .collect_view();
    let timeline = u.taken.iter().map(|t| step(boot, u, t)).collect_view();
    let body = view! {
        {standing(boot, u)}
        {own}
        {form}
        <section class="card"><h2>{tr!(lang, "实施方案", "Plan")}</h2><dl class="facts">
            {plan}
            {money}
            <div><dt>{tr!(lang, "谁决定", "Who decides")}</dt><dd>{u.decider.label(lang)}</dd></div>
            <div><dt>{tr!(lang, "谁分摊", "Who shares it")}</dt><dd>{u.scope_words.clone()}{trf!(lang, "：{units} 户，{area} m²，按建筑面积分摊到分", ": {units} units, {area} m², by floor area to the fen")}</dd></div>
        </dl></section>
        {opinions(boot, u)}
        <section class="card"><h2>{tr!(lang, "一步一步", "Step by step")}</h2><ol class="plain">{timeline}</ol></section>
        {papers(boot, u)}
    };
    let sub = tr!(lang, "{no} · {day} 提出", "{no}, proposed {day}", no = u.row.number, day = day(u.row.at, offset));
    frame(boot, Page::Board, u.row.title.clone(), sub, body)
}

/// Where it stands, what comes next, and what that waits for.
fn standing(boot: &Boot, u: &UseView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let next = u.next.map(|step| step.label(lang));
    let shown = u.shown_until.map(|until| {
        let t = spoken_date(lang, until, u.now, boot.offset());
        if until > u.now {
            trf!(lang, "公示到 {t}，没有满期不能往下走。", "On show until {t}; nothing goes on before that.")
        } else {
            tr!(lang, "公示期已满。", "It has been shown for its whole time.").to_owned()
        }
    });
    let waits = u
        .waits_for_owners
        .then(|| view! { <p class="note">{tr!(lang, "等业主表决。案卷已经备好，可以打印。", "Waits for the owners' vote. The case file is ready to print.")}</p> });
    let decision = u.decision.as_ref().map(|(number, state)| {
        view! { <p>{tr!(lang, "业委会决定 ", "Decision of the committee ")}<a href=boot.at(&format!("/decisions/{number}"))>{number.clone()}</a>" "{crate::rooms::approvals::pages::state_tag(lang, *state)}</p> }
    });
    let emergency = case_of(u.row.path).map(|case| view! { <p><span class="tag warn">{tr!(lang, "应急维修", "Emergency")}</span>" "{case.label(lang)}</p> });
    view! {
        <section class="card">
            {emergency}
            <p><span class="tag due">{u.row.stage.label(lang)}</span>" "{next.map(|n| trf!(lang, "下一步：{n}", "Next: {n}"))}</p>
            {shown.map(|s| view! { <p>{s}</p> })}
            {decision}
            {waits}
        </section>
    }
}

fn opinions(boot: &Boot, u: &UseView) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    if u.row.stage == Stage::Draft || case_of(u.row.path).is_some() {
        return None;
    }
    let o = u.opinions;
    let mine = u.mine.map(|agrees| {
        if agrees {
            tr!(lang, "您已表示同意，公示期内可以改。", "You said yes; you may change it while it is on show.")
        } else {
            tr!(lang, "您已表示不同意，公示期内可以改。", "You said no; you may change it while it is on show.")
        }
    });
    let form = u.may_opine.then(|| {
        let error = echo().error("words", lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
        view! {
            <form method="post" action="/forms/fund-opine" class="stack">
                <input type="hidden" name="id" value=MutationId::new().to_string()/>
                <input type="hidden" name="back" value=boot.at(&format!("/fund/uses/{}", u.row.number))/>
                <input type="hidden" name="subject" value=u.id.to_string()/>
                <div class="field"><label for="opinion">{tr!(lang, "想说的话（可不填）", "In words (optional)")}</label><textarea id="opinion" name="words" maxlength="200" rows="2">{echo().value("words")}</textarea>{error}</div>
                <div class="cluster"><button class="btn" type="submit" name="agrees" value="1">{tr!(lang, "我家同意", "My household agrees")}</button><button class="btn sec" type="submit" name="agrees" value="0">{tr!(lang, "我家不同意", "My household objects")}</button></div>
            </form>
        }
    });
    Some(view! {
        <section class="card"><h2>{tr!(lang, "征求意见", "Opinions")}</h2>
            <p>{tr!(lang, "同意 {a} 户 {b} m²，不同意 {c} 户 {d} m²；共 {n} 户 {m} m²。", "For: {a} units, {b} m²; against: {c} units, {d} m²; of {n} units, {m} m².", a = o.for_units, b = o.for_area, c = o.against_units, d = o.against_area, n = u.units, m = u.area)}</p>
            {mine.map(|m| view! { <p class="muted">{m}</p> })}
            {form}
        </section>
    })
}

fn step(boot: &Boot, u: &UseView, t: &Taken) -> impl IntoView + use<> {
    let lang = boot.lang;
    let name = match t.step {
        Some(step) => step.label(lang),
        None if u.taken.first() == Some(t) && case_of(u.row.path).is_some() => tr!(lang, "报告险情", "Danger reported"),
        None if u.taken.first() == Some(t) => tr!(lang, "提出方案", "Proposed"),
        None => tr!(lang, "区房管部门代为维修", "The district has it repaired"),
    };
    let amount = t.paper.amount.map(|a| trf!(lang, " · {a} 元", " · {a} yuan"));
    let count = t.paper.count.map(|c| view! { <p class="muted">{tr!(lang, "参与 {ph}/{h} 人、{pa}/{a} m²；同意 {yh} 人、{ya} m²。", "Took part: {ph} of {h} owners, {pa} of {a} m²; agreed: {yh} owners, {ya} m².", ph = c.part_heads, h = c.heads, pa = c.part_area, a = c.area, yh = c.yes_heads, ya = c.yes_area)}</p> });
    let photos = t.paper.photos.iter().map(|p| photo(*p, Size::Medium, trf!(lang, "{name}的照片", "photo: {name}"))).collect_view();
    let pictures = (!t.paper.photos.is_empty()).then(|| view! { <div class="papers">{photos}</div> });
    let print = t.step.and_then(|s| printable(s).then(|| format!("/print/fund/{}/uses/{}/{}", boot.slug, u.row.number, s.code())));
    let print = print.map(|href| view! { " · "<a href=href>{tr!(lang, "打印", "print")}</a> });
    let reference = (!t.paper.reference.is_empty()).then(|| format!(" · {}", t.paper.reference));
    view! { <li><b>{name}</b>{reference}{amount}<br/><span class="muted">{day(t.at, boot.offset())}" · "{t.who.clone()}</span>{print}{(!t.paper.words.is_empty()).then(|| view! { <p>{t.paper.words.clone()}</p> })}{count}{pictures}</li> }
}

/// The steps that have a form of the district.
pub fn printable(step: Step) -> bool {
    matches!(step, Step::ShowPlan | Step::SumUp | Step::Resolve | Step::Accept | Step::ShowShares)
}

fn papers(boot: &Boot, u: &UseView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let to = |what: &str| format!("/print/fund/{}/uses/{}/{what}", boot.slug, u.row.number);
    view! { <section class="card"><h2>{tr!(lang, "打印", "Print")}</h2><div class="cluster"><a class="chip" href=to("case")>{tr!(lang, "案卷", "Case file")}</a><a class="chip" href=to("shares")>{tr!(lang, "分摊表", "Shares")}</a></div></section> }
}

/// The word for a period.
pub fn spoken_half(lang: Lang, half: &str) -> String {
    let (year, n) = half.split_once('H').unwrap_or((half, "1"));
    if n == "1" { trf!(lang, "{year} 年上半年", "first half of {year}") } else { trf!(lang, "{year} 年下半年", "second half of {year}") }
}
