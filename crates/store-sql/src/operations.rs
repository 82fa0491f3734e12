use crate::db::{Connection, named_params};
use farthing_gateway::{NewOperation, OperationBegun, OperationEnd, Paid, StoreError, StoredOperation};
use farthing_protocol::{ChargeId, OperationId, OperationKind, UnixSeconds};

use crate::{
    charges, events, ledger,
    requests::{self, Made},
    rows::{self, all, change, change_any, change_one, count, first, select_operations},
};

pub(crate) fn begin(db: &Connection<'_>, new: &NewOperation) -> Result<OperationBegun, StoreError> {
    if let Some(claim) = &new.claim
        && let Some(earlier) = requests::earlier(db, &new.merchant, claim)?
    {
        let operation = match earlier.made {
            Made::Operation(id) => by_id(db, &id)?.map(Box::new),
            Made::Charge(_) => None,
        };
        return Ok(OperationBegun::Replay {
            body_hash: earlier.body_hash,
            operation,
        });
    }
    if open(db, new)? == 0 {
        return Ok(OperationBegun::NotBegun {
            charge: charges::by_id(db, &new.charge)?.map(Box::new),
            taken: is_taken(db, new)?,
            count: count_of_kind(db, new)?,
        });
    }
    set_aside(db, new)?;
    if let Some(claim) = &new.claim {
        let made = Made::Operation(new.id.clone());
        requests::keep(db, &new.merchant, claim, &made, new.now)?;
    }
    if let Some(event) = &new.event {
        events::insert(db, event)?;
    }
    match (charges::by_id(db, &new.charge)?, by_id(db, &new.id)?) {
        (Some(charge), Some(operation)) => Ok(OperationBegun::Begun {
            charge: Box::new(charge),
            operation: Box::new(operation),
        }),
        _ => Err(StoreError::Failed("an operation without its charge".to_owned())),
    }
}

/// The one statement that opens an operation: its row comes out of the charge's, if that is as `$condition` has it.
macro_rules! open_if {
    ($condition:literal) => {
        concat!(
            "INSERT INTO operations (id, charge, kind, amount, currency, stage, created_at)
             SELECT :id, id, :kind, :amount, :currency, 'asking', :now FROM charges
             WHERE id = :charge AND merchant = :merchant AND currency = :currency
               AND (SELECT count(*) FROM operations AS other WHERE other.charge = charges.id
                    AND other.kind = :kind) < :limit
               AND ",
            $condition
        )
    };
}

fn open(db: &Connection<'_>, new: &NewOperation) -> Result<usize, StoreError> {
    let sql = match new.kind {
        OperationKind::Capture | OperationKind::Void => open_if!(
            "stage = 'authorised' AND expires_at > :now AND amount + fee >= :amount
             AND NOT EXISTS (SELECT 1 FROM operations AS other WHERE other.charge = charges.id
                             AND other.kind IN ('capture', 'void', 'expire') AND other.stage <> 'failed')"
        ),
        OperationKind::Expire => open_if!(
            "stage = 'authorised' AND expires_at <= :now AND amount + fee >= :amount
             AND NOT EXISTS (SELECT 1 FROM operations AS other WHERE other.charge = charges.id
                             AND other.kind IN ('capture', 'void', 'expire') AND other.stage <> 'failed')"
        ),
        OperationKind::Refund => open_if!("captured - refunded - refunding - held >= :amount"),
        OperationKind::Return => open_if!(
            "held = :amount
             AND NOT EXISTS (SELECT 1 FROM operations AS other WHERE other.charge = charges.id
                             AND other.kind = 'return' AND other.stage <> 'failed')"
        ),
    };
    change(
        db,
        sql,
        named_params! {
            ":id": new.id.as_str(),
            ":charge": new.charge.as_str(),
            ":merchant": new.merchant.as_str(),
            ":kind": new.kind.as_str(),
            ":amount": new.amount.minor(),
            ":currency": new.amount.currency().as_str(),
            ":limit": new.limit,
            ":now": new.now.0,
        },
    )
}

