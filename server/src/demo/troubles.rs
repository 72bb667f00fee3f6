//! What breaks in a community, and how people write about it. `{s}` stands for the facility or the place, `{f}` for a
//! floor.

use super::places::Fixture;
use super::scenes::Subject as S;
use app::rooms::places::model::PlaceKind as K;
use app::rooms::tickets::model::{Category as C, Part};

/// Where a trouble can be.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    /// At any place of this kind.
    Place(K),
    /// At any facility of this sort.
    Fixture(Fixture),
    /// In a stair of a tower.
    Tower,
}

/// One sort of trouble.
#[derive(Debug)]
pub(super) struct Trouble {
    pub category: C,
    pub at: At,
    pub part: Part,
    pub subject: S,
    /// How often, compared with the others.
    pub weight: u64,
    /// What people write.
    pub says: &'static [&'static str],
    /// What the worker writes when it is done.
    pub done: &'static [&'static str],
    /// What it would cost: labour?, name, quantity, fen each.
    pub lines: &'static [(bool, &'static str, i64, i64)],
}

/// What it is (category, where, whose part, picture, weight), what people and workers write, and the lines of a quote.
const fn t(what: (C, At, Part, S, u64), says: &'static [&'static str], done: &'static [&'static str], lines: &'static [(bool, &'static str, i64, i64)]) -> Trouble {
    let (category, at, part, subject, weight) = what;
    Trouble { category, at, part, subject, weight, says, done, lines }
}

use Part::{Common, Own, PartlyCommon, Utility};

