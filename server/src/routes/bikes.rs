//! Bikes: public page, a household's own, stickers, and the desk.

use super::desk::allowed;
use super::fields::{Fields, Sent, received};
use super::forms::{Pairs, finish};
use super::fund::pictures;
use super::prints::qr;
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::ids::{CommunityId, PlaceId, UnitId};
use app::measure::Time;
use app::mutation::{Mutation, Receipt};
use app::rooms::bikes::model::{Claim, Dispose, EndBike, Garage, Post, Register, SetGarage, SetSocket, SocketState};
use app::rooms::bikes::rules::parse_tag;
use app::rooms::bikes::{desk, pages, store};
use app::rooms::communities;
use app::rooms::communities::store::{unit_by_door, unit_names};
use app::rooms::people::rules::Permission;
use app::rooms::places::desk::sticker_sheet;
use app::rooms::places::model::PlaceKind;
use app::rooms::places::store::{Sticker, list as places};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use std::str::FromStr;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/bikes", get(overview))
        .route("/bikes", get(mine))
        .route("/b/{tag}", get(sticker))
        .route("/desk/bikes", get(of_desk))
        .route("/print/bikes", get(stickers))
        .route("/forms/bike-garage", post(garage))
        .route("/forms/bike-socket", post(socket))
        .route("/forms/bike-register", post(register))
        .route("/forms/bike-end", post(end))
        .route("/forms/bike-claim", post(claim))
}

/// The forms that carry files.
pub fn with_files() -> Router<AppState> {
    Router::new().route("/forms/bike-notice", post(notice)).route("/forms/bike-dispose", post(dispose))
}

