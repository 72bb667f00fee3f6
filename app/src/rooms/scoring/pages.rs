//! In the open: rounds, one result with everything that it follows from, one item, the sheets without names.

use super::anonymous::cell;
use super::count::{GroupCount, ItemCount};
use super::heat::{Area, shade};
use super::model::{ChargeRow, Group, Plea, ReadingRow, RoundRow, Stage};
use super::papers::{deductions, facts, how, item_name, sections, upholds, verdict, void};
use super::rules::{spoken, spoken_share};
use super::store::View;
use super::template::{Kind, spoken_halves};
use crate::i18n::{Lang, spoken_date, spoken_time};
use crate::measure::Time;
use crate::rooms::documents::model::Table;
use crate::rooms::fund::pages::spoken_half;
use crate::rooms::photos::model::Size;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{empty, frame, photo};
use crate::{tr, trf};
use leptos::prelude::*;

/// One bar: its name, its length in hundredths of a per cent, and what stands behind it.
pub struct Bar {
    /// The name.
    pub name: String,
    /// 0 to 10,000; nothing for no bar.
    pub share: Option<i64>,
    /// The value in words.
    pub words: String,
    /// One of an earlier round, drawn paler.
    pub old: bool,
}

/// Bars with their values written beside them. The same numbers stand in a table below, so that the picture is for the eye alone.
pub fn bars(label: String, bars: &[Bar]) -> impl IntoView + use<> {
    let rows = bars
        .iter()
        .map(|bar| {
            let class = if bar.old { "rate old" } else { "rate" };
            let spoken = format!("{} {}", bar.name, bar.words);
            let drawn = bar.share.map(|share| view! { <progress max="10000" value=share.to_string() aria-label=spoken></progress> });
            view! { <div class=class><span>{bar.name.clone()}</span><b>{bar.words.clone()}</b>{drawn}</div> }
        })
        .collect_view();
    view! { <div role="group" aria-label=label>{rows}</div> }
}

/// A document's table on a page.
pub fn table(lang: Lang, t: &Table) -> impl IntoView + use<> {
    let class = |n: usize| if t.columns.get(n).is_some_and(|c| c.numeric) { "num" } else { "" };
    let head = t.columns.iter().enumerate().map(|(n, c)| view! { <th scope="col" class=class(n)>{c.label.clone()}</th> }).collect_view();
    let line = |cells: &[String]| cells.iter().enumerate().map(|(n, cell)| view! { <td class=class(n)>{cell.clone()}</td> }).collect_view();
    let rows = t.rows.iter().map(|row| view! { <tr>{line(row)}</tr> }).collect_view();
    let total = (!t.total.is_empty()).then(|| view! { <tfoot><tr>{line(&t.total)}</tr></tfoot> });
    view! { <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "表格", "Table")><table class="t"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{total}</table></div> }
}

/// Names and values.
pub fn list_of(facts: Vec<(String, String)>) -> impl IntoView {
    let rows = facts.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view();
    view! { <dl class="facts">{rows}</dl> }
}

/// How many of each group have handed in, with a bar.
pub fn turnout(lang: Lang, row: &RoundRow) -> impl IntoView + use<> {
    let groups = Group::ALL.into_iter().zip(row.turnout).map(|(group, (of, in_))| Bar {
        name: group.label(lang).into(),
        share: Some(in_.saturating_mul(10_000) / of.max(1)),
        words: format!("{in_} / {of}"),
        old: false,
    });
    bars(tr!(lang, "交表人数", "Handed in").into(), &groups.collect::<Vec<_>>())
}