pub(super) const TROUBLES: &[Trouble] = &[
    t(
        (C::Facility, At::Fixture(Fixture::Bench), Common, S::Bench, 16),
        &["{s}螺丝松了，坐上去摇", "{s}有一根木条断了，坐的时候夹衣服", "{s}椅背翘起来，老人靠不住", "{s}木条开裂有毛刺，孩子手被扎了一下"],
        &["更换木条，螺丝全部加固并加装盖帽", "木条打磨上漆，螺栓换成不锈钢的，试坐稳固"],
        &[(false, "防腐木条", 4, 4_800), (false, "不锈钢螺栓", 12, 350), (true, "拆装打磨", 2, 12_000)],
    ),
    t(
        (C::Lighting, At::Fixture(Fixture::Lamp), Common, S::Lamp, 30),
        &["{s}不亮了，晚上这一段很黑", "{s}一闪一闪的，看着眼睛难受", "{s}坏了两天了，遛狗回来看不清台阶", "{s}灯罩歪了，里面进了水"],
        &["更换LED灯头，夜间已试亮", "线路接头受潮，重新接线做了防水，灯已正常", "更换驱动电源，当晚巡查正常"],
        &[(false, "LED灯头 60W", 1, 26_800), (false, "防水接线盒", 1, 3_500), (true, "登高作业", 1, 15_000)],
    ),
    t(
        (C::Lighting, At::Place(K::Stair), PartlyCommon, S::StairLight, 34),
        &[
            "{s}{f}楼声控灯不亮，跺脚也没用",
            "{s}{f}楼转角的灯坏了，上下楼只能用手机照",
            "{s}{f}楼灯泡碎了，晚上一片黑",
            "{s}{f}楼的灯忽明忽暗，老人走楼梯不放心",
            "{s}{f}楼灯不亮，差点踩空",
            "{s}里{f}楼没灯好几天了，孩子下晚自习害怕",
        ],
        &["更换声光控灯头一只，已试亮", "换感应开关，逐层试过都正常", "灯座接触不良，已更换灯座和灯泡"],
        &[(false, "声光控LED灯", 2, 3_800), (true, "更换安装", 1, 5_000)],
    ),
    t(
        (C::Access, At::Fixture(Fixture::Door), PartlyCommon, S::EntranceDoor, 28),
        &["{s}的门关不上，闭门器好像坏了，一直敞着", "{s}关门声音特别响，一楼半夜睡不着", "{s}的门老是自己弹开，外面的人随便进", "{s}的门擦地，关不严，冷风直往里灌"],
        &["更换闭门器并调好速度，现在能自己轻轻关上", "门轴下沉，已校正加垫片，开关顺畅", "把手重新固定，换了加长螺丝"],
        &[(false, "闭门器", 1, 18_500), (true, "安装调试", 1, 8_000)],
    ),
    t(
        (C::Access, At::Fixture(Fixture::Door), PartlyCommon, S::Intercom, 22),
        &["{s}刷卡没反应，要等别人出来才能进", "{s}对讲按了家里不响，快递上不来", "{s}面板屏幕花了，看不清房号", "{s}按键按下去弹不起来"],
        &["主板进水，已更换并加装防雨罩，逐户试呼正常", "读卡器重新接线，刷卡恢复", "更换按键面板，试呼三户正常"],
        &[(false, "门禁读卡模块", 1, 42_000), (false, "防雨罩", 1, 6_500), (true, "拆装调试", 2, 10_000)],
    ),
    t(
        (C::Access, At::Fixture(Fixture::Barrier), Common, S::Barrier, 9),
        &["{s}杆子歪了，抬到一半就卡住，后面车堵了一排", "{s}杆子被撞弯了，落不到位", "{s}被货车撞了，杆子折成两截"],
        &["更换道闸杆并校正限位，连续测试五十次正常", "杆子更换，底座加固，起落顺畅"],
        &[(false, "道闸杆 4米", 1, 68_000), (false, "限位开关", 1, 12_000), (true, "安装调试", 1, 30_000)],
    ),
    t(
        (C::Leak, At::Place(K::Stair), PartlyCommon, S::CeilingStain, 24),
        &["{s}顶上渗水，墙皮往下掉", "下雨以后{s}顶层平顶一大片水渍，还在扩大", "{s}{f}楼天花板发霉了，味道很重", "{s}{f}楼顶上滴水，地上总是湿的，老人怕滑倒"],
        &["屋面裂缝清理后做防水涂膜两遍，淋水试验不渗；内墙批嵌刷白", "外墙窗框打胶，室内铲除空鼓后重新粉刷"],
        &[(false, "聚氨酯防水涂料", 6, 32_000), (false, "外墙耐候胶", 8, 3_800), (true, "屋面清理及涂膜", 3, 45_000), (true, "内墙批嵌粉刷", 1, 38_000)],
    ),
    t(
        (C::Leak, At::Place(K::Garage), Common, S::GarageLeak, 12),
        &["{s}顶上滴水，正好滴在车上，车漆都花了", "{s}墙角渗水，地上积了一滩", "{s}伸缩缝漏水，下雨天像水帘"],
        &["高压注浆堵漏三处，观察两天不渗，积水已清", "伸缩缝重新嵌密封胶，加装接水槽"],
        &[(false, "聚氨酯注浆液", 10, 8_500), (false, "止水针头", 30, 600), (true, "钻孔注浆", 2, 60_000)],
    ),
    t(
        (C::Road, At::Place(K::Road), Common, S::Pothole, 16),
        &["{s}有个坑，下雨积水看不见，电瓶车差点摔", "{s}路面塌了一块，汽车开过去咚一声", "{s}路面裂开一大块，碎石到处滚"],
        &["切边清底，冷补沥青压实，已恢复通行", "破损处凿除重做，养护一天后开放"],
        &[(false, "冷补沥青 25kg", 8, 6_500), (true, "切割压实", 1, 48_000)],
    ),
    t(
        (C::Road, At::Place(K::Square), Common, S::Paving, 12),
        &["{s}地砖翘起来了，推婴儿车卡住", "{s}几块砖松动，一踩溅一裤腿水", "{s}台阶边上的砖缺了一块，跳舞的阿姨绊了一跤"],
        &["松动地砖起出，垫层找平后重新铺贴，灌缝完成", "更换破损砖六块，水泥砂浆固定"],
        &[(false, "透水砖", 20, 1_200), (false, "水泥砂浆", 4, 3_000), (true, "铺贴", 1, 36_000)],
    ),
    t(
        (C::Manhole, At::Place(K::Road), Common, S::Manhole, 7),
        &["{s}井盖没了一半，很危险，我先放了个纸箱挡着", "{s}窨井盖翻起来了，晚上没灯，怕有人掉下去", "{s}井盖碎了，下面是空的，请马上来"],
        &["先围挡，更换球墨铸铁井盖并加防坠网，现场已清理", "井盖复位并加锁扣，四周做了反光标识"],
        &[(false, "球墨铸铁井盖 700", 1, 48_000), (false, "防坠网", 1, 6_000), (true, "安装", 1, 12_000)],
    ),
    t(
        (C::Greening, At::Place(K::Green), Common, S::Branch, 18),
        &["{s}有根大树枝断了挂在上面，风一吹就晃", "{s}有棵树断了一根大枝，垂到地上了", "{s}刮大风断了树枝，还好当时没人", "{s}断枝横在走道上，推轮椅过不去"],
        &["枯枝已锯除，枝叶清运，断口涂了保护剂", "断枝锯平，周围几棵一并检查修剪，枝叶当天运走"],
        &[(true, "登高修剪（两人）", 1, 60_000), (true, "枝叶清运", 1, 18_000)],
    ),
    t(
        (C::Greening, At::Place(K::Green), Common, S::Lawn, 12),
        &["{s}草都踩秃了，下雨全是泥", "{s}补种的草没活，黄了一大片", "{s}花坛里的花死了不少，看着荒"],
        &["翻土施肥，补种麦冬二十平方米，已拉绳养护", "枯株清除，补种时令花苗，一周内每天浇水"],
        &[(false, "麦冬草（盆）", 120, 180), (false, "有机肥", 4, 4_500), (true, "翻土栽种", 1, 40_000)],
    ),
    t(
        (C::Cleaning, At::Place(K::WasteRoom), Common, S::Rubbish, 20),
        &["{s}垃圾满出来了，味道很大，苍蝇多", "{s}门口堆了装修垃圾和旧沙发，路都占了", "{s}湿垃圾桶漏水，地上黏糊糊的", "{s}洗手的水龙头旁边全是垃圾，没地方下脚"],
        &["垃圾已清运，地面冲洗消毒，增加一次中午清运", "大件垃圾联系清运，现场冲洗干净，贴了提示"],
        &[(true, "大件垃圾清运（车）", 1, 40_000), (false, "消毒药水", 2, 4_500)],
    ),
    t(
        (C::Cleaning, At::Place(K::Stair), PartlyCommon, S::StairClutter, 20),
        &["{s}堆了纸箱和旧家具，走都走不过去", "{s}{f}楼过道放了自行车和纸箱，担架都进不来", "{s}消防通道被杂物堵住了，说了也没用", "{s}{f}楼门口的旧家什放了一个多月没人要"],
        &["与住户沟通后当场清走，楼道已清扫，张贴消防通道提示", "贴通知三天后清运，地面拖洗两遍"],
        &[(true, "杂物清运", 1, 15_000)],
    ),
    t(
        (C::Facility, At::Place(K::Lift), PartlyCommon, S::LiftPanel, 16),
        &["{s}按钮按了不亮，要按好几下", "{s}里面12楼的按键掉了，露着线", "{s}显示屏不显示楼层", "{s}有个按钮按下去弹不起来"],
        &["更换按钮两只，逐层试运行正常", "显示板接线松动，维保单位已处理", "更换按键面板，运行正常"],
        &[(false, "电梯按钮", 2, 9_500), (true, "维保单位检修", 1, 30_000)],
    ),
    t(
        (C::LiftEntrapment, At::Place(K::Lift), PartlyCommon, S::LiftDoor, 7),
        &["{s}停在两层中间不动了，里面有人", "有人困在{s}里，按铃没人接，请快来", "{s}门开了一半卡住，我妈妈在里面"],
        &["十一分钟内救出，人员平安；维保单位更换门机皮带，试运行两小时后恢复", "已安全放人，门锁触点清洁更换，检验后恢复使用"],
        &[(false, "门机皮带", 1, 38_000), (false, "门锁触点", 2, 12_000), (true, "维保单位抢修", 1, 60_000)],
    ),
    t(
        (C::FireSystem, At::Fixture(Fixture::Sprinkler), Common, S::Sprinkler, 9),
        &["{s}有个头在滴水，下面的车都淋湿了", "{s}的喷头歪了还漏水，地上一滩", "{s}的喷头被撞歪了，看着要掉"],
        &["更换喷头一只，管网重新充水，压力正常", "稳压泵检修，压力恢复到正常区间，末端试水合格"],
        &[(false, "喷淋头 68℃", 4, 3_200), (false, "管件", 6, 2_500), (true, "放水更换", 1, 40_000)],
    ),
    t(
        (C::FireSystem, At::Fixture(Fixture::Hydrant), Common, S::Hydrant, 6),
        &["{s}箱门玻璃碎了，水带也不见了", "{s}箱子玻璃破了一地，小孩在玩碎片", "{s}箱子被砸了，里面的水枪没了，阀门还漏水"],
        &["补齐水带水枪，箱门玻璃更换，已登记月检", "更换阀门密封圈，不再渗漏"],
        &[(false, "消防水带 20米", 1, 16_000), (false, "水枪", 1, 6_000), (false, "箱门玻璃", 1, 5_500), (true, "安装", 1, 10_000)],
    ),
    t(
        (C::FallingHazard, At::Tower, PartlyCommon, S::WallTile, 7),
        &["{s}上面的外墙瓷砖掉了好几块，下面就是走道", "{s}顶上一片外墙砖鼓起来，已经掉下来几块", "{s}外墙砖松了，风一大就往下掉碎片"],
        &["先拉警戒线；空鼓部位全部敲除，挂网修补并复贴面砖", "松动部位已拆除，周边三米逐块敲击检查无空鼓"],
        &[(true, "高空作业（蜘蛛人）", 2, 120_000), (false, "面砖及粘结剂", 12, 8_500), (false, "耐碱网格布", 10, 1_800)],
    ),
    t(
        (C::BurstPipe, At::Place(K::Stair), PartlyCommon, S::BurstPipe, 8),
        &["{s}水管爆了，水往楼下冲，快来关阀门", "{s}一楼水表前面的管子喷水，地上都淹了", "{s}管道井里哗哗地漏，已经流到电梯口"],
        &["关阀抢修，更换爆裂管段一米二，恢复供水", "更换阀门和活接，打压试验正常，楼道积水扫净"],
        &[(false, "PPR管及配件", 6, 3_600), (false, "铜闸阀", 1, 12_500), (true, "抢修", 2, 20_000)],
    ),
    t(
        (C::Sewage, At::Place(K::Road), Common, S::Sewage, 8),
        &["{s}污水井往外冒，臭得开不了窗", "{s}下水道满出来了，流到人行道上", "{s}化粪池堵了，一楼马桶往上返水"],
        &["高压疏通三十米，清出油脂和湿巾，现场冲洗消毒", "疏通并抽运两车，水位恢复正常"],
        &[(true, "高压车疏通", 1, 90_000), (true, "抽运（车）", 2, 35_000)],
    ),
    t(
        (C::PublicOutage, At::Place(K::Stair), Utility, S::Wiring, 6),
        &["{s}整个门洞停电了，其他门是好的", "{s}电表箱门开着，线露在外面，有焦味", "{s}公共部分没电，门禁和灯都不亮"],
        &["公共回路跳闸，更换老化空开，已恢复供电", "电箱重新接线上锁，测试绝缘正常"],
        &[(false, "空气开关 63A", 1, 8_500), (false, "导线", 10, 900), (true, "电工抢修", 1, 25_000)],
    ),
    t(
        (C::Facility, At::Fixture(Fixture::Fitness), Common, S::Fitness, 11),
        &["{s}断了一边，怕老人摔", "{s}轴承响得厉害，已经脱开了", "{s}断了一根连杆，掉在地上"],
        &["更换踏板和轴承，加注润滑脂，试用正常", "连杆焊接加固并补漆，稳固"],
        &[(false, "踏板", 2, 9_800), (false, "轴承", 2, 4_500), (true, "维修", 1, 18_000)],
    ),
    t(
        (C::Facility, At::Fixture(Fixture::Play), Common, S::Slide, 7),
        &["{s}裂了一道口子，小朋友裤子划破了", "{s}下面的软垫翘边，孩子绊倒好几个", "{s}破了个洞，边上很锋利"],
        &["破损板件更换，边缘打磨，软垫重新粘贴", "板件更换，螺丝逐个拧紧，软垫压平"],
        &[(false, "滑梯板件", 1, 86_000), (false, "安全地垫", 6, 6_500), (true, "安装", 1, 30_000)],
    ),
    t(
        (C::Facility, At::Fixture(Fixture::Charger), Common, S::Charger, 10),
        &["{s}3号口插上不充电，钱照扣", "{s}一直报故障红灯，好几个口都不能用", "{s}柜门锁不上，电池不敢放"],
        &["更换3号口继电器，误扣的费用已退", "控制板重启升级，十个口逐一测试正常"],
        &[(false, "继电器模块", 2, 6_800), (true, "检修", 1, 15_000)],
    ),
    t(
        (C::Facility, At::Place(K::Stair), PartlyCommon, S::Handrail, 13),
        &["{s}扶手松了，老人一拉就晃", "{s}楼梯扶手掉了一截，露出铁尖", "{s}四楼扶手底座脱开了"],
        &["扶手底座重新打膨胀螺栓，焊接打磨后补漆", "更换木扶手一段，打磨上漆"],
        &[(false, "扶手配件", 3, 4_500), (true, "焊接打磨", 1, 22_000)],
    ),
    t(
        (C::Facility, At::Place(K::Stair), PartlyCommon, S::Mailbox, 8),
        &["{s}信报箱门坏了，信掉一地", "{s}信箱锁打不开，水费单拿不出来", "{s}信报箱整排松动，快掉下来了"],
        &["更换箱门合页和锁，钥匙已交住户", "信报箱整体加固，六颗膨胀螺丝"],
        &[(false, "信箱锁", 4, 1_800), (true, "维修", 1, 8_000)],
    ),
    t(
        (C::Road, At::Place(K::Road), Common, S::Drain, 13),
        &["{s}雨水口堵了，一下雨水到脚踝", "{s}雨水篦子塞满树叶，积水退不下去", "{s}一下雨就积水，绕都绕不过去"],
        &["清掏雨水口四座，疏通连管，泼水试验排水顺畅", "格栅复位固定，清出淤泥三袋"],
        &[(true, "清掏疏通", 1, 24_000), (false, "复合雨水篦子", 2, 16_500)],
    ),
    t(
        (C::OwnPart, At::Place(K::Stair), Own, S::Tap, 14),
        &[
            "家里厨房龙头一直滴水，关不紧，想请师傅来换",
            "厨房龙头根部渗水，台面总是湿的，愿意付费修",
            "家里龙头拧到底还滴，一个月多走两吨水",
            "厨房龙头滴滴答答一夜，老人睡不好，请师傅上门",
        ],
        &["更换陶瓷阀芯，不再滴水；材料由住户自付", "上门维修完成，按价目表收费，住户已签字"],
        &[(false, "陶瓷阀芯", 1, 3_500), (true, "上门维修", 1, 5_000)],
    ),
    t(
        (C::Access, At::Place(K::BikeGarage), Common, S::EntranceDoor, 6),
        &["{s}的门关不上，谁都能进，怕丢车", "{s}门锁坏了，一拉就开", "{s}的门半夜被风吹得砰砰响"],
        &["门锁舌更换，闭门器调好", "门锁和闭门器一起更换，门禁卡照用"],
        &[(false, "门锁", 1, 16_000), (true, "维修", 1, 12_000)],
    ),
    t(
        (C::Leak, At::Place(K::BikeGarage), Common, S::GarageLeak, 6),
        &["{s}进水了，充电的地方也湿，赶紧看看", "{s}墙脚渗水，车轮都泡着"],
        &["排水沟清淤，墙脚做刚性防水，现场已干燥", "集水井浮球更换，水泵自动启停正常"],
        &[(false, "水泵浮球", 1, 9_800), (false, "堵漏王", 6, 2_800), (true, "清淤防水", 1, 52_000)],
    ),
];

