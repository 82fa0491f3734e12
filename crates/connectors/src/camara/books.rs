//! What was asked of the carrier before a charge, and what came of it: written before each step, so that whoever comes after
//! a crash or a lost answer knows how far it got. No phone number and no passcode is in it.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use farthing_gateway::{Bar, NoAnswer, Way};
use farthing_protocol::{Currency, Money, QuoteId, limits};
use rusqlite::{Connection, OptionalExtension, Params, named_params};

use crate::BooksError;

pub(super) struct Books(Mutex<Connection>);

/// A payment that was prepared, or is to be.
pub(super) struct Payment {
    pub total: Money,
    /// How often it was prepared.
    pub attempt: u32,
    pub stand: Stand,
}

/// How far it got.
pub(super) enum Stand {
    Begun,
    /// The carrier has asked for a passcode, or shows a page.
    Asked(Prepared),
    Met,
    Barred(Bar),
    Over,
}

/// What the carrier calls a payment, and how it asks.
pub(super) struct Prepared {
    pub payment: String,
    pub proof: Option<String>,
    pub page: Option<String>,
}

impl Prepared {
    pub(super) fn way(self) -> Way {
        self.page.map_or(Way::Passcode, Way::Page)
    }
}

impl Books {
    pub(super) fn open(path: &Path) -> Result<Self, BooksError> {
        let db = Connection::open(path)?;
        // A step is on the disk before it is taken.
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;",
        )?;
        db.execute_batch(include_str!("books.sql"))?;
        Ok(Self(Mutex::new(db)))
    }

    /// Begins what was not begun before, and counts one more attempt where `again`.
    pub(super) fn begin(&self, quote: &QuoteId, total: Money, again: bool) -> Result<Payment, NoAnswer> {
        self.step(
            "INSERT INTO payments (quote, amount, currency, step) VALUES (:quote, :amount, :currency, 'begun')
             ON CONFLICT DO UPDATE SET attempt = attempt + :again WHERE step = 'begun'",
            named_params! {
                ":quote": quote.as_str(), ":amount": total.minor(), ":currency": total.currency().as_str(), ":again": again,
            },
        )?;
        let payment = self.payment(quote)?.filter(|payment| payment.total == total);
        payment.ok_or(NoAnswer)
    }

    pub(super) fn payment(&self, quote: &QuoteId) -> Result<Option<Payment>, NoAnswer> {
        let row = self.db().query_row(
            "SELECT amount, currency, attempt, payment, proof, page, step, bar FROM payments WHERE quote = ?1",
            [quote.as_str()],
            |row| {
                let of = (row.get(0)?, row.get::<_, String>(1)?);
                let prepared = (row.get::<_, Option<String>>(3)?, row.get(4)?, row.get(5)?);
                let how = (row.get::<_, String>(6)?, row.get::<_, Option<String>>(7)?);
                Ok((of, row.get(2)?, prepared, how))
            },
        );
        let Some(((amount, currency), attempt, (payment, proof, page), (step, bar))) =
            row.optional().map_err(lost)?
        else {
            return Ok(None);
        };
        let stand = match (step.as_str(), payment, bar.as_deref()) {
            ("begun", ..) => Stand::Begun,
            ("asked", Some(payment), _) => Stand::Asked(Prepared { payment, proof, page }),
            ("met", Some(_), _) => Stand::Met,
            ("barred", _, Some("limit")) => Stand::Barred(Bar::LimitReached),
            ("barred", _, Some(_)) => Stand::Barred(Bar::NotAllowed),
            ("over", ..) => Stand::Over,
            _ => return Err(NoAnswer),
        };
        let total = money(amount, &currency)?;
        Ok(Some(Payment {
            total,
            attempt,
            stand,
        }))
    }

    /// What the carrier made of it. What somebody else did in the meantime stays.
    pub(super) fn asked(&self, quote: &QuoteId, prepared: &Prepared) -> Result<(), NoAnswer> {
        self.step(
            "UPDATE payments SET step = 'asked', payment = :payment, proof = :proof, page = :page
             WHERE quote = :quote AND step = 'begun'",
            named_params! {
                ":quote": quote.as_str(), ":payment": prepared.payment, ":proof": prepared.proof, ":page": prepared.page,
            },
        )
        .map(drop)
    }

    pub(super) fn barred(&self, quote: &QuoteId, bar: Bar) -> Result<(), NoAnswer> {
        let bar = if bar == Bar::LimitReached {
            "limit"
        } else {
            "allowed"
        };
        self.step(
            "UPDATE payments SET step = 'barred', bar = :bar WHERE quote = :quote AND step = 'begun'",
            named_params! { ":quote": quote.as_str(), ":bar": bar },
        )
        .map(drop)
    }

    /// Counts a try, before it is made. None once there is none left; otherwise how many are left after it.
    pub(super) fn try_once(&self, quote: &QuoteId) -> Result<Option<u8>, NoAnswer> {
        let tries = self.db().query_row(
            "UPDATE payments SET tries = tries + 1 WHERE quote = ?1 AND step = 'asked' AND tries < ?2 RETURNING tries",
            (quote.as_str(), limits::PASSCODE_TRIES),
            |row| row.get::<_, u8>(0),
        );
        let left = |tries: u8| limits::PASSCODE_TRIES.saturating_sub(tries);
        Ok(tries.optional().map_err(lost)?.map(left))
    }

    /// Ends the asking: it was the shopper, or it is over.
    pub(super) fn answered(&self, quote: &QuoteId, met: bool) -> Result<(), NoAnswer> {
        self.step(
            "UPDATE payments SET step = :step WHERE quote = :quote AND step IN ('begun', 'asked')",
            named_params! { ":quote": quote.as_str(), ":step": if met { "met" } else { "over" } },
        )
        .map(drop)
    }

    /// Gives up what no charge takes: from here on none can. The carrier's name for what is to be cancelled there, if it has
    /// one; none where there is nothing, or a charge has taken it.
    pub(super) fn give_up(&self, quote: &QuoteId) -> Result<Option<Option<String>>, NoAnswer> {
        let payment = self.db().query_row(
            "UPDATE payments SET step = 'over', bar = NULL
             WHERE quote = ?1 AND NOT EXISTS (SELECT 1 FROM charges WHERE charges.payment = payments.payment)
             RETURNING payment",
            [quote.as_str()],
            |row| row.get(0),
        );
        payment.optional().map_err(lost)
    }

    pub(super) fn step(&self, sql: &str, parameters: impl Params) -> Result<bool, NoAnswer> {
        self.db()
            .execute(sql, parameters)
            .map(|rows| rows == 1)
            .map_err(lost)
    }

    /// A panic elsewhere leaves the books whole: every change is one transaction on them.
    pub(super) fn db(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn money(amount: i64, currency: &str) -> Result<Money, NoAnswer> {
    Currency::parse(currency)
        .and_then(|currency| Money::new(amount, currency))
        .map_err(|_| NoAnswer)
}

/// Books that can't be written are a reason to do nothing more, and to look again later.
#[expect(clippy::needless_pass_by_value, reason = "its one use is map_err")]
pub(super) fn lost(error: rusqlite::Error) -> NoAnswer {
    tracing::error!(%error, "the carrier's books");
    NoAnswer
}
