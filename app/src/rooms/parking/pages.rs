//! In the open: rounds with their rules, lists with reasons, the draw with everything that it follows from, the statement.

use super::model::{ApplicationRow, Band, Kind, Month, Outcome, RoundRow, RuleSet, Stage, Verdict};
use super::rules::party_label;
use super::store::View;
use crate::i18n::{Lang, spoken_date, spoken_time};
use crate::measure::{Fen, Time};
use crate::rooms::documents::model::{Column, Table};
use crate::rooms::scoring::pages::{list_of, table};
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// Rows of one table on a page; the whole list is a file.
const SHOWN: usize = 400;
/// A table longer than this is folded away.
const LONG: usize = 20;

/// A table, folded away under its heading when it is long.
fn folded(lang: Lang, heading: String, t: &Table) -> AnyView {
    let drawn = table(lang, t);
    if t.rows.len() > LONG { view! { <details class="more"><summary>{heading}</summary>{drawn}</details> }.into_any() } else { drawn.into_any() }
}

/// The tag of a stage.
pub fn stage_tag(lang: Lang, stage: Stage) -> impl IntoView {
    let class = match stage {
        Stage::Open | Stage::Frozen | Stage::Final => "tag due",
        Stage::Drawn => "tag ok",
        Stage::Closed => "tag off",
    };
    view! { <span class=class>{stage.label(lang)}</span> }
}

/// A fee as it is said: `300.00 元/月`.
pub fn monthly(lang: Lang, fee: Fen) -> String {
    trf!(lang, "{fee} 元/月", "{fee} yuan a month")
}

/// Bands, terms and prices.
pub fn rules_table(lang: Lang, rules: &RuleSet) -> Table {
    let row = |b: &super::model::BandRule| {
        let months = b.months;
        vec![b.band.code().to_owned(), b.band.label(lang).to_owned(), trf!(lang, "{months} 个月", "{months} months"), b.fee.to_string()]
    };
    Table {
        columns: vec![
            Column::words(tr!(lang, "次序", "Order"), 1),
            Column::words(tr!(lang, "谁可以申请", "Who may apply"), 4),
            Column::words(tr!(lang, "租期", "Term"), 2),
            Column::number(tr!(lang, "元/月", "Yuan a month"), 2),
        ],
        rows: rules.bands.iter().map(row).collect(),
        total: vec![],
    }
}

/// The rules in sentences.
pub fn rules_facts(lang: Lang, row: &RoundRow) -> Vec<(String, String)> {
    let r = &row.rules;
    let (quota, days, hours, wait, renew, notice) = (r.quota, r.objection_days, r.offer_hours, r.wait_most, r.renew_days, r.notice_days);
    vec![
        (tr!(lang, "依据", "Decided by").into(), r.source.clone()),
        (tr!(lang, "每户上限", "Quota").into(), trf!(lang, "{quota} 个", "{quota} for each home")),
        (tr!(lang, "名单公示", "Objections").into(), trf!(lang, "{days} 天接受异议", "{days} days")),
        (tr!(lang, "选车位", "Offers").into(), trf!(lang, "{hours} 小时内，过时轮给下一户", "{hours} hours, then the next in line")),
        (tr!(lang, "轮候", "Waiting").into(), trf!(lang, "没抽中的，下一轮同一类里排前面，最多算 {wait} 轮", "counts in the next round within the band, {wait} rounds at most")),
        (
            tr!(lang, "到期", "At the end").into(),
            trf!(lang, "没人轮候可在到期前 {renew} 天内续租，有人轮候就轮换", "renewed within {renew} days when nobody waits, else it rotates"),
        ),
        (tr!(lang, "收回", "Withdrawal").into(), trf!(lang, "提前 {notice} 天通知，可申诉", "{notice} days' notice, with appeal")),
        (tr!(lang, "转让", "Handing on").into(), tr!(lang, "不能转让、转租；两户都同意可以对换", "never; two holders may change bays when both agree").into()),
    ]
}

