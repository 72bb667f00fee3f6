//! `POST /forms/advance`: every step of a ticket, from one form each.

use super::fields::{Attached, Fields, keep_picture, photo_of};
use super::forms::finish;
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::ids::{TicketId, normalise_code};
use app::measure::{Fen, MINUTE, Time};
use app::mutation::{Mutation, Receipt};
use app::rooms::fund::rules::EmergencyCase;
use app::rooms::people::rules::Permission;
use app::rooms::tickets::entity::tickets;
use app::rooms::tickets::model::{Advance, Offer, Part, Quote, QuoteLine, SpotPhoto, Step, Urgent};
use app::rooms::tickets::rules::OFFERS_MAX;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::header;
use axum::response::Response;
use axum::{Form, RequestExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Reads a plain or a multipart form, takes the step, and goes back.
pub async fn advance(State(state): State<AppState>, ask: Ask, request: Request<Body>) -> Response {
    // Nobody sends pictures before we know who they are.
    if ask.person().is_err() {
        return ask.refusal(&state, &AppError::NotSignedIn);
    }
    let mut fields = match read(request, &state).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_advance(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "moved").await
}

async fn read(request: Request<Body>, state: &AppState) -> Result<Fields, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let form = Multipart::from_request(request, state).await.map_err(|_| AppError::UnknownKind)?;
        return state.receive(Fields::multipart(form)).await;
    }
    let Form(pairs) = request.extract::<Form<Vec<(String, String)>>, _>().await.map_err(|_| AppError::UnknownKind)?;
    Ok(Fields::plain(pairs))
}

async fn try_advance(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    ask.person()?;
    let ticket: TicketId = fields.parse("ticket")?;
    let version: i64 = fields.parse("version")?;
    let step = step(state, ask, fields, ticket).await?;
    ask.submit(state, None, fields.id()?, Mutation::TicketAdvance(Advance { ticket, version, step }), None).await
}

async fn step(state: &AppState, ask: &Ask, fields: &mut Fields, ticket: TicketId) -> Result<Step, AppError> {
    let reason = fields.get("reason").to_owned();
    Ok(match fields.get("step") {
        "accept" => Step::Accept { part: Part::from_code(fields.get("part")).unwrap_or_default() },
        "return" => Step::Return { reason },
        "resubmit" => Step::Resubmit { reason },
        "assign" => Step::Assign { worker: fields.parse("worker")? },
        "schedule" => Step::Schedule { at: local_time(fields.get("at"), ask.boot.offset())? },
        "arrive" => Step::Arrive,
        "pause" => Step::Pause { reason },
        "resume" => Step::Resume,
        "quote" => Step::Quote(quote(fields)?),
        "settle" => Step::Settle { lines: lines(fields, None)? },
        "approve" => Step::Approve { quote: fields.parse("quote")? },
        "decline" => Step::Decline { quote: fields.parse("quote")?, reason },
        "add_photos" => Step::AddPhotos { photos: photos(state, ask, fields, ticket).await? },
        "finish" => Step::Finish { note: fields.get("note").to_owned(), photos: photos(state, ask, fields, ticket).await? },
        "confirm" => Step::Confirm,
        "reject" => Step::Reject { reason },
        "rate" => Step::Rate { stars: fields.parse("stars").unwrap_or(0), words: fields.get("words").to_owned() },
        "reopen" => Step::Reopen { reason },
        "withdraw" => Step::Withdraw { reason },
        "merge" => Step::Merge { into: by_number(state, ask, fields.get("into")).await? },
        _ => return Err(AppError::UnknownKind),
    })
}

/// `2026-03-02T14:05` on the community's wall clock.
pub(super) fn local_time(typed: &str, offset: i32) -> Result<Time, AppError> {
    let wrong = || AppError::field("at", "请选日期和时间", "Choose date and time");
    let naive = chrono::NaiveDateTime::parse_from_str(typed.trim(), "%Y-%m-%dT%H:%M").map_err(|_| wrong())?;
    Ok(Time(naive.and_utc().timestamp_millis() - i64::from(offset) * MINUTE))
}

