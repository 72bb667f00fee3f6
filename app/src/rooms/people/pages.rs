//! 我的: who I am here, my other roles, who is signed in, and inviting my household.

use super::api::{self, MeData};
use super::model::{LetterPurpose, Role};
use crate::i18n::{Lang, spoken_date, spoken_time};
use crate::ids::MutationId;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::{Page, news};
use crate::ui::{frame, icon, load};
use crate::{tr, trf};
use leptos::prelude::*;

/// The page.
pub fn me() -> impl IntoView {
    let lang = crate::ui::boot().lang;
    load::page(|| (), move |()| api::me(lang), show)
}

fn show(boot: Boot, data: MeData) -> impl IntoView {
    let lang = boot.lang;
    let name = boot.me.as_ref().map(|m| m.name.clone()).unwrap_or_default();
    let phone = data.phone.clone();
    let body = view! {
        <section class="card rows">
            <a class="row" href="/mine"><span class="ico">{icon("list")}</span><span class="t"><b>{tr!(lang, "我报的", "My reports")}</b><span>{tr!(lang, "看看到哪一步了", "See how far they are")}</span></span></a>
            <a class="row" href="/notes" rel="external"><span class="ico">{icon("letter")}</span><span class="t"><b>{tr!(lang, "我的消息", "My messages")}{news(&boot)}</b><span>{tr!(lang, "等您办的事、快到期的事", "What waits for you, and what is about to end")}</span></span></a>
            <a class="row" href="/outbox"><span class="ico">{icon("clock")}</span><span class="t"><b>{tr!(lang, "待发箱", "Outbox")}</b><span>{tr!(lang, "存在手机里、还没有发出的", "Saved on this phone, not sent yet")}</span></span></a>
            {boot.role().is_some_and(|r| r.is_resident()).then(|| view! { <a class="row" href="/parking" rel="external"><span class="ico">{icon("road")}</span><span class="t"><b>{tr!(lang, "车和车位", "Cars and bays")}</b><span>{tr!(lang, "登记、申请、选车位", "Register, apply, choose")}</span></span></a> })}
        </section>
        {waiting(&boot, &data.waiting)}
        {household(&boot)}
        {roles(&boot)}
        {housemates(&boot, &data)}
        {invitations(&boot, &data)}
        {devices(&boot, &data)}
        {secret_form(lang, "/me", data.working)}
        {settings(&boot)}
    };
    frame(&boot, Page::Me, name, phone, body)
}

/// What a household does for itself.
fn household(boot: &Boot) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    boot.role().filter(|r| r.is_resident())?;
    Some(view! {
        <section class="card rows">
            <a class="row" href="/visits" rel="external"><span class="ico">{icon("people")}</span><span class="t"><b>{tr!(lang, "访客证", "Visitors' passes")}</b><span>{tr!(lang, "给来客发一张，门岗扫码放行", "Make one; the gate scans it")}</span></span></a>
            <a class="row" href="/bikes" rel="external"><span class="ico">{icon("plug")}</span><span class="t"><b>{tr!(lang, "电动自行车", "E-bikes")}</b><span>{tr!(lang, "登记、认领、举报危险充电", "Register, claim, report dangerous charging")}</span></span></a>
        </section>
    })
}

/// Roles and communities: one tap switches.
fn roles(boot: &Boot) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let me = boot.me.as_ref()?;
    let rows = me
        .hats
        .iter()
        .map(|hat| {
            let on = hat.membership == me.hat.membership;
            let detail = hat.door.as_ref().map(|d| d.name(lang)).unwrap_or_default();
            view! {
                <form method="post" action="/forms/switch-role">
                    <input type="hidden" name="membership" value=hat.membership.to_string()/>
                    <button class="row" type="submit" aria-current=on.then_some("true")>
                        <span class="t"><b>{format!("{} · {}", hat.community_name, hat.role.label(lang))}</b><span>{detail}</span></span>
                        {if on { view! { <span class="tag ok">{tr!(lang, "现在", "Now")}</span> }.into_any() } else { view! { <span class="tag">{tr!(lang, "切换", "Switch")}</span> }.into_any() }}
                    </button>
                </form>
            }
        })
        .collect_view();
    Some(view! { <section class="card rows"><h2>{tr!(lang, "我的身份", "My roles")}</h2>{rows}</section> })
}