/// All rounds, the statement, the verifier.
pub fn overview(boot: &Boot, rounds: &[RoundRow], months: &[Month], resident: bool, now: Time) -> AnyView {
    let lang = boot.lang;
    let rows = rounds
        .iter()
        .map(|r| {
            let when = match r.stage {
                Stage::Open => tr!(lang, "{} 截止申请", "applications until {}", spoken_time(lang, r.apply_until, now, boot.offset())),
                Stage::Frozen => r.objections_until.map(|until| tr!(lang, "{} 前可提异议", "objections until {}", spoken_time(lang, until, now, boot.offset()))).unwrap_or_default(),
                Stage::Final => tr!(lang, "{} 之后抽签", "drawn after {}", spoken_time(lang, r.public_at, now, boot.offset())),
                Stage::Drawn | Stage::Closed => r.drawn_at.map(|at| tr!(lang, "{} 抽签", "drawn {}", spoken_date(lang, at, now, boot.offset()))).unwrap_or_default(),
            };
            view! { <li><a href=boot.at(&format!("/parking/{}", r.number))><b>{r.title.clone()}</b></a>" "{stage_tag(lang, r.stage)}<br/><span class="muted">{r.number.clone()}" · "{when}</span></li> }
        })
        .collect_view();
    let list = if rounds.is_empty() {
        empty("list", tr!(lang, "还没有开过车位分配。", "No bays were handed out yet.").into(), None).into_any()
    } else {
        view! { <section class="card"><h2>{tr!(lang, "每一轮分配", "Rounds")}</h2><ul class="plain">{rows}</ul></section> }.into_any()
    };
    let mine = resident.then(|| view! { <p><a class="btn" href="/parking">{tr!(lang, "我家的车和车位", "My cars and bays")}</a></p> });
    let body = view! {
        {mine}{list}
        {statement(boot, months)}
        <section class="card"><h2>{tr!(lang, "自己核验抽签", "Check a draw yourself")}</h2>
            <p>{tr!(lang, "名单、三方的随机数和公共随机数定了，顺序就定了，谁都能重新算一遍。核验工具在您的手机里算，不用网络。", "List, the parties' numbers and the public value fix the order: anybody can compute it again. The tool computes on your own phone, without a network.")}</p>
            <p><a class="chip" href=boot.at("/parking/verify")>{tr!(lang, "打开核验工具", "Open the tool")}</a></p></section>
    };
    frame(
        boot,
        Page::Board,
        tr!(lang, "停车", "Parking").into(),
        tr!(lang, "车位怎么分、谁抽中、钱去哪里", "How bays are handed out, who drew one, where the money goes").into(),
        body,
    )
}

fn statement(boot: &Boot, months: &[Month]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = months.iter().map(|m| vec![m.month.clone(), m.count.to_string(), m.running.to_string(), m.sum.to_string()]).collect();
    let drawn = Table {
        columns: vec![
            Column::words(tr!(lang, "月份", "Month"), 2),
            Column::number(tr!(lang, "缴费笔数", "Payments"), 2),
            Column::number(tr!(lang, "月底在租", "Running at its end"), 2),
            Column::number(tr!(lang, "收入（元）", "Income (yuan)"), 3),
        ],
        rows,
        total: vec![],
    };
    (!months.is_empty()).then(|| {
        view! { <section class="card"><h2>{tr!(lang, "停车收入", "Parking income")}<a href=boot.at("/income")>{tr!(lang, "公共收益账", "Ledger")}</a></h2>{table(lang, &drawn)}<p class="hint">{tr!(lang, "每一笔都进公共收益，有凭证号；冲掉的不算。", "Every payment is in the common income with its voucher; what was taken back does not count.")}</p></section> }
    })
}

