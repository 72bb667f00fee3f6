//! What the plain forms of every room have: an id of their own, the way back, and the complaint beside a field.

use super::boot::echo;
use crate::i18n::Lang;
use crate::ids::MutationId;
use leptos::prelude::*;

/// What is wrong with a field of the form that was refused, if anything is.
pub fn error(field: &str, lang: Lang) -> Option<impl IntoView + use<>> {
    echo().error(field, lang).map(|e| view! { <p class="err" role="alert">{e}</p> })
}

/// The id of what the form asks for, made when the page is, and where it leads back to.
pub fn hidden(back: &str) -> impl IntoView + use<> {
    view! { <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value=back.to_owned()/> }
}
