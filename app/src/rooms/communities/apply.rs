//! The first set-up: a community and its administrator, on an empty installation; and the rule numbers.

use super::calendar::{EnterYear, parse_year};
use super::entity::{calendar_years, communities};
use super::model::SetUp;
use super::rules::{Setting, parse_community_name, parse_desk_phone, parse_setting, with_setting};
use crate::apply::{Done, Work};
use crate::context::{Caller, internal};
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::measure::Time;
use crate::rooms::events::store::open_chain;
use crate::rooms::people::joining::{account_for, person_with_role};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Fields, Permission, parse_name, parse_phone};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QuerySelect, Set};
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

/// Changes one rule number of the community from a day on.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for a number out of its bounds, a missing source or a wrong day.
pub async fn change_setting(work: &Work<'_>, typed: &Setting) -> Result<Done, AppError> {
    work.caller.require(Permission::Settings)?;
    let new = parse_setting(typed)?;
    let row = communities::Entity::find_by_id(work.community.0).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let own: Vec<Setting> = serde_json::from_str(&row.settings).map_err(internal)?;
    let settings = serde_json::to_string(&with_setting(own, new.clone())).map_err(internal)?;
    let change = communities::ActiveModel { id: Set(row.id), settings: Set(settings), ..Default::default() };
    communities::Entity::update(change).exec(work.txn).await?;
    let (key, value, source, from, until) = (new.key, new.value, new.source, new.from, new.until);
    work.tell("community", row.id, &json!({ "did": "setting", "key": key, "value": value, "source": source, "from": from, "until": until })).await?;
    Ok(Done { subject: Some(row.id), number: None, version: 1 })
}

/// Writes a year's public holidays down, in the place of what the program brings or the community had. Times that were
/// promised stay as they are.
///
/// # Errors
/// [`AppError::Forbidden`], and what [`parse_year`] refuses.
pub async fn enter_year(work: &Work<'_>, typed: &EnterYear) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Settings)?;
    let year = parse_year(typed)?;
    let row = calendar_years::ActiveModel {
        community_id: Set(work.community.0),
        year: Set(i64::from(year.year)),
        source: Set(year.source.clone()),
        days: Set(serde_json::to_string(&(&year.off, &year.worked)).map_err(internal)?),
        by_id: Set(viewer.person().0),
        at: Set(work.now.0),
    };
    let again = OnConflict::columns([calendar_years::Column::CommunityId, calendar_years::Column::Year])
        .update_columns([calendar_years::Column::Source, calendar_years::Column::Days, calendar_years::Column::ById, calendar_years::Column::At])
        .to_owned();
    calendar_years::Entity::insert(row).on_conflict(again).exec_without_returning(work.txn).await?;
    work.tell("community", work.community.0, &json!({ "did": "calendar", "year": year.year, "source": year.source, "off": year.off, "worked": year.worked })).await?;
    Ok(Done { subject: Some(work.community.0), number: None, version: 1 })
}

/// Sets a community up: the first of an empty installation, or one more that whoever runs the program has invited. The key
/// that opened the door is good while there are as many communities as when it was made.
///
/// # Errors
/// [`AppError::Forbidden`] when there is one more by now, [`AppError::Invalid`].
pub async fn set_up(work: &Work<'_>, set_up: &SetUp) -> Result<Done, AppError> {
    let Caller::SetUp(there) = work.caller else { return Err(AppError::Forbidden) };
    if communities::Entity::find().count(work.txn).await? != *there {
        return Err(AppError::Forbidden);
    }
    let slug = if *there == 0 { "home".to_owned() } else { format!("home-{}", there + 1) };
    let mut fields = Fields::default();
    let name = fields.take(parse_community_name(&set_up.name));
    let phone = fields.take(parse_desk_phone(&set_up.phone));
    let admin_name = fields.take(parse_name(&set_up.admin_name));
    let admin_phone = fields.take(parse_phone(&set_up.admin_phone));
    fields.check()?;
    let (Some(name), Some(phone), Some(admin_name), Some(admin_phone), Some(secret)) = (name, phone, admin_name, admin_phone, work.secret) else {
        return Err(AppError::field("password", "请设一个密码", "Choose a password"));
    };
    found(work.txn, work.community, &slug, &name, &phone, false, work.now).await?;
    let account = account_for(work.txn, &admin_phone, secret, true, work.now).await?;
    let person = person_with_role(work, account, &admin_name, &admin_phone, Role::Administrator, None, None).await?;
    work.tell("community", work.community.0, &json!({ "did": "set_up" })).await?;
    Ok(Done { subject: Some(person.0), number: Some(slug), version: 1 })
}