/// A reservation needs no more than the operation's row, of which there is one; what was taken is counted, and what a
/// dispute holds is held already.
fn set_aside(db: &Connection<'_>, new: &NewOperation) -> Result<(), StoreError> {
    match new.kind {
        OperationKind::Capture | OperationKind::Void | OperationKind::Expire => Ok(()),
        OperationKind::Refund => change_one(
            db,
            "UPDATE charges SET refunding = refunding + :amount WHERE id = :charge",
            named_params! { ":charge": new.charge.as_str(), ":amount": new.amount.minor() },
        ),
        OperationKind::Return => change_one(
            db,
            "UPDATE disputes SET stage = 'returning' WHERE charge = :charge",
            named_params! { ":charge": new.charge.as_str() },
        ),
    }
}

/// Whether there is one of those that a charge has one of.
fn is_taken(db: &Connection<'_>, new: &NewOperation) -> Result<bool, StoreError> {
    match new.kind {
        OperationKind::Refund => Ok(false),
        OperationKind::Return => {
            let returns = count(
                db,
                "SELECT count(*) FROM operations WHERE charge = :charge AND kind = 'return' AND stage <> 'failed'",
                named_params! { ":charge": new.charge.as_str() },
            )?;
            Ok(returns > 0)
        }
        OperationKind::Capture | OperationKind::Void | OperationKind::Expire => {
            let ends = count(
                db,
                "SELECT count(*) FROM operations
                 WHERE charge = :charge AND kind IN ('capture', 'void', 'expire') AND stage <> 'failed'",
                named_params! { ":charge": new.charge.as_str() },
            )?;
            Ok(ends > 0)
        }
    }
}

fn count_of_kind(db: &Connection<'_>, new: &NewOperation) -> Result<i64, StoreError> {
    count(
        db,
        "SELECT count(*) FROM operations WHERE charge = :charge AND kind = :kind",
        named_params! { ":charge": new.charge.as_str(), ":kind": new.kind.as_str() },
    )
}

pub(crate) fn end(db: &Connection<'_>, id: &OperationId, end: &OperationEnd) -> Result<bool, StoreError> {
    let (stage, ask_at, ended_at) = match end {
        OperationEnd::Captured { paid, .. } => ("done", None, Some(paid.posting.at.0)),
        OperationEnd::Released { at, .. } | OperationEnd::GivenBack { at, .. } => ("done", None, Some(at.0)),
        OperationEnd::Failed { at, .. } => ("failed", None, Some(at.0)),
        OperationEnd::Unknown { ask_at } => ("unknown", Some(ask_at.0), None),
    };
    let changed = change(
        db,
        "UPDATE operations SET stage = :stage, ask_at = :ask_at, ended_at = :ended_at
         WHERE id = :id AND stage IN ('asking', 'unknown') AND stage <> :stage",
        named_params! { ":id": id.as_str(), ":stage": stage, ":ask_at": ask_at, ":ended_at": ended_at },
    )?;
    if changed == 0 {
        return Ok(false);
    }
    if let Some(operation) = by_id(db, id)? {
        take_effect(db, &operation, end)?;
    }
    let told = match end {
        OperationEnd::Captured { events, .. }
        | OperationEnd::Released { events, .. }
        | OperationEnd::GivenBack { events, .. }
        | OperationEnd::Failed { events, .. } => events.as_slice(),
        OperationEnd::Unknown { .. } => &[],
    };
    for event in told {
        events::insert(db, event)?;
    }
    Ok(true)
}