/// A quote: one list, or as many offers as suppliers were asked for.
fn quote(fields: &Fields) -> Result<Quote, AppError> {
    let emergency = EmergencyCase::from_code(fields.get("emergency")).map(|case| Urgent { case, paper: fields.get("paper").to_owned() });
    let suppliers = fields.all("supplier");
    if suppliers.len() < 2 {
        return Ok(Quote { emergency, ..Quote::of(lines(fields, None)?) });
    }
    let offer = |(i, supplier): (usize, &String)| lines(fields, Some(i)).map(|lines| Offer { supplier: supplier.clone(), lines });
    let offers = suppliers.iter().take(OFFERS_MAX + 1).enumerate().map(offer).collect::<Result<_, _>>()?;
    // What is no number is no offer either: the rules say so.
    let recommended = fields.get("recommended").parse().unwrap_or(u8::MAX);
    Ok(Quote { lines: Vec::new(), offers, recommended, why: fields.get("why").to_owned(), emergency })
}

/// The lines of a list, or of one offer; rows that are wholly empty are left out.
fn lines(fields: &Fields, offer: Option<usize>) -> Result<Vec<QuoteLine>, AppError> {
    let at = |name: &str, i: usize| fields.all(name).get(i).map_or("", |v| v.trim());
    let mut lines = Vec::new();
    for i in 0..fields.all("name").len() {
        if offer.is_some_and(|n| at("of", i) != n.to_string()) {
            continue;
        }
        let (name, quantity, price) = (at("name", i), at("quantity", i), at("price", i));
        if name.is_empty() && quantity.is_empty() && price.is_empty() {
            continue;
        }
        let n = i + 1;
        let wrong = || AppError::field("lines", format!("第 {n} 行：数量填整数，单价填元，例如 186.00"), format!("Line {n}: a whole quantity and a price in yuan, e.g. 186.00"));
        let quantity = if quantity.is_empty() { 1 } else { quantity.parse().map_err(|_| wrong())? };
        let unit_price = Fen::parse_yuan(price).ok_or_else(wrong)?;
        lines.push(QuoteLine { labour: at("kind", i) == "labour", name: name.to_owned(), quantity, unit_price });
    }
    Ok(lines)
}

/// The files `before-N` and `after-N`, kept now; N is the spot.
async fn photos(state: &AppState, ask: &Ask, fields: &mut Fields, ticket: TicketId) -> Result<Vec<SpotPhoto>, AppError> {
    let viewer = ask.person()?;
    // Nobody fills the store for a ticket that is not theirs to work on.
    let row = tickets::Entity::find_by_id((viewer.community().0, ticket.0)).one(&state.services.db.read).await?.ok_or(AppError::NotFound)?;
    if !(viewer.may(Permission::RunDesk) || row.assignee_id == Some(viewer.person().0)) {
        return Err(AppError::Forbidden);
    }
    spots(state, ask, fields).await
}

/// The same for somebody who may: callers have asked.
pub(super) async fn spots(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Vec<SpotPhoto>, AppError> {
    let viewer = ask.person()?;
    let id = fields.id()?;
    for (position, Attached { field, bytes, .. }) in std::mem::take(&mut fields.files).into_iter().enumerate() {
        if spot_of(&field).is_none() {
            continue;
        }
        state.limits.photo(ask.address, true)?;
        let photo = photo_of(id, position, &bytes);
        keep_picture(state, viewer.community(), Some(viewer.person()), photo, bytes).await?;
        // A refused form comes back with the photos that it brought.
        fields.values.entry(format!("kept-{field}")).or_default().push(photo.to_string());
    }
    let kept = fields.values.iter().filter_map(|(name, ids)| Some((spot_of(name.strip_prefix("kept-")?)?, ids)));
    Ok(kept.flat_map(|((after, spot), ids)| ids.iter().filter_map(move |id| Some(SpotPhoto { photo: id.parse().ok()?, spot, after }))).collect())
}

/// `after-2`: whether it shows the repair, and the spot.
fn spot_of(name: &str) -> Option<(bool, u8)> {
    let (kind, spot) = name.split_once('-')?;
    Some((kind == "after", spot.parse().ok()?))
}

async fn by_number(state: &AppState, ask: &Ask, typed: &str) -> Result<TicketId, AppError> {
    let wrong = || AppError::field("into", "没有这个编号，请看一下那一件的页面", "No ticket has this number; look at its page");
    let number = normalise_code(typed).map_err(|_| wrong())?;
    let row = tickets::Entity::find()
        .filter(tickets::Column::CommunityId.eq(ask.person()?.community().0))
        .filter(tickets::Column::Number.eq(number))
        .one(&state.services.db.read)
        .await?
        .ok_or_else(wrong)?;
    Ok(TicketId(row.id))
}
