//! Coming in: sign-in, letters. Plain pages that need no script.

use super::model::{LetterPurpose, LetterRow};
use super::rules::{Permission, may};
use super::store::OpenLetter;
use crate::i18n::{spoken_date, spoken_time};
use crate::ids::MutationId;
use crate::measure::Time;
use crate::rooms::communities::setup::steps;
use crate::rooms::communities::store::BuildingRow;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

pub(super) fn field_error(boot: &Boot, name: &str) -> Option<AnyView> {
    let error = echo().error(name, boot.lang)?;
    Some(view! { <p class="err" role="alert">{error}</p> }.into_any())
}

/// Sign-in: phone and PIN or password, and the way in with a letter.
pub fn sign_in(boot: &Boot, back: &str) -> AnyView {
    let lang = boot.lang;
    let body = view! {
        <form method="post" action="/sign-in" class="card stack">
            <input type="hidden" name="back" value=back.to_owned()/>
            <div class="field">
                <label for="phone">{tr!(lang, "手机号", "Mobile number")}</label>
                <input id="phone" type="tel" name="phone" inputmode="tel" autocomplete="username" maxlength="20" required value=echo().value("phone")/>
                {field_error(boot, "phone")}
            </div>
            <div class="field">
                <label for="secret">{tr!(lang, "6 位密码（工作人员填登录密码）", "6-digit PIN (staff: password)")}</label>
                <input id="secret" type="password" name="secret" autocomplete="current-password" maxlength="200" required/>
                {field_error(boot, "secret")}
            </div>
            <button class="btn" type="submit">{tr!(lang, "登录", "Sign in")}</button>
        </form>
        <form method="get" action="/letter" class="card stack">
            <h2>{tr!(lang, "第一次来？我有信件编号", "First time? I have a letter")}</h2>
            <p class="hint">{tr!(lang, "物业送到您家的信上有二维码，扫一下就行；也可以把编号填在这里。", "The letter to your home has a QR code to scan; or type its code here.")}</p>
            <div class="field">
                <label for="code">{tr!(lang, "信上的编号", "Code on the letter")}</label>
                <input id="code" type="text" name="code" class="code" maxlength="20" autocomplete="off" autocapitalize="characters" required value=echo().value("code")/>
                {field_error(boot, "code")}
            </div>
            <button class="btn sec" type="submit">{tr!(lang, "继续", "Continue")}</button>
        </form>
        <p class="note">{tr!(lang, "忘记密码，请到物业前台重新要一封信。", "Forgotten the PIN? Ask the property desk for a new letter.")}</p>
    };
    frame(boot, Page::Me, tr!(lang, "登录", "Sign in").into(), tr!(lang, "不登录也能上报和看公示", "Reporting and reading need no sign-in").into(), body)
}

/// Coming in with a letter.
pub fn join(boot: &Boot, letter: &OpenLetter, code: &str) -> AnyView {
    let lang = boot.lang;
    let unit = letter.masked.clone();
    let role = letter.purpose.label(lang);
    let body = view! {
        <section class="card">
            <p>{trf!(lang, "这封信是给 {unit} 的{role}的。", "This letter is for the {role} of {unit}.")}</p>
            <p class="hint">{tr!(lang, "不是您家？请不要填，把信交给物业。", "Not your home? Please do not fill it in; give the letter to the property desk.")}</p>
        </section>
        <form method="post" action=format!("/letter/{code}") class="card stack">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <div class="field">
                <label for="name">{tr!(lang, "姓名", "Name")}</label>
                <input id="name" type="text" name="name" autocomplete="name" maxlength="40" required value=echo().value("name")/>
                {field_error(boot, "name")}
            </div>
            <div class="field">
                <label for="phone">{tr!(lang, "手机号（以后用它登录）", "Mobile number (to sign in with)")}</label>
                <input id="phone" type="tel" name="phone" inputmode="tel" autocomplete="username" maxlength="20" required value=echo().value("phone")/>
                {field_error(boot, "phone")}
            </div>
            <div class="field">
                <label for="pin">{tr!(lang, "设一个 6 位数字密码", "Choose a 6-digit PIN")}</label>
                <input id="pin" type="password" name="pin" class="pin" inputmode="numeric" autocomplete="new-password" maxlength="200" required/>
                <p class="hint">{tr!(lang, "不要用生日或 123456。手机号已经登记过的，填原来的密码。", "No birthdays or 123456. If this number is known here already, enter its PIN.")}</p>
                {field_error(boot, "pin")}
                {field_error(boot, "secret")}
            </div>
            <button class="btn" type="submit">{tr!(lang, "加入", "Join")}</button>
        </form>
        <p class="note">{tr!(lang, "姓名和电话只给物业和居委会办事用，公开页面上只显示“王*”。也可以到物业前台由工作人员代办。", "Name and phone are only for the property desk and the residents' committee; public pages show “W*”. Staff at the desk can help.")}</p>
    };
    frame(boot, Page::Me, letter.community_name.clone(), tr!(lang, "用信件加入", "Join with your letter").into(), body)
}

