//! What is going on in 祥和家园 at this moment: something in every state, so that every page has something to show.

use super::history::{Cost, Course, Spot, Teller, awake, double};
use super::names::phone;
use super::roles::SignIn;
use super::scenes::Subject;
use super::script::{By, Doing, Reporter, Script};
use super::troubles::{At, HIDDEN, TROUBLES, Trouble};
use app::ids::PersonId;
use app::measure::{DAY, Fen, HOUR, MINUTE, Time};
use app::rooms::people::model::Role;
use app::rooms::tickets::model::{Offer, Part, Quote, QuoteLine, State, Step, Visibility};
use app::rooms::tickets::rules::add_open_hours;

/// A ticket that came in about `hours` ago and has come as far as the course says; longer ago if that takes longer.
pub(super) fn lately(teller: &mut Teller<'_>, hours: i64, course: Course, fits: impl Fn(&Trouble) -> bool) -> Option<Script> {
    let fitting: Vec<&'static Trouble> = TROUBLES.iter().filter(|t| fits(t)).collect();
    let mut back = hours * HOUR;
    for _ in 0..40 {
        let trouble = fitting[teller.dice.weighted(fitting.iter().map(|t| t.weight))];
        let Some(spot) = teller.spot(trouble) else { continue };
        let about = back + teller.dice.between(-back / 5, back / 5);
        let at = recent(teller, about, trouble.category.is_urgent());
        if course.cost != Cost::None && teller.costed(spot, at) {
            continue;
        }
        let mut script = teller.tell(trouble, spot, at, course);
        script.acts.retain(|a| a.at < teller.now || !matches!(a.doing, Doing::MeToo | Doing::Comment(_)));
        if script.acts.last().is_none_or(|a| a.at < teller.now) {
            return Some(script);
        }
        back += back / 4 + 30 * MINUTE;
    }
    None
}

/// So long ago, at a time when people are up if it is long enough ago to choose.
fn recent(teller: &mut Teller<'_>, back: i64, urgent: bool) -> Time {
    let at = Time(teller.now.0 - back.max(3 * MINUTE));
    let minute = at.minute_of_day(480);
    if urgent || back < 10 * HOUR || (390..1_320).contains(&minute) { at } else { awake(&mut teller.dice, at, false).min(at) }
}

fn named<'a>(teller: &Teller<'a>, name: &str) -> Option<Spot<'a>> {
    let estate = teller.estate;
    match estate.facilities.iter().find(|f| f.name == name) {
        Some(facility) => Some((estate.places.iter().find(|p| p.id == facility.place)?, Some(facility))),
        None => Some((estate.places.iter().find(|p| p.name == name)?, None)),
    }
}

fn about(subject: Subject) -> &'static Trouble {
    TROUBLES.iter().find(|t| t.subject == subject).unwrap_or(&TROUBLES[0])
}

/// The person of a demo account, in the role it shows.
fn demo(teller: &Teller<'_>, sign_ins: &[SignIn], role: Role) -> Option<By> {
    let sign_in = sign_ins.iter().find(|s| s.role == role)?;
    let person = sign_in.persons.iter().find(|p| p.0 == teller.estate.community.id)?.1;
    let unit = teller.estate.memberships.iter().find(|m| m.person == person && m.role == role).and_then(|m| m.unit);
    Some(By { person, role, unit })
}

/// Everything that is going on now.
pub(super) fn write(teller: &mut Teller<'_>, sign_ins: &[SignIn]) -> Vec<Script> {
    let mut tickets = vec![];
    let heroine = demo(teller, sign_ins, Role::Owner);
    let worker = demo(teller, sign_ins, Role::Worker).map(|b| b.person);
    if let (Some(by), Some(worker)) = (heroine, worker) {
        tickets.extend(bench(teller, by, worker));
        tickets.extend(lamp(teller, by, worker));
    }
    tickets.extend(lately(teller, 26 * 24, Course { rated: true, reporter: heroine, ..Course::to(State::Archived) }, |t| t.subject == Subject::Drain));
    tickets.extend(on_the_way(teller, sign_ins, worker));
    tickets.extend(overdue(teller));
    tickets.extend(today(teller, worker));
    tickets.extend(doubled(teller));
    tickets.extend(waiting_to_be_read(teller));
    tickets.extend(hidden(teller));
    tickets.extend(new_benches(teller, worker));
    tickets
}

