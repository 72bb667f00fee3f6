//! Masking, phones, PINs and lock-out: the pure rules about people.

use super::model::Role;
use crate::error::{AppError, FieldError};
use crate::i18n::Lang;
use crate::measure::{DAY, HOUR, MINUTE, Time};
use crate::text::{TextError, clean};
use crate::tr;

/// How long a letter works after it was made. ⚙ `letter.valid_days`, design choice.
pub const LETTER_VALID: i64 = 60 * DAY;

/// How long a letter that resets a secret works. ⚙ `letter.reset_days`, design choice.
pub const RESET_VALID: i64 = 7 * DAY;

/// `王小明` → `王*` (R7.5: names are masked by default).
pub fn mask_name(name: &str) -> String {
    name.chars().next().map_or_else(|| "*".to_owned(), |first| format!("{first}*"))
}

/// `13812345678` → `138****5678` (R7.5); anything shorter keeps only its last two digits.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    if digits.len() == 11 {
        format!("{}****{}", digits[..3].iter().collect::<String>(), digits[7..].iter().collect::<String>())
    } else {
        format!("****{}", digits.iter().skip(digits.len().saturating_sub(2)).collect::<String>())
    }
}

/// `12号楼 3门 502室` → `12号楼 3门 *02室` (R7.5: `12号*01室`): the floor is hidden, the door stays. A short room, as
/// shops have, loses its first digit all the same.
pub fn mask_room(room: &str) -> String {
    let digits: Vec<char> = room.chars().collect();
    let keep = digits.len().saturating_sub(1).min(2);
    format!("*{}", digits[digits.len() - keep..].iter().collect::<String>())
}

/// Brings a mobile number to 11 digits: spaces, dashes, full-width digits and +86 are tolerated.
///
/// # Errors
/// [`AppError::Invalid`] on the field `phone`.
pub fn parse_phone(typed: &str) -> Result<String, AppError> {
    let digits: String = typed
        .chars()
        .take(40)
        .filter_map(|c| match c {
            ' ' | '-' | '－' | '\u{3000}' | '(' | ')' => None,
            other => Some(plain_digit(other)),
        })
        .collect();
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    if digits.len() == 11 && digits.starts_with('1') && digits.chars().all(|c| c.is_ascii_digit()) {
        Ok(digits.to_owned())
    } else {
        Err(AppError::field("phone", "请填 11 位手机号，例如 13812345678", "Enter the 11-digit mobile number, e.g. 13812345678"))
    }
}

/// A person's name: 1 to 40 characters on one line.
///
/// # Errors
/// [`AppError::Invalid`] on the field `name`.
pub fn parse_name(typed: &str) -> Result<String, AppError> {
    match clean(typed, 40) {
        Ok(name) if !name.is_empty() && !name.contains(['\n', '\t']) => Ok(name),
        Err(TextError::TooLong(_)) => Err(AppError::field("name", "名字请不要超过 40 个字", "At most 40 characters for the name")),
        _ => Err(AppError::field("name", "请填姓名", "Enter the name")),
    }
}

/// Full-width digits, as a Chinese keyboard types them, become plain ones.
fn plain_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
        _ => c,
    }
}

/// A secret as its owner means it when signing in: a PIN is read as [`parse_pin`] reads it, a password stays as it is.
pub fn as_typed(secret: &str) -> String {
    let pin: String = secret.trim().chars().take(7).map(plain_digit).collect();
    if pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()) { pin } else { secret.chars().take(200).collect() }
}

/// A PIN: six digits that are not all the same and not a straight run.
///
/// # Errors
/// [`AppError::Invalid`] on the field `pin`.
pub fn parse_pin(typed: &str) -> Result<String, AppError> {
    let pin: String = typed.trim().chars().map(plain_digit).collect();
    if pin.len() != 6 || !pin.chars().all(|c| c.is_ascii_digit()) {
        return Err(AppError::field("pin", "请设 6 位数字的登录密码", "Choose a PIN of 6 digits"));
    }
    let bytes = pin.as_bytes();
    let step = |by: i16| bytes.windows(2).all(|w| i16::from(w[1]) - i16::from(w[0]) == by);
    if step(0) || step(1) || step(-1) {
        return Err(AppError::field("pin", "这个密码太好猜了，请不要用相同或连续的数字", "Too easy to guess: avoid equal or consecutive digits"));
    }
    Ok(pin)
}

