//! What things cost: kept when a quote is approved and when a bill is settled.

use crate::apply::Work;
use crate::error::AppError;
use crate::rooms::tickets::entity::prices;
use crate::rooms::tickets::model::QuoteLine;
use crate::rooms::tickets::rules::item_of;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

/// Remembers the prices of some lines. Those of a bill take the place of those of the bill before it.
pub(super) async fn remember(work: &Work<'_>, ticket: Uuid, lines: &[QuoteLine], settled: bool) -> Result<(), AppError> {
    if settled {
        prices::Entity::delete_many()
            .filter(prices::Column::CommunityId.eq(work.community.0))
            .filter(prices::Column::TicketId.eq(ticket))
            .filter(prices::Column::Settled.eq(true))
            .exec(work.txn)
            .await?;
    }
    let rows: Vec<prices::ActiveModel> = lines
        .iter()
        .map(|line| prices::ActiveModel {
            community_id: Set(work.community.0),
            id: Set(Uuid::now_v7()),
            item: Set(item_of(&line.name)),
            name: Set(line.name.clone()),
            unit_price: Set(line.unit_price.0),
            at: Set(work.now.0),
            ticket_id: Set(ticket),
            settled: Set(settled),
        })
        .collect();
    if !rows.is_empty() {
        prices::Entity::insert_many(rows).exec_without_returning(work.txn).await?;
    }
    Ok(())
}
