//! Plain HTML forms. Each makes the same envelope that an app would send, with the id from a hidden field, so that
//! a double click, a reload and a resend are all harmless.

use super::fields::{Attached, Fields, keep_picture, photo_of};
use crate::ask::{AppState, Ask, local, with_ok};
use crate::session::{CLAIM, COOKIE};
use app::error::AppError;
use app::ids::{CommunityId, MembershipId, PhotoId, TicketId};
use app::mutation::{Mutation, Outcome, Receipt};
use app::rooms::people::accounts::{self, Claim};
use app::rooms::people::sessions::end_sessions;
use app::rooms::places::store::{spot_known_by_place, spot_known_by_tag};
use app::rooms::tickets::model::{Category, HideComment, MeToo, Moderate, Moderation, Report, WriteComment};
use app::rooms::tickets::rules::PHOTOS_MAX;
use axum::Form;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

/// A plain form's pairs.
pub type Pairs = Form<Vec<(String, String)>>;

/// The number in a receipt.
pub fn number_of(receipt: &Receipt) -> String {
    match &receipt.outcome {
        Outcome::Done { number: Some(number), .. } => number.clone(),
        _ => String::new(),
    }
}

/// `POST /forms/report`.
pub async fn report(State(state): State<AppState>, ask: Ask, form: Multipart) -> Response {
    let mut fields = match state.receive(Fields::multipart(form)).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    match try_report(&state, &ask, &mut fields).await {
        Ok(response) => response,
        Err(error) => {
            let tag = fields.get("tag");
            let back = if tag.is_empty() { ask.boot.at(&format!("/p/{}", fields.get("place"))) } else { format!("/q/{tag}") };
            ask.again(&state, &back, &error, fields.to_show()).await
        }
    }
}

async fn try_report(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Response, AppError> {
    let id = fields.id()?;
    let tag = Some(fields.get("tag").trim().to_owned()).filter(|t| !t.is_empty());
    let place = fields.maybe("place")?;
    let spot = match (&tag, place, fields.maybe::<CommunityId>("community")?) {
        (Some(tag), ..) => spot_known_by_tag(&state.services.db, &app::rooms::places::rules::parse_tag(tag).map_err(|_| AppError::NotFound)?).await?,
        (None, Some(place), Some(community)) => spot_known_by_place(&state.services.db, community, place).await?,
        _ => return Err(AppError::field("place", "请选择地点", "Choose the place")),
    };
    // Somebody signed in elsewhere acts here in a role of theirs here, or else as a visitor.
    let ask = &Ask { viewer: ask.viewer_in(state, spot.community).await?, ..ask.clone() };
    limit_report(state, ask, &spot.tag)?;
    let photos = keep_all(state, ask, spot.community, fields).await?;
    same_person(ask, fields.get("as"))?;
    let report = Report {
        tag,
        place,
        category: Category::from_code(fields.get("category")),
        text: fields.get("text").to_owned(),
        photos,
        contact: Some(fields.get("contact").to_owned()).filter(|c| !c.trim().is_empty()),
    };
    let receipt = ask.submit(state, Some(spot.community), id, Mutation::TicketReport(report), None).await?;
    let (_, slug) = app::rooms::communities::store::known(&state.services.db, spot.community).await?;
    let address = if ask.viewer.is_some() { format!("/c/{slug}/t/{}?ok=reported", number_of(&receipt)) } else { format!("/c/{slug}?ok=waiting") };
    let mut response = Redirect::to(&address).into_response();
    // A visitor's next page is of the same community.
    if let Ok(value) = HeaderValue::from_str(&format!("home={slug}; Path=/; Max-Age=31536000; SameSite=Lax")) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// A form that was filled in by somebody signed in is not sent as a visitor's, nor as somebody else's, unseen.
fn same_person(ask: &Ask, filled_in_by: &str) -> Result<(), AppError> {
    let now = ask.viewer.as_ref().map(|v| v.account().to_string());
    if filled_in_by.is_empty() || now.as_deref() == Some(filled_in_by) {
        return Ok(());
    }
    Err(AppError::closed(
        "登录已经结束，还没有上报，写的都还在。请先登录；或者再点一次“上报”，就按现在页面上的身份发出。",
        "You are no longer signed in. Nothing was sent and nothing is lost: sign in first, or press Send once more to send it as who the page now shows.",
    ))
}

fn limit_report(state: &AppState, ask: &Ask, tag: &Option<String>) -> Result<(), AppError> {
    let mut keys = vec![format!("address:{}", ask.address)];
    match &ask.viewer {
        Some(viewer) => {
            keys.push(format!("account:{}", viewer.account()));
            keys.extend(viewer.unit().map(|u| format!("household:{u}")));
        }
        // Strangers who flood a sticker must not keep its own residents from it.
        None => keys.extend(tag.iter().map(|t| format!("tag:{t}"))),
    }
    state.limits.report(&keys)
}

/// The photos already stored, then those that came with the form, which are stored now and remembered in the
/// values, so that a refused form does not lose them.
async fn keep_all(state: &AppState, ask: &Ask, community: CommunityId, fields: &mut Fields) -> Result<Vec<PhotoId>, AppError> {
    let mut photos: Vec<PhotoId> = fields.all("photo").iter().filter_map(|p| p.parse().ok()).collect();
    if photos.len() + fields.files.len() > PHOTOS_MAX {
        return Err(AppError::field("photos", "最多 6 张照片", "At most 6 photos"));
    }
    let id = fields.id()?;
    for (position, Attached { bytes, .. }) in std::mem::take(&mut fields.files).into_iter().enumerate() {
        state.limits.photo(ask.address, ask.viewer.is_some())?;
        let photo = photo_of(id, position, &bytes);
        keep_picture(state, community, ask.viewer.as_ref().map(|v| v.person()), photo, bytes).await?;
        fields.values.entry("photo".into()).or_default().push(photo.to_string());
        photos.push(photo);
    }
    Ok(photos)
}

/// `POST /forms/me-too`.
pub async fn me_too(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mutation = Mutation::TicketMeToo(MeToo { ticket: fields.parse::<TicketId>("ticket")? });
        ask.submit(&state, None, fields.id()?, mutation, None).await
    };
    finish(&state, &ask, &fields, done.await, "me_too").await
}

/// `POST /forms/comment`.
pub async fn comment(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mutation = Mutation::TicketComment(WriteComment { ticket: fields.parse::<TicketId>("ticket")?, text: fields.get("text").to_owned() });
        ask.submit(&state, None, fields.id()?, mutation, None).await
    };
    finish(&state, &ask, &fields, done.await, "commented").await
}

