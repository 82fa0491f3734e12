//! A phone carrier behind CAMARA's Carrier Billing API: payments in two steps, the first of which asks the shopper for a passcode.
//!
//! Preparing a payment moves no money, so it may be done twice, and what is prepared and not confirmed the carrier discards.
//! Confirming it moves money, once: the carrier says how that one payment stands. Each step is written down before it is taken
//! ([`books`], [`charges`]), without the phone number, which confirming and cancelling need: it is held in memory ([`numbers`]),
//! and where it is gone, what was prepared is left to the carrier to discard.

mod api;
mod books;
mod charges;
mod numbers;
mod steps;

use std::{path::Path, time::Duration};

use farthing_gateway::{
    Answer, Authenticated, Authentication, Authorisation, Connector, Done, Found, Instruction, Instrument,
    NoAnswer, Offered, Proof, Tried,
};
use farthing_protocol::{Carrier, ChargeId, Conditions, Currency, Method, OperationKind, Passcode, QuoteId};

use crate::BooksError;
use api::Api;
pub use api::{CamaraAddresses, CamaraApiError};
use books::{Books, Stand};
use charges::{Ended, Known, Opened};
use numbers::Numbers;
use steps::{Asked, Stands};

/// How long everything that one call does may take: less than after which the gateway has it looked into.
const WHOLE: Duration = Duration::from_secs(40);
/// How often a step is tried while nobody knows whether it was taken.
const TRIES: usize = 3;

/// Why there is no connector.
#[derive(Debug, thiserror::Error)]
pub enum CamaraError {
    /// Its books.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The API.
    #[error(transparent)]
    Api(#[from] CamaraApiError),
}

/// What a carrier's phone bills are taken for.
#[derive(Clone, Debug)]
pub struct CamaraTerms {
    /// The carriers behind the API.
    pub carriers: Vec<Carrier>,
    /// The currency that their bills are in: one with at most three decimals.
    pub currency: Currency,
    /// The most that one payment may be, and the rest of what is said before it is chosen.
    pub conditions: Conditions,
}

/// A carrier. Payments are taken whole and at once: CAMARA has no way to take a part of what is reserved, and a carrier keeps a
/// reservation for as long as it likes.
pub struct Camara {
    api: Api,
    books: Books,
    numbers: Numbers,
    terms: CamaraTerms,
}

impl Camara {
    /// The carrier at `addresses`, with what was asked of it written in the file at `books`.
    pub fn open(addresses: CamaraAddresses, terms: CamaraTerms, books: &Path) -> Result<Self, CamaraError> {
        Ok(Self {
            api: Api::new(addresses)?,
            books: Books::open(books)?,
            numbers: Numbers::default(),
            terms,
        })
    }

    /// Whether it was asked about this quote.
    pub(crate) fn knows(&self, quote: &QuoteId) -> Result<bool, NoAnswer> {
        Ok(self.books.payment(quote)?.is_some())
    }

    /// Whether it took this charge's money, or may have.
    pub(crate) fn holds(&self, charge: &ChargeId) -> Result<bool, NoAnswer> {
        self.books.holds(charge)
    }
}

impl Connector for Camara {
    fn offers(&self, currency: Currency) -> Vec<Offered> {
        let CamaraTerms {
            carriers,
            currency: theirs,
            conditions,
        } = &self.terms;
        if currency != *theirs {
            return Vec::new();
        }
        vec![Offered {
            method: Method::PhoneBill {
                carriers: carriers.clone(),
            },
            conditions: *conditions,
        }]
    }

    fn may_ask(&self, _: &Instrument<'_>) -> bool {
        true
    }

    async fn authenticate(&self, request: Authentication<'_>) -> Result<Authenticated, NoAnswer> {
        within(self.prepare(&request)).await
    }

    async fn authentication(&self, quote: &QuoteId) -> Result<Proof, NoAnswer> {
        within(self.how_it_stands(quote)).await
    }

    async fn try_passcode(&self, quote: &QuoteId, passcode: &Passcode) -> Result<Tried, NoAnswer> {
        within(self.try_once(quote, passcode)).await
    }

    async fn abandon(&self, quote: &QuoteId) -> Result<(), NoAnswer> {
        within(self.let_go(quote)).await
    }

    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        within(self.take(&request)).await
    }

    async fn look_up(&self, charge: &ChargeId) -> Result<Found, NoAnswer> {
        within(self.find_out(charge)).await
    }

    async fn operate(&self, instruction: Instruction<'_>) -> Result<Done, NoAnswer> {
        within(self.act(&instruction)).await
    }
}

impl Camara {
    async fn prepare(&self, request: &Authentication<'_>) -> Result<Authenticated, NoAnswer> {
        let Instrument::PhoneBill { number, .. } = request.instrument else {
            return Ok(Authenticated::Unneeded);
        };
        let quote = request.quote;
        self.numbers.keep(quote, number);
        let mut again = false;
        for _ in 0..TRIES {
            let payment = self.books.begin(quote, request.total, again)?;
            if let Some(told) = told(payment.stand) {
                return Ok(told);
            }
            match self.ask_to_prepare(request, number, payment.attempt).await? {
                Asked::For(prepared) => self.books.asked(quote, &prepared)?,
                Asked::Barred(bar) => self.books.barred(quote, bar)?,
                // Nobody pays by the number alone.
                Asked::Nothing(payment) => {
                    self.books.answered(quote, false)?;
                    self.cancel(quote.as_str(), &payment, number).await?;
                }
                Asked::Twice => again = true,
            }
        }
        let payment = self.books.payment(quote)?.ok_or(NoAnswer)?;
        told(payment.stand).ok_or(NoAnswer)
    }

