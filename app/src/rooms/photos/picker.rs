//! Choosing photos: plain file fields that work by themselves. With a script each picture is scaled and kept on the
//! phone at once, and only its name goes with the form (`frontend/pwa/photos.js`).

use crate::tr;
use crate::ui::boot::{Boot, echo};
use crate::ui::icon;
use leptos::prelude::*;

/// The photo fields of a form.
pub fn picker(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let kept = echo().all("photo").into_iter().map(|id| view! { <input type="hidden" name="photo" value=id/> }).collect_view();
    view! {
        {kept}
        <div class="shots">
            <label class="add">
                <input type="file" name="file" accept="image/*" capture="environment" data-photos="camera"/>
                {icon("camera")}
                <span>{tr!(lang, "拍照", "Take a photo")}</span>
            </label>
            <label class="add">
                <input type="file" name="file" accept="image/*" multiple data-photos="album"/>
                {icon("list")}
                <span>{tr!(lang, "从相册选", "From album")}</span>
            </label>
        </div>
        <p class="hint" aria-live="polite"></p>
    }
}
