//! A home's own page: cars, applying, the application with its reason, the offer, the lease.

use super::model::{ApplicationRow, CarRow, CarState, LeaseRow, LeaseState, Outcome, Right, RoundBay, Stage, SwapRow, Verdict};
use super::pages::{became, monthly, needs, stage_tag};
use super::store::{Mine, MyRound, owed};
use crate::i18n::{Lang, spoken_date, spoken_time};
use crate::ids::MutationId;
use crate::measure::Time;
use crate::rooms::photos::picker::picker;
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, error_about, refused, typed_about};
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;
use uuid::Uuid;

/// What every form of this page carries.
fn hidden(name: &'static str, subject: Uuid) -> impl IntoView {
    view! { <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value="/parking"/><input type="hidden" name=name value=subject.to_string()/> }
}

/// A form of one button.
fn button(step: &'static str, name: &'static str, subject: Uuid, class: &'static str, words: &'static str) -> impl IntoView {
    view! { <form method="post" action=format!("/forms/parking/{step}") class="inline">{hidden(name, subject)}<button class=class type="submit">{words}</button></form> }
}

/// The page. `picked` is the code of a bay that was tapped on the plan.
pub fn page(boot: &Boot, mine: &Mine, picked: &str, now: Time) -> AnyView {
    let lang = boot.lang;
    let rounds = mine.rounds.iter().map(|r| round(boot, r, &mine.cars, picked, now)).collect_view();
    let none = mine
        .rounds
        .is_empty()
        .then(|| view! { <p class="note">{tr!(lang, "现在没有在申请的车位分配，开了会在公示里。", "No round is open now; a new one is announced on the board.")}</p> });
    let leases = mine.leases.iter().map(|l| lease(boot, l, &mine.cars, now)).collect_view();
    let swaps = mine.swaps.iter().map(|s| swap(boot, s)).collect_view();
    let body = view! {
        {swaps}{leases}{none}{rounds}{cars(boot, &mine.cars)}
        <p class="cluster"><a class="chip" href=boot.at("/parking")>{tr!(lang, "全部公示：规则、名单、抽签", "In public: rules, lists, draws")}</a></p>
        <p class="hint">{tr!(lang, "不方便用手机，可到物业填纸质申请，电话 {}。", "On paper at the property desk too, phone {}.", boot.phone())}</p>
    };
    frame(boot, Page::Me, tr!(lang, "我家的车和车位", "My cars and bays").into(), String::new(), body)
}

fn cars(boot: &Boot, cars: &[CarRow]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = cars
        .iter()
        .map(|c| {
            let class = match c.state {
                CarState::Confirmed => "tag ok",
                CarState::Pending => "tag due",
                _ => "tag warn",
            };
            let words = (!c.words.is_empty()).then(|| view! { <br/><span class="muted">{c.words.clone()}</span> });
            view! { <li><b>{c.plate.clone()}</b>" "{c.ev.then_some(tr!(lang, "新能源 ", "electric "))}<span class=class>{c.state.label(lang)}</span>{words}" "{button("car-remove", "vehicle", c.id, "link", tr!(lang, "注销", "Remove"))}</li> }
        })
        .collect_view();
    let none = cars.is_empty().then(|| view! { <p class="muted">{tr!(lang, "还没有登记。登记以后才能申请车位。", "None yet. A car is registered before it can have a bay.")}</p> });
    view! {
        <section class="card"><h2>{tr!(lang, "我家的车", "My cars")}</h2>{none}<ul class="plain">{rows}</ul></section>
        <form method="post" action="/forms/parking-car" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "登记一辆车", "Register a car")}</h2>
            <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value="/parking"/>
            <div class="field"><label for="plate">{tr!(lang, "车牌", "Plate")}</label><input id="plate" type="text" name="plate" maxlength="20" autocapitalize="characters" placeholder="沪A12345" required value=echo().value("plate")/>{error("plate", lang)}</div>
            {picker(boot)}
            <p class="hint">{tr!(lang, "拍一张行驶证，只有您和物业、业委会核对的人看得到。", "A photo of the registration: only you and those who check it see it.")}</p>{error("photos", lang)}
            <button class="btn sec" type="submit">{tr!(lang, "登记", "Register")}</button>
        </form>
    }
}

fn round(boot: &Boot, r: &MyRound, cars: &[CarRow], picked: &str, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let until = spoken_time(lang, r.row.apply_until, now, boot.offset());
    let open = r.row.stage == Stage::Open && now < r.row.apply_until;
    let mine = r.applications.iter().zip(&r.why).map(|(a, why)| application(boot, r, a, *why, picked, now)).collect_view();
    let when = open.then(|| view! { <p>{trf!(lang, "{until} 截止申请，之前可以改，以最后一次为准。", "Until {until}; you can change it until then: the last one counts.")}</p> });
    view! {
        <section class="card"><h2>{r.row.title.clone()}<a href=boot.at(&format!("/parking/{}", r.row.number))>{tr!(lang, "规则和名单", "Rules, list")}</a></h2>
            <p>{stage_tag(lang, r.row.stage)}" "<span class="muted">{r.row.number.clone()}</span></p>{when}{mine}</section>
        {open.then(|| apply_form(boot, r, cars))}
        {(r.row.stage == Stage::Frozen).then(|| object_form(boot, r))}
    }
}