    async fn how_it_stands(&self, quote: &QuoteId) -> Result<Proof, NoAnswer> {
        let payment = self.books.payment(quote)?.ok_or(NoAnswer)?;
        let prepared = match payment.stand {
            Stand::Asked(prepared) => prepared,
            Stand::Met => return Ok(Proof::Met),
            Stand::Begun => return Ok(Proof::Pending),
            Stand::Barred(_) | Stand::Over => return Ok(Proof::Failed),
        };
        let proof = match self.look(&prepared.payment, payment.total).await? {
            Stands::Open => return Ok(Proof::Pending),
            Stands::Reserved => Proof::Met,
            Stands::Taken | Stands::Denied | Stands::Cancelled => Proof::Failed,
        };
        self.books.answered(quote, proof == Proof::Met)?;
        Ok(proof)
    }

    async fn try_once(&self, quote: &QuoteId, passcode: &Passcode) -> Result<Tried, NoAnswer> {
        let payment = self.books.payment(quote)?.ok_or(NoAnswer)?;
        let prepared = match payment.stand {
            Stand::Asked(prepared) => prepared,
            Stand::Met => return Ok(Tried::Met),
            Stand::Begun => return Err(NoAnswer),
            Stand::Barred(_) | Stand::Over => return Ok(Tried::Failed),
        };
        let tried = match self.books.try_once(quote)? {
            Some(left) => {
                self.validate(quote, &prepared, passcode, payment.total, left)
                    .await?
            }
            None => Tried::Failed,
        };
        match tried {
            Tried::Met => self.books.answered(quote, true)?,
            Tried::Failed => self.books.answered(quote, false)?,
            Tried::Wrong(_) => {}
        }
        Ok(tried)
    }

    /// Lets go of what was prepared for a quote, unless a charge has taken it.
    async fn let_go(&self, quote: &QuoteId) -> Result<(), NoAnswer> {
        let Some(payment) = self.books.give_up(quote)? else {
            return Ok(());
        };
        if let (Some(payment), Some(number)) = (payment, self.numbers.of(quote)) {
            self.cancel(quote.as_str(), &payment, &number).await?;
        }
        self.numbers.forget(quote);
        Ok(())
    }

    async fn take(&self, request: &Authorisation<'_>) -> Result<Answer, NoAnswer> {
        let (id, total) = (request.charge, request.total);
        match self.books.charge(id)? {
            Some(Known::Ended(ended)) => return Ok(ended.told()),
            // Somebody is at it, or was: that is for a look-up to find out.
            Some(Known::Open(_)) => return Err(NoAnswer),
            None => {}
        }
        let Instrument::PhoneBill { number, .. } = request.instrument else {
            return self.books.end(id, Ended::Failed).map(Ended::told);
        };
        if !request.capture {
            // Nothing is only reserved. Where it can't be let go now, the carrier discards it.
            let _left = self.let_go(request.quote).await;
            return self.books.end(id, Ended::Failed).map(Ended::told);
        }
        if !self.books.confirming(id, request.quote, total)? {
            return self.books.end(id, Ended::Failed).map(Ended::told);
        }
        let Some(Known::Open(open)) = self.books.charge(id)? else {
            return Err(NoAnswer);
        };
        let ended = self.confirm(id, &open.payment, number, total).await?;
        self.numbers.forget(request.quote);
        self.books.end(id, ended).map(Ended::told)
    }

    /// How a charge ended whose answer is not known.
    async fn find_out(&self, id: &ChargeId) -> Result<Found, NoAnswer> {
        let open = match self.books.charge(id)? {
            None => return self.books.end(id, Ended::Never).map(Ended::found),
            Some(Known::Ended(ended)) => return Ok(ended.found()),
            Some(Known::Open(open)) => open,
        };
        let mut stands = self.look(&open.payment, open.total).await?;
        // The confirmation did not arrive. It may be on its way still: what is cancelled is not confirmed.
        if stands == Stands::Reserved
            && !open.accepted
            && let Some(number) = self.numbers.of(&open.quote)
        {
            self.cancel(id.as_str(), &open.payment, &number).await?;
            stands = self.look(&open.payment, open.total).await?;
        }
        let ended = match stands {
            Stands::Taken => Ended::Approved,
            Stands::Denied => Ended::Declined,
            Stands::Cancelled => Ended::Never,
            Stands::Open | Stands::Reserved => return Ok(Found::Pending),
        };
        self.numbers.forget(&open.quote);
        self.books.end(id, ended).map(Ended::found)
    }

    async fn act(&self, instruction: &Instruction<'_>) -> Result<Done, NoAnswer> {
        match instruction.kind {
            OperationKind::Capture | OperationKind::Void | OperationKind::Expire => Ok(Done::Refused),
            OperationKind::Refund | OperationKind::Return => match self.books.open_refund(instruction)? {
                Opened::Ended(done) => Ok(done),
                Opened::Ask { payment, first } => {
                    let done = self.give_back(instruction, &payment, first).await?;
                    self.books.end_refund(instruction, done)
                }
            },
        }
    }
}

/// What is told of a payment that was asked about; none while it has not been.
fn told(stand: Stand) -> Option<Authenticated> {
    match stand {
        Stand::Begun => None,
        Stand::Asked(prepared) => Some(Authenticated::Needed(prepared.way())),
        Stand::Barred(bar) => Some(Authenticated::Barred(bar)),
        // Nobody was asked, which a phone bill is not paid with; or it was met before, by whom is not known.
        Stand::Met | Stand::Over => Some(Authenticated::Unneeded),
    }
}

async fn within<T>(work: impl Future<Output = Result<T, NoAnswer>>) -> Result<T, NoAnswer> {
    tokio::time::timeout(WHOLE, work).await.unwrap_or(Err(NoAnswer))
}
