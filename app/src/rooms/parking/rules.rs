//! Who may have a bay and why not, when what may be done, terms and turns.

use super::draw::plain_word;
use super::lottery::public_name;
use super::model::{Band, BandRule, CarState, Open, RuleSet, Stage, Verdict};
use crate::error::AppError;
use crate::measure::{DAY, HOUR, Time};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::Fields;
use crate::text::clean;
use chrono::{Datelike, Months};
use uuid::Uuid;

/// The most bays of one round.
pub const BAYS_MAX: usize = 2_000;
/// The most applications of one round.
pub const APPLICATIONS_MAX: u64 = 20_000;
/// The most objections of one round.
pub const OBJECTIONS_MAX: u64 = 500;
/// Parties that a draw needs.
pub const PARTIES_LEAST: usize = 3;
/// Representatives who may commit beside the two committees.
pub const REPRESENTATIVES_MAX: usize = 3;
/// The most that a month may cost, in fen.
pub const FEE_MAX: i64 = 1_000_000;

/// The rule numbers ⚙ of a round.
pub const NUMBERS: [&str; 5] = ["parking.objection_days", "parking.offer_hours", "parking.wait_most", "parking.renew_days", "parking.notice_days"];

/// The rules of a round: what was typed when it was opened, and the community's numbers on that day.
pub fn rule_set(open: &Open, source: String, number: impl Fn(&str) -> i64) -> RuleSet {
    let mut bands = open.bands.clone();
    bands.sort_by_key(|b| b.band);
    let [objection_days, offer_hours, wait_most, renew_days, notice_days] = NUMBERS.map(number);
    RuleSet { quota: open.quota, bands, source, objection_days, offer_hours, wait_most, renew_days, notice_days }
}

/// A text of a known length.
///
/// # Errors
/// [`AppError::Invalid`] on `field`.
pub fn words(field: &str, typed: &str, least: usize, most: usize) -> Result<String, AppError> {
    match clean(typed, most) {
        Ok(text) if text.chars().count() >= least => Ok(text),
        _ => Err(AppError::field(field, format!("请写 {least} 到 {most} 个字"), format!("From {least} to {most} characters"))),
    }
}

/// Judges what a round is opened with; answers title, source and the name of the public value, tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `title`, `source`, `days`, `quota`, `bands`, `bays`, `public_name` or `public_at`.
pub fn judge_open(open: &Open, objection_days: i64, now: Time) -> Result<(String, String, String), AppError> {
    let mut fields = Fields::default();
    let title = fields.take(words("title", &open.title, 2, 60)).unwrap_or_default();
    let source = fields.take(words("source", &open.source, 2, 200)).unwrap_or_default();
    let name = fields.take(public_name(&open.public_name)).unwrap_or_default();
    let mut wrong = |field: &str, zh: String, en: String| {
        fields.take::<()>(Err(AppError::field(field, zh, en)));
    };
    if !(1..=60).contains(&open.days) {
        wrong("days", "请填 1 到 60 天".into(), "From 1 to 60 days".into());
    } else if open.public_at.0 <= now.0 + (open.days + objection_days) * DAY || open.public_at.0 > now.0 + 366 * DAY {
        let least = open.days + objection_days;
        wrong(
            "public_at",
            format!("公共随机数要在 {least} 天之后、一年之内产生：申请和异议要先结束"),
            format!("It must come to be after {least} days and within a year: applications and objections end first"),
        );
    }
    if !(1..=5).contains(&open.quota) {
        wrong("quota", "每户 1 到 5 个".into(), "From 1 to 5 for each home".into());
    }
    if !bands_fit(&open.bands) {
        wrong(
            "bands",
            "每一类填租期（1 到 60 个月，小区外只能 1 个月）和月费（1 万元以内）".into(),
            "Term (1 to 60 months; outside only 1) and fee (up to 10,000 yuan) for each band".into(),
        );
    }
    let mut bays = open.bays.clone();
    bays.sort();
    bays.dedup();
    if bays.is_empty() || bays.len() > BAYS_MAX || bays.len() != open.bays.len() {
        wrong("bays", "请选车位（1 到 2000 个，不重复）".into(), "Choose the bays (1 to 2,000, each once)".into());
    }
    fields.check()?;
    Ok((title, source, name))
}