fn application(boot: &Boot, r: &MyRound, a: &ApplicationRow, why: Option<super::draw::Why>, picked: &str, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let good = a.verdict.listed();
    let frozen = r.row.stage != Stage::Open;
    let word = match (good, frozen) {
        (true, true) => tr!(lang, "在名单里：", "On the list: "),
        (true, false) => tr!(lang, "按现在的情况可以：", "As things stand, yes: "),
        (false, _) => tr!(lang, "按规则不行：", "Not by the rules: "),
    };
    let card = a.card.then_some(if a.need & 2 == 2 {
        tr!(lang, "残疾人证已核对", "disability card seen")
    } else {
        tr!(lang, "请带残疾人证到物业核对", "bring the disability card to the desk")
    });
    let place = why.map(|w| {
        let (n, band, wait, key) = (w.place, w.by_band, w.by_wait, w.by_key);
        view! {
            <p><b>{trf!(lang, "您排第 {n}。", "You are number {n}.")}</b>" "{became(lang, a)}</p>
            <p class="hint">{trf!(lang, "为什么：前面 {band} 份是更靠前的类，{wait} 份同一类但等得更久，{key} 份同一类、等得一样但键更小。", "Why: {band} before you are of an earlier band, {wait} of yours have waited longer, {key} have a smaller key.")}<br/>{tr!(lang, "您的键 ", "Your key ")}{a.key.clone()}</p>
        }
    });
    let offered = (a.outcome == Some(Outcome::Offered)).then(|| offer(boot, a, &r.bays, picked, now));
    let waits = (a.outcome == Some(Outcome::Waiting)).then(|| button("decline", "application", a.id, "btn sec small", tr!(lang, "不等了", "Wait no longer")));
    let back = (!frozen && a.verdict != Verdict::Withdrawn).then(|| button("take-back", "application", a.id, "btn sec small", tr!(lang, "撤回", "Take back")));
    view! {
        <div class="box"><h3>{a.plate.clone()}<span class="tag">{a.band.code()}" "{a.band.label(lang)}</span></h3>
            <p>{tr!(lang, "编号 ", "Code ")}<b>{a.code.clone()}</b>" "{needs(lang, a.need)}</p>
            <p><span class=if good { "tag ok" } else { "tag warn" }>{if good { tr!(lang, "符合", "Fits") } else { tr!(lang, "不符合", "Does not fit") }}</span>" "{word}{a.verdict.label(lang)}</p>
            {card.map(|c| view! { <p class="hint">{c}</p> })}{place}{offered}{waits}{back}</div>
    }
}

fn offer(boot: &Boot, a: &ApplicationRow, bays: &[RoundBay], picked: &str, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let until = a.offer_until.map(|t| spoken_time(lang, t, now, boot.offset())).unwrap_or_default();
    let chosen = echo().value("bay");
    let of_kind: Vec<&RoundBay> = bays.iter().filter(|b| Some(b.kind) == a.kind).collect();
    let radios = of_kind
        .iter()
        .filter(|b| b.planned)
        .map(|b| {
            let marks = if b.kind == super::model::Kind::Plain { String::new() } else { format!(" · {}", b.kind.label(lang)) };
            view! { <label class="check"><input type="radio" name="bay" value=b.id.to_string() required checked={chosen == b.id.to_string() || (chosen.is_empty() && b.code == picked)}/><span><b>{b.code.clone()}</b>" "{b.area.clone()}{marks}</span></label> }
        })
        .collect_view();
    let not_there = (!picked.is_empty() && !of_kind.iter().any(|b| b.planned && b.code == picked))
        .then(|| view! { <p class="note">{trf!(lang, "{picked} 不在给您选的车位里，请选下面的。", "{picked} is not among the bays offered to you: choose below.")}</p> });
    let pass = of_kind
        .iter()
        .any(|b| !b.planned)
        .then(|| view! { <label class="check"><input type="radio" name="bay" value="pass" required/><span><b>{Right::Pass.label(lang)}</b></span></label> });
    view! {
        <form method="post" action="/forms/parking/choose" class="stack">{hidden("application", a.id)}
            <fieldset class="plain"><legend><b>{trf!(lang, "请在 {until} 前选", "Choose before {until}")}</b></legend>{not_there}{radios}{pass}</fieldset>{error("bay", lang)}
            <p><a class="chip" href=boot.at("/plan?pick=/parking")>{tr!(lang, "在平面图上选", "Choose on the plan")}</a></p>
            <button class="btn" type="submit">{tr!(lang, "就选这个", "Take this one")}</button></form>
        {button("decline", "application", a.id, "btn sec small", tr!(lang, "不要了，给下一户", "No, let the next have it"))}
    }
}

