//! The rule numbers ⚙ of a community, each with its source and dates, and how units are written.

use crate::error::AppError;
use crate::i18n::Lang;
use crate::rooms::people::rules::mask_room;
use crate::text::clean;
use crate::{tr, trf};
use serde::{Deserialize, Serialize};

/// One rule number: what it is, where it comes from, and from when to when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its name, e.g. `ticket.urgent.arrive_minutes`.
    pub key: String,
    /// Its value.
    pub value: i64,
    /// Where it comes from.
    pub source: String,
    /// The first day it holds, `YYYY-MM-DD`; empty = from the beginning.
    pub from: String,
    /// The last day it holds, `YYYY-MM-DD`; empty = until changed.
    pub until: String,
}

/// A rule number as the program brings it. A community's own value stands in its settings with dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleNumber {
    /// Its name, e.g. `ticket.urgent.arrive_minutes`; the end of the name says what it counts.
    pub key: &'static str,
    /// The default.
    pub value: i64,
    /// The least that can be set.
    pub least: i64,
    /// The most that can be set.
    pub most: i64,
    /// Where the default comes from.
    pub source: &'static str,
    /// Since when its source holds; empty = a choice of this program.
    pub from: &'static str,
}

const fn number(key: &'static str, value: i64, (least, most): (i64, i64), source: &'static str, from: &'static str) -> RuleNumber {
    RuleNumber { key, value, least, most, source, from }
}

/// Minutes up to a year.
const MINUTES: (i64, i64) = (1, 525_600);
/// Minutes of one day.
const OF_DAY: (i64, i64) = (0, 1_440);
/// Days up to a year.
const DAYS: (i64, i64) = (1, 366);
/// Fen up to 100 million yuan.
const MONEY: (i64, i64) = (0, 10_000_000_000);

