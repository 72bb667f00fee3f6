//! A line to one person: that something waits for them, until when, and where it is done.

use super::apply::wait;
use super::entity::{notes, robots};
use super::model::{Line, MarkRead, NoteRow};
use crate::apply::{Done, Work};
use crate::context::Viewer;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PersonId};
use crate::measure::Time;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

/// Notes on a page.
const SHOWN: u64 = 100;

/// What a note says in both languages, and where it leads.
#[derive(Clone, Debug)]
pub struct Note {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// A path of this site.
    pub path: String,
}

/// Writes a note to each of these people.
///
/// # Errors
/// When the database refuses.
pub async fn tell(work: &Work<'_>, to: &[PersonId], note: &Note) -> Result<(), AppError> {
    let row = |person: &PersonId| notes::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(Uuid::now_v7()),
        person_id: Set(person.0),
        at: Set(work.now.0),
        zh: Set(note.zh.clone()),
        en: Set(note.en.clone()),
        path: Set(note.path.clone()),
        read: Set(false),
    };
    for some in to.chunks(200) {
        notes::Entity::insert_many(some.iter().map(row)).exec_without_returning(work.txn).await?;
    }
    Ok(())
}

/// Somebody did what their notes about a page asked for: they are read.
///
/// # Errors
/// When the database refuses.
pub async fn done_with(work: &Work<'_>, person: PersonId, path: &str) -> Result<(), AppError> {
    notes::Entity::update_many()
        .col_expr(notes::Column::Read, Expr::value(true))
        .filter(notes::Column::CommunityId.eq(work.community.0))
        .filter(notes::Column::PersonId.eq(person.0))
        .filter(notes::Column::Read.eq(false))
        .filter(notes::Column::Path.eq(path))
        .exec(work.txn)
        .await?;
    Ok(())
}

/// Says a line to every group of the community that has a robot.
///
/// # Errors
/// When the database refuses.
pub async fn announce(work: &Work<'_>, line: &Line) -> Result<(), AppError> {
    let all = robots::Entity::find().filter(robots::Column::CommunityId.eq(work.community.0)).filter(robots::Column::RemovedAt.is_null()).all(work.txn).await?;
    for robot in all {
        wait(work, &robot, line).await?;
    }
    Ok(())
}

fn of(community: CommunityId, person: PersonId) -> sea_orm::Select<notes::Entity> {
    notes::Entity::find().filter(notes::Column::CommunityId.eq(community.0)).filter(notes::Column::PersonId.eq(person.0))
}

/// The viewer's notes, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait, viewer: &Viewer, lang: Lang) -> Result<Vec<NoteRow>, AppError> {
    let rows = of(viewer.community(), viewer.person()).order_by_desc(notes::Column::At).order_by_desc(notes::Column::Id).limit(SHOWN).all(db).await?;
    let words = |n: &notes::Model| if lang == Lang::Zh { n.zh.clone() } else { n.en.clone() };
    Ok(rows.into_iter().map(|n| NoteRow { at: Time(n.at), words: words(&n), path: n.path, new: !n.read }).collect())
}

/// How many notes somebody has not read.
///
/// # Errors
/// When the database refuses.
pub async fn unread(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<u64, AppError> {
    Ok(of(viewer.community(), viewer.person()).filter(notes::Column::Read.eq(false)).count(db).await?)
}

/// Marks the viewer's notes up to a moment as read.
///
/// # Errors
/// [`AppError::NotSignedIn`].
pub async fn mark_read(work: &Work<'_>, read: &MarkRead) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    notes::Entity::update_many()
        .col_expr(notes::Column::Read, Expr::value(true))
        .filter(notes::Column::CommunityId.eq(work.community.0))
        .filter(notes::Column::PersonId.eq(viewer.person().0))
        .filter(notes::Column::Read.eq(false))
        .filter(notes::Column::At.lte(read.up_to.0))
        .exec(work.txn)
        .await?;
    Ok(Done { subject: None, number: None, version: 1 })
}
