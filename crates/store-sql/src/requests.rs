//! Idempotency keys: each stands for one request of its merchant's.

use crate::db::{Connection, Row, named_params};
use farthing_gateway::{Claim, StoreError};
use farthing_protocol::{ChargeId, MerchantId, OperationId, UnixSeconds};

use crate::rows::{change_one, column, first, parsed, parsed_if_any};

/// A request that came with its key before.
pub(crate) struct Earlier {
    pub body_hash: [u8; 32],
    pub made: Made,
}

/// What a request made.
pub(crate) enum Made {
    Charge(ChargeId),
    Operation(OperationId),
}

pub(crate) fn earlier(
    db: &Connection<'_>,
    merchant: &MerchantId,
    claim: &Claim,
) -> Result<Option<Earlier>, StoreError> {
    first(
        db,
        "SELECT body_hash, charge, operation FROM requests WHERE merchant = :merchant AND key = :key",
        named_params! { ":merchant": merchant.as_str(), ":key": claim.key },
        |row| {
            Ok(Earlier {
                body_hash: column(row, "body_hash")?,
                made: made(row)?,
            })
        },
    )
}

fn made(row: &Row<'_>) -> Result<Made, StoreError> {
    Ok(match parsed_if_any(row, "charge", ChargeId::parse)? {
        Some(charge) => Made::Charge(charge),
        None => Made::Operation(parsed(row, "operation", OperationId::parse)?),
    })
}

/// Lets the key stand for what was made with it.
pub(crate) fn keep(
    db: &Connection<'_>,
    merchant: &MerchantId,
    claim: &Claim,
    made: &Made,
    now: UnixSeconds,
) -> Result<(), StoreError> {
    let (charge, operation) = match made {
        Made::Charge(id) => (Some(id.as_str()), None),
        Made::Operation(id) => (None, Some(id.as_str())),
    };
    change_one(
        db,
        "INSERT INTO requests (merchant, key, body_hash, charge, operation, created_at)
         VALUES (:merchant, :key, :body_hash, :charge, :operation, :now)",
        named_params! {
            ":merchant": merchant.as_str(),
            ":key": claim.key,
            ":body_hash": claim.body_hash,
            ":charge": charge,
            ":operation": operation,
            ":now": now.0,
        },
    )?;
    Ok(())
}