/// A round. Who lives here and who commits in a draw is led on.
pub fn one(boot: &Boot, v: &View, (resident, party): (bool, bool), now: Time) -> AnyView {
    let lang = boot.lang;
    let at = |t: Time| spoken_time(lang, t, now, boot.offset());
    let counts = Kind::ALL
        .iter()
        .filter_map(|kind| {
            let (all, free) = v.count(*kind);
            (all > 0).then(|| {
                (kind.label(lang).to_owned(), if v.row.drawn_at.is_some() { trf!(lang, "{all} 个，空 {free} 个", "{all}, {free} free") } else { trf!(lang, "{all} 个", "{all}") })
            })
        })
        .collect();
    let unplanned = v.bays.iter().filter(|b| !b.planned).count();
    let passes = (unplanned > 0).then(|| view! { <p class="hint">{trf!(lang, "其中 {unplanned} 个不在原规划里，只发通行资格，不固定给某一户。", "{unplanned} of them are not of the original plan: they give passes and are never leased to one home.")}</p> });
    let times = vec![
        (tr!(lang, "申请截止", "Applications until").to_owned(), at(v.row.apply_until)),
        (tr!(lang, "公共随机数", "Public value").to_owned(), v.row.public_name.clone()),
        (tr!(lang, "产生时间", "Exists from").to_owned(), at(v.row.public_at)),
    ];
    let postponed = v
        .postponed
        .iter()
        .map(|(name, when, why)| view! { <p class="note">{tr!(lang, "原定 {name}（{}），改了：{why}", "Before it was {name} ({}); changed: {why}", at(*when))}</p> })
        .collect_view();
    let go = resident.then(|| view! { <p><a class="btn" href="/parking">{if v.row.stage == Stage::Open { tr!(lang, "去申请", "Apply") } else { tr!(lang, "看我家的申请", "My application") }}</a></p> });
    let commit = (party && v.row.stage == Stage::Final)
        .then(|| view! { <p><a class="btn" href=format!("/desk/parking/{}", v.row.id)>{tr!(lang, "交承诺、公开随机数", "Commit, reveal")}</a></p> });
    let applied: Vec<(String, String)> =
        Band::ALL.iter().filter(|b| v.row.rules.band(**b).is_some()).map(|b| (format!("{} {}", b.code(), b.label(lang)), v.applied(*b).to_string())).collect();
    // What is followed while it happens: stage, lists, objections, promises, and what became of each application.
    let became = v.applications.iter().filter(|a| a.outcome.is_some()).count();
    let revealed = v.parties.iter().filter(|p| p.revealed.is_some()).count();
    let read = v.readings.iter().map(|r| r.at.0).max().unwrap_or_default();
    let state = format!("{} {} {} {} {revealed} {became} {read}", v.row.version, v.lists.len(), v.objections.len(), v.parties.len());
    let body = view! {
        <div data-follow=state class="stack">
        <p>{stage_tag(lang, v.row.stage)}</p>{go}{commit}
        <section class="card"><h2>{tr!(lang, "规则", "Rules")}</h2>{table(lang, &rules_table(lang, &v.row.rules))}{list_of(rules_facts(lang, &v.row))}</section>
        <section class="card"><h2>{tr!(lang, "车位", "Bays")}</h2>{list_of(counts)}{passes}</section>
        <section class="card"><h2>{tr!(lang, "时间", "Times")}</h2>{list_of(times)}{postponed}</section>
        <section class="card"><h2>{tr!(lang, "申请", "Applications")}</h2>{list_of(applied)}{(v.row.stage == Stage::Open).then(|| view! { <p class="hint">{tr!(lang, "截止以后才公布名单，每份申请都写明理由。", "The list is published once applications end, each with its reason.")}</p> })}</section>
        {(v.row.stage != Stage::Open).then(|| lists(boot, v, now))}
        {parties(boot, v, now)}{announced(boot, v, now)}
        {v.row.drawn_at.is_some().then(|| drawn(boot, v))}
        </div>
    };
    frame(boot, Page::Board, v.row.title.clone(), v.row.number.clone(), body)
}

/// What an application needs, in words; nothing where nothing.
pub fn needs(lang: Lang, need: i64) -> &'static str {
    match need {
        1 => tr!(lang, "新能源", "electric"),
        2 => tr!(lang, "无障碍", "accessible"),
        3 => tr!(lang, "无障碍、新能源", "accessible, electric"),
        _ => "",
    }
}

