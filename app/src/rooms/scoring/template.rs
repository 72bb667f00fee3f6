//! The sheet 考核表: sections, items, what each is worth, who says so, and what costs points beside it.

use crate::error::AppError;
use crate::rooms::people::rules::Fields;
use crate::rooms::tickets::model::Category;
use crate::text::clean;
use serde::{Deserialize, Serialize};

/// Full marks of a sheet, in half points.
pub const FULL: i64 = 200;
/// Items of a sheet.
pub const ITEMS_MAX: usize = 80;

/// A version of the sheet. A round freezes the one that it is opened with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// What it is called, 2 to 40 characters.
    pub name: String,
    /// The sections, in their order.
    pub sections: Vec<Section>,
    /// What full marks, 80, 60, 30 and 0 per cent mean in words.
    pub anchors: [String; 5],
    /// 扣分项.
    pub deductions: Vec<Deduction>,
    /// 一票否决.
    pub vetoes: Vec<Veto>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its letter.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its items.
    pub items: Vec<Item>,
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its section's letter and a number, e.g. `B3`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is worth, in half points.
    pub full: i64,
    /// Who says how good it was.
    pub kind: Kind,
    /// Whom it concerns.
    #[serde(default)]
    pub who: Who,
    /// When it earns full marks, in words.
    pub test: String,
    /// What the program itself counts for it; nothing where somebody has to enter it with proof.
    #[serde(default)]
    pub source: Option<Source>,
    /// Which reports tell something about it: a scorer sees their own of these, and the estate's numbers, beside the item.
    #[serde(default)]
    pub topics: Vec<Category>,
}

/// What the program counts itself, over the half-year or as it stands when the round closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Quarters of common income published in time.
    IncomePublished,
    /// Cameras in use.
    Cameras,
    /// Lights in use.
    Lights,
    /// Doors and barriers in use.
    Doors,
    /// Fire equipment inspected within its days and passed.
    FireChecks,
    /// General repairs finished in time.
    Repairs,
    /// Repairs rated with four or five stars.
    Satisfaction,
    /// Urgent repairs that somebody was at in time.
    Arrivals,
}

/// Who says how good an item was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// R: the scorers.
    Rated,
    /// O: a count, on a straight line from nothing at `floor` to full marks at `target`.
    Objective {
        /// Full marks from here, in hundredths of a per cent.
        target: i64,
        /// Nothing up to here, in hundredths of a per cent.
        floor: i64,
    },
}

/// Whom an item concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Everybody.
    #[default]
    All,
    /// Those who live in a high-rise 高层: nobody else has a lift.
    HighRise,
}

/// A deduction 扣分项.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// Its word in rows, e.g. `complaint`.
    pub code: String,
    /// What it is for.
    pub name: String,
    /// Points each time.
    pub points: i64,
    /// At most so many points altogether.
    pub cap: i64,
}

/// What alone makes a round 不合格.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Veto {
    /// Its word in rows.
    pub code: String,
    /// What it is.
    pub name: String,
}

impl Template {
    /// The items in their order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|s| &s.items)
    }

    /// An item by its code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items().find(|i| i.code == code)
    }

    /// What all items are worth, in half points.
    pub fn full(&self) -> i64 {
        self.items().map(|i| i.full).sum()
    }

    /// The items that somebody scores.
    pub fn rated(&self, high_rise: bool) -> impl Iterator<Item = &Item> {
        self.items().filter(move |i| i.kind == Kind::Rated && (high_rise || i.who == Who::All))
    }

    /// What a deduction or a veto is called.
    pub fn charge(&self, code: &str) -> Option<&str> {
        let deduction = self.deductions.iter().find(|d| d.code == code).map(|d| d.name.as_str());
        deduction.or_else(|| self.vetoes.iter().find(|v| v.code == code).map(|v| v.name.as_str()))
    }
}