/// All rounds; with links for those who score and for those who answer an appeal.
pub fn overview(boot: &Boot, rounds: &[RoundRow], (scores, decides): (bool, bool), now: Time) -> AnyView {
    let lang = boot.lang;
    let running = rounds
        .iter()
        .filter(|r| r.stage != Stage::Published)
        .map(|r| {
            let until = spoken_time(lang, r.closes_at, now, boot.offset());
            let go = (scores && r.stage == Stage::Open).then(|| view! { <p><a class="btn" href=format!("/scoring/{}", r.id)>{tr!(lang, "去打分", "Score")}</a></p> });
            let desk = (decides && r.stage != Stage::Open).then(|| view! { <p><a class="chip" href=format!("/desk/scoring/{}", r.id)>{tr!(lang, "看初步结果和申诉", "The draft and the appeal")}</a></p> });
            view! {
                <section class="card"><h2>{r.number.clone()}" "{spoken_half(lang, &r.half)}</h2><p><span class="tag due">{r.stage.label(lang)}</span>" "{trf!(lang, "{until} 截止", "until {until}")}</p>
                {turnout(lang, r)}<p class="hint">{tr!(lang, "打分时只公布交表人数，分数要等结果公布。", "While it runs only the turnout is public, not the marks.")}</p>{go}{desk}</section>
            }
        })
        .collect_view();
    let done: Vec<&RoundRow> = rounds.iter().filter(|r| r.stage == Stage::Published).collect();
    let rows = done
        .iter()
        .map(|r| {
            let result = r.verdict.map_or_else(|| tr!(lang, "无效", "Void").to_owned(), |v| verdict(lang, v));
            let (of, in_) = r.handed();
            let at = r.published_at.map(|at| spoken_date(lang, at, now, boot.offset())).unwrap_or_default();
            view! { <tr><th scope="row"><a href=boot.at(&format!("/scoring/{}", r.number))>{r.number.clone()}</a></th><td>{spoken_half(lang, &r.half)}</td><td class="num">{result}</td><td class="num">{format!("{in_} / {of}")}</td><td>{at}</td></tr> }
        })
        .collect_view();
    let trend: Vec<Bar> = done.iter().rev().filter_map(|r| r.verdict.map(|v| Bar { name: r.half.clone(), share: Some(v.0), words: verdict(lang, v), old: false })).collect();
    let past = if done.is_empty() {
        empty("list", tr!(lang, "还没有公布过考核结果。", "No result was published yet.").into(), None).into_any()
    } else {
        view! {
            <section class="card"><h2>{tr!(lang, "历次结果", "Results")}</h2>{bars(tr!(lang, "历次总分", "Totals").into(), &trend)}
            <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "历次结果", "Results")><table class="t">
                <thead><tr><th scope="col">{tr!(lang, "编号", "No.")}</th><th scope="col">{tr!(lang, "半年", "Half-year")}</th><th scope="col" class="num">{tr!(lang, "结果", "Result")}</th><th scope="col" class="num">{tr!(lang, "交表 / 应交", "In / appointed")}</th><th scope="col">{tr!(lang, "公布", "Published")}</th></tr></thead>
                <tbody>{rows}</tbody></table></div></section>
        }
        .into_any()
    };
    frame(
        boot,
        Page::Board,
        tr!(lang, "物业考核", "Scoring of the property company").into(),
        tr!(lang, "半年一次，业主代表和楼组长打分", "Twice a year, by representatives and building leaders").into(),
        view! { {running}{past} },
    )
}

