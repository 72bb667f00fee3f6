//! How a committee decides (SH 26): more than half of all members, each with their own word, nobody with an interest.

use super::model::{Form, State};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::measure::{DAY, MINUTE, Time};
use crate::rooms::fund::model::Decider;
use crate::text::clean;
use crate::{tr, trf};
use serde::{Deserialize, Serialize};

/// Characters in a reason.
pub const REASON_MAX: usize = 300;

/// What one member has said so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Declared: an interest, or none; `None` = not answered yet.
    pub conflict: Option<bool>,
    /// At the meeting; `None` where there is none.
    pub present: Option<bool>,
    /// For or against; `None` = no word yet.
    pub word: Option<bool>,
}

/// The count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// All members on the roll: the denominator, whatever happens.
    pub members: u32,
    /// Excluded for an interest.
    pub declared: u32,
    /// Not excluded, and not at the meeting.
    pub absent: u32,
    /// For it.
    pub agree: u32,
    /// Against it.
    pub decline: u32,
}

/// What a count says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both outcomes are still possible.
    Open,
    /// More than half of all members are for it.
    Agreed,
    /// More than half can no longer be reached.
    Declined,
    /// More than half cannot be reached, and but for the conflicts it could be: the owners decide.
    Owners,
}

impl Verdict {
    /// The state it leads to.
    pub fn state(self) -> State {
        match self {
            Self::Open => State::Open,
            Self::Agreed => State::Agreed,
            Self::Declined => State::Declined,
            Self::Owners => State::Owners,
        }
    }
}

/// How many must agree: more than half of all members (SH 26).
pub fn needed(members: u32) -> u32 {
    members / 2 + 1
}

/// Counts. Whoever is excluded, or was not at the meeting, counts neither way, whatever word they gave before.
pub fn tally(stands: &[Stand], form: Form) -> Tally {
    let mut all = Tally { members: u32::try_from(stands.len()).unwrap_or(u32::MAX), ..Tally::default() };
    for stand in stands {
        match stand.word {
            _ if stand.conflict == Some(true) => all.declared += 1,
            _ if form == Form::Meeting && stand.present != Some(true) => all.absent += 1,
            Some(true) => all.agree += 1,
            Some(false) => all.decline += 1,
            None => {}
        }
    }
    all
}

/// What a count says. The denominator stays all members, so that every excluded member makes a majority harder; when none
/// can be reached any more it is declined, unless it could be reached if nobody were excluded.
pub fn verdict(t: Tally) -> Verdict {
    let majority = |n: u32| n >= needed(t.members);
    let without_conflicts = t.members.saturating_sub(t.absent + t.decline);
    if t.members > 0 && majority(t.agree) {
        Verdict::Agreed
    } else if majority(without_conflicts.saturating_sub(t.declared)) {
        Verdict::Open
    } else if t.members == 0 || majority(without_conflicts) {
        Verdict::Owners
    } else {
        Verdict::Declined
    }
}

/// The count in words: `7 位委员，1 位回避，需 4 位同意：4 同意，1 不同意`.
pub fn spoken(lang: Lang, t: Tally, form: Form) -> String {
    let (members, need, agree, decline) = (t.members, needed(t.members), t.agree, t.decline);
    let present = members.saturating_sub(t.absent);
    let met = if form == Form::Meeting { trf!(lang, "，{present} 位到会或回避", ", {present} at the meeting or excluded") } else { String::new() };
    let declared = t.declared;
    let excluded = if declared > 0 { trf!(lang, "，{declared} 位回避", ", {declared} excluded") } else { String::new() };
    trf!(
        lang,
        "{members} 位委员{met}{excluded}，需 {need} 位同意：{agree} 同意，{decline} 不同意",
        "{members} members{met}{excluded}; {need} must agree: {agree} for, {decline} against"
    )
}

fn over() -> AppError {
    AppError::closed("这件事已经有结果了，不能再改。请刷新看看。", "This is decided and cannot be changed any more. Reload to see it.")
}

