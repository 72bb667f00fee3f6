//! Writing the plan into a database: rows as they are, then the history through the real rules.

use super::script::{Act, By, Doing, Moment, Reporter, Script};
use super::{DEMO_PASSWORD, DEMO_PIN, Estate, Plan, plan};
use crate::cli::Place as Where;
use crate::state;
use anyhow::{Context, bail};
use app::apply::apply_within;
use app::context::{Caller, Services, SiteFiles, Viewer};
use app::ids::{CommunityId, FacilityId, MutationId, PhotoId, PlaceId};
use app::measure::Time;
use app::mutation::{Envelope, Mutation};
use app::rooms::approvals::model::{Declare, GiveWord, HoldMeeting};
use app::rooms::communities::apply::found;
use app::rooms::communities::entity::{buildings, communities, units};
use app::rooms::communities::model::CommunityView;
use app::rooms::communities::store::{counter, set_counter};
use app::rooms::people::accounts::hash_secret;
use app::rooms::people::entity::{accounts, memberships, ownerships, persons, tenancies};
use app::rooms::photos::entity::photos;
use app::rooms::photos::pipeline::{Developed, develop};
use app::rooms::places::entity::{facilities, places, tags};
use app::rooms::places::rules::tag_code;
use app::rooms::tickets::entity::tickets;
use app::rooms::tickets::model::{Advance, MeToo, Moderate, Moderation, Report, WriteComment};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, Set};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Instant;
use uuid::Uuid;

/// The seed of the demonstration: the same people and places everywhere.
pub const SEED: u64 = 20_000_901;
/// Rows in one statement.
const ROWS: usize = 400;
/// Moments of history in one transaction.
const MOMENTS: usize = 250;

/// Loads the demonstration when there is no community yet.
///
/// # Errors
/// When the database or the photo store refuses, or the history breaks a rule.
pub async fn load_if_empty(services: &Services) -> anyhow::Result<()> {
    if communities::Entity::find().count(&services.db.read).await? > 0 {
        return Ok(());
    }
    let begun = Instant::now();
    println!("Loading the demonstration: 43 buildings, 1,986 units, two years of repairs …");
    let plan = plan(SEED, Time::now().0);
    write(services, &plan).await?;
    println!("… loaded in {} ms", begun.elapsed().as_millis());
    Ok(())
}

/// `xianghe demo`.
///
/// # Errors
/// When there is a community already, or loading fails.
pub async fn load(place: &Where) -> anyhow::Result<()> {
    let db = state::open_database(place, 2).await?;
    if communities::Entity::find().count(&db.read).await? > 0 {
        bail!("there is a community already: the demonstration needs an empty database");
    }
    let services = state::services(db, state::open_photos(place)?, place, SiteFiles::default(), String::new())?;
    load_if_empty(&services).await
}

/// Writes a plan into an empty database.
///
/// # Errors
/// See [`load_if_empty`].
pub async fn write(services: &Services, plan: &Plan) -> anyhow::Result<()> {
    let txn = services.db.begin().await?;
    write_accounts(&txn, plan).await?;
    for estate in plan.estates() {
        write_estate(&txn, estate).await.with_context(|| format!("writing {}", estate.community.name))?;
    }
    txn.commit().await?;
    let developed = develop_all(plan).await?;
    for estate in plan.estates() {
        write_photos(services, estate, &developed).await?;
        replay(services, estate).await.with_context(|| format!("replaying {}", estate.community.name))?;
    }
    write_rooms(services, plan).await
}

/// The history of the rooms that tell theirs themselves, after the tickets'.
async fn write_rooms(services: &Services, plan: &Plan) -> anyhow::Result<()> {
    super::fund::tell(services, plan).await.context("the maintenance fund and common income")?;
    super::assets::tell(services, plan).await.context("the register of assets")?;
    super::bays::tell(services, plan).await.context("the bays, the site plan and the bikes")?;
    super::projects::tell(services, plan).await.context("the projects")?;
    super::scoring::tell(services, plan).await.context("the scoring of the property company")?;
    super::parking::tell(services, plan).await.context("the rounds of parking")
}