/// Six rotten benches are replaced: three offers, the committee chooses, the bill is a little lower.
fn new_benches(teller: &mut Teller<'_>, worker: Option<PersonId>) -> Option<Script> {
    let spot = named(teller, "5号休闲椅")?;
    let at = teller.now.day_start(480) + (-41 * DAY + 9 * HOUR);
    if teller.costed(spot, at) {
        return None;
    }
    // What is told here leaves the dice of the rest as they are.
    let dice = teller.dice.clone();
    let by = teller.reporter(spot.0);
    let mut tale = teller.begin(about(Subject::Bench), spot, Reporter::Person(by), at, "{s}和旁边五张木条都烂了，坐下去会断，请整批换");
    tale.one_photo(1);
    tale.worker = worker.unwrap_or(tale.worker);
    tale.take_in();
    tale.hand_out();
    tale.arrive();
    tale.pass(30, 60);
    let line = |labour, name: &str, quantity, yuan: i64| QuoteLine { labour, name: name.to_owned(), quantity, unit_price: Fen(yuan * 100) };
    let offer = |supplier: &str, bench, work, away| Offer {
        supplier: supplier.to_owned(),
        lines: vec![line(false, "防腐木休闲椅", 6, bench), line(true, "拆旧安装", 6, work), line(true, "旧椅清运", 1, away)],
    };
    let offers = vec![offer("上海绿洲园林设施有限公司", 1_180, 200, 300), offer("上海佳源五金制品有限公司", 1_120, 260, 200), offer("普陀恒达维修服务部", 1_350, 180, 0)];
    let why = "椅子板材厚 4 厘米、保修五年；最低的一家板材 3 厘米、保修一年".to_owned();
    let quote = tale.ask(Quote { offers, recommended: 0, why, ..Quote::default() });
    tale.decide(quote, true, State::InProgress);
    tale.clock = tale.clock + 9 * DAY;
    tale.pass(60, 90);
    tale.finish();
    tale.clock = tale.clock + 5 * HOUR;
    tale.rate();
    tale.bill();
    let script = tale.script;
    teller.dice = dice;
    Some(script)
}

/// 3号休闲椅: loose screws, mended by 张师傅, waiting for 王阿姨's word.
fn bench(teller: &mut Teller<'_>, by: By, worker: PersonId) -> Option<Script> {
    let spot = named(teller, "3号休闲椅")?;
    let now = teller.now;
    // On the wall clock: three days before, so that the last step, at 13:05 the day before or today, has been.
    let clock = |days: i64, hour: i64, minute: i64| now.day_start(480) + (days * 24 + hour) * HOUR + minute * MINUTE;
    let last = if clock(0, 13, 5) < now + -10 * MINUTE { 0 } else { -1 };
    let mut tale = teller.begin(about(Subject::Bench), spot, Reporter::Person(by), clock(last - 2, 9, 12), "3号休闲椅螺丝外露，怕划到孩子");
    tale.script.scanned = true;
    tale.one_photo(0);
    tale.worker = worker;
    tale.clock = clock(last - 2, 9, 40);
    let desk = tale.desk();
    tale.step(desk, Step::Accept { part: Part::Common }, State::Accepted);
    tale.clock = clock(last - 2, 10, 2);
    tale.step(desk, Step::Assign { worker }, State::Dispatched);
    tale.clock = clock(last - 2, 15, 20);
    let crew = tale.crew();
    tale.step(crew, Step::Arrive, State::InProgress);
    tale.clock = clock(last - 2, 16, 40);
    let line = |labour, name: &str, quantity, fen| QuoteLine { labour, name: name.to_owned(), quantity, unit_price: Fen(fen) };
    let lines = vec![line(false, "不锈钢螺栓", 12, 350), line(false, "螺栓盖帽", 12, 200), line(true, "拆装打磨", 1, 12_000)];
    tale.step(desk, Step::Quote(Quote::of(lines)), State::InProgress);
    tale.clock = clock(last - 2, 17, 5);
    tale.step(crew, Step::Pause { reason: "盖帽明天上午到货，先用胶带包好螺丝".to_owned() }, State::AwaitingMaterial);
    tale.clock = clock(last, 10, 30);
    tale.step(crew, Step::Resume, State::InProgress);
    tale.clock = clock(last, 13, 5);
    tale.finish();
    tale.gather(2);
    Some(tale.script)
}

