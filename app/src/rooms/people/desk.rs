//! Coming in and running the house: sign-in, letters, members. Plain pages that need no script.

use super::model::{LetterPurpose, LetterRow, Role};
use super::store::{Member, OpenLetter, Printable};
use crate::i18n::{spoken_date, spoken_time};
use crate::ids::MutationId;
use crate::measure::Time;
use crate::rooms::communities::store::BuildingRow;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;
use std::collections::HashMap;

fn field_error(boot: &Boot, name: &str) -> Option<AnyView> {
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
    let unit = letter.masked_unit.clone();
    let role = letter.purpose.role().label(lang);
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

/// Making and looking after letters.
pub fn letters(boot: &Boot, buildings: &[BuildingRow], rows: &[LetterRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let options = buildings.iter().map(|b| view! { <option value=b.id.to_string()>{b.name.clone()}</option> }).collect_view();
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
            view! { <tr><td>{row.unit_name.clone()}</td><td>{row.purpose.role().label(lang)}</td><td>{state}</td><td>{print}</td><td>{revoke}</td></tr> }
        })
        .collect_view();
    let list = if rows.is_empty() {
        empty("letter", tr!(lang, "还没有发过信。选一栋楼，打印后一户一封送上门。", "No letters yet. Choose a building, print, and bring one to each home.").into(), None)
            .into_any()
    } else {
        view! {
            <section class="card"><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "信件", "Letters")><table class="t">
                <thead><tr><th scope="col">{tr!(lang, "房号", "Unit")}</th><th scope="col">{tr!(lang, "给谁", "For")}</th><th scope="col">{tr!(lang, "情况", "State")}</th><th scope="col">{tr!(lang, "打印", "Print")}</th><th scope="col">{tr!(lang, "作废", "Take back")}</th></tr></thead>
                <tbody>{table}</tbody>
            </table></div></section>
        }
        .into_any()
    };
    let body = view! {
        <form method="post" action="/forms/letter-issue" class="card field-row">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/letters"/>
            <input type="hidden" name="purpose" value=LetterPurpose::Owner.code()/>
            <div class="field">
                <label for="building">{tr!(lang, "给哪一栋的业主", "To the owners of which building")}</label>
                <select id="building" name="building" required>{options}</select>
                {field_error(boot, "building")}
            </div>
            <button class="btn small" type="submit">{tr!(lang, "做信并打印", "Make and print letters")}</button>
        </form>
        <p class="note">{tr!(lang, "同一户重新做信，旧的没用过的信会自动作废。每封信 60 天内有效，只能用一次。", "A new letter to a unit takes the old unused one back. Each works once, for 60 days.")}</p>
        {list}
    };
    frame(boot, Page::Desk, tr!(lang, "入住信", "Letters").into(), tr!(lang, "一户一封，扫码加入", "One per home; scan to join").into(), body)
}

/// A letter's page to print: `qr` is an SVG.
pub fn letter_sheet(boot: &Boot, letters: &[(Printable, String)], address: &str, now: Time) -> AnyView {
    let community = boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default();
    let phone = boot.phone().to_owned();
    let pages = letters
        .iter()
        .map(|(letter, qr)| {
            let until = spoken_date(crate::i18n::Lang::Zh, letter.expires_at, now, boot.offset());
            let (first, second) = letter.code.split_at(letter.code.len().min(5));
            let code = format!("{first} {second}");
            view! {
                <section class="letter">
                    <p class="letter-to">{letter.unit_name.clone()}" 业主 收"</p>
                    <h1>{community.clone()}</h1>
                    <p>"您好："</p>
                    <p>"小区的报修、费用和表决，以后都可以在手机上看得清清楚楚。用手机扫下面的码，填上姓名和手机号，设一个 6 位数字密码，就可以用了。"</p>
                    <div class="qr" inner_html=qr.clone()></div>
                    <p class="letter-code">"编号 "<b class="code">{code}</b></p>
                    <p>"不方便扫码，可以打开 "<b>{address.to_owned()}</b>" ，点“登录”，填上面的编号。"</p>
                    <p>"这封信只能用一次，"{until}"前有效。请不要给别人看。不会用手机也没关系：到物业前台，或打 "{phone.clone()}" ，工作人员替您办。"</p>
                    <p class="letter-sign">{community.clone()}" 业主委员会 · 居民委员会"</p>
                </section>
            }
        })
        .collect_view();
    print_frame(boot, pages.into_any())
}