async fn write_accounts(txn: &DatabaseTransaction, plan: &Plan) -> anyhow::Result<()> {
    // One hash for all who share a secret: argon2 is slow on purpose.
    let (pin, password) = tokio::task::spawn_blocking(|| (hash_secret(DEMO_PIN), hash_secret(DEMO_PASSWORD))).await?;
    let (pin, password) = (pin?, password?);
    let rows = plan.sign_ins.iter().map(|s| accounts::ActiveModel {
        id: Set(s.account.0),
        phone: Set(s.phone.clone()),
        secret: Set(if s.secret == DEMO_PIN { pin.clone() } else { password.clone() }),
        staff: Set(s.staff),
        home: Set(None),
        created_at: Set(plan.now.0),
    });
    accounts::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

/// Inserts rows a few hundred at a time.
macro_rules! insert_all {
    ($txn:expr, $entity:path, $rows:expr) => {{
        let rows: Vec<_> = $rows.collect();
        for chunk in rows.chunks(ROWS) {
            <$entity>::insert_many(chunk.to_vec()).exec_without_returning($txn).await?;
        }
    }};
}

async fn write_estate(txn: &DatabaseTransaction, estate: &Estate) -> anyhow::Result<()> {
    let home = &estate.community;
    let c = home.id.0;
    found(txn, home.id, home.slug, home.name, home.phone, true, home.founded).await?;
    let kinds: HashMap<_, _> = estate.buildings.iter().map(|b| (b.id, b.kind)).collect();
    insert_all!(
        txn,
        buildings::Entity,
        estate.buildings.iter().map(|b| buildings::ActiveModel {
            community_id: Set(c),
            id: Set(b.id.0),
            code: Set(b.code.clone()),
            name: Set(b.name.clone()),
            kind: Set(b.kind.code().into()),
            ordinal: Set(b.ordinal),
        })
    );
    insert_all!(
        txn,
        units::Entity,
        estate.units.iter().map(|u| units::ActiveModel {
            community_id: Set(c),
            id: Set(u.id.0),
            building_id: Set(u.building.0),
            stair: Set(u.stair.clone()),
            floor: Set(Some(u.floor)),
            room: Set(u.room.clone()),
            area: Set(u.area.0),
            kind: Set(kinds.get(&u.building).map_or("", |k| k.code()).into()),
            area_source: Set(u.area_source.code().into()),
            occupancy: Set(u.occupancy.code().into()),
            household_size: Set(u.household_size),
        })
    );
    write_people(txn, estate).await?;
    write_places(txn, estate).await
}

async fn write_people(txn: &DatabaseTransaction, estate: &Estate) -> anyhow::Result<()> {
    let c = estate.community.id.0;
    insert_all!(
        txn,
        persons::Entity,
        estate.persons.iter().map(|p| persons::ActiveModel {
            community_id: Set(c),
            id: Set(p.id.0),
            account_id: Set(p.account.map(|a| a.0)),
            name: Set(p.name.clone()),
            phone: Set(p.phone.clone()),
            created_at: Set(p.since.0),
        })
    );
    insert_all!(
        txn,
        ownerships::Entity,
        estate.ownerships.iter().map(|o| ownerships::ActiveModel {
            community_id: Set(c),
            unit_id: Set(o.unit.0),
            person_id: Set(o.person.0),
            representative: Set(o.representative),
        })
    );
    insert_all!(
        txn,
        tenancies::Entity,
        estate.tenancies.iter().map(|t| tenancies::ActiveModel {
            community_id: Set(c),
            unit_id: Set(t.unit.0),
            person_id: Set(t.person.0),
            from_at: Set(t.from.0),
            until_at: Set(None),
        })
    );
    insert_all!(
        txn,
        memberships::Entity,
        estate.memberships.iter().map(|m| memberships::ActiveModel {
            community_id: Set(c),
            id: Set(m.id.0),
            person_id: Set(m.person.0),
            role: Set(m.role.code().into()),
            unit_id: Set(m.unit.map(|u| u.0)),
            building_id: Set(m.building.map(|b| b.0)),
            stair: Set(m.stair.clone()),
            since: Set(m.since.0),
            until: Set(None),
        })
    );
    Ok(())
}

async fn write_places(txn: &DatabaseTransaction, estate: &Estate) -> anyhow::Result<()> {
    let c = estate.community.id.0;
    insert_all!(
        txn,
        places::Entity,
        estate.places.iter().map(|p| places::ActiveModel {
            community_id: Set(c),
            id: Set(p.id.0),
            name: Set(p.name.clone()),
            kind: Set(p.kind.code().into()),
            building_id: Set(p.building.map(|b| b.0)),
            x: Set(p.x),
            y: Set(p.y),
            ordinal: Set(p.ordinal),
        })
    );
    insert_all!(
        txn,
        facilities::Entity,
        estate.facilities.iter().map(|f| facilities::ActiveModel {
            community_id: Set(c),
            id: Set(f.id.0),
            place_id: Set(f.place.0),
            name: Set(f.name.clone()),
            category: Set(f.category.code().into()),
            ordinal: Set(f.ordinal),
        })
    );
    let everyone = CommunityId(Uuid::nil());
    let mut n = counter(txn, everyone, "tags").await?;
    let spots = estate.places.iter().map(|p| (p.id, None)).chain(estate.facilities.iter().map(|f| (f.place, Some(f.id))));
    let rows: Vec<_> = spots
        .map(|(place, facility)| {
            n += 1;
            tags::ActiveModel {
                community_id: Set(c),
                code: Set(tag_code(n.unsigned_abs())),
                place_id: Set(place.0),
                facility_id: Set(facility.map(|f: FacilityId| f.0)),
                made_at: Set(estate.community.founded.0 + n),
                retired_at: Set(None),
            }
        })
        .collect();
    insert_all!(txn, tags::Entity, rows.into_iter());
    set_counter(txn, everyone, "tags", n).await?;
    Ok(())
}

type Album = HashMap<super::Picture, Developed>;

async fn develop_all(plan: &Plan) -> anyhow::Result<Album> {
    let pictures = plan.pictures();
    tokio::task::spawn_blocking(move || {
        let half = pictures.len().div_ceil(2).max(1);
        // Two threads: the smallest machine has two cores.
        let parts: Vec<anyhow::Result<Album>> = std::thread::scope(|scope| {
            let tasks: Vec<_> = pictures.chunks(half).map(|part| scope.spawn(move || develop_part(part))).collect();
            tasks.into_iter().map(|task| task.join().unwrap_or_else(|_| bail!("drawing a picture failed"))).collect()
        });
        let mut album = Album::new();
        for part in parts {
            album.extend(part?);
        }
        Ok(album)
    })
    .await?
}

fn develop_part(pictures: &[super::Picture]) -> anyhow::Result<Album> {
    pictures.iter().map(|p| Ok((*p, develop(&p.jpeg().map_err(|e| anyhow::anyhow!("{e}"))?)?))).collect()
}

async fn write_photos(services: &Services, estate: &Estate, album: &Album) -> anyhow::Result<()> {
    let c = estate.community.id;
    let shown: std::collections::BTreeSet<super::Picture> = estate.tickets.iter().flat_map(|t| &t.photos).map(|p| p.picture).collect();
    for picture in shown {
        if let Some(developed) = album.get(&picture) {
            services.photos.put(c, developed).await?;
        }
    }
    let txn = services.db.begin().await?;
    let all = estate.tickets.iter().flat_map(|t| &t.photos).filter_map(|p| album.get(&p.picture).map(|d| (p, d)));
    insert_all!(
        &txn,
        photos::Entity,
        all.map(|(p, d)| photos::ActiveModel {
            community_id: Set(c.0),
            id: Set(p.id.0),
            digest: Set(d.digest.clone()),
            width: Set(i64::from(d.width)),
            height: Set(i64::from(d.height)),
            bytes: Set(d.files.iter().map(Vec::len).sum::<usize>() as i64),
            uploader: Set(p.by.map(|b| b.0)),
            created_at: Set(p.at.0),
            attached_at: Set(None),
        })
    );
    txn.commit().await?;
    Ok(())
}

/// What replaying needs to know of an estate.
struct Stage<'a> {
    view: CommunityView,
    slug: &'a str,
    codes: HashMap<(PlaceId, Option<FacilityId>), String>,
}

