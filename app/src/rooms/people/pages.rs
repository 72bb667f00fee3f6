//! 我的: who I am here, my other roles, who is signed in, and inviting my household.

use super::api::{self, MeData};
use super::model::{LetterPurpose, Role};
use crate::i18n::spoken_time;
use crate::ids::MutationId;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
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
        </section>
        {roles(&boot)}
        {invitations(&boot, &data)}
        {devices(&boot, &data)}
        {settings(&boot)}
    };
    frame(&boot, Page::Me, name, phone, body)
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
            let detail = hat.unit_name.clone().unwrap_or_default();
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
                    <span class="muted">{letter.purpose.role().label(lang)}{trf!(lang, "，{until} 前有效", ", valid until {until}")}</span>
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