fn bands_fit(bands: &[BandRule]) -> bool {
    let once = bands.iter().all(|b| bands.iter().filter(|o| o.band == b.band).count() == 1);
    let term = |b: &BandRule| if b.band == Band::Outside { b.months == 1 } else { (1..=60).contains(&b.months) };
    !bands.is_empty() && once && bands.iter().all(|b| term(b) && (0..=FEE_MAX).contains(&b.fee.0))
}

/// A commitment: 64 lower-case hexadecimal digits.
///
/// # Errors
/// [`AppError::Invalid`] on `commitment`.
pub fn parse_commitment(typed: &str) -> Result<String, AppError> {
    let text = typed.trim().to_ascii_lowercase();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text)
    } else {
        Err(AppError::field("commitment", "承诺是 64 位十六进制数字，请从核验工具里复制", "64 hexadecimal digits: copy them from the tool"))
    }
}

/// A nonce: 32 to 64 lower-case hexadecimal digits.
///
/// # Errors
/// [`AppError::Invalid`] on `nonce`.
pub fn parse_nonce(typed: &str) -> Result<String, AppError> {
    let text = typed.trim().to_ascii_lowercase();
    if (32..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text)
    } else {
        Err(AppError::field("nonce", "随机数是 32 到 64 位十六进制数字", "32 to 64 hexadecimal digits"))
    }
}

/// What is known of an application when it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its band.
    pub band: Band,
    /// It was not taken back.
    pub live: bool,
    /// The round has something for the band.
    pub open: bool,
    /// The applicant still belongs to the home (or is from outside).
    pub resident: bool,
    /// The home is registered as lived in by its owner.
    pub owner_lives: bool,
    /// The car's state; nothing when it is another home's.
    pub car: Option<CarState>,
    /// The car has a bay already, or stands in an earlier application of the round.
    pub car_taken: bool,
    /// Bays that the home holds: its own and leased ones.
    pub held: i64,
    /// Applications of the home on the list in earlier bands of this round.
    pub before: i64,
    /// The most bays that a home may hold.
    pub quota: i64,
}

/// Decides by the rules alone (R5.6). What is wrong first is the reason.
pub fn judge(f: &Facts) -> Verdict {
    if !f.live {
        return Verdict::Withdrawn;
    }
    if !f.open {
        return Verdict::BandClosed;
    }
    if !f.resident {
        return Verdict::NotResident;
    }
    match f.car {
        None | Some(CarState::Removed) => return Verdict::NoCar,
        Some(CarState::Pending) => return Verdict::CarPending,
        Some(CarState::Refused) => return Verdict::CarRefused,
        Some(CarState::Confirmed) => {}
    }
    if f.car_taken {
        return Verdict::CarTaken;
    }
    match f.band {
        Band::Owner if !f.owner_lives => Verdict::NotLiving,
        Band::Owner | Band::Tenant if f.held > 0 => Verdict::HoldsBay,
        Band::Tenant if f.before > 0 => Verdict::OwnerFirst,
        Band::Second if f.held + f.before == 0 => Verdict::FirstCar,
        Band::Owner | Band::Tenant | Band::Second if f.held + f.before >= f.quota => Verdict::Quota,
        _ => Verdict::Eligible,
    }
}

/// Whether a home may take a bay now, whatever it held when the list was frozen: an objection may have let it in, and a bay may
/// have come to it since.
///
/// # Errors
/// [`AppError::Closed`] for a first bay of a home that has one, and above the quota.
pub fn may_hold(band: Band, held: i64, quota: i64) -> Result<(), AppError> {
    match band {
        Band::Owner | Band::Tenant if held > 0 => {
            Err(AppError::closed("您家已经有车位，这一份是第一个车位的申请。", "Your home has a bay already, and this application is for a first one."))
        }
        Band::Owner | Band::Tenant | Band::Second if held >= quota => {
            Err(AppError::closed(format!("您家已有 {held} 个车位，到了每户上限。"), format!("Your home holds {held} bays, which is its quota.")))
        }
        _ => Ok(()),
    }
}

/// The two households that a home can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those who own it.
    Owner,
    /// Those who rent it.
    Tenant,
}