/// Judges a sheet that somebody made; everything wrong is named at once.
///
/// # Errors
/// [`AppError::Invalid`] on `name`, `items` or `deductions`.
pub fn judge(template: &Template) -> Result<(), AppError> {
    let mut fields = Fields::default();
    let mut wrong = |field: &str, zh: String, en: String| {
        fields.take::<()>(Err(AppError::field(field, zh, en)));
    };
    let named = |text: &str, most: usize| clean(text, most).is_ok_and(|t| !t.is_empty() && t == text && !t.contains('\n'));
    if !named(&template.name, 40) || template.name.chars().count() < 2 {
        wrong("name", "请给考核表起个名字（2 到 40 个字）".into(), "Name the sheet (2 to 40 characters)".into());
    }
    let items: Vec<&Item> = template.items().collect();
    if items.is_empty() || items.len() > ITEMS_MAX {
        wrong("items", format!("评分项要有 1 到 {ITEMS_MAX} 项"), format!("From 1 to {ITEMS_MAX} items"));
    }
    for (n, item) in items.iter().enumerate() {
        let code = &item.code;
        if !is_code(code) || items[..n].iter().any(|other| other.code == *code) {
            wrong("items", format!("“{code}”：编号要由字母和数字组成，不能重复"), format!("“{code}”: letters and digits, each once"));
        }
        if !named(&item.name, 40) || clean(&item.test, 120).is_err() {
            wrong("items", format!("{code}：名称 1 到 40 个字，满分标准不超过 120 个字"), format!("{code}: a name of 1 to 40 characters, a test of at most 120"));
        }
        if !(1..=100).contains(&item.full) {
            wrong("items", format!("{code}：满分要在 0.5 到 50 分之间"), format!("{code}: worth 0.5 to 50 points"));
        }
        if item.topics.len() > 8 || item.topics.iter().enumerate().any(|(n, topic)| item.topics[..n].contains(topic)) {
            wrong("items", format!("{code}：相关报修最多 8 类，不能重复"), format!("{code}: at most 8 kinds of reports, each once"));
        }
        if item.kind == Kind::Rated && item.source.is_some() {
            wrong("items", format!("{code}：打分项不能由系统统计"), format!("{code}: what is rated is not counted"));
        }
        if let Kind::Objective { target, floor } = item.kind
            && !(0 <= floor && floor < target && target <= 10_000)
        {
            wrong("items", format!("{code}：起算值要小于达标值，达标值不超过 100 %"), format!("{code}: the floor lies below the target, which is at most 100 %"));
        }
    }
    if template.sections.iter().any(|s| !is_code(&s.code) || !named(&s.name, 20)) {
        wrong("items", "每个部分要有字母和名称（20 字以内）".into(), "Each section has a letter and a name (20 characters)".into());
    }
    if template.full() != FULL {
        let sum = spoken_halves(template.full());
        wrong("items", format!("满分合计要是 100 分，现在是 {sum} 分"), format!("All items are worth 100 points together, now {sum}"));
    }
    let codes: Vec<&str> = template.deductions.iter().map(|d| d.code.as_str()).chain(template.vetoes.iter().map(|v| v.code.as_str())).collect();
    if codes.iter().enumerate().any(|(n, code)| !is_code(code) || codes[..n].contains(code))
        || template.deductions.iter().any(|d| !(1..=100).contains(&d.points) || d.cap < d.points)
    {
        wrong(
            "deductions",
            "扣分项每次 1 到 100 分，上限不小于每次扣的分，编号不能重复".into(),
            "A deduction costs 1 to 100 points, its cap is no less, its code is its own".into(),
        );
    }
    if template.anchors.iter().any(|a| !named(a, 40)) {
        wrong("items", "五档评分都要有文字说明（40 字以内）".into(), "Each of the five anchors has its words (40 characters)".into());
    }
    fields.check()
}