fn invitations(boot: &Boot, data: &MeData) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let me = boot.me.as_ref()?;
    let unit = me.hat.unit?;
    if !matches!(me.hat.role, Role::Owner | Role::Tenant) {
        return None;
    }
    let open = data
        .invitations
        .iter()
        .map(|(letter, code)| {
            let until = spoken_time(lang, letter.expires_at, data.now, boot.offset());
            let address = format!("/letter/{code}");
            view! {
                <li>
                    <p><a class="code" href=address rel="external">{format!("{}-{}", &code[..5.min(code.len())], &code[5.min(code.len())..])}</a></p>
                    <span class="muted">{letter.purpose.label(lang)}{trf!(lang, "，{until} 前有效", ", valid until {until}")}</span>
                    <form method="post" action="/forms/letter-revoke" class="inline">
                        <input type="hidden" name="id" value=MutationId::new().to_string()/>
                        <input type="hidden" name="letter" value=letter.id.to_string()/>
                        <input type="hidden" name="back" value="/me"/>
                        <button class="btn small sec" type="submit">{tr!(lang, "作废", "Take back")}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let invite = |purpose: LetterPurpose, label: &'static str| {
        view! {
            <form method="post" action="/forms/letter-issue">
                <input type="hidden" name="id" value=MutationId::new().to_string()/>
                <input type="hidden" name="unit" value=unit.to_string()/>
                <input type="hidden" name="purpose" value=purpose.code()/>
                <input type="hidden" name="back" value="/me"/>
                <button class="btn small sec" type="submit">{label}</button>
            </form>
        }
    };
    Some(view! {
        <section class="card">
            <h2>{tr!(lang, "邀请家人或租客", "Invite family or tenant")}</h2>
            <p class="hint">{tr!(lang, "把编号告诉对方，用手机打开“住户登录—我有信件编号”。一个编号只能用一次。", "Pass the code on; they enter it under “Sign in – I have a letter”. Each code works once.")}</p>
            <ul class="said-list">{open}</ul>
            <div class="acts">
                {invite(LetterPurpose::Household, tr!(lang, "邀请家人", "Invite family"))}
                {(me.hat.role == Role::Owner).then(|| invite(LetterPurpose::Tenant, tr!(lang, "邀请租客", "Invite a tenant")))}
            </div>
        </section>
    })
}

fn devices(boot: &Boot, data: &MeData) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = data
        .devices
        .iter()
        .map(|d| {
            let when = spoken_time(lang, d.seen_at, data.now, boot.offset());
            let end = (!d.here).then(|| {
                view! {
                    <form method="post" action="/forms/sign-out">
                        <input type="hidden" name="handle" value=d.handle.clone()/>
                        <button class="btn small sec" type="submit">{tr!(lang, "退出这台", "Sign out")}</button>
                    </form>
                }
            });
            view! { <li class="cluster"><span class="t"><b>{d.agent.clone()}</b><span class="muted">{if d.here { tr!(lang, "这台手机", "This device").to_owned() } else { when }}</span></span>{end}</li> }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2>{tr!(lang, "谁在登录", "Who is signed in")}</h2>
            <ul class="said-list">{rows}</ul>
            <div class="acts">
                <form method="post" action="/forms/sign-out"><button class="btn small sec" type="submit">{tr!(lang, "退出登录", "Sign out")}</button></form>
                <form method="post" action="/forms/sign-out"><input type="hidden" name="everywhere" value="1"/><button class="btn small warn" type="submit">{tr!(lang, "全部退出", "Sign out everywhere")}</button></form>
            </div>
        </section>
    }
}

/// A role of the staff that was given to somebody with a PIN.
fn waiting(boot: &Boot, roles: &[Role]) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let names = roles.iter().map(|r| r.label(lang)).collect::<Vec<_>>().join(tr!(lang, "、", ", "));
    (!roles.is_empty()).then(|| {
        let words = trf!(
            lang,
            "您的身份“{names}”还没有生效：请先在下面设一个至少 10 个字符的密码。",
            "Your role “{names}” is not active yet: first set a password of at least 10 characters below."
        );
        view! { <p class="note"><a href="#new-secret" rel="external">{words}</a></p> }
    })
}

