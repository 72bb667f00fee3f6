//! What the page 我的 reads.
#![expect(missing_docs, reason = "the #[server] macro makes an undocumented struct of the arguments")]

use super::model::LetterRow;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::measure::Time;
use leptos::prelude::*;
use leptos::server;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

/// A signed-in device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// A handle to sign it out.
    pub handle: String,
    /// The device in words.
    pub agent: String,
    /// When it was last used.
    pub seen_at: Time,
    /// It is this one.
    pub here: bool,
}

/// The page 我的.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeData {
    /// The phone, masked.
    pub phone: String,
    /// Where the account is signed in.
    pub devices: Vec<Device>,
    /// Open invitations of the household, with their codes: their own people may see them.
    pub invitations: Vec<(LetterRow, String)>,
    /// The moment of reading.
    pub now: Time,
}

/// Reads 我的.
#[server(endpoint = "v1/me", prefix = "/api", input = GetUrl)]
pub async fn me(lang: Lang) -> Result<MeData, AppError> {
    crate::ui::load::answer(read_me(lang).await)
}

#[cfg(feature = "ssr")]
async fn read_me(lang: Lang) -> Result<MeData, AppError> {
    use super::rules::Permission;
    use super::{accounts, store};
    let viewer = crate::context::require_viewer()?;
    let services = crate::context::services()?;
    let now = crate::context::now();
    let current = use_context::<crate::context::SessionKey>().map(|k| k.0).unwrap_or_default();
    let devices = accounts::sessions_of(&services.db, viewer.account(), &current, now)
        .await?
        .into_iter()
        .map(|s| Device { handle: s.handle, agent: s.agent, seen_at: s.seen_at, here: s.here })
        .collect();
    let mut invitations = Vec::new();
    if let Some(unit) = viewer.unit().filter(|_| viewer.may(Permission::Invite)) {
        for letter in store::letters(&services, &viewer, Some(unit), lang).await? {
            let own = letter.purpose != super::model::LetterPurpose::Owner;
            if own && letter.used_at.is_none() && letter.revoked_at.is_none() && letter.expires_at > now {
                let code = store::letter_code(&services.letter_key, letter.id);
                invitations.push((letter, code));
            }
        }
    }
    Ok(MeData { phone: accounts::masked_phone(&services.db, viewer.account()).await?, devices, invitations, now })
}
