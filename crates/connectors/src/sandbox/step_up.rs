//! How the bank or the carrier finds out that it is the shopper: by a passcode, which a real one would send to a phone.

use farthing_gateway::{
    Allowance, Authenticated, Authentication, Bar, Instrument, LowValue, NoAnswer, Tried, Unasked, Way,
};
use farthing_protocol::{Currency, Money, Passcode, QuoteId, limits};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior::Immediate};

use super::{
    manner::{Manner, StepUp, manner_of},
    phones::MONTH,
};

/// The passcode that everyone may know.
pub const PASSCODE: &str = "123456";

pub(super) fn authenticate(
    books: &Connection,
    request: &Authentication<'_>,
    low_value: Option<LowValue>,
) -> rusqlite::Result<Result<Authenticated, NoAnswer>> {
    let (place, Manner { step_up, left, .. }) = manner_of(&request.instrument);
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
    // Counted, and told, by one transaction: what was not counted is not exempt.
    let books = Transaction::new_unchecked(books, Immediate)?;
    let (met, answer) = match low_value {
        Some(bounds) if !met && !is_phone && is_exempt(&books, request, place, bounds)? => {
            (true, Authenticated::Unneeded)
        }
        _ => (met, answer),
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
    books.commit()?;
    Ok(Ok(answer))
}

/// Whether the payment is so small that nobody is asked, which counts towards the bounds of what pays. Of one quote it is
/// decided once; what comes of the payment changes nothing.
fn is_exempt(
    books: &Transaction<'_>,
    request: &Authentication<'_>,
    instrument: i64,
    bounds: LowValue,
) -> rusqlite::Result<bool> {
    let decided = books
        .query_row(
            "SELECT exempt FROM small WHERE quote = ?1",
            [request.quote.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(decided) = decided {
        return Ok(decided);
    }
    let unasked = books
        .query_row(
            "SELECT sum, count FROM unasked WHERE instrument = ?1",
            [instrument],
            |row| {
                Ok(Unasked {
                    sum: row.get(0)?,
                    count: row.get(1)?,
                })
            },
        )
        .optional()?;
    let then = bounds.exempt(unasked.unwrap_or_default(), request.total);
    if let Some(then) = then {
        books.execute(
            "INSERT INTO unasked (instrument, sum, count) VALUES (?1, ?2, ?3)
             ON CONFLICT (instrument) DO UPDATE SET sum = excluded.sum, count = excluded.count",
            (instrument, then.sum, then.count),
        )?;
    }
    books.execute(
        "INSERT INTO small (quote, instrument, exempt) VALUES (?1, ?2, ?3)",
        (request.quote.as_str(), instrument, then.is_some()),
    )?;
    Ok(then.is_some())
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
    let books = Transaction::new_unchecked(books, Immediate)?;
    let before = is_shown(&books, quote)?;
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
    // Once: the same passcode sent again is no other answer of the shopper's.
    if met && !before {
        books.execute(
            "DELETE FROM unasked WHERE instrument = (SELECT instrument FROM small WHERE quote = ?1)",
            [quote.as_str()],
        )?;
    }
    books.commit()?;
    let left = u8::try_from(i64::from(limits::PASSCODE_TRIES) - tries).unwrap_or(0);
    Ok(Ok(match (met, left) {
        (true, _) => Tried::Met,
        (false, 0) => Tried::Failed,
        (false, left) => Tried::Wrong(left),
    }))
}

/// Whether the bank knows that it is the shopper, as far as it wants to.
pub(super) fn is_met(books: &Connection, quote: &QuoteId, step_up: StepUp) -> rusqlite::Result<bool> {
    Ok(step_up == StepUp::Never || is_shown(books, quote)?)
}

fn is_shown(books: &Connection, quote: &QuoteId) -> rusqlite::Result<bool> {
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
    books.execute("DELETE FROM small WHERE quote = ?1", [quote.as_str()])?;
    books.execute("DELETE FROM allowances WHERE quote = ?1", [quote.as_str()])?;
    books
        .execute("DELETE FROM authentications WHERE quote = ?1", [quote.as_str()])
        .map(drop)
}
