//! What an event's hash is taken over.

use crate::ids::{CommunityId, MutationId, PersonId};
use crate::measure::Time;
use crate::rooms::people::model::Role;
use serde_json::{Value, json};
use uuid::Uuid;

/// One event before it is hashed.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The community whose chain it joins.
    pub community: CommunityId,
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When it happened, by the server's clock.
    pub at: Time,
    /// What sort of thing it is about: `ticket`, `letter`, `membership` …
    pub subject_kind: String,
    /// Which one.
    pub subject: Uuid,
    /// Who did it; `None` for a visitor or the clock.
    pub actor: Option<PersonId>,
    /// The role they acted in.
    pub role: Option<Role>,
    /// The mutation that caused it.
    pub mutation: Option<MutationId>,
    /// What happened, without personal data.
    pub body: Value,
}

/// The canonical text that is hashed after the previous hash: JSON with its keys in alphabetical order
/// (serde_json's default map is sorted), no blanks, UTF-8.
pub fn canonical(event: &Draft) -> String {
    json!({
        "actor": event.actor.map(|a| a.to_string()),
        "at": event.at.0,
        "body": event.body,
        "community": event.community.to_string(),
        "mutation": event.mutation.map(|m| m.to_string()),
        "role": event.role.map(Role::code),
        "seq": event.seq,
        "subject": event.subject.to_string(),
        "subject_kind": event.subject_kind,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_text_does_not_depend_on_the_order_of_writing() {
        let draft = |body| Draft {
            community: CommunityId(Uuid::nil()),
            seq: 1,
            at: Time(5),
            subject_kind: "ticket".into(),
            subject: Uuid::nil(),
            actor: None,
            role: Some(Role::Worker),
            mutation: None,
            body,
        };
        let a = canonical(&draft(json!({"b": 1, "a": {"d": 2, "c": 3}})));
        let b = canonical(&draft(serde_json::from_str(r#"{"a":{"c":3,"d":2},"b":1}"#).expect("json")));
        assert_eq!(a, b);
        assert!(a.starts_with(r#"{"actor":null,"at":5,"body":{"a":{"c":3,"d":2},"b":1},"#), "{a}");
    }
}