/// A published result. `before` are earlier ones, the newest first.
pub fn result(boot: &Boot, view: &View, before: &[View], now: Time) -> AnyView {
    let lang = boot.lang;
    let here = format!("/scoring/{}", view.row.number);
    let base = boot.at(&here);
    let slug = boot.slug.clone();
    let recount = view.count.verdict().is_some().then(|| view! {
        <section class="card"><h2>{tr!(lang, "自己算一遍", "Count it yourself")}</h2>
            <p>{tr!(lang, "每张表都去掉了名字，顺序按本轮的散列值打乱。用下面的表就能算出同样的分数。", "Every sheet is here without its name, in an order that follows from the round's hash. From them anybody can count the same result.")}</p>
            <p class="cluster"><a class="chip" href=format!("{base}/sheets")>{tr!(lang, "全部打分表", "All sheets")}</a><a class="chip" href=format!("{base}/sheets.csv") download="">"CSV"</a><a class="chip" href=format!("{base}/everything.json") download="">"JSON"</a><a class="chip" href=format!("/print/scoring/{slug}/{}", view.row.number)>{tr!(lang, "打印报告", "Print the report")}</a></p>
            <div data-recount=format!("{base}/everything.json")></div>
            <p class="hint">{tr!(lang, "散列值 ", "Hash ")}<span class="code">{view.hash.clone()}</span></p></section>
    });
    let body = view! { {body(boot, view, before, Some(base.clone()), now)}{recount} };
    frame(boot, Page::Board, format!("{} {}", tr!(lang, "物业考核", "Scoring"), view.row.number), spoken_half(lang, &view.row.half), body)
}

/// What the public page and the desk show of a result.
pub fn body(boot: &Boot, view: &View, before: &[View], base: Option<String>, now: Time) -> AnyView {
    let lang = boot.lang;
    let headline = match (void(lang, view), view.count.verdict()) {
        (Some(why), _) => view! { <p class="notice err" role="status"><span>{why}</span></p> }.into_any(),
        (None, Some(v)) => view! { <p class="sum">{verdict(lang, v)}</p> }.into_any(),
        _ => ().into_any(),
    };
    // What is stored and what is counted from the parts must be one thing; anybody may see when it is not.
    let differs = (view.stored != view.count.verdict()).then(
        || view! { <p class="notice err" role="alert"><span>{tr!(lang, "注意：登记的结果和重新计算的不一样。", "Beware: what is stored is not what is counted.")}</span></p> },
    );
    let renewal = view.renewal.then(|| view! { <p class="notice err" role="status"><span>{tr!(lang, "连续两次不合格：续聘或解聘物业列入业主大会议题。", "A second fail in a row: renewal goes on the owners' agenda.")}</span></p> });
    let head = view! { <section class="card stack">{headline}{differs}{renewal}{list_of(facts(lang, view))}{turnout(lang, &view.row)}{extensions(boot, view)}</section> };
    // A round that says nothing shows nobody's marks: of a few sheets everybody would know whose they are.
    if view.count.verdict().is_none() {
        return head.into_any();
    }
    view! {
        {head}
        <section class="card"><h2>{tr!(lang, "各部分得分率", "Share by section")}</h2>{section_bars(lang, view, before)}{table(lang, &with_before(lang, view, before))}</section>
        {extremes(lang, view, base.as_deref())}
        {items(lang, view, base.as_deref())}
        {heat(lang, view)}
        {charges(boot, view)}
        {appeal(boot, view, now)}
        {mend(boot, view, now)}
    }
    .into_any()
}

fn extensions(boot: &Boot, view: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let day = |at: Time| at.local(boot.offset()).format("%Y-%m-%d %H:%M").to_string();
    let rows = view.extensions.iter().map(|(_, to, why)| view! { <li>{tr!(lang, "延到 ", "Extended to ")}{day(*to)}"："{why.clone()}</li> }).collect_view();
    (!view.extensions.is_empty()).then(|| view! { <ul class="plain">{rows}</ul> })
}

fn section_bars(lang: Lang, view: &View, before: &[View]) -> impl IntoView + use<> {
    let mut all = Vec::new();
    for section in &view.template.sections {
        for (n, round) in std::iter::once(view).chain(before.first()).enumerate() {
            let Some(found) = round.count.sections.iter().find(|s| s.code == section.code) else { continue };
            let name = if n == 0 { format!("{} {}", section.code, section.name) } else { round.row.half.clone() };
            all.push(Bar { name, share: found.share, words: found.share.map_or_else(|| "—".into(), spoken_share), old: n > 0 });
        }
    }
    bars(tr!(lang, "各部分得分率，和上一次比", "Share by section, beside the round before").into(), &all)
}

