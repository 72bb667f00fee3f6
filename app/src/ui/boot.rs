//! What a page knows before it asks for anything: language, mode, who is looking, which community.

use crate::error::{AppError, FieldError};
use crate::i18n::Lang;
use crate::rooms::communities::model::CommunityView;
use crate::rooms::people::model::{Me, Role};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Written into every page by the server and read again by the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// The language.
    pub lang: Lang,
    /// Care mode 关怀版.
    pub care: bool,
    /// `light`, `dark`, or empty for what the phone says.
    pub theme: String,
    /// Somebody chose between normal and care mode before.
    pub mode_chosen: bool,
    /// Who is looking.
    pub me: Option<Me>,
    /// The community of this page.
    pub community: Option<CommunityView>,
    /// Its word in addresses.
    pub slug: String,
    /// The address of the page, for coming back to it.
    pub path: String,
    /// What was just done, from the address (`?ok=…`).
    pub ok: Option<String>,
    /// The version of the server that made the page.
    pub version: String,
}

impl Boot {
    /// The role of the viewer.
    pub fn role(&self) -> Option<Role> {
        self.me.as_ref().map(|me| me.hat.role)
    }

    /// Minutes that the community's clock is ahead of UTC.
    pub fn offset(&self) -> i32 {
        self.community.as_ref().map_or(480, |c| c.offset)
    }

    /// The phone of the property desk.
    pub fn phone(&self) -> &str {
        self.community.as_ref().map_or("", |c| &c.phone)
    }

    /// What the window is called: the page, then the community.
    pub fn window_title(&self, page: &str) -> String {
        let name = self.community.as_ref().map_or("祥和", |c| c.name.as_str());
        if page.is_empty() || page == name { name.to_owned() } else { format!("{page} · {name}") }
    }

    /// Where somebody signs in and comes back to this page.
    pub fn sign_in(&self) -> String {
        let back = self.path.replace('%', "%25").replace('&', "%26").replace('+', "%2B");
        format!("/sign-in?back={back}")
    }

    /// An address inside the community: `/c/home/board`.
    pub fn at(&self, path: &str) -> String {
        if self.slug.is_empty() { "/".to_owned() } else { format!("/c/{}{path}", self.slug) }
    }
}

/// What was typed into a form that was refused, so that it is kept, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Echo {
    /// Values by field name.
    pub values: BTreeMap<String, Vec<String>>,
    /// Errors by field.
    pub fields: Vec<FieldError>,
    /// The sentence at the top.
    pub sentence: Option<String>,
}

impl Echo {
    /// What a refusal and the typed values make.
    pub fn new(error: &AppError, values: BTreeMap<String, Vec<String>>, lang: Lang) -> Self {
        let fields = match error {
            AppError::Invalid(fields) => fields.clone(),
            _ => Vec::new(),
        };
        Self { values, fields, sentence: Some(error.sentence(lang)) }
    }

    /// The typed value of a field.
    pub fn value(&self, field: &str) -> String {
        self.values.get(field).and_then(|v| v.first()).cloned().unwrap_or_default()
    }

    /// All typed values of a field.
    pub fn all(&self, field: &str) -> Vec<String> {
        self.values.get(field).cloned().unwrap_or_default()
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str, lang: Lang) -> Option<String> {
        self.fields.iter().find(|f| f.field == field).map(|f| f.text(lang).to_owned())
    }
}

/// The boot of this page.
pub fn boot() -> Boot {
    use_context::<Boot>().unwrap_or_default()
}

/// The echo of a refused form, if this page answers one.
pub fn echo() -> Echo {
    use_context::<Echo>().unwrap_or_default()
}

/// Reads the boot that the server wrote into the page.
#[cfg(feature = "hydrate")]
pub fn read_boot() -> Boot {
    web_sys::window()
        .and_then(|w| w.document())
        .and_then(|d| d.get_element_by_id("boot"))
        .and_then(|e| e.text_content())
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Says in the page that the browser has taken it over, for tests and for whoever looks from outside.
#[cfg(feature = "hydrate")]
pub fn mark_live() {
    if let Some(root) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element()) {
        let _ = root.set_attribute("data-live", "1");
    }
}

/// The title of the window follows a link that the browser followed by itself.
#[cfg(feature = "hydrate")]
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|w| w.document()) {
        document.set_title(title);
    }
}
