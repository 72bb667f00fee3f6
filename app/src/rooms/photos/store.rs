//! Keeping photos: rows in the database, bytes in an object store.

use super::entity::{open_photos, photos};
use super::model::{Size, Stored};
use super::pipeline::Developed;
use super::rules::ORPHAN_AFTER;
use crate::apply::Work;
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId, PhotoId};
use crate::measure::Time;
use crate::rooms::people::rules::Permission;
use crate::rooms::scoring::entity::shots;
use crate::rooms::tickets::entity::{ticket_photos, tickets};
use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Set};
use std::sync::Arc;

/// Where the bytes are: a local folder, or anything S3-compatible.
#[derive(Clone, Debug)]
pub struct PhotoStore {
    objects: Arc<dyn ObjectStore>,
}

impl PhotoStore {
    /// Wraps an object store.
    pub fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects }
    }

    /// The address of one size in the store. Pictures of two communities never share a file, so that one can
    /// leave without the other.
    pub fn path(community: CommunityId, digest: &str, size: Size) -> Path {
        Path::from(format!("photos/{community}/{}/{digest}-{}.jpg", &digest[..digest.len().min(2)], size.code()))
    }

    /// Writes the three sizes; the same picture twice is written once.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn put(&self, community: CommunityId, photo: &Developed) -> Result<(), AppError> {
        for (size, file) in Size::ALL.into_iter().zip(&photo.files) {
            let path = Self::path(community, &photo.digest, size);
            if self.objects.head(&path).await.is_err() {
                self.objects.put(&path, PutPayload::from(file.clone())).await.map_err(internal)?;
            }
        }
        Ok(())
    }

    /// Reads one size.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the file is gone.
    pub async fn get(&self, community: CommunityId, digest: &str, size: Size) -> Result<Bytes, AppError> {
        let found = self.objects.get(&Self::path(community, digest, size)).await;
        match found {
            Ok(file) => file.bytes().await.map_err(internal),
            Err(object_store::Error::NotFound { .. }) => Err(AppError::NotFound),
            Err(other) => Err(internal(other)),
        }
    }

    async fn remove(&self, community: CommunityId, digest: &str) -> Result<(), AppError> {
        for size in Size::ALL {
            match self.objects.delete(&Self::path(community, digest, size)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(other) => return Err(internal(other)),
            }
        }
        Ok(())
    }
}

/// Keeps a developed photo under the name that the phone gave it. Twice is once; the same name for another
/// picture is refused.
///
/// # Errors
/// [`AppError::Replayed`] when the name is taken by another picture.
pub async fn keep(db: &Db, store: &PhotoStore, community: CommunityId, id: PhotoId, uploader: Option<PersonId>, photo: &Developed, now: Time) -> Result<Stored, AppError> {
    store.put(community, photo).await?;
    let row = photos::ActiveModel {
        community_id: Set(community.0),
        id: Set(id.0),
        digest: Set(photo.digest.clone()),
        width: Set(i64::from(photo.width)),
        height: Set(i64::from(photo.height)),
        bytes: Set(photo.files.iter().map(Vec::len).sum::<usize>() as i64),
        uploader: Set(uploader.map(|p| p.0)),
        created_at: Set(now.0),
        attached_at: Set(None),
    };
    // A name is taken once in the whole installation: a page names a photo without its community.
    let keep = OnConflict::new().do_nothing().to_owned();
    photos::Entity::insert(row).on_conflict(keep).exec_without_returning(&db.write).await?;
    let kept = photos::Entity::find_by_id((community.0, id.0)).one(&db.read).await?;
    match kept {
        Some(kept) if kept.digest == photo.digest => Ok(Stored { photo: id, width: photo.width, height: photo.height }),
        _ => Err(AppError::Replayed),
    }
}

/// Hangs photos on something, in the caller's transaction. A photo hangs on one thing only.
///
/// # Errors
/// [`AppError::Invalid`] on `photos` for one that is not there, is another's, or hangs elsewhere already.
pub async fn attach(db: &impl ConnectionTrait, community: CommunityId, ids: &[PhotoId], by: Option<PersonId>, now: Time) -> Result<(), AppError> {
    if ids.is_empty() {
        return Ok(());
    }
    let done = photos::Entity::update_many()
        .col_expr(photos::Column::AttachedAt, sea_orm::sea_query::Expr::value(now.0))
        .filter(photos::Column::CommunityId.eq(community.0))
        .filter(photos::Column::Id.is_in(ids.iter().map(|p| p.0)))
        .filter(photos::Column::AttachedAt.is_null())
        .filter(match by {
            Some(person) => photos::Column::Uploader.eq(person.0).or(photos::Column::Uploader.is_null()),
            None => photos::Column::Uploader.is_null(),
        })
        .exec(db)
        .await?;
    if done.rows_affected == ids.len() as u64 {
        Ok(())
    } else {
        Err(AppError::field("photos", "有一张照片没有传好，请删掉后重拍", "One photo did not arrive; remove it and take it again"))
    }
}

