//! The HTML document around every page.

use crate::context::SiteFiles;
use crate::tr;
use crate::ui::Boot;
use leptos::nonce::{provide_nonce, use_nonce};
use leptos::prelude::*;

/// What a page may load. Scripts need the page's nonce; styles and pictures come from here alone.
pub fn content_security_policy(nonce: Option<&str>) -> String {
    let script = nonce.map_or_else(|| "'none'".to_owned(), |n| format!("'nonce-{n}' 'strict-dynamic' 'wasm-unsafe-eval'"));
    format!(
        "default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
         worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The boot as it stands inside a script element: no `<` that could end it.
fn boot_json(boot: &Boot) -> String {
    serde_json::to_string(boot).unwrap_or_else(|_| "{}".into()).replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// Text inside an element that takes no others.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The document. With `live` the page comes to life in the browser; without, it is plain HTML that works by itself.
pub fn document(boot: &Boot, site: &SiteFiles, title: String, live: bool, body: impl IntoView + 'static) -> AnyView {
    let nonce = use_nonce();
    let json = boot_json(boot);
    let scripts = live.then(|| site.js.clone().zip(site.wasm.clone())).flatten().map(|(js, wasm)| {
        let start = format!("import init,{{hydrate}} from '{js}';init({{module_or_path:'{wasm}'}}).then(hydrate);");
        view! {
            <link rel="modulepreload" href=js nonce=nonce.clone()/>
            <script type="module" nonce=nonce.clone() inner_html=start></script>
        }
    });
    // Plain pages have no nonce, and no script: there is nothing on them to keep.
    let phone = nonce.clone().zip(site.page.clone()).map(|(nonce, page)| view! { <script defer src=page nonce=nonce></script> });
    let title = boot.window_title(&title);
    view! {
        <!DOCTYPE html>
        <html lang=boot.lang.code()>
            <head>
                <meta charset="utf-8"/>
                // As its inner text: a text node would bring the marks of hydration into the window's title.
                <title inner_html=escaped(&title)></title>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="description" content=tr!(boot.lang, "扫码报修，公开透明，小区的事大家看得见。", "Scan a sticker, report a fault, and see who repairs it, when and for how much.")/>
                <meta name="theme-color" content="#0a7a43"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                {site.css.clone().map(|css| view! { <link rel="stylesheet" href=css/> })}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png"/>
                <link rel="manifest" href=tr!(boot.lang, "/manifest.webmanifest", "/manifest.webmanifest?lang=en")/>
                <script type="application/json" id="boot" nonce=nonce.clone() inner_html=json></script>
                {phone}
                {scripts}
            </head>
            <body data-weui-theme=(!boot.theme.is_empty()).then(|| boot.theme.clone()) data-weui-mode=boot.care.then_some("care")>
                {body.into_any()}
            </body>
        </html>
    }
    .into_any()
}

/// Runs it with contexts of its own. A plain `Owner::new()` would be a child of whatever live page this thread rendered
/// last and is still sending, and would find that page's nonce.
fn by_itself<T>(make: impl FnOnce() -> T) -> T {
    Owner::new_root(None).with(make)
}

/// Renders the page that the service worker shows in place of one that is not kept: its policy and its text.
pub fn stand_in(boot: &Boot, site: &SiteFiles) -> (String, String) {
    phone_page(boot, site, "", || crate::rooms::offline::pages::stand_in(boot).into_any())
}

/// Renders a page that the app does not take over but the phone's script does: it is kept for when there is no network,
/// and its forms can wait. Answers its policy and its text.
pub fn phone_page(boot: &Boot, site: &SiteFiles, title: &str, make: impl FnOnce() -> AnyView) -> (String, String) {
    by_itself(|| {
        provide_context(boot.clone());
        provide_nonce();
        let policy = content_security_policy(use_nonce().map(|n| n.to_string()).as_deref());
        (policy, document(boot, site, title.to_owned(), false, make()).to_html())
    })
}

/// Renders a page whose only script is the site plan's. Answers its policy and its text.
pub fn plan_page(boot: &Boot, site: &SiteFiles, title: &str, make: impl FnOnce() -> AnyView) -> (String, String) {
    phone_page(boot, &SiteFiles { css: site.css.clone(), page: site.plan.clone(), ..SiteFiles::default() }, title, make)
}

/// Renders a plain page to text.
pub fn plain_page(boot: &Boot, site: &SiteFiles, title: &str, make: impl FnOnce() -> AnyView) -> String {
    by_itself(|| {
        provide_context(boot.clone());
        document(boot, site, title.to_owned(), false, make()).to_html()
    })
}