/// A reason, up to [`REASON_MAX`] characters.
///
/// # Errors
/// [`AppError::Invalid`] on `reason` when it is too long, or missing where it is needed.
pub fn parse_reason(typed: &str, needed: Option<(&str, &str)>) -> Result<String, AppError> {
    let reason = clean(typed, REASON_MAX).map_err(|_| AppError::field("reason", "理由请不要超过 300 个字", "At most 300 characters for the reason"))?;
    match needed {
        Some((zh, en)) if reason.is_empty() => Err(AppError::field("reason", zh, en)),
        _ => Ok(reason),
    }
}

/// What becomes of a member's stand when they declare.
///
/// # Errors
/// [`AppError::Closed`] once it is decided, or they are excluded already.
pub fn declare(state: State, stand: Stand, conflict: bool) -> Result<Stand, AppError> {
    if state != State::Open {
        return Err(over());
    }
    if stand.conflict == Some(true) {
        return Err(excluded());
    }
    // Whoever is excluded has no word, also none from before.
    Ok(Stand { conflict: Some(conflict), word: if conflict { None } else { stand.word }, ..stand })
}

fn excluded() -> AppError {
    AppError::closed("您已回避，不能再对这件事表态。", "You are excluded from this matter and have no word in it.")
}

/// What becomes of a member's stand when they give their word.
///
/// # Errors
/// [`AppError::Closed`] once it is decided, for whoever is excluded or was not at the meeting; [`AppError::Invalid`] on
/// `no_conflict` for whoever has not declared yet.
pub fn give_word(state: State, form: Form, stand: Stand, agrees: bool, no_conflict: bool) -> Result<Stand, AppError> {
    if state != State::Open {
        return Err(over());
    }
    match stand.conflict {
        Some(true) => return Err(excluded()),
        None if !no_conflict => {
            return Err(AppError::field("no_conflict", "请先申报：有没有利害关系", "Say first whether you have an interest in it"));
        }
        _ => {}
    }
    if form == Form::Meeting && stand.present != Some(true) {
        return Err(AppError::closed("这件事在会议上决定，没有到会的委员不能表态。", "This is decided in a meeting; only those who were there give a word."));
    }
    Ok(Stand { conflict: Some(false), word: Some(agrees), ..stand })
}

/// Judges a meeting: who was there is more than half of all members, and nobody gave a word in writing before.
///
/// # Errors
/// [`AppError::Closed`] once it is decided or words were given; [`AppError::Invalid`] on `at` or `present`.
pub fn meet(state: State, stands: &[Stand], present: usize, (opened_at, at, now): (Time, Time, Time)) -> Result<(), AppError> {
    if state != State::Open {
        return Err(over());
    }
    if stands.iter().any(|s| s.word.is_some()) {
        return Err(AppError::closed("已经有委员书面表态，这件事按书面征求办完。", "Members gave their word in writing already: it is finished in writing."));
    }
    if at > now || at + MINUTE < opened_at {
        return Err(AppError::field("at", "开会时间要在提出以后、现在以前", "The meeting lies between the proposal and now"));
    }
    let members = u32::try_from(stands.len()).unwrap_or(u32::MAX);
    if u32::try_from(present).unwrap_or(u32::MAX) < needed(members) {
        let need = needed(members);
        return Err(AppError::field(
            "present",
            format!("到会要超过全体委员的一半：{members} 位委员，至少 {need} 位"),
            format!("More than half of all {members} members must be there: at least {need}"),
        ));
    }
    Ok(())
}

/// Whether a decision was published within its days (SH 26), counted from the meeting where there was one.
pub fn kept(decided_at: Time, meeting_at: Option<Time>, published_at: Time, days: i64) -> bool {
    published_at - meeting_at.unwrap_or(decided_at) <= days * DAY
}