/// Takes photos off the record that they hung on: what nothing shows any more is removed like a photo that never came to
/// hang anywhere.
///
/// # Errors
/// When the database refuses.
pub async fn detach(db: &impl ConnectionTrait, community: CommunityId, ids: &[PhotoId]) -> Result<(), AppError> {
    photos::Entity::update_many()
        .col_expr(photos::Column::AttachedAt, sea_orm::sea_query::Expr::value(Option::<i64>::None))
        .filter(photos::Column::CommunityId.eq(community.0))
        .filter(photos::Column::Id.is_in(ids.iter().map(|p| p.0)))
        .exec(db)
        .await?;
    Ok(())
}

/// Hangs photos on a public record: everybody may see them.
///
/// # Errors
/// See [`attach`].
pub async fn attach_openly(work: &Work<'_>, ids: &[PhotoId], subject_kind: &str, subject: uuid::Uuid) -> Result<(), AppError> {
    attach(work.txn, work.community, ids, work.person(), work.now).await?;
    for id in ids {
        let row = open_photos::ActiveModel { community_id: Set(work.community.0), photo_id: Set(id.0), subject_kind: Set(subject_kind.to_owned()), subject: Set(subject) };
        open_photos::Entity::insert(row).exec_without_returning(work.txn).await?;
    }
    Ok(())
}

/// What the photos show, by digest, whatever names they came under; sorted.
///
/// # Errors
/// When the database refuses.
pub async fn digests(db: &impl ConnectionTrait, community: CommunityId, ids: &[PhotoId]) -> Result<Vec<String>, AppError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<String> = photos::Entity::find()
        .select_only()
        .column(photos::Column::Digest)
        .filter(photos::Column::CommunityId.eq(community.0))
        .filter(photos::Column::Id.is_in(ids.iter().map(|p| p.0)))
        .into_tuple()
        .all(db)
        .await?;
    found.sort();
    Ok(found)
}

/// A photo that this person may see: where it is and whether everybody may see it.
#[derive(Clone, Debug)]
pub struct Readable {
    /// Its community.
    pub community: CommunityId,
    /// Its name in the store.
    pub digest: String,
    /// Everybody may see it.
    pub public: bool,
}

/// Finds a photo for somebody who asks for it.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or it is not for them: the answer never tells which.
pub async fn find(db: &Db, viewer: Option<&Viewer>, id: PhotoId) -> Result<Readable, AppError> {
    let photo = photos::Entity::find().filter(photos::Column::Id.eq(id.0)).one(&db.read).await?.ok_or(AppError::NotFound)?;
    let community = CommunityId(photo.community_id);
    let hung: Option<(String, Option<uuid::Uuid>)> = ticket_photos::Entity::find()
        .select_only()
        .column(tickets::Column::Visibility)
        .column(tickets::Column::ReporterId)
        .join(
            sea_orm::JoinType::InnerJoin,
            ticket_photos::Entity::belongs_to(tickets::Entity)
                .from((ticket_photos::Column::CommunityId, ticket_photos::Column::TicketId))
                .to((tickets::Column::CommunityId, tickets::Column::Id))
                .into(),
        )
        .filter(ticket_photos::Column::CommunityId.eq(photo.community_id))
        .filter(ticket_photos::Column::PhotoId.eq(id.0))
        .into_tuple()
        .one(&db.read)
        .await?;
    let here = viewer.filter(|v| v.community() == community);
    let mine = |owner: Option<uuid::Uuid>| here.is_some_and(|v| owner == Some(v.person().0));
    let (public, readable) = match hung {
        Some((visibility, reporter)) => {
            let public = visibility == "public";
            (public, public || mine(reporter) || here.is_some_and(|v| v.may(Permission::SeeDesk)))
        }
        None => {
            let open = open_photos::Entity::find_by_id((photo.community_id, id.0)).one(&db.read).await?.is_some();
            let audited = !open && here.is_some_and(|v| v.may(Permission::ScoringAudit)) && shots::Entity::find_by_id((photo.community_id, id.0)).one(&db.read).await?.is_some();
            let looks = !open && here.is_some_and(|v| v.may(Permission::ParkingCheck)) && crate::rooms::parking::store::is_proof(&db.read, community, id).await?;
            (open, open || audited || looks || mine(photo.uploader))
        }
    };
    if readable { Ok(Readable { community, digest: photo.digest, public }) } else { Err(AppError::NotFound) }
}

/// Removes photos that have hung on nothing for 48 hours. Returns how many.
///
/// # Errors
/// When the database or the store refuses.
pub async fn sweep(db: &Db, store: &PhotoStore, now: Time) -> Result<u64, AppError> {
    let orphans = photos::Entity::find().filter(photos::Column::AttachedAt.is_null()).filter(photos::Column::CreatedAt.lt(now.0 - ORPHAN_AFTER)).limit(500).all(&db.read).await?;
    let mut gone = 0;
    for photo in orphans {
        let deleted = photos::Entity::delete_many()
            .filter(photos::Column::CommunityId.eq(photo.community_id))
            .filter(photos::Column::Id.eq(photo.id))
            .filter(photos::Column::AttachedAt.is_null())
            .exec(&db.write)
            .await?;
        gone += deleted.rows_affected;
        let shared =
            photos::Entity::find().filter(photos::Column::CommunityId.eq(photo.community_id)).filter(photos::Column::Digest.eq(photo.digest.as_str())).one(&db.read).await?;
        if shared.is_none() {
            store.remove(CommunityId(photo.community_id), &photo.digest).await?;
        }
    }
    Ok(gone)
}