fn with_before(lang: Lang, view: &View, before: &[View]) -> Table {
    let mut table = sections(lang, view);
    for round in before {
        table.columns.push(crate::rooms::documents::model::Column::number(&round.row.half, 2));
        for (row, section) in table.rows.iter_mut().zip(&view.count.sections) {
            let share = round.count.sections.iter().find(|s| s.code == section.code).and_then(|s| s.share);
            row.push(share.map_or_else(|| "—".into(), spoken_share));
        }
        table.total.push(round.count.verdict().map_or_else(|| "—".into(), |_| spoken_share(round.count.earned)));
    }
    table
}

fn extremes(lang: Lang, view: &View, base: Option<&str>) -> impl IntoView + use<> {
    let order = view.count.from_weakest();
    let half = order.len().div_ceil(2).min(5);
    let list = |items: Vec<&ItemCount>| {
        let rows = items
            .into_iter()
            .map(|i| {
                let (name, share) = (item_name(lang, &view.template, &i.code), i.share.map(spoken_share).unwrap_or_default());
                let name = match base {
                    Some(base) => view! { <a href=format!("{base}/items/{}", i.code)>{name}</a> }.into_any(),
                    None => name.into_any(),
                };
                view! { <li>{name}" "<b>{share}</b></li> }
            })
            .collect_view();
        view! { <ol class="plain">{rows}</ol> }
    };
    let weakest = list(order.iter().take(half).copied().collect());
    let strongest = list(order.iter().rev().take(half).copied().collect());
    (half > 0).then(|| {
        view! {
            <section class="card"><h2>{tr!(lang, "最弱的几项", "The weakest")}</h2>{weakest}</section>
            <section class="card"><h2>{tr!(lang, "最好的几项", "The strongest")}</h2>{strongest}</section>
        }
    })
}

fn items(lang: Lang, view: &View, base: Option<&str>) -> impl IntoView + use<> {
    let rows = view
        .count
        .items
        .iter()
        .map(|i| {
            let name = item_name(lang, &view.template, &i.code);
            let name = match base {
                Some(base) => view! { <a href=format!("{base}/items/{}", i.code)>{name}</a> }.into_any(),
                None => name.into_any(),
            };
            view! { <tr><th scope="row">{name}</th><td class="num">{spoken_halves(i.full)}</td><td class="num">{i.points.map_or_else(|| "—".into(), spoken)}</td><td>{how(lang, i, view)}</td></tr> }
        })
        .collect_view();
    view! {
        <section class="card"><h2>{tr!(lang, "各项得分", "By item")}</h2>
        <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "各项得分", "By item")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "评分项", "Item")}</th><th scope="col" class="num">{tr!(lang, "满分", "Full")}</th><th scope="col" class="num">{tr!(lang, "得分", "Points")}</th><th scope="col">{tr!(lang, "怎么来的", "How")}</th></tr></thead>
            <tbody>{rows}</tbody></table></div>
        <p class="hint">{tr!(lang, "每项的小数只为看；总分按精确值相加，最后四舍五入一次。带 * 的组人数不够，不算。", "Item points are rounded for reading; the total is added exactly and rounded once. A group with * is too small to count.")}</p></section>
    }
}

