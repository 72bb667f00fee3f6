//! The ladder, how long a line waits before it goes again, and which addresses a robot may have.

use super::model::{RobotKind, Rung};
use crate::error::AppError;
use crate::measure::{HOUR, MINUTE, Time};
use serde::{Deserialize, Serialize};

/// How late a ticket is when it reaches each rung, in milliseconds. The lowest rung is reached at the deadline itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// 物业经理, of general repairs.
    pub manager: i64,
    /// 业委会.
    pub committee: i64,
    /// 居委会.
    pub residents: i64,
    /// 物业经理, of urgent repairs.
    pub urgent_manager: i64,
    /// 业委会.
    pub urgent_committee: i64,
    /// 居委会.
    pub urgent_residents: i64,
}

impl Ladder {
    /// From the value of each rule number by its name.
    pub fn read(get: impl Fn(&str) -> i64) -> Self {
        let minutes = |key: &str| get(key) * MINUTE;
        Self {
            manager: minutes("escalation.manager_minutes"),
            committee: minutes("escalation.committee_minutes"),
            residents: minutes("escalation.residents_minutes"),
            urgent_manager: minutes("escalation.urgent.manager_minutes"),
            urgent_committee: minutes("escalation.urgent.committee_minutes"),
            urgent_residents: minutes("escalation.urgent.residents_minutes"),
        }
    }

    fn after(&self, rung: Rung, urgent: bool) -> i64 {
        match (rung, urgent) {
            (Rung::Dispatcher, _) => 0,
            (Rung::Manager, false) => self.manager,
            (Rung::Committee, false) => self.committee,
            (Rung::ResidentsCommittee, false) => self.residents,
            (Rung::Manager, true) => self.urgent_manager,
            (Rung::Committee, true) => self.urgent_committee,
            (Rung::ResidentsCommittee, true) => self.urgent_residents,
        }
    }
}

/// The highest rung that a ticket has reached, `None` before its deadline. A rung is reached only when all below it are,
/// however a community sets its numbers.
pub fn reached(due_at: Time, now: Time, urgent: bool, ladder: &Ladder) -> Option<Rung> {
    let late = now - due_at;
    Rung::ALL.into_iter().take_while(|rung| late > 0 && late >= ladder.after(*rung, urgent)).last()
}

/// The rungs that are taken now, from below: those that were reached and not taken yet.
pub fn due_rungs(reached: Option<Rung>, taken: Option<Rung>) -> Vec<Rung> {
    Rung::ALL.into_iter().filter(|rung| Some(*rung) <= reached && Some(*rung) > taken).collect()
}

/// After so many tries a line is given up: with the pauses of [`pause`] that is a little more than two days.
pub const TRIES: i64 = 16;

/// How long a line waits after `attempts` failed tries: 30 s, doubling up to 6 hours.
pub fn pause(attempts: i64) -> i64 {
    let doublings = u32::try_from((attempts - 1).clamp(0, 20)).unwrap_or(0);
    ((MINUTE / 2) << doublings).min(6 * HOUR)
}

/// The host that each chat program's robots live at.
pub fn home_of(kind: RobotKind) -> &'static str {
    match kind {
        RobotKind::Wecom => "qyapi.weixin.qq.com",
        RobotKind::Dingtalk => "oapi.dingtalk.com",
        RobotKind::Feishu => "open.feishu.cn",
    }
}

/// The host (with its port) of an address: `https://HOST/…`; `http://` only for hosts that `more` names.
pub fn host_of(address: &str) -> Option<(&str, bool)> {
    let (rest, secure) = address.strip_prefix("https://").map(|r| (r, true)).or_else(|| address.strip_prefix("http://").map(|r| (r, false)))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (!host.is_empty() && !host.contains('@')).then_some((host, secure))
}

