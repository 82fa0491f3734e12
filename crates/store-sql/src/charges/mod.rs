mod begin;
mod end;

use crate::db::{Connection, named_params};
use farthing_gateway::{Backlog, StoreError, StoredCharge, StoredReceipt, Verdicts};
use farthing_protocol::{ChargeId, DeclineReason, MerchantId, QuoteId, ReceiptId, UnixSeconds};

pub(crate) use begin::begin;
pub(crate) use end::{book, end};

use crate::rows::{self, all, change_any, column, first, from_json, json, select_charges};

pub(crate) fn look_again(db: &Connection<'_>, id: &ChargeId, at: UnixSeconds) -> Result<(), StoreError> {
    change_any(
        db,
        "UPDATE charges SET look_at = :at WHERE id = :id AND stage = 'unknown'",
        named_params! { ":id": id.as_str(), ":at": at.0 },
    )?;
    Ok(())
}

pub(crate) fn by_id(db: &Connection<'_>, id: &ChargeId) -> Result<Option<StoredCharge>, StoreError> {
    first(
        db,
        select_charges!("WHERE id = :id"),
        named_params! { ":id": id.as_str() },
        rows::charge,
    )
}

pub(crate) fn by_quote(db: &Connection<'_>, id: &QuoteId) -> Result<Option<StoredCharge>, StoreError> {
    first(
        db,
        select_charges!("WHERE quote = :quote"),
        named_params! { ":quote": id.as_str() },
        rows::charge,
    )
}

pub(crate) fn by_receipt(db: &Connection<'_>, id: &ReceiptId) -> Result<Option<StoredCharge>, StoreError> {
    first(
        db,
        select_charges!("WHERE receipt = :receipt"),
        named_params! { ":receipt": id.as_str() },
        rows::charge,
    )
}

pub(crate) fn unresolved(
    db: &Connection<'_>,
    now: UnixSeconds,
    begun_before: UnixSeconds,
    limit: u32,
) -> Result<Vec<StoredCharge>, StoreError> {
    all(
        db,
        select_charges!(
            "WHERE stage IN ('asking', 'unknown') AND coalesce(look_at <= :now, created_at < :begun_before)
             ORDER BY created_at LIMIT :limit"
        ),
        named_params! { ":now": now.0, ":begun_before": begun_before.0, ":limit": limit },
        rows::charge,
    )
}

pub(crate) fn expired_authorisations(
    db: &Connection<'_>,
    now: UnixSeconds,
    refused_before: UnixSeconds,
    limit: u32,
) -> Result<Vec<StoredCharge>, StoreError> {
    all(
        db,
        select_charges!(
            "WHERE stage = 'authorised' AND expires_at <= :now
               AND NOT EXISTS (SELECT 1 FROM operations AS other WHERE other.charge = charges.id
                               AND other.kind IN ('capture', 'void', 'expire')
                               AND (other.stage <> 'failed'
                                    OR (other.kind = 'expire' AND other.ended_at > :refused_before)))
             ORDER BY expires_at LIMIT :limit"
        ),
        named_params! { ":now": now.0, ":refused_before": refused_before.0, ":limit": limit },
        rows::charge,
    )
}

pub(crate) fn verdicts(
    db: &Connection<'_>,
    merchant: &MerchantId,
    since: UnixSeconds,
    of: u32,
) -> Result<Verdicts, StoreError> {
    let found = first(
        db,
        "SELECT count(*) AS answered, count(*) FILTER (WHERE stage = 'declined') AS declined
         FROM (SELECT stage FROM charges
               WHERE merchant = :merchant AND created_at > :since AND stage NOT IN ('asking', 'unknown')
                 AND coalesce(reason, '') <> :on_the_way
               ORDER BY created_at DESC LIMIT :of) AS latest",
        named_params! {
            ":merchant": merchant.as_str(),
            ":since": since.0,
            ":of": of,
            ":on_the_way": json(&DeclineReason::ProcessingFailed)?,
        },
        |row| {
            Ok(Verdicts {
                answered: column(row, "answered")?,
                declined: column(row, "declined")?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Each out of an index that holds nothing else.
pub(crate) fn backlog(db: &Connection<'_>) -> Result<Backlog, StoreError> {
    macro_rules! waiting {
        ($rows:literal) => {
            concat!(
                "(SELECT count(*) FROM (SELECT 1 FROM ",
                $rows,
                " LIMIT 10000) AS waiting)"
            )
        };
    }
    let found = first(
        db,
        concat!(
            "SELECT ",
            waiting!("charges WHERE stage IN ('asking', 'unknown')"),
            " AS charges, ",
            waiting!("operations WHERE stage IN ('asking', 'unknown')"),
            " AS operations, ",
            waiting!("disputes WHERE stage IN ('open', 'returning')"),
            " AS disputes, ",
            waiting!("deliveries WHERE stage = 'due'"),
            " AS due, ",
            waiting!("deliveries WHERE stage = 'dead'"),
            " AS dead"
        ),
        &[],
        |row| {
            Ok(Backlog {
                charges: column(row, "charges")?,
                operations: column(row, "operations")?,
                disputes: column(row, "disputes")?,
                webhooks_due: column(row, "due")?,
                webhooks_dead: column(row, "dead")?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

pub(crate) fn receipt(db: &Connection<'_>, id: &ReceiptId) -> Result<Option<StoredReceipt>, StoreError> {
    first(
        db,
        "SELECT body, jws FROM receipts WHERE id = :id",
        named_params! { ":id": id.as_str() },
        |row| {
            Ok(StoredReceipt {
                receipt: from_json(row, "body")?,
                jws: column(row, "jws")?,
            })
        },
    )
}
