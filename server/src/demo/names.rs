//! Names and phone numbers of people who do not exist.

use super::dice::Dice;

/// Surnames with their weight (roughly their share among a thousand people in Shanghai).
const SURNAMES: &[(&str, u64)] = &[
    ("王", 70),
    ("张", 68),
    ("陈", 66),
    ("李", 52),
    ("徐", 40),
    ("朱", 36),
    ("周", 36),
    ("吴", 34),
    ("沈", 32),
    ("陆", 28),
    ("黄", 26),
    ("刘", 26),
    ("顾", 26),
    ("杨", 24),
    ("姚", 16),
    ("金", 16),
    ("孙", 18),
    ("胡", 16),
    ("钱", 14),
    ("蒋", 14),
    ("曹", 13),
    ("倪", 12),
    ("潘", 12),
    ("郑", 10),
    ("施", 12),
    ("严", 10),
    ("唐", 12),
    ("俞", 10),
    ("冯", 8),
    ("袁", 8),
    ("许", 10),
    ("赵", 12),
    ("何", 8),
    ("丁", 10),
    ("奚", 6),
    ("瞿", 6),
    ("范", 7),
    ("汤", 7),
    ("叶", 9),
    ("宋", 6),
    ("龚", 7),
    ("邵", 6),
    ("盛", 5),
    ("汪", 6),
    ("傅", 5),
    ("谈", 4),
    ("毛", 5),
    ("苏", 4),
    ("凌", 3),
    ("翁", 3),
    ("马", 8),
    ("乔", 4),
    ("庄", 4),
    ("秦", 4),
    ("褚", 2),
    ("华", 3),
    ("谢", 6),
    ("董", 4),
    ("薛", 4),
    ("欧阳", 1),
];

const ELDER: &[&str] = &[
    "建国", "建华", "志强", "国梁", "阿宝", "根生", "永明", "德兴", "金根", "福康", "文龙", "月英", "秀珍", "桂兰", "玉兰", "美华", "惠芳", "雅琴", "凤娣", "佩芬", "招娣", "素珍",
    "林妹", "巧云", "兰英", "伟民", "国平", "耀明", "正平", "仁德", "宝根", "阿妹", "杏英", "翠娥", "爱珍", "永康", "荣生", "庆余", "善良", "慧娟",
];
const MIDDLE: &[&str] = &[
    "立群", "晓雯", "海峰", "志远", "建军", "卫东", "春燕", "丽萍", "莉莉", "雪梅", "敏华", "文杰", "俊峰", "伟杰", "永刚", "晓东", "志明", "勤芳", "红梅", "静怡", "国栋", "玉婷",
    "海燕", "云飞", "振宇", "佳明", "燕萍", "彩虹", "小红", "慧敏", "继红", "忠良", "新民", "向阳", "学文", "丽芳", "晓峰", "颖华", "亚琴", "培明",
];
const YOUNG: &[&str] = &[
    "子轩", "雨桐", "思远", "嘉怡", "浩然", "梓涵", "一诺", "欣妍", "俊熙", "诗涵", "宇航", "佳琪", "明轩", "若溪", "天佑", "可欣", "奕辰", "语然", "逸凡", "心怡", "晨曦", "博文",
    "梦瑶", "泽宇", "安琪", "子墨", "思琪", "乐天", "知行", "允之", "亦晨", "星辰", "沐阳", "书瑶", "景行", "清扬", "望舒", "念慈", "怀瑾", "昕悦",
];

/// Names that belong to people everybody knows: never used here.
const KNOWN: &[&str] = &[
    "王一博",
    "吴亦凡",
    "张艺兴",
    "李宇春",
    "刘诗诗",
    "刘亦菲",
    "杨紫琼",
    "赵丽颖",
    "吴京",
    "沈腾",
    "徐志摩",
    "朱自清",
    "陈嘉庚",
    "胡志明",
    "李大钊",
    "陈思诚",
    "张国立",
    "王志文",
    "黄晓明",
    "李建国",
    "马未都",
    "刘国梁",
    "陈建军",
    "李小鹏",
    "刘永刚",
    "王思聪",
    "朱丽倩",
    "蒋欣",
    "何洁",
    "孙俪",
];

/// How old somebody is, as far as a given name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Born before about 1962.
    Elder,
    /// Born before about 1990.
    Middle,
    /// Children and the young.
    Young,
}

/// A surname.
pub fn surname(dice: &mut Dice) -> &'static str {
    SURNAMES[dice.weighted(SURNAMES.iter().map(|s| s.1))].0
}

/// A full name with that surname.
pub fn full(dice: &mut Dice, surname: &str, age: Age) -> String {
    let given = match age {
        Age::Elder => ELDER,
        Age::Middle => MIDDLE,
        Age::Young => YOUNG,
    };
    loop {
        let name: String = surname.chars().chain(dice.pick(given).chars()).collect();
        if !KNOWN.contains(&name.as_str()) {
            return name;
        }
    }
}

/// The `n`th fictitious mobile number. No mobile network in China has the prefix 128, so nobody can be rung by mistake.
pub fn phone(n: u64) -> String {
    format!("128{:08}", (n + 1) * 61_803_397 % 100_000_000)
}
