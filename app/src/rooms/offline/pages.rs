//! 待发箱, and the page that stands in for what is not kept on the phone. Both are filled in by the script.

use crate::rooms::tickets::pages::report::unknown_spot;
use crate::tr;
use crate::ui::boot::{Boot, boot};
use crate::ui::frame;
use crate::ui::frame::Page;
use leptos::prelude::*;

/// 待发箱: what waits on this phone.
pub fn outbox() -> impl IntoView {
    let boot = boot();
    let body = box_of(&boot);
    frame(&boot, Page::Me, tr!(boot.lang, "待发箱", "Outbox").into(), tr!(boot.lang, "存在这台手机里、还没有发出的", "Saved on this phone, not sent yet").into(), body)
}

fn box_of(boot: &Boot) -> impl IntoView + use<> {
    view! {
        <div id="outbox" class="stack"></div>
        <noscript><p class="note">{tr!(boot.lang, "这个浏览器不运行脚本：表单点了就直接发出，手机里不留。", "This browser runs no scripts: forms are sent at once and nothing stays on the phone.")}</p></noscript>
    }
}

/// What is shown without a network in place of a page that is not kept. It belongs to nobody: it is fetched without
/// cookies and kept by the service worker.
pub fn stand_in(boot: &Boot) -> AnyView {
    let lang = boot.lang;
    let body = view! {
        <div id="offline">
            <section class="card" data-offline="kept">
                <p>{tr!(lang, "现在没有网络，这一页没有存在手机里。", "There is no network, and this page is not kept on the phone.")}</p>
                <p>{tr!(lang, "有急事请直接打物业电话；着火打 119。", "If it is urgent, call the property desk; fire: 119.")}</p>
                <p><a class="btn" href="" rel="external">{tr!(lang, "再试一次", "Try again")}</a></p>
                <h2>{tr!(lang, "没有网也能看的", "What you can open without a network")}</h2>
                <ul class="said-list" id="kept"></ul>
            </section>
            <div data-offline="report" hidden class="stack">
                <p class="note" role="status">{tr!(lang, "现在没有网络，认不出这张贴纸在哪里。照样可以上报：先存在手机里，有网时自动发出，那时就知道是哪里了。", "There is no network, so this sticker’s place is not known yet. Report all the same: it is kept on the phone, goes when there is a network, and the place is found then.")}</p>
                {unknown_spot(boot)}
            </div>
            <div data-offline="outbox" hidden>{box_of(boot)}</div>
        </div>
    };
    frame(boot, Page::Other, tr!(lang, "没有网络", "No network").into(), String::new(), body)
}