/// The lamp in front of house 9, which 张师傅 is looking after.
fn lamp(teller: &mut Teller<'_>, by: By, worker: PersonId) -> Option<Script> {
    let spot = named(teller, "36号路灯")?;
    let at = recent(teller, 22 * HOUR, false);
    let mut tale = teller.begin(about(Subject::Lamp), spot, Reporter::Person(by), at, "9号楼前的{s}不亮，晚上看不清台阶");
    tale.one_photo(0);
    tale.worker = worker;
    tale.take_in();
    tale.hand_out();
    tale.arrive();
    let script = tale.script;
    script.acts.last().is_some_and(|a| a.at < teller.now).then_some(script)
}

/// Something in each state that a ticket can rest in.
fn on_the_way(teller: &mut Teller<'_>, sign_ins: &[SignIn], worker: Option<PersonId>) -> Vec<Script> {
    use State as S;
    let (tenant, several, leader) = (demo(teller, sign_ins, Role::Tenant), demo(teller, sign_ins, Role::OwnersRepresentative), demo(teller, sign_ins, Role::BuildingLeader));
    let general = |t: &Trouble| !t.category.is_urgent() && t.part != Part::Own;
    let dear = |t: &Trouble| matches!(t.subject, Subject::CeilingStain | Subject::GarageLeak | Subject::WallTile | Subject::Pothole | Subject::Slide | Subject::Branch);
    let mut all = vec![];
    let mut add = |teller: &mut Teller<'_>, times: usize, hours: i64, course: Course, fits: &dyn Fn(&Trouble) -> bool| {
        for _ in 0..times {
            all.extend(lately(teller, hours, course, fits));
        }
    };
    let to = Course::to;
    add(teller, 5, 1, to(S::Received), &general);
    add(teller, 1, 4, Course { reporter: leader, ..to(S::Accepted) }, &|t| t.subject == Subject::StairLight);
    add(teller, 3, 4, Course { others: 3, ..to(S::Accepted) }, &general);
    add(teller, 4, 9, Course { others: 2, ..to(S::Dispatched) }, &general);
    add(teller, 3, 16, Course { others: 4, ..to(S::InProgress) }, &general);
    add(teller, 2, 1, to(S::InProgress), &|t| t.category.is_urgent());
    add(teller, 1, 30, Course { worker, ..to(S::AwaitingMaterial) }, &general);
    add(teller, 2, 40, Course { others: 1, ..to(S::AwaitingMaterial) }, &general);
    add(teller, 4, 20, Course { cost: Cost::Committee, others: 3, ..to(S::AwaitingApproval) }, &dear);
    add(teller, 1, 50, Course { cost: Cost::Owners, others: 9, ..to(S::AwaitingApproval) }, &|t| t.subject == Subject::CeilingStain);
    add(teller, 4, 30, Course { others: 2, ..to(S::AwaitingCheck) }, &general);
    add(teller, 1, 30, Course { reporter: several, ..to(S::AwaitingCheck) }, &general);
    add(teller, 1, 40, Course { worker, ..to(S::Rework) }, &general);
    add(teller, 1, 44, to(S::Rework), &general);
    add(teller, 3, 50, Course { others: 1, ..to(S::Done) }, &general);
    add(teller, 3, 60, Course { others: 2, ..to(S::Rated) }, &general);
    add(teller, 1, 18, Course { reporter: tenant, ..to(S::Returned) }, &|t| t.subject == Subject::Tap);
    add(teller, 2, 30, to(S::Returned), &general);
    add(teller, 2, 24, to(S::Withdrawn), &general);
    all
}