/// A staff password: at least 10 characters, at most 200, not one character repeated.
///
/// # Errors
/// [`AppError::Invalid`] on the field `password`.
pub fn parse_password(typed: &str) -> Result<String, AppError> {
    let length = typed.chars().count();
    let first = typed.chars().next();
    if !(10..=200).contains(&length) || typed.chars().all(|c| Some(c) == first) {
        return Err(AppError::field("password", "密码至少 10 个字符，不要全是同一个字", "At least 10 characters, not all the same"));
    }
    Ok(typed.to_owned())
}

/// A new secret, and whether it is a password: those who work here need one, everybody else may also have a PIN.
///
/// # Errors
/// [`AppError::Invalid`] on the field `password`.
pub fn parse_secret(typed: &str, working: bool) -> Result<(String, bool), AppError> {
    if !working && typed.chars().count() < 10 {
        let wrong = |_| AppError::field("password", "请填 6 位数字（不要全部相同或连续），或至少 10 个字符", "6 digits, not all equal or consecutive, or at least 10 characters");
        return parse_pin(typed).map(|pin| (pin, false)).map_err(wrong);
    }
    parse_password(typed).map(|password| (password, true))
}

/// The number of a stair or a room as somebody types it: `３门`, ` 502室 ` → `3`, `502`.
pub fn door_number(typed: &str) -> String {
    let typed: String = typed.trim().chars().take(40).map(plain_digit).collect();
    typed.trim_end_matches(['门', '室', '号']).trim().to_owned()
}

/// A device as its people call it, from the two words in its session's row.
pub fn device_name(lang: Lang, agent: &str) -> String {
    let (machine, program) = agent.split_once('/').unwrap_or((agent, ""));
    let machine = if machine.is_empty() || machine == "device" { tr!(lang, "设备", "Device") } else { machine };
    let program = match program {
        "" | "browser" => tr!(lang, "浏览器", "browser"),
        "wechat" => tr!(lang, "微信", "WeChat"),
        other => other,
    };
    format!("{machine} · {program}")
}

/// How long sign-in stays shut after `failures` wrong tries in a row: four free tries, then 30 s doubling to a day.
///
/// PINs are short, so this delay is their defence: at most some 20 guesses a day against a million PINs.
pub fn lock_out(failures: i32) -> i64 {
    match failures {
        ..=4 => 0,
        n => (MINUTE / 2).saturating_mul(1 << (n - 5).min(20)).min(DAY),
    }
}

/// After this long without a wrong try the counting starts anew.
pub const FORGIVE_AFTER: i64 = 24 * HOUR;

/// Whether sign-in is still shut, and for how many seconds.
pub fn locked_for(failures: i32, last_failure: Time, now: Time) -> Option<u64> {
    let left = (last_failure + lock_out(failures)) - now;
    (left > 0).then(|| (left as u64).div_ceil(1_000))
}

