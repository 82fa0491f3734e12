use farthing_gateway::{
    Begun, ChargeEnd, Entry, NewCharge, StoreError, StoredCharge, StoredReceipt, Taken, TokenFacts,
};
use farthing_protocol::{ChargeId, Currency, MerchantId, QuoteId, ReceiptId, Reference, UnixSeconds};
use rusqlite::{Connection, Row, named_params};

use crate::{
    quotes,
    rows::{self, CHARGE, all, change, column, first, from_json, json, money, parsed},
};

pub(crate) fn begin(db: &Connection, new: &NewCharge) -> Result<Begun, StoreError> {
    let earlier = first(
        db,
        &format!("SELECT {CHARGE} FROM charges WHERE merchant = :merchant AND key = :key"),
        named_params! { ":merchant": new.merchant.as_str(), ":key": new.key },
        |row| Ok((column(row, "body_hash")?, rows::charge(row)?)),
    )?;
    if let Some((body_hash, charge)) = earlier {
        return Ok(Begun::Replay {
            body_hash,
            charge: Box::new(charge),
        });
    }
    let token = first(
        db,
        "SELECT quote, details, hint, merchant, reference, amount, currency, expires_at, charge
         FROM tokens WHERE hash = :hash",
        named_params! { ":hash": new.token_hash },
        token,
    )?;
    let order = quotes::live_charge(db, &new.merchant, &new.order)?;
    let Some(Token {
        quote,
        details: Some(details),
        hint,
        facts,
    }) = token
    else {
        return Ok(Begun::NotTaken {
            token: token.map(|token| Box::new(token.facts)),
            order,
        });
    };
    if order.is_some() || take(db, new)? == 0 {
        return Ok(Begun::NotTaken {
            token: Some(Box::new(facts)),
            order,
        });
    }
    change(
        db,
        "INSERT INTO charges (id, merchant, reference, quote, key, body_hash, amount, currency, hint, stage,
                              created_at)
         VALUES (:id, :merchant, :reference, :quote, :key, :body_hash, :amount, :currency, :hint, 'asking',
                 :now)",
        named_params! {
            ":id": new.id.as_str(),
            ":merchant": new.merchant.as_str(),
            ":reference": new.order.as_str(),
            ":quote": quote.as_str(),
            ":key": new.key,
            ":body_hash": new.body_hash,
            ":amount": new.total.minor(),
            ":currency": new.total.currency().as_str(),
            ":hint": hint,
            ":now": new.now.0,
        },
    )?;
    let stored = quotes::read(db, &quote)?;
    let quote = stored.ok_or_else(|| StoreError::Failed("a token without a quote".to_owned()))?;
    let hint = quote.token.map(|token| token.hint);
    let hint = hint.ok_or_else(|| StoreError::Failed("a quote without its token".to_owned()))?;
    Ok(Begun::Taken(Box::new(Taken {
        quote: quote.quote,
        details,
        hint,
    })))
}

/// The one statement that takes a token. Of all who try, the row's condition lets one through, and with it
/// the encrypted details leave the store.
fn take(db: &Connection, new: &NewCharge) -> Result<usize, StoreError> {
    change(
        db,
        "UPDATE tokens SET charge = :charge, details = NULL
         WHERE hash = :hash AND charge IS NULL AND expires_at > :now
           AND merchant = :merchant AND reference = :reference AND amount = :amount AND currency = :currency",
        named_params! {
            ":charge": new.id.as_str(),
            ":hash": new.token_hash,
            ":now": new.now.0,
            ":merchant": new.merchant.as_str(),
            ":reference": new.order.as_str(),
            ":amount": new.total.minor(),
            ":currency": new.total.currency().as_str(),
        },
    )
}

struct Token {
    quote: QuoteId,
    details: Option<Vec<u8>>,
    hint: String,
    facts: TokenFacts,
}

fn token(row: &Row<'_>) -> Result<Token, StoreError> {
    Ok(Token {
        quote: parsed(row, "quote", QuoteId::parse)?,
        details: column(row, "details")?,
        hint: column(row, "hint")?,
        facts: TokenFacts {
            merchant: parsed(row, "merchant", MerchantId::parse)?,
            order: parsed(row, "reference", Reference::parse)?,
            total: money(row)?,
            expires_at: UnixSeconds(column(row, "expires_at")?),
            taken: column::<Option<String>>(row, "charge")?.is_some(),
        },
    })
}

