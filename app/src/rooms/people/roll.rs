//! Who has which role: a plain page of the desk.

use super::desk::{field_error, unit_fields};
use super::members::{Member, Resident};
use super::model::Role;
use super::rules::mask_name;
use crate::i18n::spoken_date;
use crate::ids::{MembershipId, MutationId};
use crate::measure::Time;
use crate::rooms::communities::store::BuildingRow;
use crate::tr;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame;
use crate::ui::frame::Page;
use leptos::prelude::*;
use std::collections::HashMap;

/// A unit that was looked up.
#[derive(Clone, Debug)]
pub struct Home {
    /// The unit, written out.
    pub name: String,
    /// The address of this look, for coming back.
    pub address: String,
    /// Who lives there.
    pub residents: Vec<Resident>,
}

fn end_button(boot: &Boot, membership: MembershipId, back: String) -> impl IntoView + use<> {
    view! {
        <form method="post" action="/forms/role-end" class="inline">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="membership" value=membership.to_string()/>
            <input type="hidden" name="back" value=back/>
            <button class="btn small sec" type="submit">{tr!(boot.lang, "结束", "End")}</button>
        </form>
    }
}

/// Those who have a role in a unit.
fn household(boot: &Boot, home: &Home, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = home
        .residents
        .iter()
        .map(|r| {
            let since = spoken_date(lang, r.since, now, boot.offset());
            let off = r.off_roster.then(|| view! { " " <span class="tag warn">{tr!(lang, "不在名册", "not in the roster")}</span> });
            view! { <tr><td>{mask_name(&r.name)}{off}</td><td>{r.role.label(lang)}</td><td>{since}</td><td>{end_button(boot, r.membership, home.address.clone())}</td></tr> }
        })
        .collect_view();
    let body = if home.residents.is_empty() {
        view! { <p>{tr!(lang, "这一户还没有人加入。", "Nobody of this unit has joined yet.")}</p> }.into_any()
    } else {
        view! {
            <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "住户", "Residents")><table class="t">
                <thead><tr><th scope="col">{tr!(lang, "姓名", "Name")}</th><th scope="col">{tr!(lang, "身份", "Role")}</th><th scope="col">{tr!(lang, "从何时起", "Since")}</th><th scope="col">{tr!(lang, "操作", "Action")}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
        .into_any()
    };
    view! { <section class="card"><h2>{home.name.clone()}</h2>{body}</section> }
}

/// Who has which role.
pub fn members(boot: &Boot, rows: &[Member], buildings: &[BuildingRow], home: Option<&Home>, now: Time) -> AnyView {
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
                    <td>{end_button(boot, m.membership, "/desk/members".to_owned())}</td>
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
        <form method="get" action="/desk/members" class="card field-row">
            <h2>{tr!(lang, "查一户住了谁", "Who lives in a unit")}</h2>
            {unit_fields(boot, buildings, tr!(lang, "楼栋", "Building"), true)}
            <button class="btn small sec" type="submit">{tr!(lang, "查", "Look")}</button>
        </form>
        {home.map(|home| household(boot, home, now))}
    };
    frame(boot, Page::Desk, tr!(lang, "人员与身份", "People and roles").into(), tr!(lang, "住户用信件加入，不在这里添加", "Residents come in with letters").into(), body)
}
