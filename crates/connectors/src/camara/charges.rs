//! Charges and refunds in the carrier's books.

use farthing_gateway::{Answer, Done, Found, Instruction, NoAnswer};
use farthing_protocol::{ChargeId, DeclineReason, Money, QuoteId};
use rusqlite::{OptionalExtension, named_params};

use super::books::{Books, lost, money};

/// A charge as it is known here.
pub(super) enum Known {
    /// How it ended is not known.
    Open(Open),
    Ended(Ended),
}

/// A charge whose money may have moved.
pub(super) struct Open {
    pub quote: QuoteId,
    pub payment: String,
    pub total: Money,
    /// Whether the carrier said that it will look to it.
    pub accepted: bool,
}

/// How a charge ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ended {
    Approved,
    /// By the carrier.
    Declined,
    /// Before the carrier was asked.
    Failed,
    /// It never came so far that money could move, and never will.
    Never,
}

const WORDS: [(&str, Ended); 4] = [
    ("approved", Ended::Approved),
    ("declined", Ended::Declined),
    ("failed", Ended::Failed),
    ("never", Ended::Never),
];

impl Ended {
    pub(super) fn told(self) -> Answer {
        match self {
            Self::Approved => Answer::Approved,
            Self::Declined => Answer::Declined(DeclineReason::CardDeclined),
            Self::Failed | Self::Never => Answer::Declined(DeclineReason::ProcessingFailed),
        }
    }

    pub(super) fn found(self) -> Found {
        match self {
            Self::Never => Found::Never,
            ended => Found::Ended(ended.told()),
        }
    }

    fn word(self) -> &'static str {
        let found = WORDS.iter().find(|(_, known)| *known == self);
        found.map_or("failed", |(word, _)| word)
    }
}

/// What became of a refund to begin.
pub(super) enum Opened {
    /// It is to be asked for, of this payment; for the first time or not.
    Ask {
        payment: String,
        first: bool,
    },
    Ended(Done),
}

impl Books {
    /// From here on money may move: the one charge of a payment that was met. False where there was one, or it is not met.
    pub(super) fn confirming(&self, id: &ChargeId, quote: &QuoteId, total: Money) -> Result<bool, NoAnswer> {
        self.step(
            "INSERT INTO charges (id, quote, payment, amount, currency, step)
             SELECT :id, quote, payment, amount, currency, 'confirming' FROM payments
             WHERE quote = :quote AND step = 'met' AND amount = :amount AND currency = :currency
             ON CONFLICT DO NOTHING",
            named_params! {
                ":id": id.as_str(), ":quote": quote.as_str(), ":amount": total.minor(),
                ":currency": total.currency().as_str(),
            },
        )
    }

    /// The carrier will look to it.
    pub(super) fn accepted(&self, id: &ChargeId) -> Result<(), NoAnswer> {
        self.step(
            "UPDATE charges SET step = 'accepted' WHERE id = ?1 AND step = 'confirming'",
            [id.as_str()],
        )
        .map(drop)
    }

    pub(super) fn charge(&self, id: &ChargeId) -> Result<Option<Known>, NoAnswer> {
        let row = self.db().query_row(
            "SELECT quote, payment, amount, currency, step, answer FROM charges WHERE id = ?1",
            [id.as_str()],
            |row| {
                let of = (row.get(2)?, row.get::<_, String>(3)?);
                let names = (row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?);
                Ok((
                    names,
                    of,
                    row.get::<_, String>(4)?,
                    row.get::<_, Option<String>>(5)?,
                ))
            },
        );
        let Some((names, (amount, currency), step, answer)) = row.optional().map_err(lost)? else {
            return Ok(None);
        };
        if let Some(answer) = answer {
            let ended = WORDS.iter().find(|(word, _)| *word == answer);
            return ended.map(|(_, ended)| Some(Known::Ended(*ended))).ok_or(NoAnswer);
        }
        let (Some(quote), Some(payment)) = names else {
            return Err(NoAnswer);
        };
        Ok(Some(Known::Open(Open {
            quote: QuoteId::parse(&quote).map_err(|_| NoAnswer)?,
            payment,
            total: money(amount, &currency)?,
            accepted: step == "accepted",
        })))
    }