/// Good words, average ones, bad ones.
pub(super) const PRAISE: &[&str] = &[
    "师傅来得快，修得也好，谢谢！",
    "没想到这么快就好了",
    "师傅很耐心，还帮忙看了旁边的",
    "弄得很仔细，老人放心了",
    "态度好，走的时候把地也扫干净了",
    "拍照前后对比看得很清楚，满意",
    "报了没多久就好，点赞",
    "比以前打电话快多了",
    "师傅手艺没话说",
    "楼里邻居都说好",
    "一次到位，不用再催",
    "处理及时，过程都看得到，很透明",
    "小事也当回事，不错",
    "",
];
pub(super) const FAIR: &[&str] = &["好了，就是等的时间长了点", "基本可以，希望用料再好一些", "还行，来之前要是打个电话就更好了", "能用了，细节还可以再好一点", ""];
pub(super) const POOR: &[&str] = &["希望一次到位", "等了好久，催了才来", "说好上午来，下午才到，也没说一声"];

/// Why a report is sent back.
pub(super) const RETURNS: &[&str] = &[
    "照片看不清是哪一处，请补一张，写明具体位置",
    "师傅到现场没有找到，请写明位置或补一张照片",
    "同一处已有人报修并派单，请到那一单点“我也遇到”",
    "这一处已列入本月维修计划，请看公示栏",
];
/// Why a report about one's own home is sent back.
pub(super) const RETURN_HOME: &str = "请补充方便上门的时间，材料费需自理，同意请再提交";
/// Why a report is withdrawn.
pub(super) const WITHDRAWS: &[&str] = &["已经好了，不用来了", "保洁和保安已经处理了，谢谢", "报错地方了，我重新报一件", "师傅路过已经顺手弄好了"];
/// Why work waits.
pub(super) const WAITS: &[&str] = &["材料要向厂家订，预计三天到货", "仓库缺货，明天送来", "材料明天下午到，已先做安全防护", "等天气转晴再施工，材料已备好"];
/// Why the reporter is not satisfied yet.
pub(super) const COMPLAINTS: &[&str] = &["看着好了，过了一天又不行了", "只弄了一半，旁边那处还是老样子", "现场的垃圾没有清走", "还是有点问题，请师傅再来看看"];
/// Why the committee sends a quote back.
pub(super) const DECLINES: &[&str] = &["材料单价偏高，请附两家比价后再报", "数量请与现场核对，先修急的部分", "请说明为什么不能局部修"];
/// Who makes offers.
pub(super) const SUPPLIERS: &[&str] = &["上海安邻物业工程有限公司", "上海绿洲园林设施有限公司", "普陀恒达维修服务部", "上海金匠建筑修缮有限公司", "上海佳源五金制品有限公司"];
/// What committee members say when they agree.
pub(super) const AGREES: &[&str] = &["", "价格和上次差不多", "", "同意，请按报价做完再结算", "去现场看过，该修", ""];
/// Which interest a member has in a quote.
pub(super) const INTERESTS: &[&str] = &["供应商的负责人是我的亲戚", "施工的位置就在我家门口，我受益最多"];
/// Words under a ticket.
pub(super) const REMARKS: &[&str] = &[
    "我们这边也一样，希望一起看看",
    "谢谢物业，等着呢",
    "去年修过一次，还是老地方",
    "大家路过当心点",
    "今天又看了一眼，还是老样子",
    "好几个邻居都在说这件事",
    "老人小孩走得多，请快一点",
];
/// Reports that do not belong on a public board, the reason for hiding them, and the desk's answer.
pub(super) const HIDDEN: &[(&str, &str, &str)] = &[
    ("专业疏通下水道、开锁换锁，价格优惠，随叫随到", "广告，与报修无关", "这里只收报修，广告请勿再发"),
    ("楼上那家人天天吵，某某某你给我等着", "指名道姓，属邻里纠纷，已请居委会上门调解", "邻里纠纷请找居委会，电话在公示栏"),
    ("刚才有个人在车棚，照片拍到他正脸，大家认一认", "照片能认出他人，不宜公开；已转物业查看", "线索已转物业值班，请不要在这里贴人脸照片"),
];