/// The side of a role. A member of the household speaks for whoever lives there.
pub fn side_of(role: Role, owner_lives: bool) -> Side {
    match role {
        Role::Tenant => Side::Tenant,
        Role::Household if !owner_lives => Side::Tenant,
        _ => Side::Owner,
    }
}

/// Somebody's time in a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lived {
    /// Who.
    pub person: Uuid,
    /// For which of the two households.
    pub side: Side,
    /// Since when.
    pub since: i64,
    /// Until when; nothing while no end is known.
    pub until: Option<i64>,
    /// Whether they are there now.
    pub there: bool,
}

/// Whether the household of somebody who held a bay has left the home: nobody of their side who lived
/// there with them is there any more. Those who came after them are another household, to whom nothing is handed on. Whoever was
/// never of the home has not moved out of it.
pub fn moved_out(holder: Uuid, people: &[Lived]) -> bool {
    let last = people.iter().filter(|p| p.person == holder).max_by_key(|p| (p.there, p.since));
    let with = |p: &Lived, holder: &Lived| p.side == holder.side && holder.until.is_none_or(|left| p.since < left);
    last.is_some_and(|holder| !people.iter().any(|p| p.there && with(p, holder)))
}

/// The band of a resident's application.
pub fn band_of(side: Side, second: bool) -> Band {
    match side {
        _ if second => Band::Second,
        Side::Tenant => Band::Tenant,
        Side::Owner => Band::Owner,
    }
}

/// Rounds without success, from what became of somebody's earlier applications, the newest first: each in which they were on
/// the list and got nothing counts, back to the last in which they were offered something; never more than `most`.
pub fn waited(earlier: &[bool], most: i64) -> i64 {
    let rounds = earlier.iter().take_while(|served| !**served).count();
    i64::try_from(rounds).unwrap_or(i64::MAX).min(most)
}

/// Refuses a step that does not belong to the stage.
///
/// # Errors
/// [`AppError::Closed`].
pub fn must_stand(stage: Stage, wanted: Stage) -> Result<(), AppError> {
    if stage == wanted {
        return Ok(());
    }
    let (zh, en) = (stage.label(crate::i18n::Lang::Zh), stage.label(crate::i18n::Lang::En));
    Err(AppError::closed(format!("这一轮现在是“{zh}”，不能做这一步。"), format!("The round stands at “{en}”: this cannot be done now.")))
}

/// Refuses a step made on an old page.
///
/// # Errors
/// [`AppError::Conflict`], [`AppError::Closed`].
pub fn may_move(version: i64, current: i64, stage: Stage, wanted: Stage) -> Result<(), AppError> {
    if version != current {
        return Err(AppError::Conflict { current });
    }
    must_stand(stage, wanted)
}

/// The name of a party in the hashes: 业委会 `YWH`, 居委会 `JWH`, 业主代表 `OWNER1` and on; nothing for other roles. `others` are
/// the representatives who have committed before.
pub fn party_name(role: Role, others: usize) -> Option<String> {
    match role {
        _ if role.is_committee() => Some("YWH".into()),
        Role::ResidentsCommittee => Some("JWH".into()),
        Role::OwnersRepresentative if others < REPRESENTATIVES_MAX => Some(format!("OWNER{}", others + 1)),
        _ => None,
    }
}

/// The side that a role reads the announcement of the public value for: `YWH`, `JWH` or `OWNER`; nothing for other roles.
pub fn reads_for(role: Role) -> Option<&'static str> {
    match role {
        _ if role.is_committee() => Some("YWH"),
        Role::ResidentsCommittee => Some("JWH"),
        Role::OwnersRepresentative => Some("OWNER"),
        _ => None,
    }
}

/// Whether two sides read this value. Each reading is its side, who entered it and what; somebody who sits on two sides is
/// one reader. A third side that reads otherwise cannot hold the draw up.
pub fn agreed(readings: &[(&str, Uuid, &str)], value: &str) -> bool {
    let mut same = readings.iter().filter(|(.., read)| *read == value);
    same.next().is_some_and(|(_, first, _)| same.any(|(_, by, _)| by != first))
}