async fn replay(services: &Services, estate: &Estate) -> anyhow::Result<()> {
    let home = &estate.community;
    let view = CommunityView { id: home.id, name: home.name.into(), phone: home.phone.into(), offset: home.offset, demo: true };
    let tags = tags::Entity::find().filter(tags::Column::CommunityId.eq(home.id.0)).all(&services.db.read).await?;
    let codes = tags.into_iter().map(|t| ((PlaceId(t.place_id), t.facility_id.map(FacilityId)), t.code)).collect();
    let stage = Stage { view, slug: home.slug, codes };
    for moments in estate.in_order().chunks(MOMENTS) {
        let txn = services.db.begin().await?;
        for moment in moments {
            play(services, &txn, &stage, moment).await?;
        }
        txn.commit().await?;
    }
    Ok(())
}

async fn play(services: &Services, txn: &DatabaseTransaction, stage: &Stage<'_>, moment: &Moment<'_>) -> anyhow::Result<()> {
    let (caller, id, mutation) = match moment {
        Moment::Reported(script) => (reporter(stage, script), MutationId(script.id.0), Mutation::TicketReport(report(stage, script))),
        Moment::Acted(script, act) => {
            let caller = act.by.map_or(Caller::Clock(stage.view.id), |by| person(stage, by));
            (caller, act.id, doing(txn, stage, script, act).await?)
        }
    };
    let at = moment.at();
    let envelope = Envelope { id, person: None, app_version: env!("CARGO_PKG_VERSION").into(), client_time: at, mutation };
    apply_within(txn, services, &caller, &envelope, at).await.with_context(|| format!("{moment:?}"))?;
    Ok(())
}

