//! Somebody who writes a room's history through the real rules, each act at its own time.

use super::dice::id;
use super::scenes::Picture;
use super::{Estate, Plan};
use anyhow::Context;
use app::apply::apply_within;
use app::context::{Caller, Services, Viewer};
use app::ids::{MutationId, PersonId, PhotoId, UnitId};
use app::measure::{DAY, HOUR, Time};
use app::mutation::{Envelope, Mutation, Outcome};
use app::rooms::communities::model::CommunityView;
use app::rooms::people::model::Role;
use app::rooms::photos::entity::photos;
use app::rooms::photos::pipeline::{Developed, develop};
use sea_orm::{DatabaseTransaction, EntityTrait, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// One room's history of one community.
pub(super) struct Book<'a> {
    pub services: &'a Services,
    pub txn: &'a DatabaseTransaction,
    pub plan: &'a Plan,
    pub estate: &'a Estate,
    view: CommunityView,
    /// The room's word: ids follow from it, so that rooms do not disturb each other's.
    room: &'static str,
    n: u64,
}

impl<'a> Book<'a> {
    pub fn new(services: &'a Services, txn: &'a DatabaseTransaction, plan: &'a Plan, estate: &'a Estate, room: &'static str) -> Self {
        let home = &estate.community;
        let view = CommunityView { id: home.id, name: home.name.into(), phone: home.phone.into(), offset: home.offset, demo: true };
        Self { services, txn, plan, estate, view, room, n: 0 }
    }

    /// So many days ago, at an hour of that day.
    pub fn ago(&self, days: i64, hour: i64) -> Time {
        Time(((self.plan.now + -days * DAY).day_start(self.estate.community.offset) + hour * HOUR).0.min(self.plan.now.0 - HOUR))
    }

    /// The first who has a role.
    pub fn who(&self, role: Role) -> anyhow::Result<(PersonId, Option<UnitId>)> {
        let found = self.estate.memberships.iter().find(|m| m.role == role);
        found.map(|m| (m.person, m.unit)).with_context(|| format!("nobody is {role:?}"))
    }

    /// Acts as the first who has a role. Answers the mutation's id, which is that of whatever it made.
    pub async fn act(&mut self, role: Role, at: Time, mutation: Mutation) -> anyhow::Result<Uuid> {
        let (person, unit) = self.who(role)?;
        self.act_as(person, role, unit, at, mutation).await
    }

    /// An id that follows from the seed, for what is written down as it is.
    pub fn fresh(&mut self, what: &str, at: Time) -> Uuid {
        self.n += 1;
        id(self.plan.seed, &format!("{} {what} {}", self.room, self.estate.community.slug), self.n, at)
    }

    /// Acts as somebody; see [`Book::act`].
    pub async fn act_as(&mut self, person: PersonId, role: Role, unit: Option<UnitId>, at: Time, mutation: Mutation) -> anyhow::Result<Uuid> {
        let id = self.fresh("act", at);
        let caller = Caller::Person(Box::new(Viewer::of_history(self.view.clone(), self.estate.community.slug.to_owned(), person, role, unit)));
        let kind = mutation.kind();
        let envelope = Envelope { id: MutationId(id), person: None, app_version: env!("CARGO_PKG_VERSION").into(), client_time: at, mutation };
        let receipt = apply_within(self.txn, self.services, &caller, &envelope, at).await.with_context(|| format!("{kind} as {role:?}"))?;
        match receipt.outcome {
            Outcome::Done { .. } => Ok(id),
            Outcome::Rejected { reason } => Err(anyhow::anyhow!("{kind} as {role:?}: {reason:?}")),
        }
    }

    /// Photos of these pictures, as if they had been sent just before.
    pub async fn shots(&mut self, at: Time, album: &Album, pictures: &[Picture]) -> anyhow::Result<Vec<PhotoId>> {
        let mut ids = Vec::with_capacity(pictures.len());
        for picture in pictures {
            let photo = PhotoId(self.fresh("photo", at));
            let developed = album.get(picture).context("a picture that was not drawn")?;
            self.services.photos.put(self.estate.community.id, developed).await?;
            let row = photos::ActiveModel {
                community_id: Set(self.estate.community.id.0),
                id: Set(photo.0),
                digest: Set(developed.digest.clone()),
                width: Set(i64::from(developed.width)),
                height: Set(i64::from(developed.height)),
                bytes: Set(i64::try_from(developed.files.iter().map(Vec::len).sum::<usize>())?),
                uploader: Set(None),
                created_at: Set(at.0),
                attached_at: Set(None),
            };
            photos::Entity::insert(row).exec_without_returning(self.txn).await?;
            ids.push(photo);
        }
        Ok(ids)
    }
}

/// Pictures, developed.
pub(super) type Album = HashMap<Picture, Developed>;

/// Develops each of these pictures once, on two cores beside the threads that answer.
pub(super) async fn album(pictures: Vec<Picture>) -> anyhow::Result<Album> {
    let part = |pictures: &[Picture]| -> anyhow::Result<Vec<(Picture, Developed)>> {
        pictures.iter().map(|p| Ok((*p, develop(&p.jpeg()?).map_err(|e| anyhow::anyhow!("{e}"))?))).collect()
    };
    let all = move || {
        let (left, right) = pictures.split_at(pictures.len() / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| part(right));
            let mut all: Album = part(left)?.into_iter().collect();
            all.extend(other.join().map_err(|_| anyhow::anyhow!("a picture could not be developed"))??);
            Ok(all)
        })
    };
    tokio::task::spawn_blocking(all).await?
}
