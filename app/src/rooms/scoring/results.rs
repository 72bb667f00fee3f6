//! From the draft to what is published and mended.

use super::entity::{appeals, opinions, rectify, roll, rounds};
use super::model::{Appeal, Decide, Group, Level, Move, Party, Rectify, Stage};
use super::rounds::find;
use super::rules::{appeal_until, corrected, judge_appeal, may_move, may_publish, must_stand, renewal_in_question, upheld, words};
use super::store::{self, Parts};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::approvals::matters::{New, for_owners};
use crate::rooms::approvals::model::About;
use crate::rooms::communities::store::{calendar, offset_of};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Fields, Permission};
use crate::rooms::photos::store::attach_openly;
use crate::rooms::tickets;
use crate::rooms::tickets::model::{Category, Report};
use crate::rooms::tickets::rules::Cause;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

type Verdict = Option<(i64, Level)>;

async fn write(work: &Work<'_>, row: &rounds::Model, step: impl FnOnce(&mut rounds::ActiveModel)) -> Result<Done, AppError> {
    let mut change = row.clone().into_active_model();
    change.version = Set(row.version + 1);
    step(&mut change);
    change.update(work.txn).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number.clone()), version: row.version + 1 })
}

fn split(verdict: Verdict) -> (Option<i64>, Option<String>) {
    (verdict.map(|v| v.0), verdict.map(|v| v.1.code().to_owned()))
}

/// Counts the round. From now on the company may appeal; only an appeal can change anything.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`].
pub async fn draft(work: &Work<'_>, step: &Move) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringRun)?;
    let (row, stage) = find(work, step.round).await?;
    may_move(step, row.version, stage, Stage::Closed)?;
    let parts = store::parts(work.txn, work.community, &row).await?;
    let verdict = parts.count().verdict();
    // Where the round says nothing there is nothing to appeal against.
    let (calendar, offset) = (calendar(work.txn, work.community).await?, offset_of(work.txn, work.community).await?);
    let until = if verdict.is_some() { appeal_until(work.now, &parts.numbers, &calendar, offset) } else { work.now };
    let weekends_only = verdict.is_some() && !(calendar.is_known(work.now, offset) && calendar.is_known(until + -1, offset));
    let (total, level) = split(verdict);
    work.tell("scoring", row.id, &json!({ "did": "drafted", "total": total, "level": level, "appeal_until": until })).await?;
    write(work, &row, |change| {
        change.stage = Set(Stage::Draft.code().into());
        change.drafted_at = Set(Some(work.now.0));
        change.appeal_until = Set(Some(until.0));
        change.weekends_only = Set(weekends_only);
        (change.first, change.first_level) = (Set(total), Set(level.clone()));
        (change.total, change.level) = (Set(total), Set(level));
    })
    .await
}

/// The company appeals, once and in time.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when there is no draft, the time is over or there is an
/// appeal, and what [`judge_appeal`] refuses.
pub async fn appeal(work: &Work<'_>, appeal: &Appeal) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringAppeal)?;
    let (row, stage) = find(work, appeal.round).await?;
    must_stand(stage, &[Stage::Draft])?;
    if work.now.0 >= row.appeal_until.unwrap_or_default() {
        return Err(AppError::closed("申诉期已经过了。", "The time for an appeal is over."));
    }
    if appeals::Entity::find_by_id((work.community.0, row.id)).one(work.txn).await?.is_some() {
        return Err(AppError::closed("已经申诉过了，等三方答复。", "There is an appeal: three parties will answer it."));
    }
    let parts = store::parts(work.txn, work.community, &row).await?;
    let charges: Vec<_> = parts.charges.iter().map(|c| c.0).collect();
    let words = judge_appeal(appeal, &charges, &parts.readings)?;
    attach_openly(work, &appeal.photos, "scoring", row.id).await?;
    let new = appeals::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(row.id),
        at: Set(work.now.0),
        words: Set(words.clone()),
        pleas: Set(serde_json::to_string(&appeal.pleas).map_err(internal)?),
        photos: Set(serde_json::to_string(&appeal.photos).map_err(internal)?),
        by_id: Set(work.person().map(|p| p.0)),
    };
    appeals::Entity::insert(new).exec_without_returning(work.txn).await?;
    work.tell("scoring", row.id, &json!({ "did": "appealed", "words": words, "pleas": appeal.pleas })).await?;
    write(work, &row, |_| ()).await
}

