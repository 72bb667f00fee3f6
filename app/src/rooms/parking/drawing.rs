//! The draw: three parties commit, all reveal before a public value exists, and everything else follows (R5.7).

use super::announced::read_out;
use super::draw::{Ranked, Supply, assign, commitment, order, seed};
use super::entity::{applications, parties, round_bays, rounds};
use super::lists::{entry, listed};
use super::lottery::public_value;
use super::model::{Commit, Draw, Kind, Outcome, Reveal, Stage};
use super::rounds::{find, rules_of, somebody_revealed};
use super::rules::{may_draw, may_move, may_reveal, must_stand, offer_until, parse_commitment, parse_nonce, parties_complete, party_name, reads_for};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::ids::PersonId;
use crate::measure::Time;
use crate::rooms::communities::store::offset_of;
use crate::rooms::messages::notes::{Note, tell};
use crate::rooms::people::rules::Permission;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

async fn committed(work: &Work<'_>, round: Uuid) -> Result<Vec<parties::Model>, AppError> {
    Ok(parties::Entity::find()
        .filter(parties::Column::CommunityId.eq(work.community.0))
        .filter(parties::Column::RoundId.eq(round))
        .order_by_asc(parties::Column::Party)
        .lock_exclusive()
        .all(work.txn)
        .await?)
}

/// Posts a party's commitment: the nonce itself stays with the party.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] before the list is final, once somebody revealed, after the
/// public value, when somebody else has committed for the party, or once all have; [`AppError::Invalid`] on `commitment`.
pub async fn commit(work: &Work<'_>, commit: &Commit) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::ParkingCommit)?;
    let (round, stage) = find(work, commit.round).await?;
    must_stand(stage, Stage::Final)?;
    if work.now >= Time(round.public_at) || somebody_revealed(work, round.id).await? {
        return Err(AppError::closed("已经开始公开随机数，不能再交承诺。", "Revealing has begun: nobody commits any more."));
    }
    let commitment = parse_commitment(&commit.commitment)?;
    let all = committed(work, round.id).await?;
    if let Some(mine) = all.iter().find(|p| p.by_id == viewer.person().0) {
        return replace(work, &round, mine.clone(), &all, commitment).await;
    }
    let others = all.iter().filter(|p| p.party.starts_with("OWNER")).count();
    let party = party_name(viewer.role(), others).ok_or_else(|| AppError::closed("业主代表已有三位交了承诺。", "Three representatives have committed already."))?;
    if all.iter().any(|p| p.party == party) {
        return Err(AppError::closed("这一方已经由别人交了承诺。", "Somebody else has committed for this party."));
    }
    let row = parties::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(round.id),
        party: Set(party.clone()),
        commitment: Set(commitment.clone()),
        at: Set(work.now.0),
        by_id: Set(viewer.person().0),
        nonce: Set(None),
        revealed_at: Set(None),
    };
    parties::Entity::insert(row).exec_without_returning(work.txn).await?;
    work.tell("parking", round.id, &json!({ "did": "committed", "party": party, "commitment": commitment })).await?;
    Ok(Done { subject: Some(round.id), number: Some(party), version: round.version })
}

/// Posts another commitment in the place of one's own: a number that was mistyped or lost would silence its party. Nobody has
/// revealed, but once all have committed each has to stand.
async fn replace(work: &Work<'_>, round: &rounds::Model, mine: parties::Model, all: &[parties::Model], commitment: String) -> Result<Done, AppError> {
    let names: Vec<String> = all.iter().map(|p| p.party.clone()).collect();
    if parties_complete(&names) {
        return Err(AppError::closed("三方都交了承诺，不能再改。", "All parties have committed: nothing is changed any more."));
    }
    let party = mine.party.clone();
    let mut change = mine.into_active_model();
    change.commitment = Set(commitment.clone());
    change.at = Set(work.now.0);
    change.update(work.txn).await?;
    work.tell("parking", round.id, &json!({ "did": "committed_again", "party": party, "commitment": commitment })).await?;
    Ok(Done { subject: Some(round.id), number: Some(party), version: round.version })
}

/// Reveals what one had committed to.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], what [`may_reveal`] refuses, [`AppError::Closed`] for those who did not commit or
/// have revealed, [`AppError::Invalid`] on `nonce` when it does not fit.
pub async fn reveal(work: &Work<'_>, reveal: &Reveal) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::ParkingCommit)?;
    let (round, stage) = find(work, reveal.round).await?;
    must_stand(stage, Stage::Final)?;
    let all = committed(work, round.id).await?;
    let names: Vec<String> = all.iter().map(|p| p.party.clone()).collect();
    may_reveal(&names, Time(round.public_at), work.now)?;
    let mine = all.into_iter().find(|p| p.by_id == viewer.person().0);
    let mine = mine.ok_or_else(|| AppError::closed("您没有交过承诺。", "You have not committed."))?;
    if mine.nonce.is_some() {
        return Err(AppError::closed("您已经公开过了。", "You have revealed already."));
    }
    let nonce = parse_nonce(&reveal.nonce)?;
    if commitment(&round.number, &mine.party, &nonce, &round.list_hash) != mine.commitment {
        return Err(AppError::field("nonce", "和您的承诺对不上，请核对随机数", "This does not fit your commitment: check the number"));
    }
    let party = mine.party.clone();
    let mut change = mine.into_active_model();
    change.nonce = Set(Some(nonce.clone()));
    change.revealed_at = Set(Some(work.now.0));
    change.update(work.txn).await?;
    work.tell("parking", round.id, &json!({ "did": "revealed", "party": party, "nonce": nonce })).await?;
    Ok(Done { subject: Some(round.id), number: Some(party), version: round.version })
}

