//! Choosing photos: plain file fields that work by themselves; with a script each picture is scaled on the phone,
//! sent at once with progress by bytes, and only its name goes with the form.

use crate::tr;
use crate::ui::boot::{Boot, echo};
use crate::ui::icon;
use leptos::prelude::*;

/// A photo being sent.
#[derive(Clone, Copy, Debug)]
pub struct Shot {
    /// Its place in the list, for the keyed view.
    pub key: usize,
    /// Its name, once it has one.
    pub id: crate::ids::PhotoId,
    /// Its picture on the phone.
    pub preview: ArcSignal,
    /// 0 to 100 while it is sent; 100 = stored.
    pub progress: RwSignal<u8>,
    /// Why it could not be sent.
    pub error: RwSignal<Option<String>>,
}

/// The address of a preview.
pub type ArcSignal = RwSignal<String>;

/// The photo fields of a form.
pub fn picker(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let shots: RwSignal<Vec<Shot>> = RwSignal::new(Vec::new());
    let notice: RwSignal<String> = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    super::upload::come_alive(shots, notice, lang);
    let kept = echo().all("photo").into_iter().map(|id| view! { <input type="hidden" name="photo" value=id/> }).collect_view();
    view! {
        {kept}
        <div class="shots">
            <For each=move || shots.get() key=|shot| shot.key children=move |shot| one(shot, shots, lang)/>
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
        <p class="hint" aria-live="polite">{move || notice.get()}</p>
    }
}

fn one(shot: Shot, shots: RwSignal<Vec<Shot>>, lang: crate::i18n::Lang) -> impl IntoView {
    let stored = move || shot.progress.get() == 100 && shot.error.get().is_none();
    view! {
        <div class="shot">
            <img src=move || shot.preview.get() alt=tr!(lang, "刚拍的照片", "The photo just taken")/>
            {move || (!stored() && shot.error.get().is_none()).then(|| view! { <progress max="100" prop:value=move || shot.progress.get() aria-label=tr!(lang, "正在发送", "Sending")></progress> })}
            {move || shot.error.get().map(|e| view! { <p class="err" role="alert">{e}</p> })}
            {move || stored().then(|| view! { <input type="hidden" name="photo" value=shot.id.to_string()/> })}
            <button class="x" type="button" aria-label=tr!(lang, "去掉这张", "Remove") on:click=move |_| shots.update(|all| all.retain(|s| s.key != shot.key))>"×"</button>
        </div>
    }
}