/// Whether a use of the fund may take its resolution: what the committee decides needs its decision.
pub fn resolves(decider: Decider, matter: Option<State>) -> bool {
    !matches!(decider, Decider::Committee | Decider::Emergency) || matter == Some(State::Agreed)
}

/// The decision's limit in words: kept or missed.
pub fn spoken_limit(lang: Lang, days: i64, kept: bool) -> String {
    if kept {
        trf!(lang, "已在 {days} 天内公布（上海市住宅物业管理规定第 26 条）", "Published within {days} days (Shanghai rules, art. 26)")
    } else {
        trf!(lang, "没有在 {days} 天内公布（上海市住宅物业管理规定第 26 条）", "Not published within {days} days (Shanghai rules, art. 26)")
    }
}

/// What a member's stand is called.
pub fn spoken_stand(lang: Lang, stand: Stand, form: Form) -> &'static str {
    match (stand.conflict, stand.word) {
        (Some(true), _) => tr!(lang, "回避", "Excluded"),
        _ if form == Form::Meeting && stand.present != Some(true) => tr!(lang, "没有到会", "Not present"),
        (_, Some(true)) => tr!(lang, "同意", "Agrees"),
        (_, Some(false)) => tr!(lang, "不同意", "Declines"),
        (_, None) => tr!(lang, "没有表态", "No word"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// For every committee of 1 to 15, every number of excluded and declining members, the others agreeing or silent.
    #[test]
    fn more_than_half_of_all_members_decide() {
        for members in 1u32..=15 {
            assert!(2 * needed(members) > members && 2 * (needed(members) - 1) <= members);
            for declared in 0..=members {
                for decline in 0..=members - declared {
                    for agree in 0..=members - declared - decline {
                        let t = Tally { members, declared, decline, agree, absent: 0 };
                        let got = verdict(t);
                        let reachable = 2 * (members - declared - decline) > members;
                        let but_for_conflicts = 2 * (members - decline) > members;
                        let expected = match () {
                            () if 2 * agree > members => Verdict::Agreed,
                            () if reachable => Verdict::Open,
                            () if but_for_conflicts => Verdict::Owners,
                            () => Verdict::Declined,
                        };
                        assert_eq!(got, expected, "{t:?}");
                    }
                }
            }
        }
        assert_eq!(verdict(Tally::default()), Verdict::Owners, "no committee, no decision of it");
    }

    #[test]
    fn the_table_of_seven() {
        // Declared, absent, agree, decline.
        let cases = [
            (0, 0, 4, 3, Verdict::Agreed),
            (0, 0, 3, 3, Verdict::Open),
            (0, 0, 0, 4, Verdict::Declined),
            (1, 0, 4, 1, Verdict::Agreed),
            (1, 0, 3, 2, Verdict::Open),
            (1, 0, 3, 3, Verdict::Owners),
            (4, 0, 0, 0, Verdict::Owners),
            (3, 0, 0, 0, Verdict::Open),
            (0, 3, 4, 0, Verdict::Agreed),
            (0, 3, 0, 1, Verdict::Declined),
            (1, 3, 0, 0, Verdict::Owners),
        ];
        for (declared, absent, agree, decline, expected) in cases {
            assert_eq!(verdict(Tally { members: 7, declared, absent, agree, decline }), expected, "{declared} {absent} {agree} {decline}");
        }
        let t = Tally { members: 7, declared: 1, agree: 4, decline: 1, absent: 0 };
        assert_eq!(spoken(Lang::Zh, t, Form::Written), "7 位委员，1 位回避，需 4 位同意：4 同意，1 不同意");
        assert_eq!(spoken(Lang::En, Tally { declared: 0, ..t }, Form::Written), "7 members; 4 must agree: 4 for, 1 against");
    }

    #[test]
    fn a_meeting_needs_more_than_half_and_comes_before_any_word() {
        let (open, now) = (Time(1_000 * DAY), Time(1_002 * DAY));
        let silent = [Stand::default(); 7];
        let at = open + DAY;
        assert!(meet(State::Open, &silent, 4, (open, at, now)).is_ok());
        assert!(matches!(meet(State::Open, &silent, 3, (open, at, now)), Err(AppError::Invalid(f)) if f[0].field == "present"));
        for wrong in [open + -DAY, now + 1] {
            assert!(matches!(meet(State::Open, &silent, 4, (open, wrong, now)), Err(AppError::Invalid(f)) if f[0].field == "at"));
        }
        let mut one = silent;
        one[2].word = Some(true);
        assert!(matches!(meet(State::Open, &one, 7, (open, at, now)), Err(AppError::Closed { .. })));
        assert!(matches!(meet(State::Agreed, &silent, 7, (open, at, now)), Err(AppError::Closed { .. })));
    }

    #[test]
    fn a_decision_is_published_in_time_or_not() {
        let t = Time(1_000 * DAY);
        assert!(kept(t, None, t, 3) && kept(t, Some(t + -3 * DAY), t, 3));
        assert!(!kept(t, Some(t + (-3 * DAY - 1)), t, 3));
        assert!(resolves(Decider::Owners, None) && resolves(Decider::Committee, Some(State::Agreed)));
        assert!(!resolves(Decider::Committee, None) && !resolves(Decider::Emergency, Some(State::Open)) && !resolves(Decider::Committee, Some(State::Owners)));
    }

    fn any_stand() -> impl Strategy<Value = Stand> {
        (prop::option::of(any::<bool>()), prop::option::of(any::<bool>()), prop::option::of(any::<bool>())).prop_map(|(conflict, present, word)| Stand { conflict, present, word })
    }

    fn any_form() -> impl Strategy<Value = Form> {
        prop_oneof![Just(Form::Written), Just(Form::Meeting)]
    }

    proptest! {
        #[test]
        fn never_without_more_than_half_of_all(stands in prop::collection::vec(any_stand(), 0..16), form in any_form()) {
            let t = tally(&stands, form);
            prop_assert_eq!(t.members as usize, stands.len());
            prop_assert!(t.declared + t.absent + t.agree + t.decline <= t.members);
            if verdict(t) == Verdict::Agreed {
                prop_assert!(2 * t.agree > t.members);
            }
        }

        /// What a member who is excluded says changes nothing.
        #[test]
        fn whoever_is_excluded_never_counts(mut stands in prop::collection::vec(any_stand(), 1..16), who in any::<prop::sample::Index>(), word in prop::option::of(any::<bool>()), form in any_form()) {
            let i = who.index(stands.len());
            stands[i].conflict = Some(true);
            let before = tally(&stands, form);
            prop_assert!(give_word(State::Open, form, stands[i], true, true).is_err());
            stands[i].word = word;
            prop_assert_eq!(tally(&stands, form), before);
        }

        /// A decision is final: nothing that anybody says changes it.
        #[test]
        fn what_is_decided_stays(state in 1..State::ALL.len(), stand in any_stand(), agrees: bool, form in any_form(), present in 0usize..16) {
            let state = State::ALL[state];
            prop_assert!(give_word(state, form, stand, agrees, true).is_err());
            prop_assert!(declare(state, stand, agrees).is_err());
            prop_assert!(meet(state, &[stand; 15], present, (Time(0), Time(1), Time(2))).is_err());
        }

        /// While it is open both outcomes can still come: more words for it decide it, more against it end it.
        #[test]
        fn open_means_open(stands in prop::collection::vec(any_stand(), 1..16), form in any_form()) {
            let t = tally(&stands, form);
            let silent = t.members - t.declared - t.absent - t.agree - t.decline;
            if verdict(t) == Verdict::Open {
                prop_assert_eq!(verdict(Tally { agree: t.members - t.declared - t.absent - t.decline, ..t }), Verdict::Agreed);
                prop_assert_ne!(verdict(Tally { decline: t.decline + silent + t.agree, agree: 0, ..t }), Verdict::Open);
            }
        }
    }
}
