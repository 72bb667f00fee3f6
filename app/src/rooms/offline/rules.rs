//! What may wait on a phone, and which forms of it are still understood.

use super::model::Addressed;
use crate::error::AppError;
use crate::mutation::Mutation;
use serde_json::Value;

/// The most envelopes in one request.
pub const BATCH: usize = 100;
/// The most bytes in one request: a hundred reports with every field full.
pub const BATCH_BYTES: usize = 1024 * 1024;

/// A kind that was replaced, until when phones may still send it, and what it means now. A kind is accepted for 90 days
/// after its successor came: a phone that was in a drawer for a summer loses nothing.
#[derive(Clone, Copy, Debug)]
pub struct Replaced {
    /// The old kind.
    pub kind: &'static str,
    /// The kind that took its place.
    pub by: &'static str,
    /// Brings an old payload into the new form.
    pub upgrade: fn(Value) -> Value,
}

/// Every kind that was replaced in the last 90 days. There is none yet: every kind is still its first version.
pub const REPLACED: &[Replaced] = &[];

/// Reads one envelope as a phone sent it, bringing an old kind into its present form.
///
/// # Errors
/// [`AppError::UnknownKind`] for what this server does not understand, [`AppError::Forbidden`] for changes that are not
/// made this way.
pub fn read(mut value: Value, replaced: &[Replaced]) -> Result<Addressed, AppError> {
    let old = value.get("kind").and_then(Value::as_str).and_then(|kind| replaced.iter().find(|r| r.kind == kind));
    if let Some(old) = old {
        let payload = value.get_mut("payload").map(Value::take).unwrap_or_default();
        value["payload"] = (old.upgrade)(payload);
        value["kind"] = old.by.into();
    }
    let addressed: Addressed = serde_json::from_value(value).map_err(|_| AppError::UnknownKind)?;
    if waits(&addressed.envelope.mutation) { Ok(addressed) } else { Err(AppError::Forbidden) }
}

/// The changes that may wait on a phone. The others are made at a desk, with the page in front of one's eyes, or carry
/// a secret that must not lie in a queue.
pub const WAITING: &[&str] = &[
    "ticket.report.v1",
    "ticket.me_too.v1",
    "ticket.advance.v1",
    "ticket.comment.v1",
    "asset.check.v1",
    "project.inspect.v1",
    "project.sign.v1",
    "scoring.sheet.v1",
    "parking.apply.v1",
    "visits.invite.v1",
];

/// Whether a change may wait on a phone.
pub fn waits(mutation: &Mutation) -> bool {
    WAITING.contains(&mutation.kind())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::offline::model::{Answer, Status};
    use serde_json::json;

    fn sent(kind: &str, payload: Value) -> Value {
        json!({"id": "01890a5d-ac96-774b-bcce-b302099a8057", "person": null, "app_version": "0.1.0", "client_time": 5, "kind": kind, "payload": payload})
    }

    #[test]
    fn an_envelope_is_read_with_and_without_its_person() {
        let ticket = "01890a5d-ac96-774b-bcce-b302099a8058";
        let mut value = sent("ticket.me_too.v1", json!({ "ticket": ticket }));
        assert_eq!(read(value.clone(), REPLACED).expect("reads").account, None);
        value["account"] = ticket.into();
        assert!(read(value, REPLACED).expect("reads").account.is_some());
    }

    #[test]
    fn an_old_kind_is_brought_into_its_new_form_and_an_unknown_one_is_not_guessed() {
        let table = [Replaced { kind: "ticket.me_too.v0", by: "ticket.me_too.v1", upgrade: |old| json!({ "ticket": old["id"] }) }];
        let old = sent("ticket.me_too.v0", json!({"id": "01890a5d-ac96-774b-bcce-b302099a8058"}));
        assert_eq!(read(old.clone(), &table).expect("reads").envelope.mutation.kind(), "ticket.me_too.v1");
        assert_eq!(read(old, REPLACED), Err(AppError::UnknownKind));
    }

    #[test]
    fn what_is_made_at_a_desk_does_not_come_this_way() {
        let setting = sent("role.end.v1", json!({"membership": "01890a5d-ac96-774b-bcce-b302099a8058"}));
        assert_eq!(read(setting, REPLACED), Err(AppError::Forbidden));
        assert_eq!(read(json!("nonsense"), REPLACED), Err(AppError::UnknownKind));
        assert_eq!(read(json!([1, 2]), REPLACED), Err(AppError::UnknownKind));
    }

    #[test]
    fn each_error_tells_the_phone_what_to_do() {
        let status = |error: AppError| Answer::refused(String::new(), &error).status;
        assert_eq!(status(AppError::NotSignedIn), Status::SignIn);
        assert_eq!(status(AppError::UnknownKind), Status::Update);
        assert_eq!(status(AppError::TooMany { retry_after: 3 }), Status::Later);
        assert_eq!(status(AppError::Internal { reference: String::new() }), Status::Later);
        assert_eq!(status(AppError::Replayed), Status::Rejected);
        assert_eq!(Answer::refused(String::new(), &AppError::Conflict { current: 7 }).current, Some(7));
    }
}