    /// Ends a charge, or writes down that one ended which never came here. How it ended, which is how it ended first.
    pub(super) fn end(&self, id: &ChargeId, how: Ended) -> Result<Ended, NoAnswer> {
        self.step(
            // Of what was never heard of there is no amount.
            "INSERT INTO charges (id, amount, currency, step, answer) VALUES (:id, 0, '', 'ended', :answer)
             ON CONFLICT (id) DO UPDATE SET step = 'ended', answer = :answer WHERE step <> 'ended'",
            named_params! { ":id": id.as_str(), ":answer": how.word() },
        )?;
        match self.charge(id)? {
            Some(Known::Ended(ended)) => Ok(ended),
            _ => Err(NoAnswer),
        }
    }

    /// Whether money moved by this charge, or may have.
    pub(super) fn holds(&self, id: &ChargeId) -> Result<bool, NoAnswer> {
        let found = self.db().query_row(
            "SELECT 1 FROM charges WHERE id = ?1 AND payment IS NOT NULL",
            [id.as_str()],
            |_| Ok(()),
        );
        Ok(found.optional().map_err(lost)?.is_some())
    }

    /// Opens a refund, with its amount set aside: no more goes back than was taken, even where the carrier would let it.
    pub(super) fn open_refund(&self, instruction: &Instruction<'_>) -> Result<Opened, NoAnswer> {
        let (id, charge, amount) = (
            instruction.id.as_str(),
            instruction.charge.as_str(),
            instruction.amount,
        );
        let mut db = self.db();
        let db = db.transaction().map_err(lost)?;
        let known = db.query_row("SELECT done FROM operations WHERE id = ?1", [id], |row| {
            row.get(0)
        });
        let known: Option<Option<bool>> = known.optional().map_err(lost)?;
        if let Some(Some(done)) = known {
            return Ok(Opened::Ended(outcome(done)));
        }
        let payment = db.query_row(
            "SELECT payment FROM charges WHERE id = ?1 AND answer = 'approved'",
            [charge],
            |row| row.get::<_, Option<String>>(0),
        );
        let Some(payment) = payment.optional().map_err(lost)?.flatten() else {
            return Ok(Opened::Ended(Done::Refused));
        };
        if known.is_none() {
            let aside = db.execute(
                "UPDATE charges SET refunded = refunded + ?2 WHERE id = ?1 AND refunded + ?2 <= amount AND currency = ?3",
                (charge, amount.minor(), amount.currency().as_str()),
            );
            if aside.map_err(lost)? == 0 {
                return Ok(Opened::Ended(Done::Refused));
            }
            db.execute(
                "INSERT INTO operations (id, charge, amount) VALUES (?1, ?2, ?3)",
                (id, charge, amount.minor()),
            )
            .map_err(lost)?;
        }
        db.commit().map_err(lost)?;
        Ok(Opened::Ask {
            payment,
            first: known.is_none(),
        })
    }

    /// Ends a refund; what was set aside for one that was refused is free again.
    pub(super) fn end_refund(&self, instruction: &Instruction<'_>, done: Done) -> Result<Done, NoAnswer> {
        let id = instruction.id.as_str();
        let mut db = self.db();
        let db = db.transaction().map_err(lost)?;
        let ended = db.execute(
            "UPDATE operations SET done = ?2 WHERE id = ?1 AND done IS NULL",
            (id, done == Done::Done),
        );
        if ended.map_err(lost)? == 1 && done == Done::Refused {
            db.execute(
                "UPDATE charges SET refunded = refunded - ?2 WHERE id = ?1",
                (instruction.charge.as_str(), instruction.amount.minor()),
            )
            .map_err(lost)?;
        }
        let how = db.query_row("SELECT done FROM operations WHERE id = ?1", [id], |row| {
            row.get(0)
        });
        let how = how.map_err(lost)?;
        db.commit().map_err(lost)?;
        Ok(outcome(how))
    }
}

fn outcome(done: bool) -> Done {
    if done { Done::Done } else { Done::Refused }
}