/// The list that stands, those who are not on it, and every version.
pub fn lists(boot: &Boot, v: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let row =
        |a: &&ApplicationRow| vec![a.code.clone(), a.unit.clone(), a.band.code().to_owned(), a.wait.to_string(), needs(lang, a.need).to_owned(), a.verdict.label(lang).to_owned()];
    let columns = || {
        vec![
            Column::words(tr!(lang, "编号", "Code"), 3),
            Column::words(tr!(lang, "户（遮挡）", "Home (masked)"), 4),
            Column::words(tr!(lang, "类", "Band"), 1),
            Column::number(tr!(lang, "已等", "Waited"), 1),
            Column::words(tr!(lang, "需要", "Needs"), 2),
            Column::words(tr!(lang, "理由", "Reason"), 5),
        ]
    };
    let on: Vec<&ApplicationRow> = v.applications.iter().filter(|a| a.verdict.listed()).collect();
    let off: Vec<&ApplicationRow> = v.applications.iter().filter(|a| !a.verdict.listed() && a.verdict != Verdict::Withdrawn).collect();
    let (n, m) = (on.len(), off.len());
    let listed = Table { columns: columns(), rows: on.iter().take(SHOWN).map(row).collect(), total: vec![] };
    let others = Table { columns: columns(), rows: off.iter().take(SHOWN).map(row).collect(), total: vec![] };
    let more = (n > SHOWN).then(|| view! { <p class="hint">{trf!(lang, "这里只列前 {SHOWN} 份，全部在名单文件里。", "The first {SHOWN} are shown here; the file has all.")}</p> });
    let off = (m > 0).then(|| view! { <details class="card more"><summary>{trf!(lang, "不在名单里的 {m} 份和理由", "{m} not on the list, with their reasons")}</summary>{table(lang, &others)}</details> });
    let versions = v
        .lists
        .iter()
        .map(|l| {
            let (n, lines) = (l.version, l.body.lines().count());
            let file = boot.at(&format!("/parking/{}/list-{n}.txt", v.row.number));
            let why = (!l.note.is_empty()).then(|| view! { <br/><span>{l.note.clone()}</span> });
            view! { <li><a href=file download="">{trf!(lang, "第 {n} 版，{lines} 份", "Version {n}, {lines} lines")}</a>" "<span class="muted">{spoken_time(lang, l.at, now, boot.offset())}</span>{why}<br/><span class="hint">{l.hash.clone()}</span></li> }
        })
        .collect_view();
    let objections = v
        .objections
        .iter()
        .map(|o| {
            let answer = match &o.answer {
                Some((true, words, _)) => view! { <p><span class="tag ok">{tr!(lang, "成立", "Upheld")}</span>" "{words.clone()}</p> }.into_any(),
                Some((false, words, _)) => view! { <p><span class="tag off">{tr!(lang, "不成立", "Not upheld")}</span>" "{words.clone()}</p> }.into_any(),
                None => view! { <p><span class="tag warn">{tr!(lang, "等答复", "Waits for an answer")}</span></p> }.into_any(),
            };
            view! { <li><b>{o.code.clone()}</b>" "{o.words.clone()}{answer}</li> }
        })
        .collect_view();
    let until = v
        .row
        .objections_until
        .filter(|_| v.row.stage == Stage::Frozen)
        .map(|until| view! { <p>{tr!(lang, "{} 前可以提异议。", "Objections until {}.", spoken_time(lang, until, now, boot.offset()))}</p> });
    view! {
        <section class="card"><h2>{trf!(lang, "名单：{n} 份", "The list: {n}")}</h2>{until}{folded(lang, trf!(lang, "看全部 {n} 份", "All {n}"), &listed)}{more}</section>
        {off}
        <section class="card"><h2>{tr!(lang, "名单的每一版", "Every version of the list")}</h2><ol class="plain">{versions}</ol></section>
        {(!v.objections.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "异议", "Objections")}</h2><ul class="plain">{objections}</ul></section> })}
    }
}

/// Who committed and who revealed.
pub fn parties(boot: &Boot, v: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let late = now >= v.row.public_at;
    let rows = v
        .parties
        .iter()
        .map(|p| {
            let revealed = match &p.revealed {
                Some((nonce, at)) => tr!(lang, "{nonce}（{} 公开）", "{nonce} (revealed {})", spoken_time(lang, *at, now, boot.offset())),
                None if late => tr!(lang, "没有公开，不计入", "did not reveal, left out").to_owned(),
                None => tr!(lang, "还没有公开", "not revealed yet").to_owned(),
            };
            view! { <div><dt>{party_label(lang, &p.party)}" "{p.party.clone()}</dt><dd>{tr!(lang, "承诺 ", "Commitment ")}{p.commitment.clone()}<br/>{tr!(lang, "随机数 ", "Number ")}{revealed}</dd></div> }
        })
        .collect_view();
    (!v.parties.is_empty())
        .then(|| view! { <section class="card"><h2>{tr!(lang, "三方的承诺和随机数", "The parties' commitments and numbers")}</h2><dl class="facts">{rows}</dl></section> })
}

