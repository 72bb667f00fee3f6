//! Reminding those who have not handed in: some days before the end, and on the last day.

use super::entity::{reminders, roll, rounds, sheets};
use super::model::{Remind, Stage};
use super::rounds::find;
use super::rules::{must_stand, to_remind};
use crate::apply::{Done, Work};
use crate::context::Caller;
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId};
use crate::measure::Time;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::{known, own_settings};
use crate::rooms::messages::model::Line;
use crate::rooms::messages::notes::{Note, announce, tell};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// What a community's clock has to remind of now.
///
/// # Errors
/// When the database refuses.
pub async fn due(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<Remind>, AppError> {
    let open = rounds::Entity::find().filter(rounds::Column::CommunityId.eq(community.0)).filter(rounds::Column::Stage.eq(Stage::Open.code())).limit(5).all(db).await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let (own, _, day) = own_settings(db, community, now).await?;
    let first = setting(&own, "scoring.remind_days", &day).unwrap_or_default();
    let mut all = Vec::new();
    for round in open {
        let said = reminders::Entity::find().filter(reminders::Column::CommunityId.eq(community.0)).filter(reminders::Column::RoundId.eq(round.id)).all(db).await?;
        // An extension begins the reminders of its own end.
        let said: Vec<(i64, Time)> = said.into_iter().map(|r| (r.days, Time(r.at))).collect();
        all.extend(to_remind(Time(round.closes_at), first, &said, now).map(|days| Remind { round: round.id, days }));
    }
    Ok(all)
}

/// Reminds everybody of a round who has not handed in and has no conflict: a note to each, and a line to the groups.
///
/// # Errors
/// [`AppError::Forbidden`] for everybody but the clock, [`AppError::NotFound`], [`AppError::Closed`] when nobody is to be reminded now.
pub async fn remind(work: &Work<'_>, remind: &Remind) -> Result<Done, AppError> {
    if !matches!(work.caller, Caller::Clock(_)) {
        return Err(AppError::Forbidden);
    }
    let (round, stage) = find(work, remind.round).await?;
    must_stand(stage, &[Stage::Open])?;
    if !due(work.txn, work.community, work.now).await?.contains(remind) {
        return Err(AppError::closed("现在不用提醒。", "Nobody is to be reminded now."));
    }
    let missing = missing(work, round.id).await?;
    let row = reminders::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(round.id),
        days: Set(remind.days),
        at: Set(work.now.0),
        missing: Set(i64::try_from(missing.len()).unwrap_or(i64::MAX)),
    };
    let again = OnConflict::columns([reminders::Column::CommunityId, reminders::Column::RoundId, reminders::Column::Days])
        .update_columns([reminders::Column::At, reminders::Column::Missing])
        .to_owned();
    reminders::Entity::insert(row).on_conflict(again).exec_without_returning(work.txn).await?;
    let (days, left) = (remind.days, missing.len());
    let note = Note {
        zh: format!("物业考核 {} 还有 {days} 天截止，您的表还没交", round.number),
        en: format!("Scoring {} ends within {days} days, and your sheet is not in yet", round.number),
        path: format!("/scoring/{}", round.id),
    };
    tell(work, &missing, &note).await?;
    if left > 0 {
        let (_, slug) = known(&work.services.db, work.community).await?;
        let link = format!("{}/c/{slug}/scoring", work.services.public_url);
        announce(work, &Line { title: "物业考核快截止了".into(), text: format!("{} 还有 {days} 天截止，还有 {left} 位打分人没交表", round.number), link }).await?;
    }
    work.tell("scoring", round.id, &json!({ "did": "reminded", "days": days, "missing": left })).await?;
    Ok(Done { subject: Some(round.id), number: Some(round.number), version: round.version })
}

async fn missing(work: &Work<'_>, round: Uuid) -> Result<Vec<PersonId>, AppError> {
    let in_: HashSet<Uuid> = sheets::Entity::find()
        .filter(sheets::Column::CommunityId.eq(work.community.0))
        .filter(sheets::Column::RoundId.eq(round))
        .select_only()
        .column(sheets::Column::PersonId)
        .into_tuple::<Uuid>()
        .all(work.txn)
        .await?
        .into_iter()
        .collect();
    let all = roll::Entity::find().filter(roll::Column::CommunityId.eq(work.community.0)).filter(roll::Column::RoundId.eq(round)).all(work.txn).await?;
    Ok(all.into_iter().filter(|s| s.conflict.is_none() && !in_.contains(&s.person_id)).map(|s| PersonId(s.person_id)).collect())
}