/// Every rule number with its default.
pub const DEFAULTS: &[RuleNumber] = &[
    number("ticket.urgent.accept_minutes", 10, MINUTES, "祥和 demo; no city-wide figure found", ""),
    number("ticket.urgent.arrive_minutes", 30, MINUTES, "中物协 2004 等级标准 一级; TSG T5002 (lifts)", "2004"),
    number("ticket.urgent.done_minutes", 120, MINUTES, "祥和 demo", ""),
    number("ticket.accept_minutes", 120, MINUTES, "祥和 demo; counted in the desk's hours", ""),
    number("ticket.arrive_minutes", 1_440, MINUTES, "祥和 demo", ""),
    number("ticket.done_minutes", 4_320, MINUTES, "祥和 demo", ""),
    number("ticket.desk_opens_minute", 480, OF_DAY, "祥和 demo", ""),
    number("ticket.desk_closes_minute", 1_200, OF_DAY, "祥和 demo", ""),
    number("ticket.reopen_days", 7, DAYS, "祥和 demo; R6: reopened within, archived after", ""),
    number("ticket.check_days", 3, DAYS, "祥和 demo; then a committee may check for the reporter", ""),
    number("ticket.same_report_hours", 24, (0, 8_760), "祥和 demo", ""),
    number("ticket.appointment_days", 90, DAYS, "祥和 demo", ""),
    number("ticket.household_minutes", 60, (0, 525_600), "祥和 demo; earlier in the desk's lists for each household", ""),
    number("ticket.near_distance", 80, (0, 1_000), "祥和 demo; of 1,000 across the estate's plan", ""),
    number("escalation.manager_minutes", 240, MINUTES, "祥和 demo; general repairs, after the deadline", ""),
    number("escalation.committee_minutes", 1_440, MINUTES, "祥和 demo", ""),
    number("escalation.residents_minutes", 4_320, MINUTES, "祥和 demo; §8: 居委会 督办", ""),
    number("escalation.urgent.manager_minutes", 30, MINUTES, "祥和 demo; urgent repairs, after the deadline", ""),
    number("escalation.urgent.committee_minutes", 120, MINUTES, "祥和 demo", ""),
    number("escalation.urgent.residents_minutes", 720, MINUTES, "祥和 demo; §8: 居委会 督办", ""),
    number("approval.property_max_fen", 200_000, MONEY, "R2.3 T1: 专项维修资金管理规约 (2021 model text, blank); 祥和 demo", ""),
    number("approval.committee_max_fen", 2_000_000, MONEY, "R2.3 T2: 专项维修资金管理规约 (2021 model text, blank); 祥和 demo", ""),
    number("approval.committee_year_fen", 10_000_000, MONEY, "R2.3 T2: 专项维修资金管理规约 (2021 model text, blank); 祥和 demo", ""),
    number("assets.camera_days", 30, DAYS, "祥和 demo", ""),
    number("assets.fire_days", 30, DAYS, "消防设施月检: 机关、团体、企业、事业单位消防安全管理规定 26; scoring sheet F1", ""),
    number("assets.lift_days", 15, DAYS, "TSG T5002: 半月保 of lifts", "2017"),
    number("assets.pump_days", 30, DAYS, "祥和 demo", ""),
    number("assets.light_days", 30, DAYS, "祥和 demo", ""),
    number("assets.door_days", 60, DAYS, "祥和 demo", ""),
    number("fund.shown_days", 7, DAYS, "R2.4: 公示 of plans and shares; no text found", ""),
    number("fund.emergency_days", 7, DAYS, "上海市住宅物业管理规定 73", "2011-04-01"),
    number("fund.refill_below_percent", 30, (0, 100), "上海市住宅物业管理规定 65", "2011-04-01"),
    number("fund.refill_to_percent", 50, (0, 100), "上海市住宅物业管理规定 65", "2011-04-01"),
    number("fund.refill_days", 90, DAYS, "上海市住宅物业管理规定 65", "2011-04-01"),
    number("income.publish_days", 30, DAYS, "上海市住宅物业管理规定 66: every quarter; so many days after its end", "2011-04-01"),
    number("projects.shown_days", 7, DAYS, "祥和 demo; 公示 of a project's plan before its contract: no text found", ""),
    number("projects.inspect_days", 14, DAYS, "祥和 demo; the longest time between two inspections of works", ""),
    number("projects.mend_days", 7, (1, 90), "祥和 demo; 整改", ""),
    number("projects.retention_most_percent", 3, (0, 20), "建设工程质量保证金管理办法 (2017) 7: at most 3 %", "2017-07-01"),
    number("approval.publish_days", 3, DAYS, "上海市住宅物业管理规定 26: 业委会决定 published within", "2011-04-01"),
    number("scoring.weight_percent", 50, (0, 100), "祥和 demo; 评分标准: 业主代表 50 %, 楼组长 50 %", ""),
    number("scoring.samples", 5, (1, 100), "祥和 demo; below it an item says nothing", ""),
    number("scoring.turnout_percent", 60, (1, 100), "祥和 demo; of the appointed scorers", ""),
    number("scoring.full_points", 80, (1, 100), "祥和 demo; of the items that were scored", ""),
    number("scoring.remark_percent", 60, (0, 100), "祥和 demo", ""),
    number("scoring.straight_percent", 90, (50, 100), "祥和 demo; shown, never dropped", ""),
    number("scoring.outlier_points", 25, (5, 100), "祥和 demo; shown, never dropped", ""),
    number("scoring.remind_days", 3, (0, 30), "祥和 demo; and once more on the last day", ""),
    number("scoring.contract_month_fen", 0, (0, 10_000_000_000), "物业服务合同: monthly remuneration; 0 where nothing is retained", ""),
    number("scoring.retained_permille", 50, (0, 1000), "物业服务合同; 祥和 demo 5 % of the half-year's remuneration", ""),
    number("scoring.appeal_days", 5, (1, 60), "祥和 demo; working days", ""),
    number("scoring.rectify_days", 30, DAYS, "祥和 demo; 整改单", ""),
    number("scoring.excellent_points", 90, (1, 100), "祥和 demo", ""),
    number("scoring.good_points", 80, (1, 100), "祥和 demo", ""),
    number("scoring.pass_points", 60, (1, 100), "祥和 demo", ""),
    number("scoring.pay_excellent_percent", 100, (0, 100), "祥和 demo; only as the service contract says", ""),
    number("scoring.pay_good_percent", 100, (0, 100), "祥和 demo; only as the service contract says", ""),
    number("scoring.pay_pass_percent", 80, (0, 100), "祥和 demo; only as the service contract says", ""),
    number("scoring.pay_fail_percent", 0, (0, 100), "祥和 demo; only as the service contract says", ""),
    number("parking.objection_days", 7, (1, 60), "R5.7: 7 days for objections; 祥和 demo", ""),
    number("parking.offer_hours", 72, (1, 720), "祥和 demo; then it falls to the next", ""),
    number("parking.wait_most", 3, (0, 10), "R5.6: rounds of waiting that count, at most", ""),
    number("parking.renew_days", 30, DAYS, "祥和 demo; before the end of a term", ""),
    number("parking.notice_days", 15, DAYS, "祥和 demo; between a notice of withdrawal and the end", ""),
    number("parking.leave_days", 30, DAYS, "祥和 demo; R5.1: bays serve those who own or use a home here", ""),
    number("bikes.notice_days", 30, DAYS, "祥和 demo; no text found: what a bike that seems left behind is given", ""),
    number("bikes.unit_bikes", 3, (1, 20), "祥和 demo", ""),
    number("visits.unit_month", 30, (0, 1_000), "祥和 demo", ""),
    number("visits.ahead_days", 14, DAYS, "祥和 demo", ""),
    number("visits.keep_days", 30, DAYS, "R7.5: visitors 30 days; 个人信息保护法 19: no longer than needed", "2021-11-01"),
    number("approval.sum_days", 90, DAYS, "R2.3 against splitting: same spot within", ""),
];