/// A page to print, with its print hint that does not print.
pub fn print_frame(boot: &Boot, body: AnyView) -> AnyView {
    view! {
        <main id="main" class="print">
            <p class="note no-print"><a href="/">{tr!(boot.lang, "回首页", "Home")}</a>" · "{tr!(boot.lang, "按 Ctrl+P 打印，A4 纸，不缩放", "Press Ctrl+P to print on A4 at 100 %")}</p>
            {body}
        </main>
    }
    .into_any()
}

/// Who has which role.
pub fn members(boot: &Boot, rows: &[Member], buildings: &[BuildingRow]) -> AnyView {
    let lang = boot.lang;
    let names: HashMap<_, _> = buildings.iter().map(|b| (b.id, b.name.clone())).collect();
    let roles = Role::ALL.into_iter().filter(|r| !r.is_resident()).map(|r| view! { <option value=r.code()>{r.label(lang)}</option> }).collect_view();
    let homes = buildings.iter().map(|b| view! { <option value=b.id.to_string()>{b.name.clone()}</option> }).collect_view();
    let table = rows
        .iter()
        .map(|m| {
            let home = m.building.and_then(|b| names.get(&b).cloned()).unwrap_or_default();
            view! {
                <tr>
                    <td>{m.name.clone()}</td><td>{m.role.label(lang)}</td><td>{home}</td>
                    <td>{if m.has_account { tr!(lang, "能登录", "can sign in") } else { tr!(lang, "未登录过", "no account yet") }}</td>
                    <td><form method="post" action="/forms/role-end" class="inline">
                        <input type="hidden" name="id" value=MutationId::new().to_string()/>
                        <input type="hidden" name="membership" value=m.membership.to_string()/>
                        <input type="hidden" name="back" value="/desk/members"/>
                        <button class="btn small sec" type="submit">{tr!(lang, "结束", "End")}</button>
                    </form></td>
                </tr>
            }
        })
        .collect_view();
    let body = view! {
        <form method="post" action="/forms/role-grant" class="card stack">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/members"/>
            <h2>{tr!(lang, "加一个人", "Add somebody")}</h2>
            <div class="field-row">
                <div class="field"><label for="name">{tr!(lang, "姓名", "Name")}</label><input id="name" type="text" name="name" maxlength="40" required value=echo().value("name")/>{field_error(boot, "name")}</div>
                <div class="field"><label for="phone">{tr!(lang, "手机号", "Mobile number")}</label><input id="phone" type="tel" name="phone" maxlength="20" required value=echo().value("phone")/>{field_error(boot, "phone")}</div>
                <div class="field"><label for="role">{tr!(lang, "身份", "Role")}</label><select id="role" name="role">{roles}</select>{field_error(boot, "role")}</div>
                <div class="field"><label for="building">{tr!(lang, "楼栋（楼组长、业主代表）", "Building (leaders, representatives)")}</label><select id="building" name="building"><option value="">"—"</option>{homes}</select></div>
                <div class="field"><label for="password">{tr!(lang, "初始密码，至少 10 个字符", "First password, at least 10 characters")}</label><input id="password" type="password" name="password" autocomplete="new-password" maxlength="200" required/>{field_error(boot, "password")}</div>
            </div>
            <button class="btn small" type="submit">{tr!(lang, "加上", "Add")}</button>
        </form>
        <section class="card"><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "人员", "People")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "姓名", "Name")}</th><th scope="col">{tr!(lang, "身份", "Role")}</th><th scope="col">{tr!(lang, "楼栋", "Building")}</th><th scope="col">{tr!(lang, "账号", "Account")}</th><th scope="col">{tr!(lang, "操作", "Action")}</th></tr></thead>
            <tbody>{table}</tbody>
        </table></div></section>
    };
    frame(boot, Page::Desk, tr!(lang, "人员与身份", "People and roles").into(), tr!(lang, "住户用信件加入，不在这里添加", "Residents come in with letters").into(), body)
}