/// How many bays of each kind a round hands out.
///
/// # Errors
/// When the database refuses.
pub(super) async fn supply(db: &impl ConnectionTrait, community: crate::ids::CommunityId, round: Uuid) -> Result<Supply, AppError> {
    let bays = round_bays::Entity::find().filter(round_bays::Column::CommunityId.eq(community.0)).filter(round_bays::Column::RoundId.eq(round)).all(db).await?;
    let count = |kind: Kind| bays.iter().filter(|b| b.kind == kind.code()).count();
    Ok(Supply { plain: count(Kind::Plain), ev: count(Kind::Ev), accessible: count(Kind::Accessible) })
}

/// Enters the public value as one side read it in the announcement. Once two sides have entered the same, seed, order and
/// offers follow at once, and no party that did not reveal is in them.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], what [`may_draw`] refuses, [`AppError::Invalid`] on `public`.
pub async fn draw(work: &Work<'_>, step: &Draw) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::ParkingCommit)?;
    let side = reads_for(viewer.role()).ok_or(AppError::Forbidden)?;
    let (round, stage) = find(work, step.round).await?;
    may_move(step.version, round.version, stage, Stage::Final)?;
    let all = committed(work, round.id).await?;
    let names: Vec<String> = all.iter().map(|p| p.party.clone()).collect();
    may_draw(&names, Time(round.public_at), work.now)?;
    let public = public_value(&step.public, &round.public_name)?;
    if !read_out(work, &round, side, viewer.person(), &public).await? {
        return Ok(Done { subject: Some(round.id), number: Some(round.number), version: round.version });
    }
    let revealed: Vec<(String, String)> = all.iter().filter_map(|p| Some((p.party.clone(), p.nonce.clone()?))).collect();
    let silent: Vec<&str> = all.iter().filter(|p| p.nonce.is_none()).map(|p| p.party.as_str()).collect();
    let seed = seed(&round.number, &round.list_hash, &revealed, &public);
    let order = order(&seed, &listed(work, round.id).await?);
    let won = place(work, &round, &order).await?;
    let mut change = round.clone().into_active_model();
    change.stage = Set(Stage::Drawn.code().into());
    change.public = Set(public.clone());
    change.seed = Set(seed.clone());
    change.drawn_at = Set(Some(work.now.0));
    change.version = Set(round.version + 1);
    change.update(work.txn).await?;
    work.tell("parking", round.id, &json!({ "did": "drawn", "public": public, "seed": seed, "silent": silent, "applications": order.len(), "won": won })).await?;
    Ok(Done { subject: Some(round.id), number: Some(round.number), version: round.version + 1 })
}

/// Writes places, keys and what each got; offers run from now.
async fn place(work: &Work<'_>, round: &rounds::Model, order: &[Ranked]) -> Result<usize, AppError> {
    let got = assign(order, supply(work.txn, work.community, round.id).await?);
    let until = offer_until(work.now, &rules_of(round)?);
    let rows = applications::Entity::find().filter(applications::Column::CommunityId.eq(work.community.0)).filter(applications::Column::RoundId.eq(round.id)).all(work.txn).await?;
    let mut by_code: HashMap<String, applications::Model> = rows.into_iter().map(|a| (a.code.clone(), a)).collect();
    let (mut won, mut waits) = (Vec::new(), Vec::new());
    for (n, (ranked, got)) in (1..).zip(order.iter().zip(&got)) {
        let Some(row) = by_code.remove(&ranked.entry.id) else { continue };
        if got.is_some() { &mut won } else { &mut waits }.extend(row.person_id.map(PersonId));
        debug_assert_eq!(entry(&row).as_ref(), Some(&ranked.entry));
        let mut change = row.into_active_model();
        change.place = Set(Some(n));
        change.rank_key = Set(ranked.key.clone());
        change.kind = Set(got.map(|kind| kind.code().into()));
        change.outcome = Set(Some(if got.is_some() { Outcome::Offered } else { Outcome::Waiting }.code().into()));
        change.offered_at = Set(got.map(|_| work.now.0));
        change.offer_until = Set(got.map(|_| until.0));
        change.update(work.txn).await?;
    }
    tell(work, &won, &offered(work, round, until).await?).await?;
    let number = &round.number;
    let note = Note {
        zh: format!("{number} 抽签了：您在轮候，有空出来的会轮到您"), en: format!("{number} was drawn: you are on the waiting list"), path: "/parking".into()
    };
    tell(work, &waits, &note).await?;
    Ok(got.iter().flatten().count())
}

/// What somebody is told who may choose a bay until a moment.
pub(super) async fn offered(work: &Work<'_>, round: &rounds::Model, until: Time) -> Result<Note, AppError> {
    let until = until.local(offset_of(work.txn, work.community).await?).format("%m-%d %H:%M");
    let number = &round.number;
    Ok(Note {
        zh: format!("{number}：有车位给您，请在 {until} 前选，过时轮给下一户"),
        en: format!("{number}: a bay is offered to you; choose before {until}, or it falls to the next"),
        path: "/parking".into(),
    })
}
