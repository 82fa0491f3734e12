//! How the bank or the carrier finds out that it is the shopper: by a passcode, which a real one would send to a phone.

use farthing_gateway::{Allowance, Authenticated, Authentication, Bar, Instrument, NoAnswer, Tried, Way};
use farthing_protocol::{Currency, Money, Passcode, QuoteId, limits};
use rusqlite::{Connection, OptionalExtension};

use super::{
    manner::{Manner, StepUp},
    phones::MONTH,
};

/// The passcode that everyone may know.
pub const PASSCODE: &str = "123456";

pub(super) fn authenticate(
    books: &Connection,
    request: &Authentication<'_>,
    Manner { step_up, left, .. }: Manner,
) -> rusqlite::Result<Result<Authenticated, NoAnswer>> {
    let quote = request.quote;
    let is_phone = matches!(request.instrument, Instrument::PhoneBill { .. });
    let (met, answer) = match step_up {
        StepUp::Never => return Ok(Ok(Authenticated::Unneeded)),
        StepUp::NotAllowed => return Ok(Ok(Authenticated::Barred(Bar::NotAllowed))),
        StepUp::Unreachable => return Ok(Err(NoAnswer)),
        _ if is_phone && request.total.minor() > left => {
            return Ok(Ok(Authenticated::Barred(Bar::LimitReached)));
        }
        StepUp::Frictionless => (true, Authenticated::Unneeded),
        StepUp::Passcode | StepUp::NoneRight => (false, Authenticated::Needed(Way::Passcode)),
    };
    books.execute(
        "INSERT INTO authentications (quote, none_right, met) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        (quote.as_str(), step_up == StepUp::NoneRight, met),
    )?;
    if is_phone {
        books.execute(
            "INSERT INTO allowances (quote, currency, remains) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            (quote.as_str(), request.total.currency().as_str(), left),
        )?;
    }
    Ok(Ok(answer))
}

/// What a phone bill's limit had left when the passcode was asked for.
pub(super) fn allowance(books: &Connection, quote: &QuoteId) -> rusqlite::Result<Option<Allowance>> {
    let told: Option<(String, i64)> = books
        .query_row(
            "SELECT currency, remains FROM allowances WHERE quote = ?1",
            [quote.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(told.and_then(|(currency, left)| {
        let currency = Currency::parse(&currency).ok()?;
        Some(Allowance {
            limit: Money::new(MONTH, currency).ok()?,
            left: Money::new(left, currency).ok()?,
        })
    }))
}

/// Each try counts, the right one too; after the last nothing is right any more.
pub(super) fn try_passcode(
    books: &Connection,
    quote: &QuoteId,
    passcode: &Passcode,
) -> rusqlite::Result<Result<Tried, NoAnswer>> {
    let tried: Option<(i64, bool)> = books
        .query_row(
            "UPDATE authentications
             SET tries = tries + 1, met = met OR (NOT none_right AND tries < ?2 AND ?3)
             WHERE quote = ?1 RETURNING tries, met",
            (
                quote.as_str(),
                limits::PASSCODE_TRIES,
                passcode.expose() == PASSCODE,
            ),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((tries, met)) = tried else {
        return Ok(Err(NoAnswer));
    };
    let left = u8::try_from(i64::from(limits::PASSCODE_TRIES) - tries).unwrap_or(0);
    Ok(Ok(match (met, left) {
        (true, _) => Tried::Met,
        (false, 0) => Tried::Failed,
        (false, left) => Tried::Wrong(left),
    }))
}

/// Whether the bank knows that it is the shopper, as far as it wants to.
pub(super) fn is_met(books: &Connection, quote: &QuoteId, step_up: StepUp) -> rusqlite::Result<bool> {
    if step_up == StepUp::Never {
        return Ok(true);
    }
    let met = books
        .query_row(
            "SELECT met FROM authentications WHERE quote = ?1",
            [quote.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(met.unwrap_or(false))
}

pub(super) fn abandon(books: &Connection, quote: &QuoteId) -> rusqlite::Result<()> {
    books.execute("DELETE FROM allowances WHERE quote = ?1", [quote.as_str()])?;
    books
        .execute("DELETE FROM authentications WHERE quote = ?1", [quote.as_str()])
        .map(drop)
}