/// A new secret with a letter from the desk.
pub fn reset(boot: &Boot, letter: &OpenLetter, code: &str, working: bool) -> AnyView {
    let lang = boot.lang;
    let name = letter.masked.clone();
    let hint = if working {
        tr!(lang, "工作人员至少 10 个字符", "Staff: at least 10 characters")
    } else {
        tr!(lang, "6 位数字，或至少 10 个字符", "6 digits, or at least 10 characters")
    };
    let body = view! {
        <section class="card">
            <p>{trf!(lang, "这封信让{name}重设登录密码。", "With this letter {name} sets a new PIN or password.")}</p>
            <p class="hint">{tr!(lang, "不是您？请把信交还物业。设好以后，所有手机上的登录都会退出。", "Not you? Give the letter back to the property desk. Every device is signed out afterwards.")}</p>
        </section>
        <form method="post" action=format!("/letter/{code}") class="card stack">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <div class="field">
                <label for="password">{tr!(lang, "新密码", "New PIN or password")}</label>
                <input id="password" type="password" name="password" autocomplete="new-password" maxlength="200" required/>
                <p class="hint">{hint}</p>
                {field_error(boot, "password")}
            </div>
            <button class="btn" type="submit">{tr!(lang, "设好并登录", "Set and sign in")}</button>
        </form>
    };
    frame(boot, Page::Me, letter.community_name.clone(), tr!(lang, "重设密码", "New PIN or password").into(), body)
}

/// The page for somebody whose only roles wait for a password.
pub fn secret(boot: &Boot) -> AnyView {
    let lang = boot.lang;
    let body = view! {
        <section class="card"><p>{tr!(lang, "您的工作身份要有密码才能用：请先设一个至少 10 个字符的密码。", "Your role needs a password: first set one of at least 10 characters.")}</p></section>
        {super::pages::secret_form(lang, "/secret", true)}
    };
    frame(boot, Page::Me, tr!(lang, "设密码", "Set a password").into(), String::new(), body)
}

/// Making and looking after letters.
pub fn letters(boot: &Boot, buildings: &[BuildingRow], rows: &[LetterRow], now: Time, set_up: Option<usize>) -> AnyView {
    let lang = boot.lang;
    let table = rows
        .iter()
        .map(|row| {
            let state = match (row.used_at, row.revoked_at) {
                (Some(at), _) => {
                    let when = spoken_time(lang, at, now, boot.offset());
                    trf!(lang, "{when} 已用", "used {when}")
                }
                (_, Some(_)) => tr!(lang, "已作废", "taken back").to_owned(),
                _ if row.expires_at <= now => tr!(lang, "已过期", "expired").to_owned(),
                _ => {
                    let until = spoken_date(lang, row.expires_at, now, boot.offset());
                    trf!(lang, "{until} 前有效", "valid until {until}")
                }
            };
            let open = row.used_at.is_none() && row.revoked_at.is_none() && row.expires_at > now;
            let revoke = open.then(|| {
                view! {
                    <form method="post" action="/forms/letter-revoke" class="inline">
                        <input type="hidden" name="id" value=MutationId::new().to_string()/>
                        <input type="hidden" name="letter" value=row.id.to_string()/>
                        <input type="hidden" name="back" value="/desk/letters"/>
                        <button class="btn small sec" type="submit">{tr!(lang, "作废", "Take back")}</button>
                    </form>
                }
            });
            let print = open.then(|| view! { <a href=format!("/print/letters/{}", row.made_at.0)>{tr!(lang, "打印这一批", "Print this batch")}</a> });
            let off = row.off_roster.then(|| view! { " " <span class="tag warn">{tr!(lang, "不在名册", "not in the roster")}</span> });
            view! { <tr><td>{row.to.clone()}</td><td>{row.purpose.label(lang)}{off}</td><td>{state}</td><td>{print}</td><td>{revoke}</td></tr> }
        })
        .collect_view();
    let list = if rows.is_empty() {
        empty("letter", tr!(lang, "还没有发过信。选一栋楼，打印后一户一封送上门。", "No letters yet. Choose a building, print, and bring one to each home.").into(), None)
            .into_any()
    } else {
        view! {
            <section class="card"><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "信件", "Letters")><table class="t">
                <thead><tr><th scope="col">{tr!(lang, "收信", "To")}</th><th scope="col">{tr!(lang, "给谁", "For")}</th><th scope="col">{tr!(lang, "情况", "State")}</th><th scope="col">{tr!(lang, "打印", "Print")}</th><th scope="col">{tr!(lang, "作废", "Take back")}</th></tr></thead>
                <tbody>{table}</tbody>
            </table></div></section>
        }
        .into_any()
    };
    let body = view! {
        {steps(boot, set_up)}
        {issue_form(boot, buildings)}
        <p class="note">{tr!(lang, "每封信 60 天内有效，只能用一次。已有一封没用过的信的住户不会再发，除非勾选“旧信作废”。", "Each letter works once, for 60 days. A unit whose letter still works gets no other one unless “take older ones back” is ticked.")}</p>
        {boot.role().is_some_and(|role| may(role, Permission::Reset)).then(|| reset_form(boot))}
        {list}
    };
    frame(boot, Page::Desk, tr!(lang, "入住信", "Letters").into(), tr!(lang, "一户一封，扫码加入", "One per home; scan to join").into(), body)
}

