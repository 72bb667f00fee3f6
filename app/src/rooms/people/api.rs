//! What the page 我的 reads.
#![expect(missing_docs, reason = "the #[server] macro makes an undocumented struct of the arguments")]

use super::model::{LetterRow, Role};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::MembershipId;
use crate::measure::Time;
use crate::ui::wire::TextJson;
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

/// Somebody who lives in the viewer's unit by invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Housemate {
    /// The membership.
    pub membership: MembershipId,
    /// The masked name.
    pub name: String,
    /// Tenant or member.
    pub role: Role,
    /// Since when.
    pub since: Time,
}

/// The page 我的.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeData {
    /// The phone, masked.
    pub phone: String,
    /// Where the account is signed in.
    pub devices: Vec<Device>,
    /// Roles that wait until the account has a password.
    pub waiting: Vec<Role>,
    /// A new secret must be a password.
    pub working: bool,
    /// For an owner: who lives in the unit by invitation.
    pub housemates: Vec<Housemate>,
    /// Open invitations that this person made, with their codes.
    pub invitations: Vec<(LetterRow, String)>,
    /// The moment of reading.
    pub now: Time,
}

/// Reads 我的.
#[server(endpoint = "v1/me", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn me(lang: Lang) -> Result<MeData, AppError> {
    crate::ui::load::answer(read_me(lang).await)
}

#[cfg(feature = "ssr")]
async fn read_me(lang: Lang) -> Result<MeData, AppError> {
    use super::rules::device_name;
    use super::{accounts, secrets, sessions, store};
    let viewer = crate::context::require_viewer()?;
    let services = crate::context::services()?;
    let now = crate::context::now();
    let current = use_context::<crate::context::SessionKey>().map(|k| k.0).unwrap_or_default();
    let devices = sessions::sessions_of(&services.db, viewer.account(), &current, now)
        .await?
        .into_iter()
        .map(|s| Device { handle: s.handle, agent: device_name(lang, &s.agent), seen_at: s.seen_at, here: s.here })
        .collect();
    let code = |letter: LetterRow| {
        let code = store::letter_code(&services.letter_key, letter.id);
        (letter, code)
    };
    Ok(MeData {
        phone: accounts::masked_phone(&services.db, viewer.account()).await?,
        devices,
        waiting: accounts::waiting(&services.db, viewer.account(), now).await?,
        working: secrets::needs_password(&services.db.read, viewer.account(), now).await?,
        housemates: housemates(&services.db, &viewer, now).await?,
        invitations: store::invitations(&services, &viewer, lang, now).await?.into_iter().map(code).collect(),
        now,
    })
}

#[cfg(feature = "ssr")]
async fn housemates(db: &crate::context::Db, viewer: &crate::context::Viewer, now: Time) -> Result<Vec<Housemate>, AppError> {
    use super::rules::{Permission, mask_name};
    let Some(unit) = viewer.unit().filter(|_| viewer.may(Permission::EndHousehold)) else { return Ok(Vec::new()) };
    let all = super::members::residents(&db.read, viewer.community(), unit, now).await?;
    let invited = all.into_iter().filter(|r| matches!(r.role, Role::Tenant | Role::Household));
    Ok(invited.map(|r| Housemate { membership: r.membership, name: mask_name(&r.name), role: r.role, since: r.since }).collect())
}