/// For which party somebody speaks.
async fn party_of(work: &Work<'_>, round: &rounds::Model) -> Result<Party, AppError> {
    let viewer = work.caller.require(Permission::ScoringDecide)?;
    match viewer.role() {
        Role::ResidentsCommittee => Ok(Party::ResidentsCommittee),
        role if role.is_committee() => Ok(Party::OwnersCommittee),
        _ => {
            let me = roll::Entity::find_by_id((work.community.0, round.id, viewer.person().0)).one(work.txn).await?;
            let speaks = me.is_some_and(|me| me.conflict.is_none() && me.part == Group::Representative.code());
            if speaks {
                Ok(Party::Representative)
            } else {
                Err(AppError::closed("要这一轮名单里的业主代表才能答复。", "Only a representative of this round's roll may answer."))
            }
        }
    }
}

/// One party's word on the appeal. With the third one it is decided.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] without an appeal or when the party has spoken,
/// [`AppError::Invalid`] on `words`.
pub async fn decide(work: &Work<'_>, decide: &Decide) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringDecide)?;
    let (row, stage) = find(work, decide.round).await?;
    let party = party_of(work, &row).await?;
    must_stand(stage, &[Stage::Draft])?;
    let appeal = appeals::Entity::find_by_id((work.community.0, row.id)).one(work.txn).await?;
    let Some(appeal) = appeal else { return Err(AppError::closed("物业没有申诉。", "There is no appeal.")) };
    let mut said = opinions(work, &row).await?;
    if said.iter().any(|o| o.0 == party) {
        return Err(AppError::closed("这一方已经答复过了。", "This party has answered already."));
    }
    let words = words("words", &decide.words, 2, 300)?;
    let new = opinions::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(row.id),
        party: Set(party.code().into()),
        upholds: Set(decide.upholds),
        words: Set(words.clone()),
        by_id: Set(work.person().map(|p| p.0)),
        at: Set(work.now.0),
    };
    opinions::Entity::insert(new).exec_without_returning(work.txn).await?;
    said.push((party, decide.upholds));
    let decided = upheld(&said);
    let mut verdict = row.total.zip(row.level.as_deref().and_then(Level::from_code));
    if decided == Some(true) {
        let mut parts = store::parts(work.txn, work.community, &row).await?;
        correct(&mut parts, &appeal)?;
        verdict = parts.count().verdict();
    }
    work.tell("scoring", row.id, &json!({ "did": "decided", "party": party, "upholds": decide.upholds, "words": words, "upheld": decided })).await?;
    let (total, level) = split(verdict);
    write(work, &row, |change| (change.total, change.level) = (Set(total), Set(level))).await
}

fn correct(parts: &mut Parts, appeal: &appeals::Model) -> Result<(), AppError> {
    let pleas: Vec<_> = serde_json::from_str(&appeal.pleas).map_err(internal)?;
    let (charges, readings) = corrected(&parts.charges, &parts.readings, &pleas);
    parts.charges = charges.into_iter().map(|code| (uuid::Uuid::nil(), code)).collect();
    parts.readings = readings;
    Ok(())
}

async fn opinions(work: &Work<'_>, row: &rounds::Model) -> Result<Vec<(Party, bool)>, AppError> {
    let rows = opinions::Entity::find().filter(opinions::Column::CommunityId.eq(work.community.0)).filter(opinions::Column::RoundId.eq(row.id)).all(work.txn).await?;
    Ok(rows.into_iter().filter_map(|o| Some((Party::from_code(&o.party)?, o.upholds))).collect())
}

