use crate::db::{Connection, named_params};
use farthing_gateway::{ChargeEnd, Paid, StoreError};
use farthing_protocol::ChargeId;

use crate::{
    events, ledger,
    rows::{change, change_one, json},
};

pub(crate) fn end(db: &Connection<'_>, id: &ChargeId, end: &ChargeEnd) -> Result<bool, StoreError> {
    let (after, event) = match end {
        ChargeEnd::Authorised { expires_at, event } => {
            let after = After {
                expires_at: Some(expires_at.0),
                ..After::stage("authorised")
            };
            (after, event)
        }
        ChargeEnd::Paid { paid, event } => {
            let after = After {
                receipt: Some(paid.receipt.id.as_str()),
                captured: paid.receipt.total.minor(),
                ..After::stage("paid")
            };
            (after, event)
        }
        ChargeEnd::Declined { reason, event } => {
            let after = After {
                reason: Some(json(reason)?),
                ..After::stage("declined")
            };
            (after, event)
        }
        ChargeEnd::Unknown { look_at, event } => {
            let after = After {
                look_at: Some(look_at.0),
                ..After::stage("unknown")
            };
            (after, event)
        }
    };
    if after.write(db, id)? == 0 {
        return Ok(false);
    }
    if let ChargeEnd::Paid { paid, .. } = end {
        book(db, id, paid)?;
    }
    events::insert(db, event)?;
    Ok(true)
}

/// What an end leaves of a charge that was open.
struct After<'a> {
    stage: &'static str,
    reason: Option<String>,
    receipt: Option<&'a str>,
    captured: i64,
    expires_at: Option<i64>,
    look_at: Option<i64>,
}

impl After<'_> {
    fn stage(stage: &'static str) -> Self {
        Self {
            stage,
            reason: None,
            receipt: None,
            captured: 0,
            expires_at: None,
            look_at: None,
        }
    }

    /// The one statement that ends an open charge. One that is unknown already is not made unknown again: whoever
    /// is told so once is not told twice.
    fn write(&self, db: &Connection<'_>, id: &ChargeId) -> Result<usize, StoreError> {
        change(
            db,
            "UPDATE charges SET stage = :stage, reason = :reason, receipt = :receipt, captured = :captured,
                                expires_at = :expires_at, look_at = :look_at
             WHERE id = :id AND stage IN ('asking', 'unknown') AND stage <> :stage",
            named_params! {
                ":id": id.as_str(),
                ":stage": self.stage,
                ":reason": self.reason,
                ":receipt": self.receipt,
                ":captured": self.captured,
                ":expires_at": self.expires_at,
                ":look_at": self.look_at,
            },
        )
    }
}

/// Writes what goes with money that was taken: the posting and the receipt.
pub(crate) fn book(db: &Connection<'_>, id: &ChargeId, paid: &Paid) -> Result<(), StoreError> {
    ledger::append(db, &paid.posting)?;
    change_one(
        db,
        "INSERT INTO receipts (id, charge, body, jws) VALUES (:id, :charge, :body, :jws)",
        named_params! {
            ":id": paid.receipt.id.as_str(),
            ":charge": id.as_str(),
            ":body": json(&paid.receipt)?,
            ":jws": paid.jws,
        },
    )
}