/// Whether somebody who acts as `role` may do `what` at all; whose ticket it is, is asked by the ticket rules.
pub fn may(role: Role, what: Permission) -> bool {
    use Permission as P;
    match what {
        P::Report | P::Comment => role != Role::Auditor,
        P::MeToo => role.is_resident() || role == Role::BuildingLeader || role == Role::OwnersRepresentative || role.is_committee(),
        P::SeeDesk => role.is_property() || matches!(role, Role::ResidentsCommittee | Role::PartyBranch | Role::Auditor) || role.is_committee(),
        P::RunDesk => matches!(role, Role::PropertyManager | Role::Dispatcher),
        P::Approve => role.is_committee(),
        P::Release => matches!(role, Role::PropertyManager | Role::Dispatcher | Role::ResidentsCommittee) || role.is_committee(),
        // The property company may let a visitor's report in, but not hide one: it would judge its own work.
        P::Hide => role == Role::ResidentsCommittee || role.is_committee(),
        P::SeeContact => matches!(role, Role::PropertyManager | Role::Dispatcher | Role::Worker | Role::ResidentsCommittee),
        P::Letters => matches!(role, Role::Administrator | Role::ResidentsCommittee | Role::PropertyManager | Role::Dispatcher),
        P::Invite => matches!(role, Role::Owner | Role::Tenant),
        P::EndHousehold => role == Role::Owner,
        P::Roles | P::Settings => role == Role::Administrator,
        P::Reset => matches!(role, Role::Administrator | Role::PropertyManager | Role::Dispatcher),
        P::Roster => matches!(role, Role::Administrator | Role::PropertyManager | Role::Dispatcher),
        P::Assets => matches!(role, Role::PropertyManager | Role::Dispatcher),
        P::Inspect => role.is_property(),
        P::FundBooks => role.is_committee(),
        P::FundPropose => role == Role::PropertyManager || role.is_committee(),
        P::FundOpine => role == Role::Owner,
        P::FundStepIn => role == Role::ResidentsCommittee,
        P::FundDesk => matches!(role, Role::PropertyManager | Role::ResidentsCommittee | Role::PartyBranch | Role::Auditor) || role.is_committee(),
        P::IncomeBooks => matches!(role, Role::PropertyManager) || role.is_committee(),
        P::IncomePublish => role.is_committee(),
        P::Inbox => matches!(role, Role::Dispatcher | Role::PropertyManager | Role::ResidentsCommittee) || role.is_committee(),
        P::Robots => matches!(role, Role::Administrator | Role::PropertyManager),
        P::Plan => role.is_property() || matches!(role, Role::ResidentsCommittee | Role::Auditor) || role.is_committee(),
        P::ProjectPropose => role == Role::PropertyManager || role.is_committee(),
        P::ProjectConvene => matches!(role, Role::PartyBranch | Role::ResidentsCommittee),
        P::ProjectReach => matches!(role, Role::PropertyManager | Role::Dispatcher),
        P::ProjectMend => role.is_property(),
        P::ProjectPay => role.is_committee(),
        P::ProjectDesk => role.is_property() || matches!(role, Role::ResidentsCommittee | Role::PartyBranch | Role::Auditor) || role.is_committee(),
        // Who inspects and signs is a question of the working group, not of the role; these can be in one.
        P::ProjectSite => {
            role.is_property()
                || role.is_committee()
                || matches!(role, Role::ResidentsCommittee | Role::PartyBranch | Role::WorkingGroup | Role::OwnersRepresentative | Role::BuildingLeader)
        }
        P::Score => matches!(role, Role::BuildingLeader | Role::OwnersRepresentative),
        P::ScoringRun => role.is_committee(),
        P::ScoringAudit => matches!(role, Role::ResidentsCommittee | Role::Auditor),
        P::ScoringAppeal => role == Role::PropertyManager,
        P::ScoringDecide => role.is_committee() || matches!(role, Role::ResidentsCommittee | Role::OwnersRepresentative),
        P::ScoringMend => role.is_committee() || role == Role::ResidentsCommittee,
        P::ScoringDesk => role.is_committee() || matches!(role, Role::ResidentsCommittee | Role::PartyBranch | Role::Auditor | Role::PropertyManager),
        P::ParkingApply => role.is_resident(),
        P::ParkingCheck => matches!(role, Role::PropertyManager | Role::Dispatcher | Role::ResidentsCommittee) || role.is_committee(),
        P::ParkingRun => role.is_committee(),
        P::ParkingCommit => role.is_committee() || matches!(role, Role::ResidentsCommittee | Role::OwnersRepresentative),
        P::ParkingMoney | P::ParkingNotice => role == Role::PropertyManager || role.is_committee(),
        P::ParkingRuling => role.is_committee() || role == Role::ResidentsCommittee,
        P::ParkingDesk => {
            role.is_committee()
                || matches!(role, Role::PropertyManager | Role::Dispatcher | Role::ResidentsCommittee | Role::PartyBranch | Role::Auditor | Role::OwnersRepresentative)
        }
        P::Tags => matches!(role, Role::Administrator | Role::PropertyManager | Role::Dispatcher),
        P::Bays => matches!(role, Role::PropertyManager | Role::Dispatcher),
        P::Gate => role.is_property(),
        P::Bikes => role.is_resident() || matches!(role, Role::PropertyManager | Role::Dispatcher),
        P::Invites => role.is_resident(),
        P::ConversionDraft => role == Role::PropertyManager || role.is_committee(),
        P::ConversionDecide => role.is_committee(),
    }
}

/// Whether somebody acting as `role` may reset an account that holds these roles `here` and `elsewhere`. Whoever makes
/// such a letter could use it, so that it must never lead to more than they may do: the property company would approve
/// its own quotes, and an administrator would run the estate next door.
pub fn may_reset(role: Role, here: &[Role], elsewhere: &[Role]) -> bool {
    let weighty = |roles: &[Role]| roles.iter().any(|r| r.is_staff() || r.is_committee());
    may(role, Permission::Reset) && !here.is_empty() && !weighty(elsewhere) && (role == Role::Administrator || !weighty(here))
}

