//! The one error that crosses the wire. Each kind has a status and a sentence that says what to do next.

use crate::i18n::Lang;
use crate::tr;
use serde::{Deserialize, Serialize};

/// One field of a form and what is wrong with it, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The `name` of the form field.
    pub field: String,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl FieldError {
    /// The sentence in one language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// The reference of an error that no server wrote down: it could not be reached.
pub const NETWORK: &str = "NETWORK";

/// Everything that can go wrong, as the person who asked may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{self:?}")]
pub enum AppError {
    /// Nobody is signed in, or the session has ended: sign in and send again.
    NotSignedIn,
    /// Signed in, but this is not for this role.
    Forbidden,
    /// No such thing in this community.
    NotFound,
    /// What was typed does not fit.
    Invalid(Vec<FieldError>),
    /// Somebody else changed it first; `current` is the version now.
    Conflict {
        /// The version of the row as it is now.
        current: i64,
    },
    /// The thing is past the point where this can be done (a ticket already closed, a letter already used).
    Closed {
        /// Why, in Chinese.
        zh: String,
        /// Why, in English.
        en: String,
    },
    /// Too many requests: wait this many seconds.
    TooMany {
        /// Seconds until the next try can succeed.
        retry_after: u64,
    },
    /// The same mutation id was used for something else.
    Replayed,
    /// The server does not know this kind of change: the app on the phone is too old or too new.
    UnknownKind,
    /// Our fault; the reference finds it in the log.
    Internal {
        /// Eight symbols that stand in the server's log beside the cause.
        reference: String,
    },
}

impl AppError {
    /// An [`AppError::Invalid`] of one field.
    pub fn field(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), zh: zh.into(), en: en.into() }])
    }

    /// An [`AppError::Closed`] with its reason.
    pub fn closed(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Closed { zh: zh.into(), en: en.into() }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotSignedIn => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict { .. } => 409,
            Self::Closed { .. } => 410,
            Self::Invalid(_) | Self::Replayed | Self::UnknownKind => 422,
            Self::TooMany { .. } => 429,
            Self::Internal { .. } => 500,
        }
    }

    /// Whether asking again with the same words can only give the same answer, so that a queue need not try.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Forbidden | Self::NotFound | Self::Invalid(_) | Self::Conflict { .. } | Self::Closed { .. })
    }

    /// A sentence for people: what happened and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::NotSignedIn => tr!(lang, "请先登录，您写的内容不会丢。", "Please sign in first; what you wrote is kept.").into(),
            Self::Forbidden => {
                tr!(lang, "您现在的身份不能做这件事。可以换一个身份，或联系居委会。", "Your current role cannot do this. Switch role, or ask the residents' committee.").into()
            }
            Self::NotFound => tr!(lang, "没有找到。可能编号不对，或不在这个小区。", "Not found. The code may be wrong, or it belongs to another community.").into(),
            Self::Invalid(fields) => fields.iter().map(|f| f.text(lang)).collect::<Vec<_>>().join(tr!(lang, "；", "; ")),
            Self::Conflict { .. } => tr!(lang, "刚才有人先改了。请看一眼现在的情况，再决定。", "Someone changed this first. Look at it as it is now, then decide.").into(),
            Self::Closed { zh, en } => match lang {
                Lang::Zh => zh.clone(),
                Lang::En => en.clone(),
            },
            Self::TooMany { retry_after } => tr!(lang, "操作太频繁，请等 {s} 秒再试。", "Too many tries. Please wait {s} seconds.", s = retry_after),
            Self::Replayed => {
                tr!(lang, "这一份已经提交过别的内容，请刷新页面再填。", "This form was already used for something else. Reload the page and fill it in again.").into()
            }
            Self::UnknownKind => tr!(lang, "手机上的页面太旧了，请刷新。内容不会丢。", "This page is out of date, please reload. Nothing is lost.").into(),
            Self::Internal { reference } => tr!(
                lang,
                "系统出了问题，您写的没有丢。再试一次；还不行请打物业电话，报编号 {r}。",
                "Something broke on our side; what you wrote is kept. Try again, or call the property desk and quote {r}.",
                r = reference
            ),
        }
    }
}

#[cfg(feature = "ui")]
impl server_fn::error::FromServerFnError for AppError {
    type Encoder = crate::ui::wire::Text;

    fn from_server_fn_error(value: server_fn::error::ServerFnErrorErr) -> Self {
        use server_fn::error::ServerFnErrorErr as E;
        let error = match value {
            // Arguments that do not parse are the caller's, never a fault of ours.
            E::Args(_) | E::MissingArg(_) | E::Deserialization(_) | E::Serialization(_) | E::UnsupportedRequestMethod(_) => Self::UnknownKind,
            _ => Self::Internal { reference: NETWORK.into() },
        };
        #[cfg(feature = "ssr")]
        crate::ui::load::set_status(&error);
        error
    }
}
