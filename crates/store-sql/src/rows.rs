//! Between rows and the gateway's types. A row that does not read back is a failure of the store, said
//! with the column's name and never with its content.

use farthing_gateway::{OperationStage, Stage, StoreError, StoredCharge, StoredOperation};
use farthing_protocol::{
    ChargeId, ConsentId, Currency, DeclineReason, DisputeId, MerchantId, Money, OperationId, OperationKind,
    QuoteId, ReceiptId, Reference, UnixSeconds,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::db::{Connection, FromColumn, Params, Row};

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

pub(crate) fn column<T: FromColumn>(row: &Row<'_>, name: &str) -> Result<T, StoreError> {
    T::from_column(row.get(name)?).ok_or_else(|| unreadable(name))
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

/// As [`parsed`], of a column that may be empty.
pub(crate) fn parsed_if_any<T, E>(
    row: &Row<'_>,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, StoreError> {
    let text: Option<String> = column(row, name)?;
    let value = text.map(|text| parse(&text)).transpose();
    value.map_err(|_| unreadable(name))
}

/// The one of `all` that is written as the column has it.
pub(crate) fn one_of<T: Copy>(
    row: &Row<'_>,
    name: &str,
    all: &[T],
    as_str: fn(T) -> &'static str,
) -> Result<T, StoreError> {
    let text: String = column(row, name)?;
    let found = all.iter().copied().find(|one| as_str(*one) == text);
    found.ok_or_else(|| unreadable(name))
}

pub(crate) fn money(row: &Row<'_>) -> Result<Money, StoreError> {
    let currency = parsed(row, "currency", Currency::parse)?;
    Money::new(column(row, "amount")?, currency).map_err(|_| unreadable("amount"))
}

/// The query of charges, for [`charge`] to read: `$rest` is what comes after `FROM charges`.
macro_rules! select_charges {
    ($rest:literal) => {
        concat!(
            "SELECT id, merchant, reference, quote, consent, amount, fee, currency, hint, at_once, stage, reason,
                    receipt, expires_at, captured, refunded, refunding, held, created_at,
                    (SELECT disputes.id FROM disputes WHERE disputes.charge = charges.id) AS dispute
             FROM charges ",
            $rest
        )
    };
}
pub(crate) use select_charges;

pub(crate) fn charge(row: &Row<'_>) -> Result<StoredCharge, StoreError> {
    Ok(StoredCharge {
        id: parsed(row, "id", ChargeId::parse)?,
        merchant: parsed(row, "merchant", MerchantId::parse)?,
        stage: stage(row)?,
        quote: parsed(row, "quote", QuoteId::parse)?,
        consent: parsed(row, "consent", ConsentId::parse)?,
        order: parsed(row, "reference", Reference::parse)?,
        amount: money(row)?,
        fee: column(row, "fee")?,
        capture: column(row, "at_once")?,
        captured: column(row, "captured")?,
        refunded: column(row, "refunded")?,
        refunding: column(row, "refunding")?,
        held: column(row, "held")?,
        dispute: parsed_if_any(row, "dispute", DisputeId::parse)?,
        hint: from_json(row, "hint")?,
        created_at: UnixSeconds(column(row, "created_at")?),
    })
}

pub(crate) fn stage(row: &Row<'_>) -> Result<Stage, StoreError> {
    let stage: String = column(row, "stage")?;
    match stage.as_str() {
        "asking" => Ok(Stage::Asking),
        "unknown" => Ok(Stage::Unknown),
        "authorised" => Ok(Stage::Authorised {
            expires_at: UnixSeconds(column(row, "expires_at")?),
        }),
        "paid" => Ok(Stage::Paid(parsed(row, "receipt", ReceiptId::parse)?)),
        "declined" => Ok(Stage::Declined(from_json::<DeclineReason>(row, "reason")?)),
        "voided" => Ok(Stage::Voided),
        "expired" => Ok(Stage::Expired),
        _ => Err(unreadable("stage")),
    }
}

/// The query of operations, for [`operation`] to read: `$rest` is what comes after `FROM operations`.
macro_rules! select_operations {
    ($rest:literal) => {
        concat!(
            "SELECT id, charge, kind, amount, currency, stage, created_at, ended_at FROM operations ",
            $rest
        )
    };
}
pub(crate) use select_operations;

pub(crate) fn operation(row: &Row<'_>) -> Result<StoredOperation, StoreError> {
    let stage: String = column(row, "stage")?;
    let ended_at = || column(row, "ended_at").map(UnixSeconds);
    Ok(StoredOperation {
        id: parsed(row, "id", OperationId::parse)?,
        charge: parsed(row, "charge", ChargeId::parse)?,
        kind: one_of(row, "kind", &OperationKind::ALL, OperationKind::as_str)?,
        amount: money(row)?,
        stage: match stage.as_str() {
            "asking" => OperationStage::Asking,
            "unknown" => OperationStage::Unknown,
            "done" => OperationStage::Done(ended_at()?),
            "failed" => OperationStage::Failed(ended_at()?),
            _ => return Err(unreadable("stage")),
        },
        created_at: UnixSeconds(column(row, "created_at")?),
    })
}

pub(crate) fn unreadable(column: &str) -> StoreError {
    StoreError::Failed(format!("the column {column} can't be read back"))
}

/// The first row of a query, read by `read`.
pub(crate) fn first<T>(
    db: &Connection<'_>,
    sql: &'static str,
    params: Params<'_>,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let (mut read, mut found) = (Some(read), None);
    db.query(sql, params, &mut |row| {
        if let Some(read) = read.take() {
            found = Some(read(row)?);
        }
        Ok(false)
    })?;
    Ok(found)
}

/// Every row of a query, read by `read`.
pub(crate) fn all<T>(
    db: &Connection<'_>,
    sql: &'static str,
    params: Params<'_>,
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    db.query(sql, params, &mut |row| {
        found.push(read(row)?);
        Ok(true)
    })?;
    Ok(found)
}

/// The number that a query of `count(*)` finds.
pub(crate) fn count(db: &Connection<'_>, sql: &'static str, params: Params<'_>) -> Result<i64, StoreError> {
    let count = first(db, sql, params, |row| {
        i64::from_column(row.first()?).ok_or_else(|| unreadable("count"))
    })?;
    Ok(count.unwrap_or(0))
}

/// Runs a statement; returns how many rows it changed.
pub(crate) fn change(
    db: &Connection<'_>,
    sql: &'static str,
    params: Params<'_>,
) -> Result<usize, StoreError> {
    db.change(sql, params)
}

/// Runs a statement that must change one row: where it changes none, its whole operation is undone. It may run as late
/// as at the operation's end.
pub(crate) fn change_one(
    db: &Connection<'_>,
    sql: &'static str,
    params: Params<'_>,
) -> Result<(), StoreError> {
    db.change_by_the_end(sql, params, Some(1))
}

/// Runs a statement that may change any number of rows, as late as at the operation's end.
pub(crate) fn change_any(
    db: &Connection<'_>,
    sql: &'static str,
    params: Params<'_>,
) -> Result<(), StoreError> {
    db.change_by_the_end(sql, params, None)
}
