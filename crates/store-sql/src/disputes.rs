use crate::db::{Connection, Row, named_params};
use farthing_gateway::{Contest, DisputeOpened, NewDispute, Rejection, StoreError, StoredDispute};
use farthing_protocol::{
    ChargeId, DisputeId, DisputeReason, DisputeStatus, MerchantId, Reference, UnixSeconds, Words,
};

use crate::{
    charges, events, ledger,
    rows::{all, change, change_one, column, first, money, one_of, parsed, parsed_if_any, unreadable},
};

/// A query of disputes with their order's reference.
macro_rules! select_disputes {
    ($rest:literal) => {
        concat!(
            // No join: a planner that knows of a million charges and of no dispute would begin with the charges.
            "SELECT disputes.id, disputes.charge, disputes.merchant,
                    (SELECT charges.reference FROM charges WHERE charges.id = disputes.charge) AS reference, disputes.reason,
                    disputes.words, disputes.amount, disputes.currency, disputes.stage, disputes.answer,
                    disputes.answer_by, disputes.opened_at, disputes.answered_at, disputes.ended_at
             FROM disputes ",
            $rest
        )
    };
}

pub(crate) fn open(db: &Connection<'_>, new: &NewDispute) -> Result<DisputeOpened, StoreError> {
    if let Some(dispute) = of_charge(db, &new.charge)? {
        return Ok(DisputeOpened::Exists(Box::new(dispute)));
    }
    let held = change(
        db,
        "UPDATE charges SET held = held + :amount
         WHERE id = :charge AND merchant = :merchant AND currency = :currency AND stage = 'paid'
           AND captured - refunded - refunding - held = :amount",
        named_params! {
            ":charge": new.charge.as_str(),
            ":merchant": new.merchant.as_str(),
            ":amount": new.amount.minor(),
            ":currency": new.amount.currency().as_str(),
        },
    )?;
    if held == 0 {
        let charge = charges::by_id(db, &new.charge)?;
        let charge = charge.ok_or_else(|| StoreError::Failed("a dispute without a charge".to_owned()))?;
        return Ok(DisputeOpened::Changed(Box::new(charge)));
    }
    change_one(
        db,
        "INSERT INTO disputes (id, charge, merchant, reason, words, amount, currency, stage, answer_by, opened_at)
         VALUES (:id, :charge, :merchant, :reason, :words, :amount, :currency, 'open', :answer_by, :now)",
        named_params! {
            ":id": new.id.as_str(),
            ":charge": new.charge.as_str(),
            ":merchant": new.merchant.as_str(),
            ":reason": new.reason.as_str(),
            ":words": new.words.as_ref().map(Words::as_str),
            ":amount": new.amount.minor(),
            ":currency": new.amount.currency().as_str(),
            ":answer_by": new.answer_by.0,
            ":now": new.now.0,
        },
    )?;
    ledger::append(db, &new.posting)?;
    events::insert(db, &new.event)?;
    Ok(DisputeOpened::Opened)
}

pub(crate) fn contest(db: &Connection<'_>, id: &DisputeId, contest: &Contest) -> Result<bool, StoreError> {
    let contested = change(
        db,
        "UPDATE disputes SET stage = 'contested', answer = :answer, answered_at = :at
         WHERE id = :id AND stage = 'open' AND answer_by > :at",
        named_params! { ":id": id.as_str(), ":answer": contest.answer.as_str(), ":at": contest.at.0 },
    )?;
    if contested == 1 {
        events::insert(db, &contest.event)?;
    }
    Ok(contested == 1)
}

pub(crate) fn reject(db: &Connection<'_>, id: &DisputeId, rejection: &Rejection) -> Result<bool, StoreError> {
    let rejected = change(
        db,
        "UPDATE disputes SET stage = 'rejected', ended_at = :at WHERE id = :id AND stage = 'contested'",
        named_params! { ":id": id.as_str(), ":at": rejection.at.0 },
    )?;
    if rejected == 1 {
        change_one(
            db,
            "UPDATE charges SET held = held - disputes.amount FROM disputes
             WHERE disputes.id = :id AND charges.id = disputes.charge",
            named_params! { ":id": id.as_str() },
        )?;
        ledger::append(db, &rejection.posting)?;
        events::insert(db, &rejection.event)?;
    }
    Ok(rejected == 1)
}

pub(crate) fn by_id(db: &Connection<'_>, id: &DisputeId) -> Result<Option<StoredDispute>, StoreError> {
    first(
        db,
        select_disputes!("WHERE disputes.id = :id"),
        named_params! { ":id": id.as_str() },
        dispute,
    )
}

pub(crate) fn of_charge(db: &Connection<'_>, charge: &ChargeId) -> Result<Option<StoredDispute>, StoreError> {
    first(
        db,
        select_disputes!("WHERE disputes.charge = :charge"),
        named_params! { ":charge": charge.as_str() },
        dispute,
    )
}

pub(crate) fn list(
    db: &Connection<'_>,
    merchant: Option<&MerchantId>,
    limit: u32,
) -> Result<Vec<StoredDispute>, StoreError> {
    all(
        db,
        select_disputes!(
            "WHERE :merchant IS NULL OR disputes.merchant = :merchant
             ORDER BY disputes.opened_at DESC, disputes.id LIMIT :limit"
        ),
        named_params! { ":merchant": merchant.map(MerchantId::as_str), ":limit": limit },
        dispute,
    )
}

pub(crate) fn due(
    db: &Connection<'_>,
    now: UnixSeconds,
    refused_before: UnixSeconds,
    limit: u32,
) -> Result<Vec<StoredDispute>, StoreError> {
    all(
        db,
        select_disputes!(
            "WHERE (disputes.stage = 'open' AND disputes.answer_by <= :now)
                OR (disputes.stage = 'returning' AND NOT EXISTS (
                        SELECT 1 FROM operations
                        WHERE operations.charge = disputes.charge AND operations.kind = 'return'
                          AND (operations.stage <> 'failed' OR operations.ended_at > :refused_before)))
             ORDER BY disputes.answer_by LIMIT :limit"
        ),
        named_params! { ":now": now.0, ":refused_before": refused_before.0, ":limit": limit },
        dispute,
    )
}

fn dispute(row: &Row<'_>) -> Result<StoredDispute, StoreError> {
    Ok(StoredDispute {
        id: parsed(row, "id", DisputeId::parse)?,
        charge: parsed(row, "charge", ChargeId::parse)?,
        merchant: parsed(row, "merchant", MerchantId::parse)?,
        order: parsed(row, "reference", Reference::parse)?,
        reason: one_of(row, "reason", &DisputeReason::ALL, DisputeReason::as_str)?,
        words: parsed_if_any(row, "words", Words::parse)?,
        amount: money(row)?,
        opened_at: UnixSeconds(column(row, "opened_at")?),
        status: status(row)?,
    })
}

fn status(row: &Row<'_>) -> Result<DisputeStatus, StoreError> {
    let time = |name| column(row, name).map(UnixSeconds);
    let stage: String = column(row, "stage")?;
    Ok(match stage.as_str() {
        "open" => DisputeStatus::Open {
            answer_by: time("answer_by")?,
        },
        "contested" => DisputeStatus::Contested {
            answer: parsed(row, "answer", Words::parse)?,
            answered_at: time("answered_at")?,
        },
        "returning" => DisputeStatus::Returning {},
        "returned" => DisputeStatus::Returned {
            at: time("ended_at")?,
        },
        "rejected" => DisputeStatus::Rejected {
            at: time("ended_at")?,
        },
        _ => return Err(unreadable("stage")),
    })
}