/// What an operation's end makes of its charge. An end that is of another kind fails, and changes nothing.
fn take_effect(
    db: &Connection<'_>,
    operation: &StoredOperation,
    end: &OperationEnd,
) -> Result<(), StoreError> {
    let on_charge = |sql| change_one(db, sql, named_params! { ":id": operation.charge.as_str() });
    let moved = |sql| {
        let amount = operation.amount.minor();
        change_one(
            db,
            sql,
            named_params! { ":id": operation.charge.as_str(), ":amount": amount },
        )
    };
    match (operation.kind, end) {
        (_, OperationEnd::Unknown { .. }) => Ok(()),
        (OperationKind::Refund, OperationEnd::Failed { .. }) => {
            moved("UPDATE charges SET refunding = refunding - :amount WHERE id = :id")
        }
        (_, OperationEnd::Failed { .. }) => Ok(()),
        (OperationKind::Capture, OperationEnd::Captured { paid, .. }) => capture(db, &operation.charge, paid),
        (OperationKind::Void, OperationEnd::Released { .. }) => {
            on_charge("UPDATE charges SET stage = 'voided' WHERE id = :id AND stage = 'authorised'")
        }
        (OperationKind::Expire, OperationEnd::Released { .. }) => {
            on_charge("UPDATE charges SET stage = 'expired' WHERE id = :id AND stage = 'authorised'")
        }
        (OperationKind::Refund, OperationEnd::GivenBack { posting, .. }) => {
            moved(
                "UPDATE charges SET refunding = refunding - :amount, refunded = refunded + :amount WHERE id = :id",
            )?;
            ledger::append(db, posting)
        }
        (OperationKind::Return, OperationEnd::GivenBack { posting, at, .. }) => {
            moved("UPDATE charges SET held = held - :amount, refunded = refunded + :amount WHERE id = :id")?;
            change_one(
                db,
                "UPDATE disputes SET stage = 'returned', ended_at = :at WHERE charge = :charge",
                named_params! { ":charge": operation.charge.as_str(), ":at": at.0 },
            )?;
            ledger::append(db, posting)
        }
        (kind, _) => Err(StoreError::Failed(format!(
            "a {} can't end like this",
            kind.as_str()
        ))),
    }
}

fn capture(db: &Connection<'_>, charge: &ChargeId, paid: &Paid) -> Result<(), StoreError> {
    change_one(
        db,
        "UPDATE charges SET stage = 'paid', receipt = :receipt, captured = :captured
         WHERE id = :id AND stage = 'authorised'",
        named_params! {
            ":id": charge.as_str(),
            ":receipt": paid.receipt.id.as_str(),
            ":captured": paid.receipt.total.minor(),
        },
    )?;
    charges::book(db, charge, paid)
}

pub(crate) fn ask_again(db: &Connection<'_>, id: &OperationId, at: UnixSeconds) -> Result<(), StoreError> {
    change_any(
        db,
        "UPDATE operations SET ask_at = :at WHERE id = :id AND stage = 'unknown'",
        named_params! { ":id": id.as_str(), ":at": at.0 },
    )?;
    Ok(())
}

pub(crate) fn by_id(db: &Connection<'_>, id: &OperationId) -> Result<Option<StoredOperation>, StoreError> {
    first(
        db,
        select_operations!("WHERE id = :id"),
        named_params! { ":id": id.as_str() },
        rows::operation,
    )
}

pub(crate) fn of_charge(db: &Connection<'_>, charge: &ChargeId) -> Result<Vec<StoredOperation>, StoreError> {
    all(
        db,
        select_operations!("WHERE charge = :charge ORDER BY created_at, rowid"),
        named_params! { ":charge": charge.as_str() },
        rows::operation,
    )
}

pub(crate) fn unresolved(
    db: &Connection<'_>,
    now: UnixSeconds,
    begun_before: UnixSeconds,
    limit: u32,
) -> Result<Vec<StoredOperation>, StoreError> {
    all(
        db,
        select_operations!(
            "WHERE stage IN ('asking', 'unknown') AND coalesce(ask_at <= :now, created_at < :begun_before)
             ORDER BY created_at LIMIT :limit"
        ),
        named_params! { ":now": now.0, ":begun_before": begun_before.0, ":limit": limit },
        rows::operation,
    )
}