/// What a role can be allowed to do. The table in [`may`] is tested for every role and every mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Send a report.
    Report,
    /// Say 我也遇到 for one's household.
    MeToo,
    /// Write under a ticket.
    Comment,
    /// See the desk's lists.
    SeeDesk,
    /// Accept, return, assign, quote, schedule, merge.
    RunDesk,
    /// Approve or return a quote.
    Approve,
    /// Let a visitor's report in.
    Release,
    /// Hide a report with a reason, or show it again.
    Hide,
    /// See a reporter's name and phone, which leaves an event.
    SeeContact,
    /// Make and take back letters.
    Letters,
    /// Invite into one's own unit.
    Invite,
    /// End the role of a tenant or a member in one's own unit.
    EndHousehold,
    /// Give and end roles.
    Roles,
    /// Change the community's rule numbers.
    Settings,
    /// Make a letter that resets somebody's secret; whose, says [`may_reset`].
    Reset,
    /// Import the roster.
    Roster,
    /// Keep the register of assets, open rounds.
    Assets,
    /// Check assets on a round.
    Inspect,
    /// Enter what comes into the maintenance fund.
    FundBooks,
    /// Propose a use of the fund.
    FundPropose,
    /// Give one's word on a plan that is on show.
    FundOpine,
    /// Record that the district steps in.
    FundStepIn,
    /// See the fund's desk.
    FundDesk,
    /// Enter common income and what it is spent on.
    IncomeBooks,
    /// Publish a quarter of common income.
    IncomePublish,
    /// Read the messages of one's rung.
    Inbox,
    /// Keep the robots of group chats.
    Robots,
    /// See the plan of the property company: who does what when.
    Plan,
    /// Propose a project.
    ProjectPropose,
    /// Convene the working group of a project.
    ProjectConvene,
    /// Report a project's milestones.
    ProjectReach,
    /// Show that a project's defects are mended.
    ProjectMend,
    /// Enter a project's payments.
    ProjectPay,
    /// See the desk of the projects.
    ProjectDesk,
    /// See the inspection pages; who may inspect and sign, says the working group.
    ProjectSite,
    /// Score the property company, where one is on the round's roll.
    Score,
    /// Adopt sheets; open, close, draft and publish rounds of scoring.
    ScoringRun,
    /// Enter counts and charges with their proof; see whose sheet is whose.
    ScoringAudit,
    /// Appeal against a draft.
    ScoringAppeal,
    /// Give a party's word on an appeal.
    ScoringDecide,
    /// Make tickets of what a round found.
    ScoringMend,
    /// See the desk of scoring.
    ScoringDesk,
    /// Register cars, apply for bays, choose, give back: for one's own home.
    ParkingApply,
    /// Look at cars' papers and disability cards, type applications from paper.
    ParkingCheck,
    /// Open rounds of parking, freeze lists, answer objections, enter the public value.
    ParkingRun,
    /// Commit and reveal in a draw.
    ParkingCommit,
    /// Enter what is paid for bays.
    ParkingMoney,
    /// Give notice that a bay is withdrawn.
    ParkingNotice,
    /// Decide an appeal against a notice.
    ParkingRuling,
    /// See the desk of parking.
    ParkingDesk,
    /// Make places, facilities and tags.
    Tags,
    /// Keep the register of bays, the site plan, garages and notices on bikes.
    Bays,
    /// Let visitors in, say how a charging socket is.
    Gate,
    /// Register an e-bike, claim one.
    Bikes,
    /// Make passes for visitors of one's own unit.
    Invites,
    /// Draft a conversion of ground and put it on show.
    ConversionDraft,
    /// Record what the owners decided on a conversion.
    ConversionDecide,
}

