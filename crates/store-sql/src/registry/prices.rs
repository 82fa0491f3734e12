use crate::db::{Connection, Row, named_params};
use farthing_gateway::{Added, Price, StoreError};
use farthing_protocol::{MerchantId, PriceId, UnixSeconds};

use super::{add, hindrance};
use crate::rows::{all, change, column, count, first, from_json, json, parsed};

pub(super) fn insert(db: &Connection<'_>, price: &Price, limit: i64) -> Result<Added, StoreError> {
    let open = count(
        db,
        "SELECT count(*) FROM prices WHERE merchant = :merchant AND closed_at IS NULL",
        named_params! { ":merchant": price.merchant.as_str() },
    )?;
    if let Some(hindrance) = hindrance(db, &price.merchant, open, limit)? {
        return Ok(hindrance);
    }
    add(
        db,
        "INSERT INTO prices (id, merchant, body, created_at, closed_at)
         VALUES (:id, :merchant, :body, :created_at, :closed_at)
         ON CONFLICT DO NOTHING",
        named_params! {
            ":id": price.id.as_str(),
            ":merchant": price.merchant.as_str(),
            ":body": json(&price.order)?,
            ":created_at": price.created_at.0,
            ":closed_at": price.closed_at.map(|at| at.0),
        },
    )
}

pub(super) fn by_id(db: &Connection<'_>, id: &PriceId) -> Result<Option<Price>, StoreError> {
    let id = id.as_str();
    let params = named_params! { ":id": id };
    let sql = "SELECT id, merchant, body, created_at, closed_at FROM prices WHERE id = :id";
    first(db, sql, params, price)
}

pub(super) fn of_merchant(
    db: &Connection<'_>,
    merchant: &MerchantId,
    limit: u32,
) -> Result<Vec<Price>, StoreError> {
    let merchant = merchant.as_str();
    let params = named_params! { ":merchant": merchant, ":limit": limit };
    let sql = "SELECT id, merchant, body, created_at, closed_at FROM prices WHERE merchant = :merchant
               ORDER BY CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id LIMIT :limit";
    all(db, sql, params, price)
}

pub(super) fn close(db: &Connection<'_>, id: &PriceId, at: UnixSeconds) -> Result<bool, StoreError> {
    let changed = change(
        db,
        "UPDATE prices SET closed_at = :at WHERE id = :id AND closed_at IS NULL",
        named_params! { ":id": id.as_str(), ":at": at.0 },
    )?;
    Ok(changed == 1)
}

fn price(row: &Row<'_>) -> Result<Price, StoreError> {
    Ok(Price {
        id: parsed(row, "id", PriceId::parse)?,
        merchant: parsed(row, "merchant", MerchantId::parse)?,
        order: from_json(row, "body")?,
        created_at: UnixSeconds(column(row, "created_at")?),
        closed_at: column::<Option<i64>>(row, "closed_at")?.map(UnixSeconds),
    })
}
