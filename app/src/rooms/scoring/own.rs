//! What the program counts itself: numbers, period, and a word on how.

use super::template::{Source, Template};
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::measure::Time;
use crate::rooms::assets;
use crate::rooms::assets::model::Kind;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::{offset_of, own_settings};
use crate::rooms::fund::rules::span_of;
use crate::rooms::income;
use crate::rooms::tickets;
use crate::rooms::tickets::rules::Limits;
use sea_orm::ConnectionTrait;

/// How many were good, of how many, and what was counted.
pub type Counted = (i64, i64, String);

/// Every item of the sheet that the program counts, over a half-year up to now. What has nothing to count is left out, for
/// somebody to enter with proof.
///
/// # Errors
/// When the database refuses.
pub async fn counts(db: &impl ConnectionTrait, community: CommunityId, template: &Template, half: &str, now: Time) -> Result<Vec<(String, Counted)>, AppError> {
    let offset = offset_of(db, community).await?;
    let (from, end) = span_of(half, offset).ok_or(AppError::NotFound)?;
    let until = Time(end.0.min(now.0));
    let day = |at: Time| at.local(offset).format("%Y-%m-%d").to_string();
    let (first, last) = (day(from), day(until + -1));
    let assets = assets::store::numbers(db, community, now).await?;
    let in_use = |kind: Kind| assets.iter().find(|n| n.kind == kind).map(|n| (n.in_use, n.all)).unwrap_or_default();
    let repairs = tickets::store::general_repairs(db, community, from, until).await?;
    let (own, offset, today) = own_settings(db, community, now).await?;
    let limits = Limits::read(|key| setting(&own, key, &today).unwrap_or_default(), offset);
    let arrivals = tickets::store::urgent_arrivals(db, community, (from, until), limits.urgent_arrive).await?;
    let mut all = Vec::new();
    for item in template.items() {
        let Some(source) = item.source else { continue };
        let (good, of, words) = match source {
            Source::IncomePublished => {
                let (good, of) = published(db, community, (from, until), offset, now).await?;
                (good, of, format!("{first} 至 {last} 结束的季度里，按期公布的"))
            }
            Source::Cameras | Source::Lights | Source::Doors => {
                let (kind, name) = match source {
                    Source::Cameras => (Kind::Camera, "摄像头"),
                    Source::Lights => (Kind::Light, "照明"),
                    _ => (Kind::Door, "门禁道闸"),
                };
                let (good, of) = in_use(kind);
                (good, of, format!("{} 台账上没报废的{name}里，在用的", day(now)))
            }
            Source::FireChecks => {
                let fire = assets.iter().filter(|n| matches!(n.kind, Kind::Sprinkler | Kind::FireGear));
                let (good, of) = fire.fold((0, 0), |(good, of), n| (good + n.passed, of + n.all));
                (good, of, format!("{} 没报废的喷淋和消火栓里，在巡检周期内查过且合格的", day(now)))
            }
            Source::Repairs => (repairs.on_time, repairs.closed + repairs.overdue, format!("{first} 至 {last} 该完成的一般报修里，按时完成的")),
            Source::Arrivals => {
                let minutes = limits.urgent_arrive / crate::measure::MINUTE;
                (arrivals.0, arrivals.1, format!("{first} 至 {last} 报的急修里，{minutes} 分钟内到场的"))
            }
            Source::Satisfaction => (repairs.pleased, repairs.rated, format!("{first} 至 {last} 完成并评价过的一般报修里，给四星、五星的")),
        };
        if of > 0 {
            all.push((item.code.clone(), (good, of, words)));
        }
    }
    Ok(all)
}

/// Quarters of a half-year that are over, and how many of them were published in time.
async fn published(db: &impl ConnectionTrait, community: CommunityId, (from, until): (Time, Time), offset: i32, now: Time) -> Result<(i64, i64), AppError> {
    let (mut good, mut of) = (0, 0);
    let mut at = from;
    while at < until {
        let name = income::rules::quarter_of(at, offset);
        let Some((_, end)) = income::rules::span_of(&name, offset) else { break };
        let quarter = income::store::quarter(db, community, &name, now).await?;
        let in_time = quarter.published.is_some_and(|p| p.0 <= quarter.due_at);
        // What is not due yet is neither good nor bad.
        if end <= until && (in_time || quarter.due_at < now) {
            of += 1;
            good += i64::from(in_time);
        }
        at = end;
    }
    Ok((good, of))
}