pub(crate) fn end(db: &Connection, id: &ChargeId, end: &ChargeEnd) -> Result<bool, StoreError> {
    let (stage, reason, receipt) = match end {
        ChargeEnd::Unknown => ("unknown", None, None),
        ChargeEnd::Declined(reason) => ("declined", Some(json(reason)?), None),
        ChargeEnd::Paid { receipt, .. } => ("paid", None, Some(receipt.id.as_str())),
    };
    let ended = change(
        db,
        "UPDATE charges SET stage = :stage, reason = :reason, receipt = :receipt
         WHERE id = :id AND stage IN ('asking', 'unknown')",
        named_params! { ":id": id.as_str(), ":stage": stage, ":reason": reason, ":receipt": receipt },
    )?;
    if ended == 0 {
        return Ok(false);
    }
    if let ChargeEnd::Paid {
        entries,
        receipt,
        jws,
    } = end
    {
        book(db, entries)?;
        change(
            db,
            "INSERT INTO receipts (id, charge, body, jws) VALUES (:id, :charge, :body, :jws)",
            named_params! {
                ":id": receipt.id.as_str(), ":charge": id.as_str(), ":body": json(receipt)?, ":jws": jws,
            },
        )?;
    }
    Ok(true)
}

/// Writes entries that sum to zero, and no others: what fails here takes its whole transaction with it.
fn book(db: &Connection, entries: &[Entry]) -> Result<(), StoreError> {
    let one_currency = entries
        .windows(2)
        .all(|pair| pair[0].currency == pair[1].currency);
    let sum: i128 = entries.iter().map(|entry| i128::from(entry.amount)).sum();
    if sum != 0 || !one_currency || entries.is_empty() {
        return Err(StoreError::Failed(
            "ledger entries do not sum to zero in one currency".to_owned(),
        ));
    }
    for entry in entries {
        change(
            db,
            "INSERT INTO entries (charge, account, amount, currency)
             VALUES (:charge, :account, :amount, :currency)",
            named_params! {
                ":charge": entry.charge.as_str(),
                ":account": entry.account,
                ":amount": entry.amount,
                ":currency": entry.currency.as_str(),
            },
        )?;
    }
    Ok(())
}

pub(crate) fn by_id(db: &Connection, id: &ChargeId) -> Result<Option<StoredCharge>, StoreError> {
    first(
        db,
        &format!("SELECT {CHARGE} FROM charges WHERE id = :id"),
        named_params! { ":id": id.as_str() },
        rows::charge,
    )
}

pub(crate) fn by_quote(db: &Connection, id: &QuoteId) -> Result<Option<StoredCharge>, StoreError> {
    first(
        db,
        &format!("SELECT {CHARGE} FROM charges WHERE quote = :quote"),
        named_params! { ":quote": id.as_str() },
        rows::charge,
    )
}

pub(crate) fn unresolved(
    db: &Connection,
    begun_before: UnixSeconds,
    limit: u32,
) -> Result<Vec<StoredCharge>, StoreError> {
    all(
        db,
        &format!(
            "SELECT {CHARGE} FROM charges
             WHERE stage IN ('asking', 'unknown') AND (stage = 'unknown' OR created_at < :begun_before)
             ORDER BY created_at LIMIT :limit"
        ),
        named_params! { ":begun_before": begun_before.0, ":limit": limit },
        rows::charge,
    )
}

pub(crate) fn receipt(db: &Connection, id: &ReceiptId) -> Result<Option<StoredReceipt>, StoreError> {
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

pub(crate) fn ledger(db: &Connection) -> Result<Vec<Entry>, StoreError> {
    all(
        db,
        "SELECT charge, account, amount, currency FROM entries ORDER BY seq",
        [],
        |row| {
            Ok(Entry {
                charge: parsed(row, "charge", ChargeId::parse)?,
                account: column(row, "account")?,
                amount: column(row, "amount")?,
                currency: parsed(row, "currency", Currency::parse)?,
            })
        },
    )
}