fn is_code(code: &str) -> bool {
    (1..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Half points as people say them: `3`, `3.5`.
pub fn spoken_halves(halves: i64) -> String {
    if halves % 2 == 0 { (halves / 2).to_string() } else { format!("{}.5", halves / 2) }
}

/// Section letter and name, and its items: number, name, points, target in per cent (0: rated), for high-rises only, test.
type Draft = (&'static str, &'static str, &'static [(&'static str, i64, i64, bool, &'static str)]);

/// The program's own sheet: 33 items, 100 points.
const STANDARD: &[Draft] = &[
    (
        "A",
        "综合服务",
        &[
            ("着装挂牌、文明用语", 2, 0, false, "没有查实的投诉"),
            ("24小时值守电话接听", 3, 95, false, "60 秒内接起的不少于 95 %"),
            ("收支与公共收益按期公示", 3, 100, false, "四个季度都按期公示"),
            ("服务标准公示、人员到岗", 4, 98, false, "在岗人数不少于合同人数的 98 %"),
            ("投诉3个工作日内答复", 3, 95, false, "按时答复的不少于 95 %"),
        ],
    ),
    (
        "B",
        "公共秩序",
        &[
            ("门岗值守、访客登记", 4, 0, false, "抽查都在岗、有登记"),
            ("巡逻点位签到", 4, 95, false, "签到不少于 95 %"),
            ("监控在线率", 4, 98, false, "在线不少于 98 %"),
            ("车辆停放秩序", 4, 0, false, "不堵消防通道和车道"),
            ("违规充电、高空抛物等劝阻上报", 2, 0, false, "劝阻无效的 24 小时内上报"),
        ],
    ),
    (
        "C",
        "保洁",
        &[
            ("楼道、扶手、门厅", 4, 0, false, "每天清扫，扶手无灰"),
            ("垃圾厢房与分类", 4, 0, false, "无满溢、无异味"),
            ("道路、广场", 3, 0, false, "无明显垃圾、积水"),
            ("车库保洁", 2, 0, false, "无积灰、无堆物"),
            ("电梯轿厢", 2, 0, true, "轿厢干净无异味"),
            ("除四害消杀", 1, 100, false, "计划都完成"),
        ],
    ),
    (
        "D",
        "绿化",
        &[("修剪", 3, 0, false, "按季修剪"), ("补种、无裸土", 3, 0, false, "没有裸土"), ("病虫害防治", 2, 0, false, "防治及时"), ("枯枝险树处置", 2, 100, false, "48 小时内处置")],
    ),
    (
        "E",
        "设施设备",
        &[
            ("电梯运行与维保", 4, 99, true, "可用率不少于 99 %"),
            ("水泵运行、水箱清洗检测", 4, 100, false, "清洗检测记录都公示"),
            ("公共照明完好率", 3, 98, false, "完好不少于 98 %"),
            ("道路、井盖、休闲椅", 3, 0, false, "无破损、无松动"),
            ("门禁、道闸", 2, 98, false, "完好不少于 98 %"),
        ],
    ),
    (
        "F",
        "消防安全",
        &[
            ("消防设施月检", 4, 100, false, "每月都查、都合格"),
            ("疏散通道、消防车道畅通", 3, 0, false, "无堆物、无占用"),
            ("非机动车库喷淋与充电区", 3, 100, false, "每个车库都合格"),
            ("演练每半年", 2, 100, false, "做了演练"),
        ],
    ),
    (
        "G",
        "报修客服",
        &[
            ("急修到场及时率", 5, 95, false, "按时不少于 95 %"),
            ("一般报修按时完成率", 4, 95, false, "按时不少于 95 %"),
            ("回访满意率", 2, 90, false, "满意不少于 90 %"),
            ("通知与助老服务", 2, 0, false, "通知提前到位，助老有人"),
        ],
    ),
];

/// What the program counts of it.
const SOURCES: &[(&str, Source)] = &[
    ("A3", Source::IncomePublished),
    ("B3", Source::Cameras),
    ("E3", Source::Lights),
    ("E5", Source::Doors),
    ("F1", Source::FireChecks),
    ("G1", Source::Arrivals),
    ("G2", Source::Repairs),
    ("G3", Source::Satisfaction),
];

/// Which reports tell something about its rated items.
const TOPICS: &[(&str, &[Category])] = &[
    ("B1", &[Category::Access]),
    ("C1", &[Category::Cleaning]),
    ("C2", &[Category::Cleaning]),
    ("C3", &[Category::Cleaning]),
    ("C4", &[Category::Cleaning]),
    ("C5", &[Category::Cleaning]),
    ("D1", &[Category::Greening]),
    ("D2", &[Category::Greening]),
    ("D3", &[Category::Greening]),
    ("E4", &[Category::Road, Category::Facility, Category::Manhole]),
    ("F2", &[Category::FireSystem]),
];

/// The program's own sheet, as every community has it until it writes its own.
pub fn standard() -> Template {
    let section = |(code, name, items): &Draft| {
        let item = |(n, (name, points, target, tall, test)): (usize, &(&str, i64, i64, bool, &str))| Item {
            code: format!("{code}{}", n + 1),
            name: (*name).into(),
            full: points * 2,
            // Twenty points below the target there is nothing.
            kind: if *target == 0 { Kind::Rated } else { Kind::Objective { target: target * 100, floor: (target - 20) * 100 } },
            who: if *tall { Who::HighRise } else { Who::All },
            test: (*test).into(),
            topics: TOPICS.iter().find(|t| t.0 == format!("{code}{}", n + 1)).map_or(vec![], |t| t.1.to_vec()),
            source: SOURCES.iter().find(|s| s.0 == format!("{code}{}", n + 1)).map(|s| s.1),
        };
        Section { code: (*code).into(), name: (*name).into(), items: items.iter().enumerate().map(item).collect() }
    };
    let deduction = |code: &str, name: &str, points, cap| Deduction { code: code.into(), name: name.into(), points, cap };
    let veto = |code: &str, name: &str| Veto { code: code.into(), name: name.into() };
    Template {
        name: "物业考核表（33项）".into(),
        sections: STANDARD.iter().map(section).collect(),
        anchors: ["无可挑剔", "偶有小问题且即改", "基本做到", "多次不到位", "未做"].map(Into::into),
        deductions: vec![
            deduction("overcharge", "违规收费", 10, 10),
            deduction("income_late", "公共收益未按期公示", 5, 5),
            deduction("complaint", "查实的投诉", 1, 10),
            deduction("accident", "责任消防、人身事故", 10, 10),
            deduction("hazard", "重大隐患未消除", 5, 5),
        ],
        vetoes: vec![veto("misuse", "挪用、侵占公共收益或维修资金"), veto("forgery", "伪造记录"), veto("disaster", "重大责任事故")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_sheet_is_that_of_the_rule_book() {
        let sheet = standard();
        assert_eq!(judge(&sheet), Ok(()));
        assert_eq!((sheet.items().count(), sheet.full()), (33, 200));
        let sums: Vec<_> = sheet.sections.iter().map(|s| (s.code.as_str(), s.items.iter().map(|i| i.full).sum::<i64>() / 2)).collect();
        assert_eq!(sums, [("A", 15), ("B", 18), ("C", 16), ("D", 10), ("E", 16), ("F", 12), ("G", 13)]);
        let rated: Vec<_> = sheet.rated(true).map(|i| i.code.as_str()).collect();
        assert_eq!(rated, ["A1", "B1", "B4", "B5", "C1", "C2", "C3", "C4", "C5", "D1", "D2", "D3", "E4", "F2", "G4"]);
        assert_eq!(sheet.rated(false).count(), 14, "the lift's cabin is for those who have one");
        assert_eq!(sheet.item("E1").map(|i| (i.full, i.who, i.kind)), Some((8, Who::HighRise, Kind::Objective { target: 9_900, floor: 7_900 })));
        assert_eq!((sheet.charge("complaint"), sheet.charge("forgery"), sheet.charge("x")), (Some("查实的投诉"), Some("伪造记录"), None));
    }

    #[test]
    fn a_sheet_that_does_not_add_up_is_refused_with_everything_wrong() {
        let with = |change: &dyn Fn(&mut Template)| {
            let mut sheet = standard();
            change(&mut sheet);
            match judge(&sheet) {
                Err(AppError::Invalid(fields)) => fields.into_iter().map(|f| (f.field, f.zh)).collect::<Vec<_>>(),
                other => panic!("{other:?}"),
            }
        };
        assert!(with(&|t| t.sections[0].items[0].full = 5)[0].1.contains("现在是 100.5 分"));
        assert_eq!(with(&|t| t.sections[0].items[1].code = "A1".into()).len(), 1);
        assert_eq!(with(&|t| t.name = " ".into())[0].0, "name");
        assert_eq!(with(&|t| t.sections.clear()).len(), 2);
        assert_eq!(with(&|t| t.sections[0].items[1].kind = Kind::Objective { target: 9_500, floor: 9_500 }).len(), 1);
        assert_eq!(with(&|t| t.deductions[2].cap = 0)[0].0, "deductions");
        assert_eq!(with(&|t| t.vetoes[0].code = "complaint".into())[0].0, "deductions");
        assert_eq!(with(&|t| t.anchors[2].clear())[0].0, "items");
        assert_eq!(
            with(&|t| {
                t.name = String::new();
                t.sections[0].items[0].full = 0;
            })
            .len(),
            3
        );
    }
}