/// The default of a rule number.
pub fn rule_number(key: &str) -> Option<&'static RuleNumber> {
    DEFAULTS.iter().find(|n| n.key == key)
}

/// The community's own setting that holds on a day (`YYYY-MM-DD`): of several the one that began last.
pub fn own_setting<'a>(own: &'a [Setting], key: &str, day: &str) -> Option<&'a Setting> {
    own.iter().filter(|s| s.key == key && (s.from.is_empty() || s.from.as_str() <= day) && (s.until.is_empty() || day <= s.until.as_str())).max_by(|a, b| a.from.cmp(&b.from))
}

/// The value of a rule number on a day: the community's own where one holds then, else the default. What stands in an
/// old row is kept within the bounds of today.
pub fn setting(own: &[Setting], key: &str, day: &str) -> Option<i64> {
    let number = rule_number(key)?;
    Some(own_setting(own, key, day).map_or(number.value, |s| s.value).clamp(number.least, number.most))
}

/// What a rule number decides, in words.
pub fn rule_name(lang: Lang, key: &str) -> &'static str {
    match key {
        "ticket.urgent.accept_minutes" => tr!(lang, "急修：几分钟内受理", "Urgent: taken on within, minutes"),
        "ticket.urgent.arrive_minutes" => tr!(lang, "急修：几分钟内到场", "Urgent: on site within, minutes"),
        "ticket.urgent.done_minutes" => tr!(lang, "急修：几分钟内排除危险", "Urgent: made safe within, minutes"),
        "ticket.accept_minutes" => tr!(lang, "一般报修：几分钟内受理（只算办公时间）", "General: taken on within, minutes of the desk's hours"),
        "ticket.arrive_minutes" => tr!(lang, "一般报修：几分钟内上门", "General: visited within, minutes"),
        "ticket.done_minutes" => tr!(lang, "一般报修：几分钟内修好", "General: repaired within, minutes"),
        "ticket.desk_opens_minute" => tr!(lang, "物业几点上班（零点起的分钟数）", "The desk opens, minutes after midnight"),
        "ticket.desk_closes_minute" => tr!(lang, "物业几点下班（零点起的分钟数）", "The desk closes, minutes after midnight"),
        "ticket.reopen_days" => tr!(lang, "修好后几天内可以说没修好，之后归档", "Days to say that it is not repaired; archived afterwards"),
        "ticket.check_days" => tr!(lang, "上报人几天没回音，可由业委会或居委会验收", "Days without the reporter's word until a committee may check"),
        "ticket.same_report_hours" => tr!(lang, "同一人同样的话，几小时内算一件", "Hours within which the same words from the same person are one report"),
        "ticket.appointment_days" => tr!(lang, "最远可以约几天后上门", "Days ahead that a visit can be arranged"),
        "ticket.household_minutes" => tr!(lang, "每多一户遇到，排队提前几分钟", "Minutes earlier in the list for each household"),
        "ticket.near_distance" => tr!(lang, "多近算附近（平面图宽度的千分之几）", "How near is near, in thousandths of the plan's width"),
        "escalation.manager_minutes" => tr!(lang, "超时几分钟报物业经理", "Minutes late until the property manager is told"),
        "escalation.committee_minutes" => tr!(lang, "超时几分钟报业委会", "Minutes late until the owners' committee is told"),
        "escalation.residents_minutes" => tr!(lang, "超时几分钟报居委会", "Minutes late until the residents' committee is told"),
        "escalation.urgent.manager_minutes" => tr!(lang, "急修超时几分钟报物业经理", "Urgent: minutes late until the property manager is told"),
        "escalation.urgent.committee_minutes" => tr!(lang, "急修超时几分钟报业委会", "Urgent: minutes late until the owners' committee is told"),
        "escalation.urgent.residents_minutes" => tr!(lang, "急修超时几分钟报居委会", "Urgent: minutes late until the residents' committee is told"),
        "approval.property_max_fen" => tr!(lang, "物业可直接处理的费用上限（分）", "The property company decides up to, in fen"),
        "approval.committee_max_fen" => tr!(lang, "业委会可同意的费用上限（分）", "The owners' committee decides up to, in fen"),
        "approval.committee_year_fen" => tr!(lang, "业委会一年可同意的总额（分）", "The owners' committee decides in one year up to, in fen"),
        "assets.camera_days" => tr!(lang, "摄像头几天巡检一次", "Cameras are inspected every, days"),
        "assets.fire_days" => tr!(lang, "消防设施几天巡检一次", "Fire equipment is inspected every, days"),
        "assets.lift_days" => tr!(lang, "电梯几天维保一次", "Lifts are serviced every, days"),
        "assets.pump_days" => tr!(lang, "水泵水箱几天巡检一次", "Pumps and tanks are inspected every, days"),
        "assets.light_days" => tr!(lang, "照明几天巡检一次", "Lights are inspected every, days"),
        "assets.door_days" => tr!(lang, "门禁道闸几天巡检一次", "Doors and barriers are inspected every, days"),
        "fund.shown_days" => tr!(lang, "维修资金：方案和分摊公示几天", "Fund: days that plans and shares are shown"),
        "fund.emergency_days" => tr!(lang, "应急维修：业委会几天没答复，区房管可代为维修", "Emergency: days without the committee's word until the district may repair"),
        "fund.refill_below_percent" => tr!(lang, "余额低于首期的百分之几要续筹", "Refill below this percentage of what was first paid in"),
        "fund.refill_to_percent" => tr!(lang, "续筹到首期的百分之几", "Refill up to this percentage"),
        "fund.refill_days" => tr!(lang, "续筹要在几天内办", "Days in which the refill is decided and paid"),
        "income.publish_days" => tr!(lang, "公共收益：季度结束后几天内公布", "Common income: days after a quarter until it is published"),
        "projects.shown_days" => tr!(lang, "专项工程：方案公示几天后才能签合同", "Projects: days that a plan is shown before its contract"),
        "projects.inspect_days" => tr!(lang, "专项工程：施工中最长几天检查一次", "Projects: the longest time between inspections, days"),
        "projects.mend_days" => tr!(lang, "专项工程：整改限几天", "Projects: days in which a defect is mended"),
        "projects.retention_most_percent" => tr!(lang, "专项工程：质保金最多百分之几", "Projects: the most that is kept back, percent"),
        "approval.publish_days" => tr!(lang, "业委会的决定几天内公布", "Decisions of the owners' committee are published within, days"),
        "scoring.weight_percent" => tr!(lang, "考核：业主代表占百分之几，其余归楼组长", "Scoring: what the representatives weigh, the leaders have the rest"),
        "scoring.samples" => tr!(lang, "考核：一组至少几个人打了分，这一项才算", "Scoring: marks of a group for an item to count"),
        "scoring.turnout_percent" => tr!(lang, "考核：交表的人至少占百分之几", "Scoring: least share of scorers who hand in"),
        "scoring.full_points" => tr!(lang, "考核：有效评分项的满分至少合计几分", "Scoring: least points of the items scored"),
        "scoring.remark_percent" => tr!(lang, "考核：低于满分的百分之几要写说明", "Scoring: below this share a remark is needed"),
        "scoring.straight_percent" => tr!(lang, "考核：百分之几的分一样要提示", "Scoring: so much of a sheet alike is flagged"),
        "scoring.outlier_points" => tr!(lang, "考核：离中位几分以上要提示", "Scoring: so many points from the middle are flagged"),
        "scoring.remind_days" => tr!(lang, "考核：截止前几天提醒没交的人", "Scoring: days before the end to remind those missing"),
        "scoring.contract_month_fen" => tr!(lang, "合同：一个月物业费报酬，分", "Contract: a month's remuneration, fen"),
        "scoring.retained_permille" => tr!(lang, "合同：留存考核金，千分之几", "Contract: retained for scoring, per mille"),
        "scoring.appeal_days" => tr!(lang, "考核：物业几个工作日内可以申诉", "Scoring: working days for an appeal"),
        "scoring.rectify_days" => tr!(lang, "考核：整改期限几天", "Scoring: days to mend what was found"),
        "scoring.excellent_points" => tr!(lang, "考核：几分起优秀", "Scoring: excellent from, points"),
        "scoring.good_points" => tr!(lang, "考核：几分起良好", "Scoring: good from, points"),
        "scoring.pass_points" => tr!(lang, "考核：几分起合格", "Scoring: pass from, points"),
        "scoring.pay_excellent_percent" => tr!(lang, "考核金：优秀付百分之几", "Retained pay: paid when excellent"),
        "scoring.pay_good_percent" => tr!(lang, "考核金：良好付百分之几", "Retained pay: paid when good"),
        "scoring.pay_pass_percent" => tr!(lang, "考核金：合格付百分之几", "Retained pay: paid when it passes"),
        "scoring.pay_fail_percent" => tr!(lang, "考核金：不合格付百分之几", "Retained pay: paid when it fails"),
        "parking.objection_days" => tr!(lang, "停车：名单公示几天接受异议", "Parking: days for objections to a list"),
        "parking.offer_hours" => tr!(lang, "停车：几小时内选车位，过时轮给下一户", "Parking: hours to take an offer, then it falls to the next"),
        "parking.wait_most" => tr!(lang, "停车：没抽中的轮数最多算几轮", "Parking: rounds of waiting that count, at most"),
        "parking.renew_days" => tr!(lang, "停车：到期前几天内可以续租", "Parking: days before the end in which a lease can be renewed"),
        "parking.notice_days" => tr!(lang, "停车：收回车位提前几天通知", "Parking: days between a notice of withdrawal and the end"),
        "parking.leave_days" => tr!(lang, "停车：住户搬走后车位保留几天", "Parking: days that a bay is kept after its household moved out"),
        "bikes.notice_days" => tr!(lang, "废弃非机动车：公告几天后才能处置", "Bikes left behind: days of notice before disposal"),
        "bikes.unit_bikes" => tr!(lang, "一户最多登记几辆电动自行车", "E-bikes that one household may register"),
        "visits.unit_month" => tr!(lang, "一户一个月最多几张访客证", "Visitors' passes of one household in a month"),
        "visits.ahead_days" => tr!(lang, "访客证最多提前几天", "Days ahead that a visitor's pass is made"),
        "visits.keep_days" => tr!(lang, "访客的称呼和车牌保存几天", "Days that visitors' names and plates are kept"),
        "approval.sum_days" => tr!(lang, "同一处几天内的费用合并计算", "Days within which costs at one spot are added up"),
        _ => "",
    }
}