/// What a party or a side is called.
pub fn party_label(lang: crate::i18n::Lang, party: &str) -> String {
    match party {
        "YWH" => crate::tr!(lang, "业委会", "Owners' committee").into(),
        "JWH" => crate::tr!(lang, "居委会", "Residents' committee").into(),
        "OWNER" => crate::tr!(lang, "业主代表", "Owners' representatives").into(),
        other => crate::tr!(lang, "业主代表 {n}", "Owners' representative {n}", n = other.trim_start_matches("OWNER")),
    }
}

/// Whether the parties that committed are enough: both committees and a representative.
pub fn parties_complete(parties: &[String]) -> bool {
    let has = |name: &str| parties.iter().any(|p| p == name);
    parties.len() >= PARTIES_LEAST && has("YWH") && has("JWH") && parties.iter().any(|p| p.starts_with("OWNER"))
}

/// Whether a party may reveal: when all that are needed have committed, and before the public value exists.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_reveal(parties: &[String], public_at: Time, now: Time) -> Result<(), AppError> {
    if !parties_complete(parties) {
        return Err(AppError::closed("三方还没有都交承诺，现在不能公开随机数。", "Not all three parties have committed yet."));
    }
    if now >= public_at {
        return Err(AppError::closed("公共随机数已经产生，之后公开的不算。", "The public value exists already: what is revealed now does not count."));
    }
    Ok(())
}

/// Whether the public value may be entered: never before it can exist.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_draw(parties: &[String], public_at: Time, now: Time) -> Result<(), AppError> {
    if !parties_complete(parties) {
        return Err(AppError::closed("三方还没有都交承诺，不能抽签。", "Not all three parties have committed: no draw."));
    }
    if now < public_at {
        return Err(AppError::closed("公共随机数还没有到产生的时间，不能先填。", "The public value cannot exist yet."));
    }
    Ok(())
}

/// Whether another public value may be named. When all parties have committed and the value `exists`, whoever knows it could
/// compute whom it serves, and would be choosing between two draws.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_postpone(stage: Stage, parties: &[String], exists: bool) -> Result<(), AppError> {
    if stage == Stage::Final && exists && parties_complete(parties) {
        return Err(AppError::closed("三方都交了承诺，公共随机数已经产生，只能照它抽签。", "All parties have committed and the value exists: it is drawn by that one."));
    }
    Ok(())
}

/// So many months after a moment, on the community's wall clock; the last day of a shorter month where there is no such day.
pub fn months_after(at: Time, months: i64, offset: i32) -> Time {
    let local = at.local(offset);
    let later = u32::try_from(months).ok().and_then(|m| local.checked_add_months(Months::new(m)));
    later.map_or(at, |l| Time(l.timestamp_millis()))
}

/// `2026-11` on the community's wall clock.
pub fn month_of(at: Time, offset: i32) -> String {
    let local = at.local(offset);
    format!("{}-{:02}", local.year(), local.month())
}

/// Until when an offer stands.
pub fn offer_until(now: Time, rules: &RuleSet) -> Time {
    now + rules.offer_hours * HOUR
}

/// Whether a lease may be renewed: near its end, while it is not under notice, and when nobody waits; else it rotates (R5.6).
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_renew(until: Time, renew_days: i64, waiting: usize, noticed: bool, now: Time) -> Result<(), AppError> {
    if noticed {
        return Err(AppError::closed("车位正在收回，不能续租。", "The bay is being withdrawn: it cannot be renewed."));
    }
    if now >= until || until - now > renew_days * DAY {
        return Err(AppError::closed(format!("到期前 {renew_days} 天内才能续租。"), format!("It can be renewed within {renew_days} days before its end.")));
    }
    if waiting > 0 {
        return Err(AppError::closed(format!("还有 {waiting} 户在轮候，到期后轮换，不能续租。"), format!("{waiting} homes are waiting: the bay rotates at its end.")));
    }
    Ok(())
}

/// The word of a round's number: the community's own in capitals, the year, the running number.
pub fn round_number(slug: &str, year: i32, n: i64) -> String {
    let word: String = slug.to_ascii_uppercase().chars().filter(char::is_ascii_alphanumeric).take(30).collect();
    let number = format!("{word}-{year}-P{n:02}");
    debug_assert!(plain_word(&number));
    number
}
