//! Charts, drawn on the server as pictures. The table with the same numbers stands under each.

use crate::ask::{AppState, Ask, json_refusal};
use app::context::internal;
use app::error::AppError;
use app::measure::Time;
use app::rooms::tickets::chart::{ChartLook, months_of_year};
use app::rooms::{communities, tickets};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use charts_rs::BarChart;
use serde_json::json;

/// `GET /charts/{slug}/months.svg`: what came in and what was repaired, month by month.
pub async fn months(State(state): State<AppState>, ask: Ask, Path(slug): Path<String>, Query(look): Query<ChartLook>) -> Response {
    let drawn = async {
        let db = &state.services.db;
        let (home, _) = communities::store::by_slug(db, &slug).await?;
        let months = db.memory.recall(Some(home.id), "months".into(), tickets::store::months(db, home.id, 12, home.offset, Time::now())).await?;
        let (names, received, closed) = months_of_year(look.lang(), &months, home.offset);
        draw(&look, &names, &received, &closed)
    };
    match drawn.await {
        Ok(svg) => {
            // The estate's numbers change slowly, and the page around the chart says until when they count.
            let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=60")];
            (headers, svg).into_response()
        }
        Err(error) => {
            tracing::debug!(%error, path = ask.boot.path, "no chart");
            json_refusal(&error)
        }
    }
}

fn draw(look: &ChartLook, names: &[String], received: &[i64], closed: &[i64]) -> Result<String, AppError> {
    let (ink, line, first, second) = if look.dark { ("#e6e6e6", "#5a5a5a", "#8c8c8c", "#4fc27f") } else { ("#1a1a1a", "#c9c9c9", "#97a39d", "#0a7340") };
    let (width, height, size) = if look.care { (960, 340, 20) } else { (720, 260, 16) };
    let options = json!({
        "width": width, "height": height, "font_family": "sans-serif", "legend_show": false,
        "margin": { "left": 2, "top": 14, "right": 2, "bottom": 2 },
        "series_colors": [first, second], "radius": 2,
        "series_list": [{ "name": "received", "data": received, "label_show": true }, { "name": "closed", "data": closed }],
        "series_label_font_color": ink, "series_label_font_size": size,
        "x_axis_data": names, "x_axis_font_size": size, "x_axis_font_color": ink, "x_axis_stroke_color": line,
        "y_axis_hidden": true, "grid_stroke_width": 0
    });
    let mut chart = BarChart::from_json(&options.to_string()).map_err(internal)?;
    chart.background_color = "#00000000".into();
    chart.svg().map_err(internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_carries_its_months_and_numbers() {
        let names = ["10月".to_owned(), "11月".to_owned()];
        for look in [ChartLook::default(), ChartLook { dark: true, care: true, ..ChartLook::default() }] {
            let svg = draw(&look, &names, &[38, 81], &[33, 32]).expect("a chart");
            assert!(svg.starts_with("<svg") && svg.contains("10月") && svg.contains("81"), "{svg}");
            assert!(!svg.contains("style="), "the page's policy allows no styles of its own");
        }
        assert!(draw(&ChartLook::default(), &[], &[], &[]).is_ok(), "an estate without a month yet");
    }
}