/// Who lives in the owner's unit by invitation.
fn housemates(boot: &Boot, data: &MeData) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let rows = data
        .housemates
        .iter()
        .map(|mate| {
            let since = spoken_date(lang, mate.since, data.now, boot.offset());
            view! {
                <li class="cluster">
                    <span class="t"><b>{mate.name.clone()}</b><span class="muted">{mate.role.label(lang)}{trf!(lang, "，{since} 起", ", since {since}")}</span></span>
                    <form method="post" action="/forms/role-end">
                        <input type="hidden" name="id" value=MutationId::new().to_string()/>
                        <input type="hidden" name="membership" value=mate.membership.to_string()/>
                        <input type="hidden" name="back" value="/me"/>
                        <button class="btn small sec" type="submit">{tr!(lang, "已搬走，结束", "Moved out: end")}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    (!data.housemates.is_empty())
        .then(|| view! { <section class="card"><h2>{tr!(lang, "住在这里的家人和租客", "Family and tenants here")}</h2><ul class="said-list">{rows}</ul></section> })
}

/// A new PIN or password with the old one.
pub fn secret_form(lang: Lang, back: &'static str, working: bool) -> impl IntoView {
    let error = move |name: &str| echo().error(name, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let (label, hint) = if working {
        (tr!(lang, "新密码", "New password"), tr!(lang, "工作人员至少 10 个字符", "Staff: at least 10 characters"))
    } else {
        (tr!(lang, "新密码", "New PIN or password"), tr!(lang, "6 位数字，或至少 10 个字符", "6 digits, or at least 10 characters"))
    };
    view! {
        <form method="post" action="/forms/secret" class="card stack" id="new-secret">
            <h2>{tr!(lang, "改密码", "Change the PIN or password")}</h2>
            <input type="hidden" name="back" value=back/>
            <div class="field">
                <label for="old-secret">{tr!(lang, "现在的密码", "Present PIN or password")}</label>
                <input id="old-secret" type="password" name="secret" autocomplete="current-password" maxlength="200" required/>
                {error("secret")}
            </div>
            <div class="field">
                <label for="new-password">{label}</label>
                <input id="new-password" type="password" name="password" autocomplete="new-password" maxlength="200" required/>
                <p class="hint">{hint}{tr!(lang, "。别处的登录会退出。", ". Other devices are signed out.")}</p>
                {error("password")}
            </div>
            <button class="btn small sec" type="submit">{tr!(lang, "改密码", "Change")}</button>
        </form>
    }
}

fn settings(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let dark = boot.theme == "dark";
    view! {
        <section class="card">
            <h2>{tr!(lang, "显示", "Display")}</h2>
            <form method="post" action="/forms/prefs" class="acts">
                <input type="hidden" name="back" value="/me"/>
                <button class="pill" type="submit" name="care" value=if boot.care { "0" } else { "1" }>{if boot.care { tr!(lang, "普通版", "Normal size") } else { tr!(lang, "关怀版（大字）", "Large print") }}</button>
                <button class="pill" type="submit" name="theme" value=if dark { "light" } else { "dark" }>{if dark { tr!(lang, "浅色", "Light") } else { tr!(lang, "深色", "Dark") }}</button>
                <button class="pill" type="submit" name="lang" value=tr!(lang, "en", "zh-CN")>{tr!(lang, "English", "中文")}</button>
            </form>
        </section>
    }
}