fn person(stage: &Stage<'_>, by: By) -> Caller {
    Caller::Person(Box::new(Viewer::of_history(stage.view.clone(), stage.slug.to_owned(), by.person, by.role, by.unit)))
}

fn reporter(stage: &Stage<'_>, script: &Script) -> Caller {
    match &script.reporter {
        Reporter::Person(by) => person(stage, *by),
        Reporter::Visitor { .. } => Caller::Visitor(stage.view.id),
    }
}

fn report(stage: &Stage<'_>, script: &Script) -> Report {
    let tag = if script.scanned || script.facility.is_some() { stage.codes.get(&(script.place, script.facility)).cloned() } else { None };
    let contact = match &script.reporter {
        Reporter::Visitor { contact } => contact.clone(),
        Reporter::Person(_) => None,
    };
    let photos: Vec<PhotoId> = script.report_photos.clone();
    Report { tag, place: Some(script.place), category: Some(script.category), text: script.text.clone(), photos, contact }
}

async fn doing(txn: &DatabaseTransaction, stage: &Stage<'_>, script: &Script, act: &Act) -> anyhow::Result<Mutation> {
    let (ticket, doing, at) = (script.id, &act.doing, &act.at);
    let version = tickets::Entity::find_by_id((stage.view.id.0, ticket.0)).one(txn).await?.map_or(0, |t| t.version);
    let moderate = |decision, reason: &str| Mutation::TicketModerate(Moderate { ticket, version, decision, reason: reason.into() });
    Ok(match doing {
        Doing::Step(step) => Mutation::TicketAdvance(Advance { ticket, version, step: step.clone() }),
        Doing::MeToo => Mutation::TicketMeToo(MeToo { ticket }),
        Doing::Comment(text) => Mutation::TicketComment(WriteComment { ticket, text: text.clone() }),
        Doing::Show => moderate(Moderation::Show, ""),
        Doing::Hide(reason) => moderate(Moderation::Hide, reason),
        Doing::Word { quote, agrees, reason } => Mutation::ApprovalWord(GiveWord { matter: quote.0, agrees: *agrees, reason: reason.clone(), no_conflict: true }),
        Doing::Declare(quote, reason) => Mutation::ApprovalDeclare(Declare { matter: quote.0, conflict: true, reason: reason.clone() }),
        Doing::Meet(quote, place, present) => Mutation::ApprovalMeeting(HoldMeeting { matter: quote.0, at: *at, place: place.clone(), present: present.clone() }),
    })
}

/// Who can sign in, and a sticker to try, for whoever just started the demonstration.
pub async fn sign_ins(services: &Services, public_url: &str) -> String {
    let cast = plan_cast();
    let mut text = String::from("Demo sign-ins (phone, secret):\n");
    for s in cast {
        let _ = writeln!(text, "  {}  {:<13} {}（{}）", s.phone, s.secret, s.name, s.who);
    }
    if let Some(code) = a_bench(services).await {
        let _ = writeln!(text, "A sticker to open on a phone: {public_url}/q/{code}");
    }
    text
}

/// The cast does not depend on the moment.
fn plan_cast() -> Vec<super::SignIn> {
    plan(SEED, Time::now().0).sign_ins
}

/// The tag of 3号休闲椅.
async fn a_bench(services: &Services) -> Option<String> {
    let bench = facilities::Entity::find().filter(facilities::Column::Name.eq("3号休闲椅")).one(&services.db.read).await.ok()??;
    let tag = tags::Entity::find().filter(tags::Column::CommunityId.eq(bench.community_id)).filter(tags::Column::FacilityId.eq(bench.id)).one(&services.db.read).await.ok()??;
    Some(tag.code)
}
