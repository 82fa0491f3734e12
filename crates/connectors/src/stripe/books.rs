//! What was asked of Stripe and what came of it: written before each step, so that whoever comes after a crash or a lost
//! answer knows how far it got.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use farthing_gateway::{Answer, Done, Instruction, NoAnswer};
use farthing_protocol::{ChargeId, Currency, DeclineReason, Money, OperationKind};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::BooksError;

pub(super) struct Books(Mutex<Connection>);

/// A charge as it is known here.
pub(super) struct Known {
    pub total: Money,
    /// Whether the money is to be taken at once.
    pub at_once: bool,
    pub step: Step,
}

/// How far a charge got.
pub(super) enum Step {
    Begun,
    Intended,
    Confirming(String),
    Ended(Ended),
}

impl Known {
    /// How it ended, if it has.
    pub(super) fn ended(&self) -> Option<Ended> {
        match self.step {
            Step::Ended(ended) => Some(ended),
            Step::Begun | Step::Intended | Step::Confirming(_) => None,
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ended {
    /// By Stripe's answer.
    Answered(Answer),
    /// It never came so far that money could move, and never will.
    Never,
}

/// What became of an operation to begin.
pub(super) enum Opened {
    /// It is to be asked for, of this intent; for the first time or not.
    Ask { intent: String, first: bool },
    /// It has ended.
    Ended(Done),
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

    /// Begins a charge that was not begun before; answers what is known of one that was.
    pub(super) fn begin(
        &self,
        id: &ChargeId,
        total: Money,
        at_once: bool,
    ) -> Result<Option<Known>, NoAnswer> {
        let db = self.db();
        let begun = db.execute(
            "INSERT INTO charges (id, amount, currency, at_once, step) VALUES (:id, :amount, :currency, :at_once, 'begun')
             ON CONFLICT DO NOTHING",
            named_params! {
                ":id": id.as_str(), ":amount": total.minor(), ":currency": total.currency().as_str(), ":at_once": at_once,
            },
        );
        if begun.map_err(lost)? == 1 {
            Ok(None)
        } else {
            known(&db, id)
        }
    }

    pub(super) fn find(&self, id: &ChargeId) -> Result<Option<Known>, NoAnswer> {
        known(&self.db(), id)
    }

    /// Stripe's name for it. False where somebody has ended the charge in the meantime.
    pub(super) fn intended(&self, id: &ChargeId, intent: &str) -> Result<bool, NoAnswer> {
        self.step(
            "UPDATE charges SET step = 'intended', intent = :intent WHERE id = :id AND step = 'begun'",
            named_params! { ":id": id.as_str(), ":intent": intent },
        )
    }

    /// From here on money may move. False as with [`Self::intended`].
    pub(super) fn confirming(&self, id: &ChargeId) -> Result<bool, NoAnswer> {
        self.step(
            "UPDATE charges SET step = 'confirming' WHERE id = :id AND step = 'intended'",
            named_params! { ":id": id.as_str() },
        )
    }

    /// A charge of which nothing was ever heard is known from now on, as one that will not be.
    pub(super) fn never_heard_of(&self, id: &ChargeId) -> Result<(), NoAnswer> {
        let never = word(Ended::Never);
        self.step(
            "INSERT INTO charges (id, amount, currency, at_once, step, answer) VALUES (:id, 0, '', 0, 'ended', :never)
             ON CONFLICT DO NOTHING",
            named_params! { ":id": id.as_str(), ":never": never },
        )
        .map(drop)
    }

    /// Ends it, unless somebody has: answers how it ended. It never ends where money may have moved without Stripe's word
    /// that it did not.
    pub(super) fn end(&self, id: &ChargeId, ended: Ended, from: &[&str]) -> Result<Option<Ended>, NoAnswer> {
        let from = from.join(" ");
        self.step(
            "UPDATE charges SET step = 'ended', answer = :answer,
                                captured = CASE WHEN at_once = 1 AND :answer = 'approved' THEN amount ELSE 0 END
             WHERE id = :id AND instr(:from, step) > 0",
            named_params! { ":id": id.as_str(), ":answer": word(ended), ":from": from },
        )?;
        Ok(self.find(id)?.and_then(|known| known.ended()))
    }

    /// Opens an operation and sets its amount aside, if the books allow it: each reservation is taken or let go once, and
    /// no more goes back than was taken.
    pub(super) fn open_operation(&self, instruction: &Instruction<'_>) -> Result<Opened, NoAnswer> {
        let mut db = self.db();
        let db = db.transaction().map_err(lost)?;
        let Some((intent, currency)) = db
            .query_row(
                "SELECT intent, currency FROM charges WHERE id = ?1 AND answer = 'approved'",
                [instruction.charge.as_str()],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
            )
            .optional()
            .map_err(lost)?
        else {
            return Ok(Opened::Ended(Done::Refused));
        };
        let earlier: Option<Option<bool>> = db
            .query_row(
                "SELECT done FROM operations WHERE id = ?1",
                [instruction.id.as_str()],
                |row| row.get(0),
            )
            .optional()
            .map_err(lost)?;
        match earlier {
            Some(None) => return Ok(Opened::Ask { intent, first: false }),
            Some(Some(done)) => return Ok(Opened::Ended(outcome(done))),
            None => {}
        }
        let fits = currency == instruction.amount.currency().as_str() && set_aside(&db, instruction)?;
        db.execute(
            "INSERT INTO operations (id, charge, kind, amount, done) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                instruction.id.as_str(),
                instruction.charge.as_str(),
                instruction.kind.as_str(),
                instruction.amount.minor(),
                (!fits).then_some(false),
            ),
        )
        .map_err(lost)?;
        db.commit().map_err(lost)?;
        Ok(if fits {
            Opened::Ask { intent, first: true }
        } else {
            Opened::Ended(Done::Refused)
        })
    }

    /// Ends an operation; what was refused is free again.
    pub(super) fn end_operation(&self, instruction: &Instruction<'_>, done: Done) -> Result<Done, NoAnswer> {
        let mut db = self.db();
        let db = db.transaction().map_err(lost)?;
        let ended = db
            .execute(
                "UPDATE operations SET done = ?2 WHERE id = ?1 AND done IS NULL",
                (instruction.id.as_str(), done == Done::Done),
            )
            .map_err(lost)?;
        if ended == 1 && done == Done::Refused {
            let free = match instruction.kind {
                OperationKind::Capture => "UPDATE charges SET captured = 0 WHERE id = ?1",
                OperationKind::Void | OperationKind::Expire => "UPDATE charges SET voided = 0 WHERE id = ?1",
                OperationKind::Refund | OperationKind::Return => {
                    "UPDATE charges SET refunded = refunded - ?2 WHERE id = ?1"
                }
            };
            let mut statement = db.prepare(free).map_err(lost)?;
            statement
                .raw_bind_parameter(1, instruction.charge.as_str())
                .map_err(lost)?;
            if statement.parameter_count() == 2 {
                statement
                    .raw_bind_parameter(2, instruction.amount.minor())
                    .map_err(lost)?;
            }
            statement.raw_execute().map_err(lost)?;
        }
        let done: Option<bool> = db
            .query_row(
                "SELECT done FROM operations WHERE id = ?1",
                [instruction.id.as_str()],
                |row| row.get(0),
            )
            .map_err(lost)?;
        db.commit().map_err(lost)?;
        done.map(outcome).ok_or(NoAnswer)
    }

    pub(super) fn step(&self, sql: &str, params: impl rusqlite::Params) -> Result<bool, NoAnswer> {
        self.db().execute(sql, params).map(|rows| rows == 1).map_err(lost)
    }

    /// A panic elsewhere leaves the books whole: every change is one transaction on them.
    pub(super) fn db(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn set_aside(db: &Connection, instruction: &Instruction<'_>) -> Result<bool, NoAnswer> {
    let sql = match instruction.kind {
        OperationKind::Capture => {
            "UPDATE charges SET captured = :amount
             WHERE id = :id AND at_once = 0 AND captured = 0 AND voided = 0 AND amount >= :amount"
        }
        OperationKind::Void | OperationKind::Expire => {
            "UPDATE charges SET voided = 1
             WHERE id = :id AND at_once = 0 AND captured = 0 AND voided = 0 AND amount >= :amount"
        }
        OperationKind::Refund | OperationKind::Return => {
            "UPDATE charges SET refunded = refunded + :amount WHERE id = :id AND refunded + :amount <= captured"
        }
    };
    db.execute(
        sql,
        named_params! { ":id": instruction.charge.as_str(), ":amount": instruction.amount.minor() },
    )
    .map(|rows| rows == 1)
    .map_err(lost)
}

fn known(db: &Connection, id: &ChargeId) -> Result<Option<Known>, NoAnswer> {
    db.query_row(
        "SELECT amount, currency, at_once, intent, step, answer FROM charges WHERE id = ?1",
        [id.as_str()],
        |row| Ok(read(row)),
    )
    .optional()
    .map_err(lost)?
    .transpose()
}

fn read(row: &Row<'_>) -> Result<Known, NoAnswer> {
    let (step, intent): (String, Option<String>) =
        (row.get("step").map_err(lost)?, row.get("intent").map_err(lost)?);
    let answer: Option<String> = row.get("answer").map_err(lost)?;
    let step = match (step.as_str(), intent, answer.as_deref().and_then(ended)) {
        ("begun", ..) => Step::Begun,
        ("intended", Some(_), _) => Step::Intended,
        ("confirming", Some(intent), _) => Step::Confirming(intent),
        ("ended", _, Some(ended)) => Step::Ended(ended),
        _ => return Err(NoAnswer),
    };
    let currency: String = row.get("currency").map_err(lost)?;
    let amount: i64 = row.get("amount").map_err(lost)?;
    // Of what was never heard of there is no amount, and none is asked for.
    let nothing = Currency::parse("XXX").and_then(|none| Money::new(1, none));
    let total = Currency::parse(&currency)
        .and_then(|currency| Money::new(amount, currency))
        .or(nothing);
    Ok(Known {
        total: total.map_err(|_| NoAnswer)?,
        at_once: row.get("at_once").map_err(lost)?,
        step,
    })
}

const REASONS: [(&str, DeclineReason); 3] = [
    ("card_declined", DeclineReason::CardDeclined),
    ("insufficient_funds", DeclineReason::InsufficientFunds),
    ("processing_failed", DeclineReason::ProcessingFailed),
];

pub(super) fn word(ended: Ended) -> &'static str {
    match ended {
        Ended::Never => "never",
        Ended::Answered(Answer::Approved) => "approved",
        Ended::Answered(Answer::Declined(reason)) => {
            let found = REASONS.iter().find(|(_, known)| *known == reason);
            found.map_or("processing_failed", |(word, _)| word)
        }
    }
}

pub(super) fn ended(word: &str) -> Option<Ended> {
    match word {
        "never" => Some(Ended::Never),
        "approved" => Some(Ended::Answered(Answer::Approved)),
        _ => REASONS
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, reason)| Ended::Answered(Answer::Declined(*reason))),
    }
}

fn outcome(done: bool) -> Done {
    if done { Done::Done } else { Done::Refused }
}

/// Books that can't be written are a reason to do nothing more, and to look again later.
#[expect(clippy::needless_pass_by_value, reason = "its one use is map_err")]
pub(super) fn lost(error: rusqlite::Error) -> NoAnswer {
    tracing::error!(%error, "the acquirer's books");
    NoAnswer
}
