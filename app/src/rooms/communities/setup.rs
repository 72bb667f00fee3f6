//! The guided set-up of an empty installation.

use crate::ids::MutationId;
use crate::tr;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame;
use crate::ui::frame::Page;
use leptos::prelude::*;

/// The first step: the community and its administrator. The next steps are pages of the desk.
pub fn first(boot: &Boot, key: &str) -> AnyView {
    let lang = boot.lang;
    let error = |name: &str| echo().error(name, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let field = |name: &'static str, label: &'static str, kind: &'static str, hint: &'static str| {
        let typed = if kind == "password" { String::new() } else { echo().value(name) };
        view! {
            <div class="field">
                <label for=name>{label}</label>
                <input id=name type=kind name=name maxlength="200" required value=typed/>
                <p class="hint">{hint}</p>
                {error(name)}
            </div>
        }
    };
    let body = view! {
        {steps(boot, Some(1))}
        <form method="post" action="/setup" class="card stack">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="key" value=key.to_owned()/>
            {field("community", tr!(lang, "小区名称", "Name of the community"), "text", tr!(lang, "例如：祥和家园", "e.g. Xianghe Gardens"))}
            {field("desk_phone", tr!(lang, "物业电话", "Property desk's phone"), "tel", tr!(lang, "急事打这个电话，会显示在每一页", "Shown on every page for emergencies"))}
            {field("name", tr!(lang, "第一位管理员的姓名", "First administrator's name"), "text", "")}
            {field("phone", tr!(lang, "管理员的手机号", "Administrator's mobile number"), "tel", tr!(lang, "用它登录", "To sign in with"))}
            {field("password", tr!(lang, "管理员的密码", "Administrator's password"), "password", tr!(lang, "至少 10 个字符", "At least 10 characters"))}
            <button class="btn" type="submit">{tr!(lang, "建立小区", "Set the community up")}</button>
        </form>
    };
    frame(boot, Page::Other, tr!(lang, "第一次使用", "First set-up").into(), tr!(lang, "四步就好", "Four steps").into(), body)
}

/// Where the set-up stands, while it is not over.
pub fn steps(boot: &Boot, now: Option<usize>) -> Option<AnyView> {
    let now = now?;
    let lang = boot.lang;
    let all = [
        (tr!(lang, "小区和管理员", "Community and administrator"), "/setup"),
        (tr!(lang, "导入名册", "Import the roster"), "/desk/roster"),
        (tr!(lang, "地点与贴纸", "Places and stickers"), "/desk/places"),
        (tr!(lang, "打印入住信", "Print the letters"), "/desk/letters"),
    ];
    let items = all
        .into_iter()
        .enumerate()
        .map(|(i, (label, href))| {
            let link = if i > 0 && now > 1 { view! { <a href=href>{label}</a> }.into_any() } else { view! { {label} }.into_any() };
            view! { <li aria-current=(i + 1 == now).then_some("step")>{link}</li> }
        })
        .collect_view();
    Some(view! { <ol class="steps">{items}</ol> }.into_any())
}
