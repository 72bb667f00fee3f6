//! The public value as the sides read it in its announcement: the draw waits until two of them have entered the same.

use super::entity::{parties, readings, rounds};
use super::rules::{agreed, party_label};
use crate::apply::Work;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::PersonId;
use crate::rooms::messages::notes::{Note, done_with, tell};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

fn desk(round: &rounds::Model) -> String {
    format!("/desk/parking/{}", round.id)
}

/// Writes down what a side read, in the place of what it entered before. Answers whether two sides agree by now; where
/// they do not, whoever has to read it too is told.
///
/// # Errors
/// When the database refuses.
pub(super) async fn read_out(work: &Work<'_>, round: &rounds::Model, side: &str, by: PersonId, value: &str) -> Result<bool, AppError> {
    let row = readings::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(round.id),
        side: Set(side.into()),
        value: Set(value.into()),
        by_id: Set(by.0),
        at: Set(work.now.0),
    };
    let again = OnConflict::columns([readings::Column::CommunityId, readings::Column::RoundId, readings::Column::Side])
        .update_columns([readings::Column::Value, readings::Column::ById, readings::Column::At])
        .to_owned();
    readings::Entity::insert(row).on_conflict(again).exec_without_returning(work.txn).await?;
    work.tell("parking", round.id, &json!({ "did": "read_out", "side": side, "value": value })).await?;
    done_with(work, by, &desk(round)).await?;
    let all = readings::Entity::find().filter(readings::Column::CommunityId.eq(work.community.0)).filter(readings::Column::RoundId.eq(round.id)).all(work.txn).await?;
    let read: Vec<(&str, Uuid, &str)> = all.iter().map(|r| (r.side.as_str(), r.by_id, r.value.as_str())).collect();
    let parties = parties::Entity::find().filter(parties::Column::CommunityId.eq(work.community.0)).filter(parties::Column::RoundId.eq(round.id)).all(work.txn).await?;
    let others: HashSet<PersonId> = parties.iter().map(|p| p.by_id).chain(all.iter().map(|r| r.by_id)).map(PersonId).filter(|p| *p != by).collect();
    let others: Vec<PersonId> = others.into_iter().collect();
    if agreed(&read, value) {
        for person in others {
            done_with(work, person, &desk(round)).await?;
        }
        return Ok(true);
    }
    let (number, zh, en) = (&round.number, party_label(Lang::Zh, side), party_label(Lang::En, side));
    let note = if all.len() < 2 {
        Note {
            zh: format!("{number}：{zh}填了公共随机数，请您照公告再填一次，一致才抽签"),
            en: format!("{number}: the public value was entered by the {en}; enter it too from the announcement, the draw follows when both agree"),
            path: desk(round),
        }
    } else {
        Note {
            zh: format!("{number}：公共随机数几方填得不一样，请照公告核对"),
            en: format!("{number}: the public value was entered in different ways; check the announcement"),
            path: desk(round),
        }
    };
    tell(work, &others, &note).await?;
    Ok(false)
}