/// `POST /forms/comment-hide`.
pub async fn hide_comment(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let hide = HideComment { ticket: fields.parse("ticket")?, comment: fields.parse("comment")?, reason: fields.get("reason").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::TicketHideComment(hide), None).await
    };
    finish(&state, &ask, &fields, done.await, "moved").await
}

/// `POST /forms/moderate`.
pub async fn moderate(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let decision = if fields.get("decision") == "hide" { Moderation::Hide } else { Moderation::Show };
        let moderate = Moderate { ticket: fields.parse("ticket")?, version: fields.parse("version")?, decision, reason: fields.get("reason").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::TicketModerate(moderate), None).await
    };
    finish(&state, &ask, &fields, done.await, "moved").await
}

/// Goes back with a word of success, or shows the form again.
pub async fn finish(state: &AppState, ask: &Ask, fields: &Fields, done: Result<Receipt, AppError>, ok: &str) -> Response {
    match done {
        Ok(_) => Redirect::to(&with_ok(fields.get("back"), ok)).into_response(),
        Err(error) => ask.again(state, fields.get("back"), &error, fields.to_show()).await,
    }
}

/// `POST /forms/prefs`: language, care mode, colours. A cookie each, no change of anything else.
pub async fn prefs(Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let mut response = Redirect::to(&local(fields.get("back"))).into_response();
    let allowed: [(&str, &[&str]); 3] = [("care", &["0", "1"]), ("theme", &["light", "dark"]), ("lang", &["zh-CN", "en"])];
    for (name, values) in allowed {
        let value = fields.get(name);
        if values.contains(&value)
            && let Ok(cookie) = HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"))
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// `POST /forms/switch-role`.
pub async fn switch_role(State(state): State<AppState>, ask: Ask, session: Session, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let switched = async {
        let viewer = ask.person()?;
        let membership: MembershipId = fields.parse("membership")?;
        let hat = viewer.hats().iter().find(|h| h.membership == membership).ok_or(AppError::Forbidden)?;
        accounts::stay_in(&state.services.db, viewer.account(), hat.community).await?;
        session.insert(CLAIM, Claim { account: viewer.account(), membership: Some(membership) }).await.map_err(app::context::internal)
    };
    match switched.await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(error) => ask.again(&state, "/me", &error, fields.to_show()).await,
    }
}

/// `POST /forms/sign-out`: here, one other device, or everywhere.
pub async fn sign_out(State(state): State<AppState>, ask: Ask, session: Session, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let Ok(viewer) = ask.person() else { return Redirect::to("/").into_response() };
    let db = &state.services.db;
    let handle = Some(fields.get("handle")).filter(|h| !h.is_empty());
    let ended = match (handle, fields.get("everywhere")) {
        (Some(handle), _) => end_sessions(db, viewer.account(), Some(handle), None).await.map(|_| "/me?ok=sessions_ended"),
        (None, "1") => end_sessions(db, viewer.account(), None, None).await.map(|_| "/?ok=signed_out"),
        _ => session.flush().await.map(|()| "/?ok=signed_out").map_err(app::context::internal),
    };
    match ended {
        Ok(address) => {
            let mut response = Redirect::to(address).into_response();
            if address.starts_with("/?") {
                let gone = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
                if let Ok(value) = HeaderValue::from_str(&gone) {
                    response.headers_mut().append(header::SET_COOKIE, value);
                }
            }
            response
        }
        Err(error) => ask.refusal(&state, &error),
    }
}
