mod accounts;
mod cards;
#[cfg(test)]
mod exempt_tests;
mod manner;
mod notices;
#[cfg(test)]
mod phone_tests;
mod phones;
mod step_up;
#[cfg(test)]
mod tests;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use farthing_gateway::{
    Allowance, Answer, Authenticated, Authentication, Authorisation, Connector, Done, Found, Instruction,
    Instrument, LowValue, NoAnswer, Offered, Tried,
};
use farthing_protocol::{ChargeId, Conditions, Currency, Label, Method, OperationKind, Passcode, QuoteId};
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::{BRANDS, BooksError};
pub use accounts::ACCOUNTS;
pub use cards::CARDS;
pub use manner::SandboxInstrument;
use manner::{FAILS, PAYS, StepUp, is_phone, manner_at, manner_of};
pub use phones::PHONES;
pub use step_up::PASSCODE;

/// Times that a silent answer stays out before it is given.
const PENDING_LOOKS: i64 = 3;

/// Whom mandates name: the identifier that the Bundesbank gives for examples.
const CREDITOR: &str = "DE98ZZZ09999999999";
/// The most that it debits from a bank account at once, in cents.
const DEBIT_MOST: i64 = 100_000;

/// A bank, and a phone carrier, that move no money. What they do depends on the number of what pays alone ([`CARDS`],
/// [`ACCOUNTS`], [`PHONES`]).
///
/// It keeps books of its own, which outlive the provider's process: a bank does not forget what it was asked because
/// the provider crashed. What has no effect in the books has not happened.
pub struct Sandbox {
    books: Mutex<Connection>,
    low_value: Option<LowValue>,
}

impl Sandbox {
    /// A bank whose books are in the file at `path`, which is made where it is not there.
    pub fn open(path: &Path) -> Result<Self, BooksError> {
        let books = Connection::open(path)?;
        // A crash of the process loses nothing then; the bank's own power cut is not what the sandbox is about.
        books.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;",
        )?;
        Self::with(books)
    }

    /// A bank that forgets everything with the process.
    pub fn memory() -> Result<Self, BooksError> {
        Self::with(Connection::open_in_memory()?)
    }

    fn with(books: Connection) -> Result<Self, BooksError> {
        books.execute_batch(include_str!("books.sql"))?;
        Ok(Self {
            books: Mutex::new(books),
            low_value: None,
        })
    }

    /// From now on it does not ask for a passcode within `bounds`, which it counts for each card by itself.
    #[must_use]
    pub fn exempting(self, bounds: Option<LowValue>) -> Self {
        Self {
            low_value: bounds,
            ..self
        }
    }

    /// A panic elsewhere leaves the books whole: every change is one transaction on them.
    fn books(&self) -> MutexGuard<'_, Connection> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connector for Sandbox {
    fn offers(&self, currency: Currency) -> Vec<Offered> {
        let mut offers = vec![Offered::cards(&BRANDS)];
        if currency.as_str() == "EUR"
            && let Ok(creditor) = Label::parse(CREDITOR)
        {
            offers.push(Offered {
                method: Method::BankAccount { creditor },
                // A debit is back within eight weeks at the payer's word, so for that long it can be given back too.
                conditions: Conditions {
                    most: DEBIT_MOST,
                    arrives_days: 2,
                    refundable_days: 56,
                },
            });
            offers.push(Offered {
                method: Method::PhoneBill {
                    carriers: phones::carriers(),
                },
                conditions: Conditions {
                    most: phones::BILL_MOST,
                    arrives_days: 0,
                    refundable_days: 90,
                },
            });
        }
        offers
    }

    fn may_ask(&self, instrument: &Instrument<'_>) -> bool {
        manner_of(instrument).1.step_up != StepUp::Never
    }

    async fn authenticate(&self, request: Authentication<'_>) -> Result<Authenticated, NoAnswer> {
        step_up::authenticate(&self.books(), &request, self.low_value).map_err(|_| NoAnswer)?
    }

    async fn try_passcode(&self, quote: &QuoteId, passcode: &Passcode) -> Result<Tried, NoAnswer> {
        step_up::try_passcode(&self.books(), quote, passcode).map_err(|_| NoAnswer)?
    }

    async fn allowance(&self, quote: &QuoteId) -> Result<Option<Allowance>, NoAnswer> {
        step_up::allowance(&self.books(), quote).map_err(|_| NoAnswer)
    }

    async fn abandon(&self, quote: &QuoteId) -> Result<(), NoAnswer> {
        step_up::abandon(&self.books(), quote).map_err(|_| NoAnswer)
    }

    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        self.books().authorise(&request).map_err(|_| NoAnswer)?
    }

    async fn look_up(&self, charge: &ChargeId) -> Result<Found, NoAnswer> {
        self.books().look_up(charge).map_err(|_| NoAnswer)
    }

    async fn operate(&self, instruction: Instruction<'_>) -> Result<Done, NoAnswer> {
        self.books().operate(&instruction).map_err(|_| NoAnswer)?
    }
}