/// What the houses think, item by item; the number stands in each cell, its colour is for the eye alone.
fn heat(lang: Lang, view: &View) -> impl IntoView + use<> {
    let least = view.numbers.samples;
    let name = |area: &Area| match &area.buildings {
        (first, last) if first == last => first.clone(),
        (first, last) => format!("{first} – {last}"),
    };
    let head =
        view.heat.iter().map(|a| view! { <th scope="col" class="num">{name(a)}<br/><span class="muted">{tr!(lang, "{n} 人", "{n}", n = a.scorers)}</span></th> }).collect_view();
    let cell = |share: Option<i64>| match share {
        Some(share) => view! { <td class=format!("num heat h{}", shade(share))>{spoken_share(share)}</td> }.into_any(),
        None => view! { <td class="num">"—"</td> }.into_any(),
    };
    let rows = view
        .template
        .items()
        .filter(|i| i.kind == Kind::Rated)
        .enumerate()
        .map(|(n, item)| {
            let cells = view.heat.iter().map(|a| cell(a.shares.get(n).copied().flatten())).collect_view();
            view! { <tr><th scope="row">{item_name(lang, &view.template, &item.code)}</th>{cells}</tr> }
        })
        .collect_view();
    (view.heat.len() > 1).then(|| {
        view! {
            <section class="card"><h2>{tr!(lang, "各楼怎么看", "What the houses think")}</h2>
            <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "各楼怎么看", "What the houses think")><table class="t heatmap"><thead><tr><th scope="col">{tr!(lang, "评分项", "Item")}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>
            <p class="hint">{trf!(lang, "相邻的楼合在一起看，每格至少 {least} 人，认不出是谁打的。这里是全部分数的平均，没有去掉最高最低。", "Neighbouring buildings are shown together, at least {least} scorers in each cell, so that nobody can be recognised. Plain means: nothing is trimmed here.")}</p></section>
        }
    })
}

fn pictures(boot: &Boot, photos: &[crate::ids::PhotoId]) -> impl IntoView + use<> {
    let alt = tr!(boot.lang, "证据照片", "Evidence");
    let list = photos.iter().map(|id| photo(*id, Size::Small, alt.into())).collect_view();
    (!photos.is_empty()).then(|| view! { <div class="papers">{list}</div> })
}

/// One charge.
pub fn charge(boot: &Boot, view: &View, c: &ChargeRow) -> AnyView {
    let lang = boot.lang;
    let name = view.template.charge(&c.code).unwrap_or(&c.code).to_owned();
    let back = c.discharged.clone().map(|why| view! { <p class="muted">{tr!(lang, "已撤：", "Taken back: ")}{why}</p> });
    view! { <li><b>{name}</b><p>{c.words.clone()}</p>{pictures(boot, &c.photos)}{back}</li> }.into_any()
}

fn charges(boot: &Boot, view: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = view.charges.iter().map(|c| charge(boot, view, c)).collect_view();
    let sums = list_of(deductions(lang, view));
    (!view.charges.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "扣分与否决", "Deductions and vetoes")}</h2>{sums}<ul class="plain">{rows}</ul></section> })
}

/// The appeal and what three parties said.
pub fn appeal(boot: &Boot, view: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let offset = boot.offset();
    view.appeal.as_ref().map(|a| {
        let pleas = a
            .pleas
            .iter()
            .map(|plea| match plea {
                Plea::Charge { charge } => {
                    let code = view.charges.iter().find(|c| c.id == *charge).map(|c| c.code.clone()).unwrap_or_default();
                    let name = view.template.charge(&code).unwrap_or_default().to_owned();
                    trf!(lang, "要求撤销扣分：{name}", "To take back: {name}")
                }
                Plea::Reading { item, good, all } => {
                    let name = item_name(lang, &view.template, item);
                    trf!(lang, "要求更正 {name} 为 {good} / {all}", "To correct {name} to {good} / {all}")
                }
            })
            .map(|words| view! { <li>{words}</li> })
            .collect_view();
        let said = a.opinions.iter().map(|(party, yes, words)| view! { <li><b>{party.label(lang)}</b>" "{upholds(lang, *yes)}"："{words.clone()}</li> }).collect_view();
        let outcome = view.upheld.map(|yes| {
            let first = view.first.map(|f| tr!(lang, "申诉前 {f}，现在以上面的为准。", "Before the appeal {f}; what stands above holds now.", f = verdict(lang, f))).unwrap_or_default();
            view! { <p><b>{if yes { tr!(lang, "申诉成立。", "The appeal is upheld. ") } else { tr!(lang, "申诉不成立。", "The appeal is not upheld. ") }}</b>{first}</p> }
        });
        view! {
            <section class="card"><h2>{tr!(lang, "物业申诉", "The company's appeal")}</h2><p class="muted">{spoken_date(lang, a.at, now, offset)}</p><p>{a.words.clone()}</p><ul class="plain">{pleas}</ul>{pictures(boot, &a.photos)}
            <h3>{tr!(lang, "三方答复", "Three parties")}</h3><ul class="plain">{said}</ul>{outcome}</section>
        }
    })
}