/// Letters for a building, or for one unit of it.
fn issue_form(boot: &Boot, buildings: &[BuildingRow]) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! {
        <form method="post" action="/forms/letter-issue" class="card field-row">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/letters"/>
            <input type="hidden" name="purpose" value=LetterPurpose::Owner.code()/>
            {unit_fields(boot, buildings, tr!(lang, "给哪一栋的业主", "To the owners of which building"), false)}
            <label class="check"><input type="checkbox" name="replace" value="1"/>{tr!(lang, "旧信作废，全部重做", "Take older ones back, make all anew")}</label>
            <button class="btn small" type="submit">{tr!(lang, "做信并打印", "Make and print letters")}</button>
        </form>
    }
}

/// A building, a stair and a room; without `one`, no room means the whole building.
pub(super) fn unit_fields(boot: &Boot, buildings: &[BuildingRow], label: &'static str, one: bool) -> impl IntoView + use<> {
    let lang = boot.lang;
    let typed = echo().value("building");
    let options = buildings.iter().map(|b| view! { <option value=b.id.to_string() selected=b.id.to_string() == typed>{b.name.clone()}</option> }).collect_view();
    let room = if one { tr!(lang, "室", "Room") } else { tr!(lang, "室（空着＝整栋）", "Room (empty = all)") };
    view! {
        <div class="field"><label for="unit-building">{label}</label><select id="unit-building" name="building" required>{options}</select>{field_error(boot, "building")}</div>
        <div class="field"><label for="unit-stair">{tr!(lang, "门（可空）", "Stair (may be empty)")}</label><input id="unit-stair" type="text" name="stair" maxlength="10" value=echo().value("stair")/></div>
        <div class="field"><label for="unit-room">{room}</label><input id="unit-room" type="text" name="room" maxlength="10" required=one value=echo().value("room")/>{field_error(boot, "room")}</div>
    }
}

/// Somebody at the desk who forgot their secret.
fn reset_form(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! {
        <form method="post" action="/forms/letter-reset" class="card field-row">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/letters"/>
            <div class="field">
                <label for="reset-phone">{tr!(lang, "有人忘了密码？填他的手机号", "Forgotten PIN? The person's mobile number")}</label>
                <input id="reset-phone" type="tel" name="phone" maxlength="20" required value=echo().value("phone")/>
                <p class="hint">{tr!(lang, "请先看证件，确认是本人。信 7 天内有效，只能用一次，用后所有手机退出登录。", "Check the person's papers first. The letter works once, for 7 days, and signs every device out.")}</p>
                {field_error(boot, "phone")}
            </div>
            <button class="btn small" type="submit">{tr!(lang, "做重设密码的信", "Make a reset letter")}</button>
        </form>
    }
}