/// Which side entered the public value, and what: never less than two before anything is drawn.
pub fn announced(boot: &Boot, v: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = v
        .readings
        .iter()
        .map(|r| {
            let value = r.value.clone().unwrap_or_else(|| tr!(lang, "已填，等另一方照公告填了再公开", "entered; shown when another side has entered it too").into());
            (party_label(lang, &r.side), format!("{value}{}", tr!(lang, "（{}）", " ({})", spoken_time(lang, r.at, now, boot.offset()))))
        })
        .collect::<Vec<_>>();
    let differ = v.row.drawn_at.is_none() && v.readings.len() > 1;
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card"><h2>{tr!(lang, "照公告填的公共随机数", "The public value as it was read")}</h2>{list_of(rows)}
                {differ.then(|| view! { <p class="err" role="alert">{tr!(lang, "几方填得不一样，还不能抽签：请照公告核对。", "The sides do not agree, so nothing is drawn: check the announcement.")}</p> })}
                <p class="hint">{tr!(lang, "两方各自照公告填，一致才抽签。", "Two sides read the announcement each by itself; the draw follows when they agree.")}</p></section>
        }
    })
}

/// What became of an application, in words.
pub fn became(lang: Lang, a: &ApplicationRow) -> String {
    match (a.outcome, a.kind) {
        (Some(outcome @ (Outcome::Offered | Outcome::Leased)), Some(kind)) => format!("{} · {}", outcome.label(lang), kind.label(lang)),
        (Some(outcome), _) => outcome.label(lang).to_owned(),
        (None, _) => String::new(),
    }
}

fn drawn(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let placed = v.placed();
    let row = |a: &&ApplicationRow| {
        let key: String = a.key.chars().take(10).collect();
        vec![a.place.unwrap_or_default().to_string(), a.code.clone(), a.unit.clone(), a.band.code().to_owned(), a.wait.to_string(), key, became(lang, a)]
    };
    let order = Table {
        columns: vec![
            Column::number(tr!(lang, "顺序", "Place"), 1),
            Column::words(tr!(lang, "编号", "Code"), 3),
            Column::words(tr!(lang, "户（遮挡）", "Home (masked)"), 4),
            Column::words(tr!(lang, "类", "Band"), 1),
            Column::number(tr!(lang, "已等", "Waited"), 1),
            Column::words(tr!(lang, "键（前 10 位）", "Key (first 10)"), 3),
            Column::words(tr!(lang, "结果", "Result"), 4),
        ],
        rows: placed.iter().take(SHOWN).map(row).collect(),
        total: vec![],
    };
    let waiting = placed.iter().filter(|a| a.outcome == Some(Outcome::Waiting)).count();
    let base = boot.at(&format!("/parking/{}", v.row.number));
    let verify = boot.at(&format!("/parking/{}/verify", v.row.number));
    view! {
        <section class="card"><h2>{tr!(lang, "抽签", "The draw")}</h2>
            <dl class="facts"><div><dt>{tr!(lang, "公共随机数", "Public value")}</dt><dd>{v.row.public.clone()}</dd></div><div><dt>{tr!(lang, "种子", "Seed")}</dt><dd>{v.row.seed.clone()}</dd></div><div><dt>{tr!(lang, "轮候", "Waiting")}</dt><dd>{waiting}</dd></div></dl>
            <p class="cluster"><a class="btn small" href=verify>{tr!(lang, "核验这次抽签", "Check this draw")}</a><a class="chip" href=format!("{base}/draw.json") download="">{tr!(lang, "下载抽签文件", "Download its file")}</a></p>
            <p class="hint">{tr!(lang, "先按类（B1 最先），同一类里等得久的在前，再按键从小到大。键由种子和编号算出。", "By band (B1 first), within it by how long one has waited, then by key. A key follows from the seed and the code.")}</p>
            {folded(lang, tr!(lang, "看全部顺序（{n} 份）", "The whole order ({n})", n = placed.len()), &order)}</section>
    }
}