fn mend(boot: &Boot, view: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = view
        .mend
        .iter()
        .map(|m| {
            let due = spoken_date(lang, m.due_at, now, boot.offset());
            let state = if m.done { view! { <span class="tag ok">{tr!(lang, "已办", "Done")}</span> }.into_any() } else if m.due_at < now { view! { <span class="tag warn">{tr!(lang, "已过期", "Overdue")}</span> }.into_any() } else { view! { <span class="tag due">{tr!(lang, "整改中", "Under way")}</span> }.into_any() };
            view! { <li><a href=boot.at(&format!("/t/{}", m.ticket))>{m.ticket.clone()}</a>" "{state}<p>{m.item.clone()}" "{m.words.clone()}</p><p class="muted">{trf!(lang, "{due} 前改好", "due {due}")}</p></li> }
        })
        .collect_view();
    (!view.mend.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "整改清单", "To be mended")}</h2><ul class="plain">{rows}</ul></section> })
}

/// One item down to its marks.
pub fn item(boot: &Boot, view: &View, count: &ItemCount) -> AnyView {
    let lang = boot.lang;
    let name = item_name(lang, &view.template, &count.code);
    let test = view.template.item(&count.code).map(|i| i.test.clone()).unwrap_or_default();
    let (points, full) = (count.points.map_or_else(|| "—".into(), spoken), spoken_halves(count.full));
    let detail = match view.template.item(&count.code).map(|i| i.kind) {
        Some(Kind::Objective { target, floor }) => objective(boot, view.readings.iter().find(|r| r.item == count.code), target, floor),
        _ => {
            let weight = view.numbers.weight_percent;
            let parts = Group::ALL
                .into_iter()
                .zip(&count.groups)
                .zip([weight, 100 - weight])
                .map(|((group, marks), weight)| distribution(lang, group, marks, count.full, weight))
                .collect_view();
            let unknown = count.unknown;
            view! { {parts}<p class="muted">{trf!(lang, "{unknown} 人选了“不了解”，不算。", "{unknown} did not know, which counts for nothing.")}</p> }.into_any()
        }
    };
    let body = view! { <section class="card"><p class="sum">{trf!(lang, "{points} / {full} 分", "{points} of {full}")}</p><p class="muted">{tr!(lang, "满分标准：", "Full marks when: ")}{test}</p></section>{detail}<p><a class="chip" href=boot.at(&format!("/scoring/{}", view.row.number))>{tr!(lang, "回到结果", "Back to the result")}</a></p> };
    frame(boot, Page::Board, name, view.row.number.clone(), body)
}

fn objective(boot: &Boot, reading: Option<&ReadingRow>, target: i64, floor: i64) -> AnyView {
    let lang = boot.lang;
    let (target, floor) = (spoken_share(target), spoken_share(floor));
    let counted = match reading {
        Some(r) => {
            let rate = crate::rooms::assets::pages::rate(r.good, r.all);
            let by = if r.own { tr!(lang, "系统统计", "Counted by the program") } else { tr!(lang, "居委会、审计录入", "Entered by those who audit") };
            view! { <p><b>{rate}</b></p><p>{r.words.clone()}</p><p class="muted">{by}</p>{pictures(boot, &r.photos)} }.into_any()
        }
        None => view! { <p>{tr!(lang, "没有统计，这一项不计。", "Nothing was counted: the item is left out.")}</p> }.into_any(),
    };
    view! { <section class="card"><h2>{tr!(lang, "客观项", "Counted")}</h2>{counted}<p class="hint">{trf!(lang, "达到 {target} 得满分，{floor} 及以下不得分，中间按比例。", "Full marks from {target}, nothing up to {floor}, a straight line between.")}</p></section> }.into_any()
}

