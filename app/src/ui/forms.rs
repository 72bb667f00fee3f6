//! What the plain forms of every room have: an id of their own, the way back, and the complaint beside a field.

use super::boot::echo;
use crate::i18n::Lang;
use crate::ids::MutationId;
use crate::trf;
use leptos::prelude::*;
use uuid::Uuid;

/// What is wrong with a field of the form that was refused, if anything is.
pub fn error(field: &str, lang: Lang) -> Option<impl IntoView + use<>> {
    echo().error(field, lang).map(|e| view! { <p class="err" role="alert">{e}</p> })
}

/// Whether the form that was refused was about this one of several on its page: `subject` is the hidden field that says so.
pub fn refused(subject: &str, id: Uuid) -> bool {
    echo().value(subject) == id.to_string()
}

/// What was typed in a field of the refused form, where it was about this one.
pub fn typed_about(subject: &str, id: Uuid, field: &str) -> String {
    if refused(subject, id) { echo().value(field) } else { String::new() }
}

/// As [`error`], where the refused form was about this one.
pub fn error_about(subject: &str, id: Uuid, field: &str, lang: Lang) -> Option<impl IntoView + use<>> {
    if refused(subject, id) { error(field, lang) } else { None }
}

/// The id of what the form asks for, made when the page is, and where it leads back to.
pub fn hidden(back: &str) -> impl IntoView + use<> {
    view! { <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value=back.to_owned()/> }
}

/// The photos that a refused form had brought already, in the field of that name: they need not be taken again.
pub fn kept_photos(lang: Lang, field: &str) -> Option<impl IntoView + use<>> {
    let ids = echo().all(field);
    let n = ids.len();
    let fields = ids.into_iter().map(|id| view! { <input type="hidden" name=field.to_owned() value=id/> }).collect_view();
    (n > 0).then(|| view! { {fields} <p class="hint">{trf!(lang, "已收到 {n} 张，不用重拍", "{n} received already; no need to take them again")}</p> })
}
