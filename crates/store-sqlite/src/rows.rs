//! Between rows and the gateway's types. A row that does not read back is a failure of the store, said
//! with the column's name and never with its content.

use farthing_gateway::{Stage, StoreError, StoredCharge};
use farthing_protocol::{
    ChargeId, Currency, DeclineReason, MerchantId, Money, QuoteId, ReceiptId, Reference, UnixSeconds,
};
use rusqlite::Row;
use serde::{Serialize, de::DeserializeOwned};

use crate::writer::failed;

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

pub(crate) fn column<T: rusqlite::types::FromSql>(row: &Row<'_>, name: &str) -> Result<T, StoreError> {
    row.get(name).map_err(failed)
}

pub(crate) fn from_json<T: DeserializeOwned>(row: &Row<'_>, name: &str) -> Result<T, StoreError> {
    let text: String = column(row, name)?;
    serde_json::from_str(&text).map_err(|_| unreadable(name))
}

pub(crate) fn parsed<T, E>(
    row: &Row<'_>,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, StoreError> {
    let text: String = column(row, name)?;
    parse(&text).map_err(|_| unreadable(name))
}

pub(crate) fn money(row: &Row<'_>) -> Result<Money, StoreError> {
    let currency = parsed(row, "currency", Currency::parse)?;
    Money::new(column(row, "amount")?, currency).map_err(|_| unreadable("amount"))
}

pub(crate) const CHARGE: &str =
    "id, merchant, reference, quote, amount, currency, hint, stage, reason, receipt, created_at, body_hash";

pub(crate) fn charge(row: &Row<'_>) -> Result<StoredCharge, StoreError> {
    Ok(StoredCharge {
        id: parsed(row, "id", ChargeId::parse)?,
        merchant: parsed(row, "merchant", MerchantId::parse)?,
        stage: stage(row)?,
        quote: parsed(row, "quote", QuoteId::parse)?,
        order: parsed(row, "reference", Reference::parse)?,
        total: money(row)?,
        hint: from_json(row, "hint")?,
        created_at: UnixSeconds(column(row, "created_at")?),
    })
}

pub(crate) fn stage(row: &Row<'_>) -> Result<Stage, StoreError> {
    let stage: String = column(row, "stage")?;
    match stage.as_str() {
        "asking" => Ok(Stage::Asking),
        "unknown" => Ok(Stage::Unknown),
        "paid" => Ok(Stage::Paid(parsed(row, "receipt", ReceiptId::parse)?)),
        "declined" => Ok(Stage::Declined(from_json::<DeclineReason>(row, "reason")?)),
        _ => Err(unreadable("stage")),
    }
}

fn unreadable(column: &str) -> StoreError {
    StoreError::Failed(format!("the column {column} can't be read back"))
}

/// The first row of a query, read by `read`.
pub(crate) fn first<T>(
    db: &rusqlite::Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = db.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(params).map_err(failed)?;
    rows.next().map_err(failed)?.map(read).transpose()
}

/// Every row of a query, read by `read`.
pub(crate) fn all<T>(
    db: &rusqlite::Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = db.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(params).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Runs a statement; returns how many rows it changed.
pub(crate) fn change(
    db: &rusqlite::Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<usize, StoreError> {
    db.prepare_cached(sql)
        .map_err(failed)?
        .execute(params)
        .map_err(failed)
}