fn distribution(lang: Lang, group: Group, marks: &GroupCount, full: i64, weight: i64) -> AnyView {
    let n = marks.marks.len();
    let times = |halves: i64| marks.marks.iter().filter(|m| **m == halves).count();
    let most = (0..=full).map(times).max().unwrap_or(0).max(1);
    let all: Vec<Bar> = (0..=full)
        .rev()
        .map(|halves| {
            let times = times(halves);
            Bar {
                name: tr!(lang, "{s} 分", "{s} points", s = spoken_halves(halves)),
                share: i64::try_from(times * 8_000 / most).ok(),
                words: tr!(lang, "{n} 人", "{n}", n = times),
                old: false,
            }
        })
        .collect();
    let words = if marks.counts {
        let (dropped, kept, sum) = (marks.dropped, marks.kept().len(), spoken_halves(marks.kept().iter().sum()));
        trf!(
            lang,
            "{n} 人打分，去掉最高、最低各 {dropped} 个，剩下 {kept} 个合计 {sum} 分，平均后占 {weight} %。",
            "{n} marks; the {dropped} highest and lowest are dropped, the other {kept} sum to {sum} points; their mean weighs {weight} %."
        )
    } else {
        trf!(lang, "{n} 人打分，样本不足，权重归另一组。", "{n} marks are too few: the other group has the weight.")
    };
    let rows: Vec<Vec<String>> = (0..=full).rev().map(|h| vec![spoken_halves(h), times(h).to_string()]).collect();
    let numbers = Table {
        columns: vec![
            crate::rooms::documents::model::Column::number(tr!(lang, "分", "Points"), 1),
            crate::rooms::documents::model::Column::number(tr!(lang, "人数", "How many"), 1),
        ],
        rows,
        total: vec![],
    };
    view! { <section class="card"><h2>{group.label(lang)}</h2><p>{words}</p>{bars(group.label(lang).into(), &all)}<details class="more"><summary>{tr!(lang, "看表格", "As a table")}</summary>{table(lang, &numbers)}</details></section> }.into_any()
}

/// All sheets without names.
pub fn sheets(boot: &Boot, view: &View) -> AnyView {
    let lang = boot.lang;
    let items: Vec<String> = view.template.items().filter(|i| i.kind == Kind::Rated).map(|i| i.code.clone()).collect();
    let head = items.iter().map(|i| view! { <th scope="col" class="num">{i.clone()}</th> }).collect_view();
    let rows = view
        .sheets
        .iter()
        .enumerate()
        .map(|(n, sheet)| {
            let cells = items.iter().map(|i| view! { <td class="num">{cell(sheet, i)}</td> }).collect_view();
            view! { <tr><th scope="row">{n + 1}</th><td>{sheet.group.label(lang)}</td>{cells}</tr> }
        })
        .collect_view();
    let base = boot.at(&format!("/scoring/{}", view.row.number));
    let body = view! {
        <p class="cluster"><a class="chip" href=base.clone()>{tr!(lang, "回到结果", "Back to the result")}</a><a class="chip" href=format!("{base}/sheets.csv") download="">"CSV"</a></p>
        <section class="card"><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "打分表", "Sheets")><table class="t"><thead><tr><th scope="col">"#"</th><th scope="col">{tr!(lang, "组", "Group")}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>
        <p class="hint">{tr!(lang, "“?”是不了解，空的是这一项和这位打分人无关。顺序按散列值打乱，不是交表的先后。", "“?” did not know; empty does not concern the scorer. The order follows from the hash, not from who came first.")}</p></section>
    };
    frame(boot, Page::Board, tr!(lang, "全部打分表", "All sheets").into(), view.row.number.clone(), body)
}