/// Collects the field errors of several results, so that a form names everything at once.
#[derive(Default, Debug)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Keeps the value, or the errors.
    pub fn take<T>(&mut self, result: Result<T, AppError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(AppError::Invalid(fields)) => {
                self.0.extend(fields);
                None
            }
            Err(other) => {
                self.0.push(FieldError { field: String::new(), zh: other.sentence(Lang::Zh), en: other.sentence(Lang::En) });
                None
            }
        }
    }

    /// The error of all that was collected.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when anything was wrong.
    pub fn check(self) -> Result<(), AppError> {
        if self.0.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn personal_data_is_masked() {
        assert_eq!(mask_name("王小明"), "王*");
        assert_eq!(mask_name(""), "*");
        assert_eq!(mask_phone("13812345678"), "138****5678");
        assert_eq!(mask_room("0502"), "*02");
        assert_eq!(mask_room("12"), "*2");
        assert_eq!(mask_room("5"), "*");
    }

    #[test]
    fn phones_are_read_as_people_type_them() {
        for typed in ["13812345678", "138 1234 5678", "+86-138-1234-5678", "１３８１２３４５６７８"] {
            assert_eq!(parse_phone(typed).as_deref(), Ok("13812345678"), "{typed}");
        }
        for bad in ["", "1381234567", "23812345678", "1381234567a", "138123456789"] {
            assert!(parse_phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn pins_that_anybody_would_try_first_are_refused() {
        for bad in ["111111", "123456", "654321", "12345", "12a456", ""] {
            assert!(parse_pin(bad).is_err(), "{bad}");
        }
        assert_eq!(parse_pin(" 280517 ").as_deref(), Ok("280517"));
        assert_eq!(as_typed(" ２８０５１７"), "280517");
        assert_eq!(as_typed("２８０５１７２８０５ "), "２８０５１７２８０５ ");
        assert!(parse_password("short").is_err());
        assert!(parse_password("aaaaaaaaaaaa").is_err());
        assert!(parse_password("一个很长的好密码要十字").is_ok());
    }

    #[test]
    fn a_reset_never_leads_to_more_than_its_maker_may() {
        assert!(may_reset(Role::Dispatcher, &[Role::Owner], &[Role::Tenant]));
        for weighty in [Role::Administrator, Role::CommitteeDirector, Role::ResidentsCommittee] {
            assert!(!may_reset(Role::Dispatcher, &[Role::Owner, weighty], &[]), "{weighty:?}");
            assert!(may_reset(Role::Administrator, &[weighty], &[]), "{weighty:?}");
            assert!(!may_reset(Role::Administrator, &[Role::Owner], &[weighty]), "{weighty:?}");
        }
        assert!(!may_reset(Role::Administrator, &[], &[Role::Owner]), "somebody of another community");
        assert!(!may_reset(Role::Owner, &[Role::Tenant], &[]));
    }

    #[test]
    fn a_new_secret_is_a_pin_or_a_password() {
        assert_eq!(parse_secret("２８０５１７", false), Ok(("280517".into(), false)));
        assert_eq!(parse_secret("correct horse", false), Ok(("correct horse".into(), true)));
        assert!(parse_secret("280517", true).is_err());
        assert!(parse_secret("123456", false).is_err() && parse_secret("short", false).is_err());
    }

    #[test]
    fn devices_are_named_in_both_languages() {
        assert_eq!(device_name(Lang::Zh, "iPhone/wechat"), "iPhone · 微信");
        assert_eq!(device_name(Lang::En, "device/browser"), "Device · browser");
    }

    #[test]
    fn the_lock_out_grows_and_ends() {
        assert_eq!(lock_out(4), 0);
        assert_eq!(lock_out(5), 30_000);
        assert_eq!(lock_out(6), 60_000);
        assert_eq!(lock_out(1_000), DAY);
        assert_eq!(locked_for(5, Time(0), Time(29_001)), Some(1));
        assert_eq!(locked_for(5, Time(0), Time(30_000)), None);
    }

    #[test]
    fn the_property_company_cannot_hide_a_report_or_approve_its_own_quote() {
        for role in Role::ALL.into_iter().filter(|r| r.is_property()) {
            assert!(!may(role, Permission::Hide), "{role:?}");
            assert!(!may(role, Permission::Approve), "{role:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parsers(text in "\\PC{0,60}") {
            let _ = (parse_phone(&text), parse_pin(&text), parse_name(&text), parse_password(&text));
            let _ = (mask_name(&text), mask_phone(&text), mask_room(&text));
            let _ = (as_typed(&text), parse_secret(&text, false), device_name(Lang::En, &text));
        }

        #[test]
        fn waiting_never_gets_shorter(n in 0i32..200) {
            prop_assert!(lock_out(n + 1) >= lock_out(n));
        }
    }
}