/// Past their deadlines: nobody took them in, nobody came, nobody finished.
fn overdue(teller: &mut Teller<'_>) -> Vec<Script> {
    use State as S;
    let general = |t: &Trouble| !t.category.is_urgent() && t.part != Part::Own;
    let late = [(30, S::Received), (40, S::Dispatched), (52, S::Dispatched), (100, S::InProgress), (130, S::InProgress)];
    late.into_iter().filter_map(|(hours, ends)| lately(teller, hours, Course { others: 3, ..Course::to(ends) }, general)).collect()
}

/// What the demo worker has to do today: each with an appointment.
fn today(teller: &mut Teller<'_>, worker: Option<PersonId>) -> Vec<Script> {
    let mut all = vec![];
    for (n, subject) in (1i64..).zip([Subject::StairLight, Subject::EntranceDoor, Subject::Handrail, Subject::Drain]) {
        let Some(mut script) = lately(teller, 5 + n, Course { worker, others: 1, ..Course::to(State::Dispatched) }, |t| t.subject == subject) else { continue };
        script.acts.retain(|a| !matches!(a.doing, Doing::Step(Step::Schedule { .. })));
        let Some(last) = script.acts.iter().map(|a| a.at).max() else { continue };
        let visit = add_open_hours(teller.now, (40 + n * 70) * MINUTE, &teller.limits);
        let half = Time(visit.0 / (30 * MINUTE) * (30 * MINUTE));
        if let Some(worker) = worker {
            let at = Time((last.0 + teller.now.0) / 2);
            let by = Some(By { person: worker, role: Role::Worker, unit: None });
            let id = teller.mutation(at);
            script.acts.push(super::script::Act { id, at, by, doing: Doing::Step(Step::Schedule { at: half }) });
        }
        all.push(script);
    }
    all
}

/// The same trouble reported twice: one was merged into the other, which is open.
fn doubled(teller: &mut Teller<'_>) -> Vec<Script> {
    let mut all = vec![];
    for subject in [Subject::Intercom, Subject::Barrier] {
        let Some(first) = lately(teller, 12, Course { others: 5, ..Course::to(State::InProgress) }, |t| t.subject == subject) else { continue };
        let place = teller.estate.places.iter().find(|p| p.id == first.place);
        let facility = teller.estate.facilities.iter().find(|f| Some(f.id) == first.facility);
        let twin = place.and_then(|place| double(teller, about(subject), (place, facility), &first));
        all.push(first);
        all.extend(twin);
    }
    all
}

/// Visitors' reports that a moderator has not read yet.
fn waiting_to_be_read(teller: &mut Teller<'_>) -> Vec<Script> {
    let public = |t: &Trouble| matches!(t.at, At::Fixture(_) | At::Place(app::rooms::places::model::PlaceKind::Road)) && !t.category.is_urgent();
    [1, 2, 5, 9].into_iter().filter_map(|hours| lately(teller, hours, Course { visitor: true, ..Course::to(State::Received) }, public)).collect()
}

/// What a moderator took off the board, with the reason.
fn hidden(teller: &mut Teller<'_>) -> Vec<Script> {
    let mut all = vec![];
    for (n, (text, reason, answer)) in (0i64..).zip(HIDDEN) {
        let trouble = about(Subject::StairClutter);
        let Some(spot) = teller.spot(trouble) else { continue };
        let at = Time(teller.now.0 - (1 + n * 9) * DAY - 6 * HOUR);
        let moderator = teller.moderator;
        let contact = (n == 0).then(|| phone(990_000));
        let mut tale = teller.begin(trouble, spot, Reporter::Visitor { contact }, at, text);
        tale.script.photos.clear();
        tale.script.report_photos.clear();
        tale.pass(10, 200);
        tale.act(Some(moderator), Doing::Hide((*reason).to_owned()));
        tale.pass(10, 60);
        let desk = tale.desk();
        tale.step(desk, Step::Return { reason: (*answer).to_owned() }, State::Returned);
        tale.script.visibility = Visibility::Hidden;
        if tale.script.acts.last().is_some_and(|a| a.at < tale.teller.now) {
            all.push(tale.script);
        }
    }
    all
}