/// It says its kind itself, so that it waits in the outbox where there is no network.
fn apply_form(boot: &Boot, r: &MyRound, cars: &[CarRow]) -> AnyView {
    let lang = boot.lang;
    let usable: Vec<&CarRow> = cars.iter().filter(|c| matches!(c.state, CarState::Confirmed | CarState::Pending)).collect();
    if usable.is_empty() {
        return view! { <p class="note">{tr!(lang, "先在下面登记车辆，再来申请。", "Register a car below first, then apply.")}</p> }.into_any();
    }
    let chosen = typed_about("round", r.row.id, "vehicle");
    let (another, has_card) = (typed_about("round", r.row.id, "second") == "1", typed_about("round", r.row.id, "card") == "1");
    let options = usable.iter().map(|c| view! { <option value=c.id.to_string() selected={chosen == c.id.to_string()}>{c.plate.clone()}</option> }).collect_view();
    let round = r.row.id.to_string();
    let first = format!("first-{round}");
    let (second, card, car) = (format!("second-{round}"), format!("card-{round}"), format!("car-{round}"));
    view! {
        <form method="post" action="/forms/parking/apply" class="card stack" data-kind="parking.apply.v1" data-key=round.clone() data-thanks="saved">
            <h2>{tr!(lang, "申请", "Apply")}</h2>
            <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value="/parking"/>
            <input type="hidden" name="round" value=round.clone() data-as=""/>
            <div class="field"><label for=car.clone()>{tr!(lang, "哪辆车", "Which car")}</label><select id=car.clone() name="vehicle" data-as="">{options}</select>{error_about("round", r.row.id, "vehicle", lang)}</div>
            <fieldset class="plain"><legend>{tr!(lang, "这是您家第几辆", "Is it your home's first car?")}</legend>
                <label class="check" for=first.clone()><input id=first.clone() type="radio" name="second" value="0" data-as="bool" checked={!another}/><span>{tr!(lang, "第一辆（家里还没有车位）", "The first (no bay yet)")}</span></label>
                <label class="check" for=second.clone()><input id=second.clone() type="radio" name="second" value="1" data-as="bool" checked=another/><span>{tr!(lang, "第二辆", "The second")}</span></label></fieldset>
            <label class="check" for=card.clone()><input id=card.clone() type="checkbox" name="card" value="1" data-as="bool" checked=has_card/><span>{tr!(lang, "有肢体残疾人证，需要无障碍车位（请带证到物业核对）", "I have a disability card and need an accessible bay (bring it to the desk)")}</span></label>
            <button class="btn" type="submit">{tr!(lang, "交申请", "Apply")}</button>
            <p class="hint">{tr!(lang, "没有信号也能交，有网时自动发出。", "Works without a signal: it goes by itself when there is a network.")}</p>
        </form>
    }
    .into_any()
}

fn object_form(boot: &Boot, r: &MyRound) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! {
        <details class="card more"><summary>{tr!(lang, "对名单有异议", "Object to the list")}</summary>
            <form method="post" action="/forms/parking/object" class="stack">{hidden("round", r.row.id)}
                <div class="field"><label for="code">{tr!(lang, "哪一份（名单上的编号）", "Which one (its code on the list)")}</label><input id="code" type="text" name="code" maxlength="20" value=echo().value("code")/>{error("code", lang)}</div>
                <div class="field"><label for="words">{tr!(lang, "为什么（会公开，请不要写别人的姓名）", "Why (public: please name nobody)")}</label><textarea id="words" name="words" rows="3" maxlength="300">{echo().value("words")}</textarea>{error("words", lang)}</div>
                <button class="btn sec" type="submit">{tr!(lang, "提异议", "Object")}</button></form></details>
    }
}