/// Judges a robot's address. The server calls it, so that it may only be the chat program's own host, or one that whoever
/// runs the server named (`more`).
///
/// # Errors
/// [`AppError::Invalid`] on the field `address`.
pub fn parse_address(kind: RobotKind, typed: &str, more: &[String]) -> Result<String, AppError> {
    let address = typed.trim();
    let good = address.len() <= 500 && address.is_ascii() && !address.contains(char::is_whitespace);
    let home = home_of(kind);
    match host_of(address).filter(|_| good) {
        Some((host, true)) if host == home => Ok(address.to_owned()),
        Some((host, _)) if more.iter().any(|m| m == host) => Ok(address.to_owned()),
        _ => Err(AppError::field(
            "address",
            format!("请从群机器人的设置里复制整个地址，以 https://{home}/ 开头"),
            format!("Copy the whole address from the robot's settings; it begins with https://{home}/"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ladder() -> Ladder {
        Ladder::read(|key| crate::rooms::communities::rules::setting(&[], key, "").expect("a number"))
    }

    #[test]
    fn a_late_ticket_climbs_by_its_lateness() {
        let due = Time(1_800_000_000_000);
        let at = |minutes: i64, urgent: bool| reached(due, due + minutes * MINUTE, urgent, &ladder());
        assert_eq!(at(-1, true), None);
        assert_eq!(at(0, true), None, "on time to the minute");
        assert_eq!(at(1, false), Some(Rung::Dispatcher));
        assert_eq!(at(239, false), Some(Rung::Dispatcher));
        assert_eq!(at(240, false), Some(Rung::Manager));
        assert_eq!(at(24 * 60, false), Some(Rung::Committee));
        assert_eq!(at(72 * 60, false), Some(Rung::ResidentsCommittee));
        assert_eq!(at(30, true), Some(Rung::Manager));
        assert_eq!(at(120, true), Some(Rung::Committee));
        assert_eq!(at(720, true), Some(Rung::ResidentsCommittee));
    }

    #[test]
    fn no_rung_is_left_out_and_none_is_taken_twice() {
        assert_eq!(due_rungs(Some(Rung::Committee), None), [Rung::Dispatcher, Rung::Manager, Rung::Committee]);
        assert_eq!(due_rungs(Some(Rung::Committee), Some(Rung::Manager)), [Rung::Committee]);
        assert!(due_rungs(Some(Rung::Manager), Some(Rung::Manager)).is_empty());
        assert!(due_rungs(None, None).is_empty());
    }

    #[test]
    fn a_robot_lives_at_its_own_host() {
        let good = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc";
        assert_eq!(parse_address(RobotKind::Wecom, &format!(" {good} "), &[]).as_deref(), Ok(good));
        for bad in [
            "",
            "ftp://x",
            "http://qyapi.weixin.qq.com/x",
            "https://qyapi.weixin.qq.com@evil.example/x",
            "https://127.0.0.1/x",
            "https://oapi.dingtalk.com/robot/send?access_token=1",
            "https://qyapi.weixin.qq.com.evil.example/",
        ] {
            assert!(parse_address(RobotKind::Wecom, bad, &[]).is_err(), "{bad}");
        }
        assert!(parse_address(RobotKind::Wecom, "http://127.0.0.1:9/x", &["127.0.0.1:9".into()]).is_ok(), "whoever runs the server named it");
    }

    proptest! {
        #[test]
        fn pauses_grow_and_end(attempts in 1i64..100) {
            prop_assert!(pause(attempts) >= MINUTE / 2 && pause(attempts) <= 6 * HOUR);
            prop_assert!(pause(attempts + 1) >= pause(attempts));
        }

        #[test]
        fn a_rung_once_reached_stays_reached(late in 0i64..10_000_000_000, more in 0i64..1_000_000_000, urgent: bool, m in 0i64..9_000, c in 0i64..9_000, r in 0i64..9_000) {
            let ladder = Ladder { manager: m * MINUTE, committee: c * MINUTE, residents: r * MINUTE, urgent_manager: r * MINUTE, urgent_committee: m * MINUTE, urgent_residents: c * MINUTE };
            let due = Time(1_800_000_000_000);
            prop_assert!(reached(due, due + late + more, urgent, &ladder) >= reached(due, due + late, urgent, &ladder));
        }
    }
}
