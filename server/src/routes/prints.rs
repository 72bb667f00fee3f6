//! Pages to print: letters and sticker sheets with their QR codes.

use super::desk::allowed;
use crate::ask::{AppState, Ask};
use app::context::internal;
use app::error::AppError;
use app::measure::Time;
use app::rooms::people::rules::Permission;
use app::rooms::people::sheets::letter_sheet;
use app::rooms::people::store::printable;
use app::rooms::places::desk::sticker_sheet;
use app::rooms::places::model::PlaceKind;
use app::rooms::places::store::stickers;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;

/// A QR code as SVG; the level survives a scratched sticker.
///
/// # Errors
/// When the address is too long for one.
pub fn qr(address: &str) -> Result<String, AppError> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).map_err(internal)?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(160, 160).quiet_zone(true).build();
    // Only the element itself: the declaration before it has no place inside a page.
    Ok(image.find("<svg").map_or(String::new(), |at| image[at..].to_owned()))
}

/// `GET /print/letters/{made_at}`: the letters of one issue.
pub async fn letters(State(state): State<AppState>, ask: Ask, Path(made_at): Path<i64>) -> Response {
    let made = async {
        let viewer = allowed(&ask, Permission::Letters)?;
        let letters = printable(&state.services, viewer, ask.lang(), Time(made_at)).await?;
        if letters.is_empty() {
            return Err(AppError::NotFound);
        }
        letters.into_iter().map(|l| qr(&format!("{}/letter/{}", state.services.public_url, l.code)).map(|qr| (l, qr))).collect::<Result<Vec<_>, _>>()
    };
    match made.await {
        Ok(letters) => {
            let boot = ask.boot.clone();
            let address = state.services.public_url.clone();
            ask.page(&state, app::tr!(ask.lang(), "入住信", "Letters"), || letter_sheet(&boot, &letters, &address, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// Which stickers.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// Only places of this kind.
    #[serde(default)]
    pub kind: String,
}

/// `GET /print/stickers`.
pub async fn sticker_sheets(State(state): State<AppState>, ask: Ask, Query(which): Query<Which>) -> Response {
    let made = async {
        let viewer = allowed(&ask, Permission::Tags)?;
        let rows = stickers(&state.services.db, viewer.community(), PlaceKind::from_code(&which.kind)).await?;
        rows.into_iter().map(|s| qr(&format!("{}/q/{}", state.services.public_url, s.code)).map(|qr| (s, qr))).collect::<Result<Vec<_>, _>>()
    };
    match made.await {
        Ok(rows) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "贴纸", "Stickers"), || sticker_sheet(&boot, &rows))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}