fn lease(boot: &Boot, l: &LeaseRow, cars: &[CarRow], now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let day = |t: Time| spoken_date(lang, t, now, boot.offset());
    let running = l.state == LeaseState::Active;
    let what = if l.bay.is_empty() { l.right.label(lang).to_owned() } else { format!("{} {}", l.bay, l.right.label(lang)) };
    let paid = owed(l, now).then(|| view! { <p class="late">{tr!(lang, "缴到 {}，请到物业缴费。", "Paid until {}: please pay at the desk.", day(l.paid_until))}</p> });
    let notice = l.notice.as_ref().map(|(why, until)| {
        let appeal = match &l.appeal {
            None => appeal_form(lang, l.id).into_any(),
            Some((_, None)) => view! { <p>{tr!(lang, "已申诉，等决定；决定以前车位照用。", "You have appealed; the bay stays until there is a word on it.")}</p> }.into_any(),
            Some((_, Some((_, words)))) => view! { <p>{tr!(lang, "申诉的决定：", "The word on your appeal: ")}{words.clone()}</p> }.into_any(),
        };
        view! { <div class="box"><h3>{tr!(lang, "{} 收回", "Withdrawn on {}", day(*until))}</h3><p>{why.clone()}</p>{appeal}</div> }
    });
    let forms = running.then(|| lease_forms(boot, l, cars));
    view! {
        <section class=if l.notice.is_some() && running { "card warm" } else { "card" }><h2>{what}<span class="tag">{l.state.label(lang)}</span></h2>
            <p>{l.plate.clone()}" · "{monthly(lang, l.fee)}" · "{tr!(lang, "{} 到 {}", "{} to {}", day(l.from), day(l.until))}</p>{paid}{notice}
            <p><a class="chip" href=format!("/print/parking-lease/{}", l.id)>{tr!(lang, "打印合同", "Print the contract")}</a></p>{forms}</section>
    }
}

fn appeal_form(lang: Lang, lease: Uuid) -> impl IntoView {
    view! { <form method="post" action="/forms/parking/appeal" class="stack">{hidden("lease", lease)}<div class="field"><label for="appeal">{tr!(lang, "申诉", "Appeal")}</label><textarea id="appeal" name="words" rows="3" maxlength="300">{typed_about("lease", lease, "words")}</textarea>{error_about("lease", lease, "words", lang)}</div><button class="btn sec" type="submit">{tr!(lang, "申诉", "Appeal")}</button></form> }
}

fn lease_forms(boot: &Boot, l: &LeaseRow, cars: &[CarRow]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let chosen = typed_about("lease", l.id, "vehicle");
    let others: Vec<_> = cars
        .iter()
        .filter(|c| c.state == CarState::Confirmed && c.plate != l.plate)
        .map(|c| view! { <option value=c.id.to_string() selected={chosen == c.id.to_string()}>{c.plate.clone()}</option> })
        .collect();
    let car = (!others.is_empty()).then(|| view! { <form method="post" action="/forms/parking/change-car" class="field-row">{hidden("lease", l.id)}<div class="field"><label for=format!("car-{}", l.id)>{tr!(lang, "换成自家另一辆车", "Another car of this home")}</label><select id=format!("car-{}", l.id) name="vehicle">{others}</select>{error_about("lease", l.id, "vehicle", lang)}</div><button class="btn sec small" type="submit">{tr!(lang, "换车", "Change")}</button></form> });
    let swap = (l.right == Right::Lease).then(|| view! { <form method="post" action="/forms/parking/swap" class="field-row">{hidden("lease", l.id)}<div class="field"><label for=format!("swap-{}", l.id)>{tr!(lang, "想和哪个车位对换（编号，对方同意才换）", "Change with which bay (its code; when its holder agrees)")}</label><input id=format!("swap-{}", l.id) type="text" name="bay" maxlength="20" value=typed_about("lease", l.id, "bay")/>{error_about("lease", l.id, "bay", lang)}</div><button class="btn sec small" type="submit">{tr!(lang, "问一下", "Ask")}</button></form> });
    view! {
        <details class="more" open=refused("lease", l.id)><summary>{tr!(lang, "续租、换车、对换、退租", "Renew, change car, swap, give back")}</summary><div class="stack">
            {button("renew", "lease", l.id, "btn sec small", tr!(lang, "续租一期", "Renew"))}{car}{swap}
            {button("release", "lease", l.id, "btn warn small", tr!(lang, "退租，给轮候的人", "Give it back to those who wait"))}
            <p class="hint">{tr!(lang, "车位不能转让、转租。", "A bay is never handed on or sublet.")}</p></div></details>
    }
}

fn swap(boot: &Boot, s: &SwapRow) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (from, to) = (&s.from, &s.to);
    let answer = s.mine_to_answer.then(|| {
        view! { <form method="post" action="/forms/parking/answer-swap" class="acts">{hidden("swap", s.id)}<button class="btn small" type="submit" name="agrees" value="1">{tr!(lang, "同意对换", "Agree")}</button><button class="btn sec small" type="submit" name="agrees" value="0">{tr!(lang, "不换", "No")}</button></form> }
    });
    let words = if s.mine_to_answer {
        trf!(lang, "{from} 的住户想和您的 {to} 对换。", "The holder of {from} would like to change with your {to}.")
    } else {
        trf!(lang, "您想用 {from} 换 {to}，等对方答复。", "You asked to change {from} for {to}: waiting for an answer.")
    };
    view! { <section class="card warm"><p>{words}</p>{answer}</section> }
}