/// A value as people say it, from the unit at the end of its name.
pub fn spoken_value(lang: Lang, key: &str, value: i64) -> String {
    if key.ends_with("_fen") {
        let yuan = crate::measure::Fen(value);
        trf!(lang, "{yuan} 元", "{yuan} yuan")
    } else if key.ends_with("_minute") {
        format!("{:02}:{:02}", value / 60, value % 60)
    } else if key.ends_with("_minutes") {
        trf!(lang, "{value} 分钟", "{value} min")
    } else if key.ends_with("_hours") {
        trf!(lang, "{value} 小时", "{value} h")
    } else if key.ends_with("_percent") {
        format!("{value} %")
    } else if key.ends_with("_days") {
        trf!(lang, "{value} 天", "{value} days")
    } else {
        value.to_string()
    }
}

/// Judges a change of a rule number.
///
/// # Errors
/// [`AppError::Invalid`] on `key`, `value`, `source`, `from` or `until`.
pub fn parse_setting(typed: &Setting) -> Result<Setting, AppError> {
    let number = rule_number(&typed.key).ok_or_else(|| AppError::field("key", "没有这一项", "There is no such number"))?;
    let (least, most) = (number.least, number.most);
    if !(least..=most).contains(&typed.value) {
        return Err(AppError::field("value", format!("请填 {least} 到 {most} 之间的整数"), format!("A whole number from {least} to {most}")));
    }
    let source = clean(&typed.source, 200).unwrap_or_default();
    if source.is_empty() {
        return Err(AppError::field("source", "请写依据，例如哪一次业主大会、哪份合同（200 字以内）", "Name the source, e.g. which owners' meeting or contract (200 characters)"));
    }
    let from = parse_day("from", &typed.from)?;
    let until = parse_day("until", &typed.until)?;
    if !until.is_empty() && until < from {
        return Err(AppError::field("until", "结束日期要在开始日期之后", "The last day comes after the first"));
    }
    Ok(Setting { key: typed.key.clone(), value: typed.value, source, from, until })
}

