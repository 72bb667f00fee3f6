//! A published round of scoring: 157 scorers, 33 items.

use anyhow::{Context, Result};
use app::measure::{DAY, Time};
use app::rooms::communities::entity::buildings;
use app::rooms::communities::rules::rule_number;
use app::rooms::people::entity::persons;
use app::rooms::scoring::count::Reading;
use app::rooms::scoring::entity::{readings, roll, rounds, sheets};
use app::rooms::scoring::model::{Group, Mark, Numbers, Stage};
use app::rooms::scoring::store::parts;
use app::rooms::scoring::template::{Item, Kind, Template, standard};
use harness::{Home, Server};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

/// Scorers of a round, as in the estate that this is modelled on.
pub const SCORERS: i64 = 157;
/// The round's number.
pub const NUMBER: &str = "KH-2025H2";

/// The numbers of a community that has none of its own.
pub fn numbers() -> Numbers {
    Numbers::read(|key| rule_number(key).map_or(0, |n| n.value))
}

/// What was counted for each objective item.
pub fn counted(template: &Template) -> Vec<Reading> {
    template.items().filter(|i| i.kind != Kind::Rated).map(|i| Reading { item: i.code.clone(), good: 95, all: 100 }).collect()
}

/// The `n`th scorer's marks.
pub fn marks(template: &Template, n: i64) -> Vec<Mark> {
    let mark = |i: &Item| Mark { item: i.code.clone(), halves: Some((n * 7 + i.full) % (i.full + 1)), remark: String::new() };
    template.rated(true).map(mark).collect()
}

/// Writes the round as rows.
///
/// # Errors
/// When the database refuses.
pub async fn build(server: &Server, home: &Home) -> Result<()> {
    let db = &server.db().write;
    let (template, id, at) = (standard(), Uuid::now_v7(), Time::now() + -120 * DAY);
    let houses = buildings::Entity::find().filter(buildings::Column::CommunityId.eq(home.id.0)).all(db).await?;
    let people: Vec<Uuid> = (0..SCORERS).map(|_| Uuid::now_v7()).collect();
    let row = rounds::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(id),
        number: Set(NUMBER.into()),
        half: Set("2025H2".into()),
        version: Set(4),
        stage: Set(Stage::Published.code().into()),
        template: Set(serde_json::to_string(&template)?),
        numbers: Set(serde_json::to_string(&numbers())?),
        retained: Set(6_258_771),
        opens_at: Set(at.0),
        closes_at: Set(at.0 + 14 * DAY),
        extensions: Set("[]".into()),
        closed_at: Set(Some(at.0 + 14 * DAY)),
        drafted_at: Set(Some(at.0 + 15 * DAY)),
        weekends_only: Set(false),
        appeal_until: Set(Some(at.0 + 20 * DAY)),
        published_at: Set(Some(at.0 + 21 * DAY)),
        first: Set(None),
        first_level: Set(None),
        total: Set(None),
        level: Set(None),
        hash: Set(Some("ab".repeat(32))),
    };
    rounds::Entity::insert(row).exec_without_returning(db).await?;
    let persons = people.iter().enumerate().map(|(n, person)| persons::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(*person),
        account_id: Set(None),
        name: Set(format!("打分人{n}")),
        phone: Set(None),
        created_at: Set(1),
    });
    persons::Entity::insert_many(persons).exec_without_returning(db).await?;
    let of_roll = people.iter().enumerate().map(|(n, person)| roll::ActiveModel {
        community_id: Set(home.id.0),
        round_id: Set(id),
        person_id: Set(*person),
        part: Set(Group::ALL[usize::from(n >= 43)].code().into()),
        high_rise: Set(true),
        building_id: Set(houses.get(n % houses.len().max(1)).map(|b| b.id)),
        conflict: Set(None),
    });
    roll::Entity::insert_many(of_roll).exec_without_returning(db).await?;
    let mut handed = Vec::new();
    for (n, person) in (0..).zip(&people) {
        handed.push(sheets::ActiveModel {
            community_id: Set(home.id.0),
            round_id: Set(id),
            person_id: Set(*person),
            id: Set(Uuid::now_v7()),
            at: Set(at.0 + DAY),
            version: Set(1),
            marks: Set(serde_json::to_string(&marks(&template, n))?),
            paper: Set(false),
        });
    }
    sheets::Entity::insert_many(handed).exec_without_returning(db).await?;
    let found = counted(&template).into_iter().map(|r| readings::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(Uuid::now_v7()),
        round_id: Set(id),
        item: Set(r.item),
        good: Set(r.good),
        total: Set(r.all),
        words: Set("台账".into()),
        photos: Set("[]".into()),
        own: Set(false),
        by_id: Set(None),
        at: Set(at.0),
        counts: Set(true),
    });
    readings::Entity::insert_many(found).exec_without_returning(db).await?;
    // What is stored as the result is what the rules make of the sheets.
    let row = rounds::Entity::find_by_id((home.id.0, id)).one(db).await?.context("the round")?;
    let (total, level) = parts(db, home.id, &row).await.map_err(|e| anyhow::anyhow!("{e:?}"))?.count().verdict().context("a valid round")?;
    let mut change = row.into_active_model();
    change.total = Set(Some(total));
    change.level = Set(Some(level.code().into()));
    change.update(db).await?;
    Ok(())
}
