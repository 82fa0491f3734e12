use crate::db::{Connection, Row, named_params};
use farthing_gateway::{Account, Entry, GENESIS, Posting, PostingKind, StoreError, StoredPosting};
use farthing_protocol::{ChargeId, Currency, OperationId, UnixSeconds};

use crate::rows::{all, change_one, column, first, one_of, parsed, parsed_if_any};

/// Writes a posting behind the last one, chained to it. One that is not balanced fails, and takes its whole
/// transaction with it.
pub(crate) fn append(db: &Connection<'_>, posting: &Posting) -> Result<(), StoreError> {
    if !posting.is_balanced() {
        return Err(StoreError::Failed(
            "a posting's entries do not sum to zero".to_owned(),
        ));
    }
    let last = first(
        db,
        "SELECT seq, hash FROM postings ORDER BY seq DESC LIMIT 1",
        &[],
        |row| Ok((column::<i64>(row, "seq")?, column(row, "hash")?)),
    )?;
    let (last, previous) = last.unwrap_or((0, GENESIS));
    let seq = last + 1;
    change_one(
        db,
        "INSERT INTO postings (seq, kind, charge, operation, at, currency, remainder, hash)
         VALUES (:seq, :kind, :charge, :operation, :at, :currency, :remainder, :hash)",
        named_params! {
            ":seq": seq,
            ":kind": posting.kind.as_str(),
            ":charge": posting.charge.as_str(),
            ":operation": posting.operation.as_ref().map(OperationId::as_str),
            ":at": posting.at.0,
            ":currency": posting.currency.as_str(),
            ":remainder": posting.remainder,
            ":hash": posting.chained(&previous, seq),
        },
    )?;
    for (line, entry) in (1_i64..).zip(&posting.entries) {
        change_one(
            db,
            "INSERT INTO entries (posting, line, account, amount) VALUES (:posting, :line, :account, :amount)",
            named_params! {
                ":posting": seq, ":line": line, ":account": entry.account.to_string(), ":amount": entry.amount,
            },
        )?;
    }
    Ok(())
}

pub(crate) fn read(db: &Connection<'_>) -> Result<Vec<StoredPosting>, StoreError> {
    let mut ledger = all(
        db,
        "SELECT seq, kind, charge, operation, at, currency, remainder, hash FROM postings ORDER BY seq",
        &[],
        without_entries,
    )?;
    for StoredPosting { seq, posting, .. } in &mut ledger {
        posting.entries = all(
            db,
            "SELECT account, amount FROM entries WHERE posting = :posting ORDER BY line",
            named_params! { ":posting": *seq },
            entry,
        )?;
    }
    Ok(ledger)
}

fn without_entries(row: &Row<'_>) -> Result<StoredPosting, StoreError> {
    Ok(StoredPosting {
        seq: column(row, "seq")?,
        posting: Posting {
            kind: one_of(row, "kind", &PostingKind::ALL, PostingKind::as_str)?,
            charge: parsed(row, "charge", ChargeId::parse)?,
            operation: parsed_if_any(row, "operation", OperationId::parse)?,
            at: UnixSeconds(column(row, "at")?),
            currency: parsed(row, "currency", Currency::parse)?,
            remainder: column(row, "remainder")?,
            entries: Vec::new(),
        },
        hash: column(row, "hash")?,
    })
}

fn entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        account: parsed(row, "account", |text| Account::parse(text).ok_or(()))?,
        amount: column(row, "amount")?,
    })
}