/// A day as `YYYY-MM-DD`, or nothing.
fn parse_day(field: &str, typed: &str) -> Result<String, AppError> {
    let day = typed.trim();
    let valid = day.is_empty() || (day.len() == 10 && chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok());
    if valid { Ok(day.to_owned()) } else { Err(AppError::field(field, "请按 2026-03-01 的样子填日期", "A date such as 2026-03-01")) }
}

/// The settings with a new one: it takes the place of one of the same name and first day, and all others stay, so that
/// one can see later what held when.
pub fn with_setting(mut own: Vec<Setting>, new: Setting) -> Vec<Setting> {
    own.retain(|s| s.key != new.key || s.from != new.from);
    own.push(new);
    own
}

/// A unit as its own people read it: `12号楼 3门 502室`.
pub fn unit_name(lang: Lang, building: &str, stair: Option<&str>, room: &str) -> String {
    match stair.filter(|s| !s.is_empty()) {
        Some(stair) => tr!(lang, "{b} {s}门 {r}室", "{b}, stair {s}, room {r}", b = building, s = stair, r = room),
        None => tr!(lang, "{b} {r}室", "{b}, room {r}", b = building, r = room),
    }
}

/// The same with the room masked (R7.5).
pub fn masked_unit_name(lang: Lang, building: &str, stair: Option<&str>, room: &str) -> String {
    unit_name(lang, building, stair, &mask_room(room))
}