/// What the bank does with its books; an error is no answer.
trait Books {
    fn authorise(&mut self, request: &Authorisation<'_>) -> rusqlite::Result<Result<Answer, NoAnswer>>;
    fn look_up(&mut self, charge: &ChargeId) -> rusqlite::Result<Found>;
    fn operate(&mut self, instruction: &Instruction<'_>) -> rusqlite::Result<Result<Done, NoAnswer>>;
}

impl Books for Connection {
    fn authorise(&mut self, request: &Authorisation<'_>) -> rusqlite::Result<Result<Answer, NoAnswer>> {
        let (mut place, mut manner) = manner_of(&request.instrument);
        if !step_up::is_met(self, request.quote, manner.step_up)? {
            // To this bank a payment that was to be confirmed and was not is one that failed.
            (place, manner) = (FAILS, manner_at(FAILS));
        }
        let authorised = match manner.authorise.answer {
            Answer::Approved => request.total.minor(),
            Answer::Declined(_) => 0,
        };
        // The same charge asked again has one effect: the first.
        self.execute(
            "INSERT INTO charges (id, manner, currency, authorised, captured)
             VALUES (:id, :manner, :currency, :authorised, :captured) ON CONFLICT DO NOTHING",
            named_params! {
                ":id": request.charge.as_str(),
                ":manner": place,
                ":currency": request.total.currency().as_str(),
                ":authorised": authorised,
                ":captured": if request.capture { authorised } else { 0 },
            },
        )?;
        if authorised > 0 {
            notices::of_payment(self, request)?;
        }
        let known: Option<i64> = self
            .query_row(
                "SELECT manner FROM charges WHERE id = ?1",
                [request.charge.as_str()],
                |row| row.get(0),
            )
            .optional()?;
        let told = manner_at(known.unwrap_or(place)).authorise;
        Ok(if told.silent {
            Err(NoAnswer)
        } else {
            Ok(told.answer)
        })
    }

    fn look_up(&mut self, charge: &ChargeId) -> rusqlite::Result<Found> {
        let looked: Option<(i64, i64)> = self
            .query_row(
                "UPDATE charges SET looks = looks + 1 WHERE id = ?1 RETURNING manner, looks",
                [charge.as_str()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((place, looks)) = looked else {
            // It will be refused if it still comes: a charge that was declined is known under this id from now on.
            self.execute(
                "INSERT INTO charges (id, manner, currency, authorised, captured) VALUES (?1, ?2, '', 0, 0)",
                (charge.as_str(), FAILS),
            )?;
            return Ok(Found::Never);
        };
        let told = manner_at(place).authorise;
        Ok(if told.silent && looks <= PENDING_LOOKS {
            Found::Pending
        } else {
            Found::Ended(told.answer)
        })
    }

    fn operate(&mut self, instruction: &Instruction<'_>) -> rusqlite::Result<Result<Done, NoAnswer>> {
        let db = self.transaction()?;
        let Some(place) = db
            .query_row(
                "SELECT manner FROM charges WHERE id = ?1",
                [instruction.charge.as_str()],
                |row| row.get(0),
            )
            .optional()?
        else {
            return Ok(Ok(Done::Refused));
        };
        let manner = manner_at(place);
        let told = match instruction.kind {
            OperationKind::Capture => manner.capture,
            OperationKind::Refund | OperationKind::Return => manner.refund,
            OperationKind::Void | OperationKind::Expire => PAYS.capture,
        };
        let earlier: Option<(bool, i64)> = db
            .query_row(
                "UPDATE operations SET looks = looks + 1 WHERE id = ?1 RETURNING done, looks",
                [instruction.id.as_str()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let (done, looks) = match earlier {
            Some(earlier) => earlier,
            None => {
                let done = told.answer == Done::Done && moves(&db, instruction)?;
                if done && is_phone(place) {
                    notices::of_operation(&db, instruction)?;
                }
                db.execute(
                    "INSERT INTO operations (id, charge, kind, amount, done) VALUES (?1, ?2, ?3, ?4, ?5)",
                    (
                        instruction.id.as_str(),
                        instruction.charge.as_str(),
                        instruction.kind.as_str(),
                        instruction.amount.minor(),
                        done,
                    ),
                )?;
                (done, 0)
            }
        };
        db.commit()?;
        Ok(if told.silent && looks < PENDING_LOOKS {
            Err(NoAnswer)
        } else if done {
            Ok(Done::Done)
        } else {
            Ok(Done::Refused)
        })
    }
}

/// Does it, if the books allow it: one conditional statement for each kind.
fn moves(db: &Connection, instruction: &Instruction<'_>) -> rusqlite::Result<bool> {
    let statement = match instruction.kind {
        OperationKind::Capture => {
            "UPDATE charges SET captured = :amount
             WHERE id = :id AND currency = :currency AND captured = 0 AND voided = 0 AND authorised >= :amount"
        }
        OperationKind::Void | OperationKind::Expire => {
            "UPDATE charges SET voided = 1
             WHERE id = :id AND currency = :currency AND captured = 0 AND voided = 0 AND authorised >= :amount"
        }
        OperationKind::Refund | OperationKind::Return => {
            "UPDATE charges SET refunded = refunded + :amount
             WHERE id = :id AND currency = :currency AND refunded + :amount <= captured"
        }
    };
    let Instruction { charge, amount, .. } = instruction;
    let changed = db.execute(
        statement,
        named_params! {
            ":id": charge.as_str(), ":amount": amount.minor(), ":currency": amount.currency().as_str(),
        },
    )?;
    Ok(changed == 1)
}
