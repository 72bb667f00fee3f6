//! The wire types of `/api/v1/sync`.

use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{AccountId, CommunityId, MembershipId};
use crate::mutation::{Envelope, Outcome, Receipt};
use serde::{Deserialize, Serialize};

/// An envelope with whose it is, as a phone sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressed {
    /// The account that made it; absent = somebody who was not signed in.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// The role it was made in. Where that has ended, another role of the same person in the same community.
    #[serde(default)]
    pub membership: Option<MembershipId>,
    /// The community it is for.
    #[serde(default)]
    pub community: Option<CommunityId>,
    /// What is asked for.
    #[serde(flatten)]
    pub envelope: Envelope,
}

/// What became of one envelope, and so what the phone does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is done; the phone may forget it.
    Done,
    /// It was understood and refused: its person decides.
    Rejected,
    /// Its person must sign in first; it waits.
    SignIn,
    /// The server does not know this kind: the app on the phone must be renewed; it waits.
    Update,
    /// Not now: the phone tries again.
    Later,
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// The answer to one envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The envelope's id, as it was sent.
    pub id: String,
    /// What became of it.
    pub status: Status,
    /// The number that people use, e.g. a ticket's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The version after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// What to tell its person, when it is not done.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
    /// In a conflict, the version now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<i64>,
    /// In a conflict, where the thing stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Words>,
    /// In a conflict, what others did meanwhile, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meanwhile: Vec<Words>,
    /// Seconds until the next try can succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Answer {
    /// A receipt, as the phone is told of it.
    pub fn of(receipt: Receipt) -> Self {
        match receipt.outcome {
            Outcome::Done { number, version, .. } => Self {
                id: receipt.id.to_string(),
                status: Status::Done,
                number,
                version: Some(version),
                words: None,
                current: None,
                standing: None,
                meanwhile: Vec::new(),
                retry_after: None,
            },
            Outcome::Rejected { reason } => Self::refused(receipt.id.to_string(), &reason),
        }
    }

    /// What the phone does about an error.
    pub fn refused(id: String, error: &AppError) -> Self {
        let status = match error {
            AppError::NotSignedIn => Status::SignIn,
            AppError::UnknownKind => Status::Update,
            AppError::TooMany { .. } | AppError::Internal { .. } => Status::Later,
            _ => Status::Rejected,
        };
        let current = if let AppError::Conflict { current } = error { Some(*current) } else { None };
        let retry_after = if let AppError::TooMany { retry_after } = error { Some(*retry_after) } else { None };
        let words = Some(Words { zh: error.sentence(Lang::Zh), en: error.sentence(Lang::En) });
        Self { id, status, number: None, version: None, words, current, standing: None, meanwhile: Vec::new(), retry_after }
    }
}