/// A community's name: 2 to 30 characters.
///
/// # Errors
/// [`AppError::Invalid`] on the field `community`.
pub fn parse_community_name(typed: &str) -> Result<String, AppError> {
    match clean(typed, 30) {
        Ok(name) if name.chars().count() >= 2 && !name.contains('\n') => Ok(name),
        _ => Err(AppError::field("community", "请填小区名称，2 到 30 个字", "Enter the community's name, 2 to 30 characters")),
    }
}

/// The phone on posters and pages: 5 to 20 digits, blanks and dashes.
///
/// # Errors
/// [`AppError::Invalid`] on the field `desk_phone`.
pub fn parse_desk_phone(typed: &str) -> Result<String, AppError> {
    let phone = clean(typed, 20).unwrap_or_default();
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if digits >= 5 && phone.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')')) {
        Ok(phone)
    } else {
        Err(AppError::field("desk_phone", "请填物业电话，例如 021-5555 0110", "Enter the property desk's phone, e.g. 021-5555 0110"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_holds_between_its_dates() {
        let own = [Setting { key: "ticket.arrive_minutes".into(), value: 720, source: "合同".into(), from: "2026-01-01".into(), until: "2026-12-31".into() }];
        assert_eq!(setting(&own, "ticket.arrive_minutes", "2025-12-31"), Some(1_440));
        assert_eq!(setting(&own, "ticket.arrive_minutes", "2026-06-01"), Some(720));
        assert_eq!(setting(&own, "ticket.arrive_minutes", "2027-01-01"), Some(1_440));
        assert_eq!(setting(&own, "nonsense", "2026-06-01"), None);
    }

    #[test]
    fn every_number_has_a_name_and_a_default_within_its_bounds() {
        for n in DEFAULTS {
            assert!((n.least..=n.most).contains(&n.value), "{}", n.key);
            assert!(!rule_name(Lang::Zh, n.key).is_empty() && !rule_name(Lang::En, n.key).is_empty() && !n.source.is_empty(), "{}", n.key);
            assert_eq!(DEFAULTS.iter().filter(|o| o.key == n.key).count(), 1, "{}", n.key);
        }
    }

    #[test]
    fn a_change_names_its_source_and_its_days() {
        let good = Setting { key: "approval.property_max_fen".into(), value: 100_000, source: "业主大会 2026-01".into(), from: "2026-03-01".into(), until: String::new() };
        assert_eq!(parse_setting(&good), Ok(good.clone()));
        let wrong = [
            ("key", Setting { key: "approval.nonsense".into(), ..good.clone() }),
            ("value", Setting { value: -1, ..good.clone() }),
            ("source", Setting { source: "  ".into(), ..good.clone() }),
            ("from", Setting { from: "1.3.2026".into(), ..good.clone() }),
            ("from", Setting { from: "2026-02-30".into(), ..good.clone() }),
            ("until", Setting { until: "2026-02-28".into(), ..good.clone() }),
        ];
        for (field, setting) in wrong {
            assert!(matches!(parse_setting(&setting), Err(AppError::Invalid(f)) if f[0].field == field), "{field}: {setting:?}");
        }
        let own = with_setting(with_setting(vec![], good.clone()), Setting { value: 150_000, ..good.clone() });
        assert_eq!(own.len(), 1);
        assert_eq!((setting(&own, &good.key, "2026-02-28"), setting(&own, &good.key, "2026-03-01")), (Some(200_000), Some(150_000)));
        assert_eq!(with_setting(own, Setting { from: "2027-01-01".into(), ..good }).len(), 2);
    }

    #[test]
    fn units_are_written_and_masked() {
        assert_eq!(unit_name(Lang::Zh, "12号楼", Some("3"), "502"), "12号楼 3门 502室");
        assert_eq!(masked_unit_name(Lang::Zh, "36号楼", None, "1104"), "36号楼 *04室");
    }
}
