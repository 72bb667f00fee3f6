//! The clerk's Excel list, on both databases.

use app::rooms::communities::entity::units;
use app::rooms::people::entity::{ownerships, persons};
use app::rooms::people::model::Role;
use harness::{Backend, Browser, Server};
use rstest::rstest;
use rust_xlsxwriter::Workbook;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

fn workbook(area: f64, with_fault: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let put = |sheet: &mut rust_xlsxwriter::Worksheet, row: u32, cells: [&str; 6]| {
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write(row, column, cell).expect("writes");
        }
    };
    sheet.write(0, 0, "祥和里业主名册").expect("writes");
    put(sheet, 1, ["幢号", "单元", "室号", "建筑面积(㎡)", "产权人", "联系电话"]);
    put(sheet, 2, ["21号楼", "1", "", "", "钱一、钱二", "13911110001、"]);
    sheet.write(2, 2, 502).expect("writes");
    sheet.write(2, 3, area).expect("writes");
    put(sheet, 3, ["21", "1", "503", "102.30", "钱一", "13911110001"]);
    if with_fault {
        put(sheet, 4, ["21", "1", "504", "八十八", "孙三", "1390000"]);
    }
    book.save_to_buffer().expect("a workbook")
}

async fn preview(clerk: &Browser, file: Vec<u8>) -> harness::browser::Seen {
    clerk.post_files("/desk/roster", &[], &[("file", file)]).await
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_roster_is_looked_through_then_written_once(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let db = &server.db().read;
    let count = || units::Entity::find().filter(units::Column::CommunityId.eq(town.here.id.0)).count(db);
    let before = count().await.expect("counts");
    let clerk = town.here.browser(&server, Role::Dispatcher).await;
    let seen = preview(&clerk, workbook(88.6, true)).await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    assert!(seen.says("八十八") && seen.says("88.60") && seen.says(">5<"), "the bad row is named with line, column and advice: {}", seen.text);
    assert_eq!(count().await.expect("counts"), before, "nothing is written before it is confirmed");

    let (id, import) = (seen.hidden_after("/forms/roster-import", "id"), seen.hidden("import"));
    // Another community cannot confirm it.
    let other = town.there.browser(&server, Role::Dispatcher).await;
    let stolen = other.post("/forms/roster-import", &[("id", &app::ids::MutationId::new().to_string()), ("import", &import), ("back", "/desk/roster")]).await;
    assert_eq!(stolen.status, 404);
    let done = clerk.post("/forms/roster-import", &[("id", &id), ("import", &import), ("back", "/desk/roster")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(count().await.expect("counts"), before + 2);
    // 钱一 with the same phone owns both units and is one person.
    let same = persons::Entity::find().filter(persons::Column::CommunityId.eq(town.here.id.0)).filter(persons::Column::Name.eq("钱一")).all(db).await.expect("reads");
    assert_eq!(same.len(), 1);
    assert_eq!(ownerships::Entity::find().filter(ownerships::Column::PersonId.eq(same[0].id)).count(db).await.expect("counts"), 2);

    // The same file again changes nothing; an area that changed is shown before it is written.
    let again = preview(&clerk, workbook(88.6, false)).await;
    assert!(again.says("不用写入") && !again.says("/forms/roster-import"), "{}", again.text);
    let changed = preview(&clerk, workbook(89.0, false)).await;
    assert!(changed.says("88.60 → 89.00"), "{}", changed.text);

    // Those who may not, cannot; what is no table gets advice.
    let owner = town.here.browser(&server, Role::Owner).await;
    assert_eq!(preview(&owner, workbook(88.6, false)).await.status, 403);
    let old = preview(&clerk, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec()).await;
    assert!(old.status == 422 && old.says(".xlsx"), "{}", old.text);
    let gbk = encoding_rs::GBK.encode("楼栋,室号,建筑面积,业主\r\n22,101,66.5,周四\r\n").0.into_owned();
    assert!(preview(&clerk, gbk).await.says("确认写入"));
}
