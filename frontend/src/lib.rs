//! The browser side of Xianghe: takes over the pages that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the body of a page that the server rendered.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    app::ui::boot::mark_live();
}

/// Draws the app into an empty body, where no server rendered one (the page shown without a network).
#[wasm_bindgen]
pub fn mount() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
