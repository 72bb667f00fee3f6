//! The desks: lists of tickets, letters, places, members.

use crate::ask::{AppState, Ask};
use app::context::Viewer;
use app::error::AppError;
use app::ids::TicketId;
use app::measure::Time;
use app::rooms::communities::store::{buildings, next_step};
use app::rooms::people::members::members;
use app::rooms::people::model::Role;
use app::rooms::people::roll::Home;
use app::rooms::people::rules::Permission;
use app::rooms::people::{self, store::letters};
use app::rooms::tickets::desk::{DeskData, list_name, page};
use app::rooms::tickets::rules::{Move, OFFERS_MAX};
use app::rooms::tickets::store::{DeskList, by_number, contact, desk, known_items};
use app::rooms::{places, tickets};
use app::ui::Echo;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// Which ticket is open on the right.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    /// Its number.
    #[serde(default)]
    pub t: String,
    /// How many offers the form of a quote has.
    #[serde(default)]
    pub offers: String,
}

/// `GET /desk`: to the list where this role's work is.
pub async fn home(ask: Ask) -> Response {
    Redirect::to(app::ui::frame::desk_address(&ask.boot)).into_response()
}

/// `GET /desk/tickets/{list}`.
pub async fn list(State(state): State<AppState>, ask: Ask, Path(list): Path<String>, Query(chosen): Query<Chosen>) -> Response {
    match gather(&state, &ask, &list, &chosen, None).await {
        Ok(data) => show(&state, &ask, &data),
        Err(error) => ask.refusal(&state, &error),
    }
}

fn show(state: &AppState, ask: &Ask, data: &DeskData) -> Response {
    let boot = ask.boot.clone();
    ask.page(state, list_name(ask.lang(), data.list), || page(&boot, data))
}

async fn gather(state: &AppState, ask: &Ask, list: &str, which: &Chosen, contact: Option<(String, String)>) -> Result<DeskData, AppError> {
    let viewer = ask.person()?;
    let (list, code) = DeskList::ALL.into_iter().find(|(_, code)| *code == list).ok_or(AppError::NotFound)?;
    let db = &state.services.db;
    let now = Time::now();
    let cards = desk(db, viewer, list, now).await?;
    let asked = !which.t.is_empty();
    let number = if asked { Some(app::ids::normalise_code(&which.t).map_err(|_| AppError::NotFound)?) } else { cards.first().map(|card| card.number.clone()) };
    let chosen = match number {
        Some(number) => Some(by_number(db, viewer.community(), &number, Some(viewer), ask.lang(), now).await?),
        None => None,
    };
    let workers = if chosen.as_ref().is_some_and(|c| c.moves.contains(&Move::Assign)) {
        members(&db.read, viewer.community(), &[Role::Worker], now).await?.into_iter().map(|m| (m.person, m.name)).collect()
    } else {
        Vec::new()
    };
    let quote = chosen.as_ref().and_then(|c| c.quote.as_ref()).filter(|q| q.decided.is_none() && q.decision.is_some());
    let matter = match quote {
        Some(quote) => app::rooms::approvals::store::view_of(&db.read, viewer.community(), quote.id.0, Some(viewer), now).await?,
        None => None,
    };
    let writes = chosen.as_ref().is_some_and(|c| c.moves.contains(&Move::Quote) || c.moves.contains(&Move::Settle));
    let known = if writes { known_items(&db.read, viewer.community(), now).await? } else { Vec::new() };
    let offers = which.offers.parse().unwrap_or(1).clamp(1, OFFERS_MAX);
    Ok(DeskData { list, code, cards, chosen, asked, workers, contact, matter, offers, known, now })
}

/// `POST /desk/contact`: a reporter's name and phone; the look leaves an event.
pub async fn show_contact(State(state): State<AppState>, ask: Ask, Form(form): Form<AskContact>) -> Response {
    let found = async {
        let ticket: TicketId = form.ticket.parse().map_err(|_| AppError::NotFound)?;
        let seen = contact(&state.services.db, ask.person()?, ticket, Time::now()).await?;
        gather(&state, &ask, &form.list, &Chosen { t: form.number, offers: String::new() }, Some(seen)).await
    };
    match found.await {
        Ok(data) => show(&state, &ask, &data),
        Err(error) => ask.refusal(&state, &error),
    }
}

/// Whose contact is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AskContact {
    /// The ticket.
    pub ticket: String,
    /// Its number.
    pub number: String,
    /// The list to go back to.
    pub list: String,
}

/// `GET /desk/letters`.
pub async fn letters_page(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::Letters)?;
        let (db, community) = (&state.services.db.read, viewer.community());
        let rows = letters(&state.services, viewer, ask.lang()).await?;
        Ok::<_, AppError>((buildings(db, community).await?, rows, next_step(db, community).await?))
    };
    match found.await {
        Ok((homes, rows, step)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "入住信", "Letters"), || people::desk::letters(&boot, &homes, &rows, Time::now(), step))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// `GET /desk/places`.