/// Publishes the result.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], and what [`may_publish`] refuses.
pub async fn publish(work: &Work<'_>, step: &Move) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringRun)?;
    let (row, stage) = find(work, step.round).await?;
    may_move(step, row.version, stage, Stage::Draft)?;
    let appealed = appeals::Entity::find_by_id((work.community.0, row.id)).one(work.txn).await?.is_some();
    may_publish(work.now, Time(row.appeal_until.unwrap_or_default()), appealed, &opinions(work, &row).await?)?;
    let before = rounds::Entity::find()
        .filter(rounds::Column::CommunityId.eq(work.community.0))
        .filter(rounds::Column::Stage.eq(Stage::Published.code()))
        .filter(rounds::Column::Level.is_not_null())
        .order_by_desc(rounds::Column::OpensAt)
        .limit(1)
        .all(work.txn)
        .await?;
    let levels: Vec<Level> = row.level.iter().chain(before.iter().filter_map(|r| r.level.as_ref())).filter_map(|l| Level::from_code(l)).collect();
    let renewal = row.level.is_some() && renewal_in_question(&levels);
    work.tell("scoring", row.id, &json!({ "did": "published", "total": row.total, "level": row.level, "first": row.first, "renewal_on_agenda": renewal })).await?;
    if renewal {
        let title = format!("{} 连续两次不合格：续聘或解聘物业", row.number);
        let matter = New { about: About::Renewal, id: work.mutation.0, subject: row.id, number: &row.number, title: &title, amount: Fen(0), by: None };
        for_owners(work, matter, Cause::TwoFails).await?;
    }
    write(work, &row, |change| {
        change.stage = Set(Stage::Published.code().into());
        change.published_at = Set(Some(work.now.0));
    })
    .await
}

/// Makes a ticket of what has to be mended, with a day until which.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for the round or the place, [`AppError::Closed`] before publishing or for the
/// same words again, [`AppError::Invalid`] on `item` or `words`.
pub async fn rectify(work: &Work<'_>, mend: &Rectify) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringMend)?;
    let (row, stage) = find(work, mend.round).await?;
    must_stand(stage, &[Stage::Published])?;
    let parts = store::parts(work.txn, work.community, &row).await?;
    let mut fields = Fields::default();
    let words = fields.take(words("words", &mend.words, 5, 200)).unwrap_or_default();
    let item = parts.template.item(&mend.item);
    if item.is_none() {
        fields.take::<()>(Err(AppError::field("item", "请选评分项", "Choose an item")));
    }
    fields.check()?;
    let name = item.map(|i| i.name.clone()).unwrap_or_default();
    let text = format!("考核整改 {} {} {name}：{words}", row.number, mend.item);
    let report = Report { tag: None, place: Some(mend.place), category: Some(Category::Facility), text, photos: vec![], contact: None };
    let done = tickets::apply::report(work, &report).await?;
    let ticket = done.subject.ok_or_else(|| internal("a report without a ticket"))?;
    if rectify::Entity::find_by_id((work.community.0, row.id, ticket)).one(work.txn).await?.is_some() {
        return Err(AppError::closed("这一条整改已经开过单了。", "There is a ticket with these words already."));
    }
    let due = work.now.0 + parts.numbers.rectify_days * DAY;
    let new = rectify::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(row.id),
        ticket_id: Set(ticket),
        item: Set(mend.item.clone()),
        words: Set(words),
        due_at: Set(due),
        at: Set(work.now.0),
    };
    rectify::Entity::insert(new).exec_without_returning(work.txn).await?;
    work.tell("scoring", row.id, &json!({ "did": "to_mend", "item": mend.item, "ticket": ticket, "due_at": due })).await?;
    Ok(done)
}
