//! The first set-up: a community and its administrator, on an empty installation.

use super::entity::communities;
use super::model::SetUp;
use super::rules::{parse_community_name, parse_desk_phone};
use crate::apply::{Done, Work};
use crate::context::Caller;
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::measure::Time;
use crate::rooms::events::store::open_chain;
use crate::rooms::people::accounts::{account_for, person_with_role};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Fields, parse_name, parse_phone};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Set};
use serde_json::json;

/// Makes the community's row and opens its chain of events.
///
/// # Errors
/// When the database refuses.
pub async fn found(db: &impl ConnectionTrait, id: CommunityId, slug: &str, name: &str, phone: &str, demo: bool, now: Time) -> Result<(), AppError> {
    let row = communities::ActiveModel {
        id: Set(id.0),
        slug: Set(slug.into()),
        name: Set(name.into()),
        phone: Set(phone.into()),
        offset_minutes: Set(480),
        demo: Set(demo),
        settings: Set("[]".into()),
        created_at: Set(now.0),
    };
    communities::Entity::insert(row).exec_without_returning(db).await?;
    open_chain(db, id).await
}

/// Sets the first community up. Only an empty installation takes it; afterwards the door is shut.
///
/// # Errors
/// [`AppError::Forbidden`] when there is a community already, [`AppError::Invalid`].
pub async fn set_up(work: &Work<'_>, set_up: &SetUp) -> Result<Done, AppError> {
    if !matches!(work.caller, Caller::SetUp) || communities::Entity::find().count(work.txn).await? > 0 {
        return Err(AppError::Forbidden);
    }
    let mut fields = Fields::default();
    let name = fields.take(parse_community_name(&set_up.name));
    let phone = fields.take(parse_desk_phone(&set_up.phone));
    let admin_name = fields.take(parse_name(&set_up.admin_name));
    let admin_phone = fields.take(parse_phone(&set_up.admin_phone));
    fields.check()?;
    let (Some(name), Some(phone), Some(admin_name), Some(admin_phone), Some(secret)) = (name, phone, admin_name, admin_phone, work.secret) else {
        return Err(AppError::field("password", "请设一个密码", "Choose a password"));
    };
    found(work.txn, work.community, "home", &name, &phone, false, work.now).await?;
    let account = account_for(work.txn, &admin_phone, secret, true, work.now).await?;
    let person = person_with_role(work, account, &admin_name, &admin_phone, Role::Administrator, None, None).await?;
    work.tell("community", work.community.0, &json!({ "did": "set_up" })).await?;
    Ok(Done { subject: Some(person.0), number: Some("home".into()), version: 1 })
}