async fn overview(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let community = ask.boot.community.as_ref().ok_or(AppError::NotFound)?.id;
        let db = &state.services.db;
        let read = async { Ok((store::garages(&db.read, community).await?, store::notices(&db.read, community).await?, store::count(&db.read, community).await?)) };
        db.memory.recall(Some(community), "bikes".into(), read).await
    };
    match found.await {
        Ok((garages, notices, count)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "非机动车", "Bikes"), || pages::overview(&boot, &garages, &notices, count, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn mine(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let viewer = allowed(&ask, Permission::Bikes)?;
        let db = &state.services.db.read;
        let bikes = match viewer.unit() {
            Some(unit) => store::of_unit(db, viewer.community(), unit).await?,
            None => Vec::new(),
        };
        Ok::<_, AppError>((bikes, store::garages(db, viewer.community()).await?, store::notices(db, viewer.community()).await?))
    };
    match found.await {
        Ok((bikes, garages, notices)) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, app::tr!(ask.lang(), "我家的电动自行车", "My household's e-bikes"), || pages::mine(&boot, &bikes, &garages, &notices, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// The page of a sticker belongs to the sticker's community, whoever looks.
async fn sticker(State(state): State<AppState>, ask: Ask, Path(tag): Path<String>) -> Response {
    let found = async {
        let db = &state.services.db;
        let (community, bike) = store::by_tag(&db.read, &parse_tag(&tag).map_err(|_| AppError::NotFound)?).await?;
        let (view, slug) = communities::store::known(db, community).await?;
        let garage = match bike.garage {
            Some(id) => store::garage_name(&db.read, community, id).await?,
            None => None,
        };
        let sees = ask.viewer_in(&state, community).await?.is_some_and(|v| v.may(Permission::SeeContact));
        let owner = if sees { unit_names(&db.read, community, [bike.unit], ask.lang(), false).await?.remove(&bike.unit) } else { None };
        Ok::<_, AppError>((app::ui::Boot { community: Some(view), slug, ..ask.boot.clone() }, bike, garage, owner))
    };
    match found.await {
        Ok((boot, bike, garage, owner)) => ask.page(&state, &bike.tag.clone(), || pages::sticker(&boot, &bike, garage, owner)),
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_of(state: &AppState, ask: &Ask) -> Result<desk::Desk, AppError> {
    let viewer = allowed(ask, Permission::SeeDesk)?;
    let (db, community) = (&state.services.db, viewer.community());
    let garages = store::garages(&db.read, community).await?;
    let bikes = store::registered(&db.read, viewer).await?;
    // Rooms are named for those who may see whom to call; others read them masked.
    let masked = !viewer.may(Permission::SeeContact);
    let units = unit_names(&db.read, community, bikes.iter().take(200).map(|b| b.unit), ask.lang(), masked).await?;
    let known = |id: PlaceId| garages.iter().any(|g: &Garage| g.place == id);
    let all = places(db, community).await?;
    let places = all.into_iter().filter(|p| known(p.id) || !matches!(p.kind, PlaceKind::Stair | PlaceKind::Lift)).map(|p| (p.id, p.name)).collect();
    Ok(desk::Desk { notices: store::notices(&db.read, community).await?, garages, bikes, units, places })
}

async fn of_desk(State(state): State<AppState>, ask: Ask) -> Response {
    match desk_of(&state, &ask).await {
        Ok(desk) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "非机动车", "Bikes"), || desk::page(&boot, &desk, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn stickers(State(state): State<AppState>, ask: Ask) -> Response {
    let made = async {
        let viewer = allowed(&ask, Permission::Bays)?;
        let bikes = store::registered(&state.services.db.read, viewer).await?;
        let address = &state.services.public_url;
        bikes
            .into_iter()
            .map(|b| Ok((Sticker { name: b.words, place: app::tr!(ask.lang(), "电动自行车", "E-bike").into(), code: b.tag.clone() }, qr(&format!("{address}/b/{}", b.tag))?)))
            .collect::<Result<Vec<_>, AppError>>()
    };
    match made.await {
        Ok(rows) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "车贴", "Stickers"), || sticker_sheet(&boot, &rows))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// `ID:VERSION`, as one choice of a list says both.
fn versioned<T: FromStr>(fields: &Fields, name: &str) -> Result<(T, i64), AppError> {
    let (id, version) = fields.get(name).split_once(':').ok_or(AppError::NotFound)?;
    Ok((id.parse().map_err(|_| AppError::NotFound)?, version.parse().map_err(|_| AppError::NotFound)?))
}

async fn garage(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let (place, version) = versioned(&fields, "garage_place")?;
        let community = allowed(&ask, Permission::Bays)?.community();
        // What is left empty stays as it is; the version says that nobody changed it meanwhile.
        let there = if version > 0 { store::garages(&state.services.db.read, community).await?.into_iter().find(|g| g.place == place) } else { None };
        let whole = |name: &str, stays: Option<i64>| match (fields.get(name).trim(), stays) {
            ("", Some(stays)) => Ok(stays),
            (typed, _) => typed.parse::<i64>().map_err(|_| AppError::field(name, "请填整数", "A whole number, please")),
        };
        let sockets = there.as_ref().map_or(0, |g| i64::try_from(g.sockets.len()).unwrap_or(i64::MAX));
        let note = Some(fields.get("note").to_owned()).filter(|n| !n.trim().is_empty()).or_else(|| there.as_ref().map(|g| g.note.clone())).unwrap_or_default();
        let set = SetGarage { place, version, spaces: whole("spaces", there.as_ref().map(|g| g.spaces))?, sockets: whole("sockets", Some(sockets))?, note };
        ask.submit(&state, None, fields.id()?, Mutation::BikeGarage(set), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn socket(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let (socket, version) = versioned(&fields, "socket")?;
        let to = SocketState::from_code(fields.get("state")).ok_or(AppError::UnknownKind)?;
        ask.submit(&state, None, fields.id()?, Mutation::BikeSocket(SetSocket { socket, version, state: to, reason: fields.get("reason").to_owned() }), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn named(state: &AppState, ask: &Ask, fields: &Fields) -> Result<Option<UnitId>, AppError> {
    let community: CommunityId = ask.person()?.community();
    match fields.get("door").trim() {
        "" => Ok(None),
        door => {
            allowed(ask, Permission::Bays)?;
            unit_by_door(&state.services.db.read, community, door).await.map(Some)
        }
    }
}

async fn register(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let register =
            Register { unit: named(&state, &ask, &fields).await?, words: fields.get("words").to_owned(), plate: fields.get("plate").to_owned(), garage: fields.maybe("garage")? };
        ask.submit(&state, None, fields.id()?, Mutation::BikeRegister(register), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn end(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::BikeEnd(EndBike { bike: fields.parse("bike")? }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn claim(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::BikeClaim(Claim { notice: fields.parse("notice")?, words: fields.get("words").to_owned() }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn notice(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::Bays, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_notice(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_notice(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let photos = pictures(state, ask, fields).await?;
    let post = Post { garage: fields.parse("garage")?, words: fields.get("words").to_owned(), tag: fields.get("tag").to_owned(), photos };
    ask.submit(state, None, fields.id()?, Mutation::BikeNotice(post), None).await
}

async fn dispose(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::Bays, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_dispose(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_dispose(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let photos = pictures(state, ask, fields).await?;
    let dispose = Dispose { notice: fields.parse("notice")?, version: fields.parse("version")?, words: fields.get("words").to_owned(), photos };
    ask.submit(state, None, fields.id()?, Mutation::BikeDispose(dispose), None).await
}