pub async fn places_page(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::Tags)?;
        let rows = places::store::list(&state.services.db, viewer.community()).await?;
        let (db, community) = (&state.services.db.read, viewer.community());
        Ok::<_, AppError>((buildings(db, community).await?, rows, next_step(db, community).await?))
    };
    match found.await {
        Ok((homes, rows, step)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "地点与贴纸", "Places"), || places::desk::places(&boot, &rows, &homes, step))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// Which unit is looked up.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Door {
    /// The building.
    pub building: String,
    /// The stair, which may be empty.
    pub stair: String,
    /// The room; empty for no unit.
    pub room: String,
}

/// `GET /desk/members`, with the residents of a unit that was looked up.
pub async fn members_page(State(state): State<AppState>, ask: Ask, Query(door): Query<Door>) -> Response {
    let now = Time::now();
    let found = async {
        let viewer = allowed(&ask, Permission::Roles)?;
        let roles: Vec<Role> = Role::ALL.into_iter().filter(|r| !r.is_resident()).collect();
        let rows = members(&state.services.db.read, viewer.community(), &roles, now).await?;
        let homes = buildings(&state.services.db.read, viewer.community()).await?;
        Ok::<_, AppError>((homes, rows, look_up(&state, &ask, viewer, &door).await))
    };
    let (homes, rows, home) = match found.await {
        Ok(found) => found,
        Err(error) => return ask.refusal(&state, &error),
    };
    let (home, wrong) = match home {
        Ok(home) => (home, None),
        Err(error) => (None, Some(error)),
    };
    let typed = [("building", door.building), ("stair", door.stair), ("room", door.room)].into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
    let mut ask = ask;
    if let Some(wrong) = &wrong {
        ask.echo = Some(Echo::new(wrong, typed, ask.lang()));
    } else if ask.echo.is_none() {
        ask.echo = Some(Echo { values: typed, ..Echo::default() });
    }
    let boot = ask.boot.clone();
    let page = ask.page(&state, app::tr!(ask.lang(), "人员与身份", "People"), || people::roll::members(&boot, &rows, &homes, home.as_ref(), now));
    match wrong {
        Some(wrong) => crate::ask::with_status(page, &wrong),
        None => page,
    }
}

async fn look_up(state: &AppState, ask: &Ask, viewer: &Viewer, door: &Door) -> Result<Option<Home>, AppError> {
    if door.room.trim().is_empty() {
        return Ok(None);
    }
    let db = &state.services.db.read;
    let building = door.building.parse().map_err(|_| AppError::NotFound)?;
    let unit = people::members::find_unit(db, viewer.community(), building, &door.stair, &door.room).await?;
    let name = app::rooms::communities::store::unit(db, viewer.community(), unit).await?.name(ask.lang(), false);
    let address = format!("/desk/members?building={building}&stair={}&room={}", crate::ask::encode(&door.stair), crate::ask::encode(&door.room));
    Ok(Some(Home { name, address, residents: people::members::residents(db, viewer.community(), unit, Time::now()).await? }))
}

/// The viewer, if their role may do this.
///
/// # Errors
/// [`AppError::NotSignedIn`], [`AppError::Forbidden`].
pub fn allowed(ask: &Ask, what: Permission) -> Result<&Viewer, AppError> {
    let viewer = ask.person()?;
    viewer.require(what)?;
    Ok(viewer)
}

/// `GET /q?code=…`: from the typed code to its page.
pub async fn find_tag(State(state): State<AppState>, ask: Ask, Query(query): Query<super::sign_in::Back>) -> Response {
    match places::rules::parse_tag(&query.code) {
        Ok(code) => Redirect::to(&format!("/q/{code}")).into_response(),
        Err(error) => {
            let (zh, en) = (places::rules::code_sentence(app::i18n::Lang::Zh, error), places::rules::code_sentence(app::i18n::Lang::En, error));
            let error = AppError::field("tag", zh, en);
            ask.again(&state, &ask.boot.at("/report"), &error, [("code".to_owned(), vec![query.code])].into()).await
        }
    }
}

/// Archives what has been over for seven days, in every community.
///
/// # Errors
/// When the database refuses.
pub async fn archive_old(state: &AppState) -> Result<usize, AppError> {
    use app::context::Caller;
    use app::ids::MutationId;
    use app::mutation::Mutation;
    use app::rooms::tickets::model::{Advance, Step};
    let mut count = 0;
    for (community, _) in app::rooms::communities::store::all(&state.services.db).await? {
        for (ticket, version) in tickets::apply::to_archive(&state.services.db.read, community.id, Time::now()).await? {
            let mutation = Mutation::TicketAdvance(Advance { ticket, version, step: Step::Archive });
            match crate::ask::submit_as(state, &Caller::Clock(community.id), MutationId::new(), mutation, None).await {
                Ok(_) => count += 1,
                // One that cannot be archived must not keep the others.
                Err(error) => tracing::warn!(%error, ticket = %ticket.0, "not archived"),
            }
        }
    }
    Ok(count)
}
