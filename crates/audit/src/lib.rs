//! Judges a provider's books. It shares no code with those who write them, so that it does not share their mistakes:
//! what it holds them to is docs/PROTOCOL.md, "The ledger's chain", and the schema.

mod checks;
mod facts;
mod jws;
mod receipt;
mod report;
mod row;
mod source;

pub use jws::{Jwks, JwsError};
pub use receipt::{ReceiptError, ReceiptFacts, receipt};
pub use report::{Finding, Report};
pub use source::{ReadError, Source};

use facts::Facts;

/// Reads every row once and says what is wrong. `now` is in seconds since 1970; signatures are checked where `keys` are
/// there.
pub fn audit(source: &Source, keys: Option<&Jwks>, now: i64) -> Result<Report, ReadError> {
    let mut report = Report::default();
    let mut facts = Facts::default();
    source.each("quotes", |row| {
        checks::papers::quote(&row, keys, now, &mut report);
        facts.take_quote(&row);
        Ok(())
    })?;
    source.each("tokens", |row| {
        checks::papers::token(&row, now, &mut report);
        facts.take_token(&row);
        Ok(())
    })?;
    source.each("charges", |row| {
        facts.take_charge(&row);
        Ok(())
    })?;
    source.each("consents", |row| {
        checks::papers::consent(&row, &facts, keys, &mut report);
        Ok(())
    })?;
    source.each("operations", |row| {
        facts.take_operation(&row);
        Ok(())
    })?;
    let mut chain = checks::chain::Chain::default();
    source.each("postings", |row| {
        let posting = checks::chain::Posting::read(&row);
        chain.follow(&posting, &mut report);
        checks::operations::posting(&posting, &facts, &mut report);
        facts.take_posting(&posting);
        report.balances.book(&posting);
        Ok(())
    })?;
    report.postings = chain.length();
    source.each("entries_astray", |row| {
        checks::chain::astray(&row, &mut report);
        Ok(())
    })?;
    source.each("receipts", |row| {
        checks::papers::receipt(&row, &facts, keys, &mut report);
        facts.take_receipt(&row);
        Ok(())
    })?;
    source.each("disputes", |row| {
        checks::disputes::dispute(&row, &facts, &mut report);
        facts.take_dispute(&row);
        Ok(())
    })?;
    source.each("requests", |row| {
        checks::operations::request(&row, &facts, &mut report);
        Ok(())
    })?;
    source.each("events", |row| {
        facts.take_event(&row);
        Ok(())
    })?;
    checks::charges::all(&facts, &mut report);
    checks::operations::all(&facts, &mut report);
    checks::disputes::all(&facts, &mut report);
    report.charges = facts.charges.len();
    Ok(report)
}
