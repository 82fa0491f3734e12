//! Stripe's API behind the provider: cards, taken at once or reserved.
//!
//! Each step is written down before it is taken ([`books`]), so that a crash or a lost answer between us and Stripe ends in
//! one true outcome. A payment intent is made first and confirmed then: making it moves no money, so it may be made twice;
//! what is confirmed is the one whose name was written down, and an intent is confirmed once. Whoever comes later asks
//! Stripe how that one intent stands. Refunds carry our own id, and are looked for under it before they are asked for again.

mod api;
mod authenticate;
mod authentications;
mod books;
mod steps;

use std::{path::Path, time::Duration};

use farthing_gateway::{
    Answer, Authenticated, Authentication, Authorisation, Connector, Done, Found, Instruction, Instrument,
    NoAnswer, Offered, Proof,
};
use farthing_protocol::{ChargeId, Currency, DeclineReason, OperationKind, QuoteId};

use crate::{BRANDS, BooksError};
use api::{Api, Reply};
pub use api::{ApiError, ApiKey};
use books::{Books, Ended, Opened, Step};
use steps::{Intent, Verdict};

/// How long everything that one call does may take: less than after which the gateway has it looked into.
const WHOLE: Duration = Duration::from_secs(40);
/// How often a step is tried while nobody knows whether it was taken.
const TRIES: usize = 3;

/// Why there is no connector.
#[derive(Debug, thiserror::Error)]
pub enum StripeError {
    /// Its books.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The API.
    #[error(transparent)]
    Api(#[from] ApiError),
}

/// Stripe.
pub struct Stripe {
    api: Api,
    books: Books,
}

impl Stripe {
    /// Stripe's API at `address`, with what was asked of it written in the file at `books`.
    pub fn open(address: &str, key: &ApiKey, books: &Path) -> Result<Self, StripeError> {
        Ok(Self {
            api: Api::new(address, key)?,
            books: Books::open(books)?,
        })
    }
}

impl Connector for Stripe {
    fn offers(&self, _: Currency) -> Vec<Offered> {
        vec![Offered::cards(&BRANDS)]
    }

    /// Stripe decides which payments are confirmed, and which are exempt; it is asked about all by card.
    fn may_ask(&self, instrument: &Instrument<'_>) -> bool {
        matches!(instrument, Instrument::Card { .. })
    }

    async fn authenticate(&self, request: Authentication<'_>) -> Result<Authenticated, NoAnswer> {
        within(self.begin_authentication(&request)).await
    }

    async fn authentication(&self, quote: &QuoteId) -> Result<Proof, NoAnswer> {
        within(self.find_out_authentication(quote)).await
    }

    async fn abandon(&self, quote: &QuoteId) -> Result<(), NoAnswer> {
        within(self.let_go(quote)).await
    }

    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        within(self.begin(&request)).await
    }

    async fn look_up(&self, charge: &ChargeId) -> Result<Found, NoAnswer> {
        within(self.find_out(charge)).await
    }

    async fn operate(&self, instruction: Instruction<'_>) -> Result<Done, NoAnswer> {
        within(async {
            match self.books.open_operation(&instruction)? {
                Opened::Ended(done) => Ok(done),
                Opened::Ask { intent, first } => {
                    let done = self.act(&instruction, &intent, first).await?;
                    self.books.end_operation(&instruction, done)
                }
            }
        })
        .await
    }
}

impl Stripe {
    async fn begin(&self, request: &Authorisation<'_>) -> Result<Answer, NoAnswer> {
        let id = request.charge;
        let refused = match self.reserved(request)? {
            Some(Ok(intent)) => return self.charge_reserved(request, &intent).await,
            Some(Err(reason)) => Some(reason),
            None => None,
        };
        if let Some(known) = self.books.begin(id, request.total, request.capture)? {
            return match known.step {
                Step::Ended(ended) => Ok(told(ended)),
                // Somebody is at it, or was: that is for a look-up to find out.
                Step::Begun | Step::Intended | Step::Confirming(_) => Err(NoAnswer),
            };
        }
        if let Some(reason) = refused {
            let declined = Ended::Answered(Answer::Declined(reason));
            return self
                .books
                .end(id, declined, &["begun"])?
                .map(told)
                .ok_or(NoAnswer);
        }
        // Nothing up to the confirmation moves money.
        let new = Intent {
            of: id.as_str(),
            kind: "charge",
            total: request.total,
            at_once: request.capture,
            instrument: &request.instrument,
        };
        let Some(intent) = self.intend(&new).await? else {
            let refused = Ended::Answered(Answer::Declined(DeclineReason::CardDeclined));
            return self.books.end(id, refused, &["begun"])?.map(told).ok_or(NoAnswer);
        };
        if !self.books.intended(id, &intent)? || !self.books.confirming(id)? {
            // It was given up in the meantime: an intent that nobody confirms is none.
            return self
                .books
                .find(id)?
                .and_then(|known| known.ended())
                .map(told)
                .ok_or(NoAnswer);
        }
        let verdict = self.confirm(id.as_str(), &intent, request.total, &[]).await?;
        self.settle(id, &intent, verdict).await
    }

    /// How a charge ended whose answer is not known.
    async fn find_out(&self, id: &ChargeId) -> Result<Found, NoAnswer> {
        let Some(known) = self.books.find(id)? else {
            self.books.never_heard_of(id)?;
            return self.found(id);
        };
        match known.step {
            Step::Ended(_) => {}
            // What has not been confirmed is not going to be.
            Step::Begun | Step::Intended => {
                self.books.end(id, Ended::Never, &["begun", "intended"])?;
            }
            Step::Confirming(intent) => {
                let verdict = match self.look(&intent, known.total).await? {
                    // The confirmation did not arrive. It may be on its way still: what is cancelled is not confirmed.
                    Verdict::Open | Verdict::Action => self.give_up(&intent, known.total).await?,
                    // What was reserved before the charge is taken by it.
                    Verdict::Approved if known.at_once => self.take(id, &intent, known.total).await?,
                    verdict => verdict,
                };
                match verdict {
                    Verdict::Pending | Verdict::Open | Verdict::Action => return Ok(Found::Pending),
                    Verdict::Cancelled => {
                        self.books.end(id, Ended::Never, &["confirming"])?;
                    }
                    Verdict::Approved | Verdict::Captured => {
                        self.books
                            .end(id, Ended::Answered(Answer::Approved), &["confirming"])?;
                    }
                    Verdict::Declined(reason) => {
                        self.books
                            .end(id, Ended::Answered(Answer::Declined(reason)), &["confirming"])?;
                    }
                }
            }
        }
        self.found(id)
    }

    fn found(&self, id: &ChargeId) -> Result<Found, NoAnswer> {
        Ok(match self.books.find(id)?.and_then(|known| known.ended()) {
            Some(Ended::Answered(answer)) => Found::Ended(answer),
            Some(Ended::Never) => Found::Never,
            // Somebody went on with it at this very moment.
            None => Found::Pending,
        })
    }

    /// Writes down what a confirmation came to.
    async fn settle(&self, id: &ChargeId, intent: &str, verdict: Verdict) -> Result<Answer, NoAnswer> {
        let answer = match verdict {
            Verdict::Approved | Verdict::Captured => Answer::Approved,
            Verdict::Declined(reason) => Answer::Declined(reason),
            Verdict::Cancelled => Answer::Declined(DeclineReason::ProcessingFailed),
            Verdict::Action => {
                // The bank wants to ask the shopper, who has left: nothing may come of it later.
                self.cancel(intent).await?;
                Answer::Declined(DeclineReason::CardDeclined)
            }
            Verdict::Open | Verdict::Pending => return Err(NoAnswer),
        };
        let ended = self.books.end(id, Ended::Answered(answer), &["confirming"])?;
        ended.map(told).ok_or(NoAnswer)
    }

    /// Does what was instructed, as often as it is not known whether it was done.
    async fn act(&self, instruction: &Instruction<'_>, intent: &str, first: bool) -> Result<Done, NoAnswer> {
        let mut known = first;
        for _ in 0..TRIES {
            // Before it is asked for again, it is looked for.
            if !known && let Some(done) = self.done(instruction, intent).await? {
                return Ok(done);
            }
            match self.instruct(instruction, intent).await {
                Ok(Reply::Object(made)) if steps::is_done(instruction.kind, &made) => return Ok(Done::Done),
                // Refused, perhaps because it was done by a request whose answer was lost.
                Ok(_) => return Ok(self.done(instruction, intent).await?.unwrap_or(Done::Refused)),
                Err(_) => known = false,
            }
        }
        self.done(instruction, intent).await?.ok_or(NoAnswer)
    }

    async fn instruct(&self, instruction: &Instruction<'_>, intent: &str) -> Result<Reply, api::NoReply> {
        let (key, amount) = (instruction.id.as_str(), instruction.amount.minor().to_string());
        match instruction.kind {
            OperationKind::Capture => {
                let path = format!("/v1/payment_intents/{intent}/capture");
                self.api.post(&path, key, &[("amount_to_capture", &amount)]).await
            }
            OperationKind::Void | OperationKind::Expire => {
                self.api
                    .post(&format!("/v1/payment_intents/{intent}/cancel"), key, &[])
                    .await
            }
            OperationKind::Refund | OperationKind::Return => {
                let form = [
                    ("payment_intent", intent),
                    ("amount", &amount),
                    ("metadata[operation]", key),
                ];
                self.api.post("/v1/refunds", key, &form).await
            }
        }
    }
}

fn told(ended: Ended) -> Answer {
    match ended {
        Ended::Answered(answer) => answer,
        Ended::Never => Answer::Declined(DeclineReason::ProcessingFailed),
    }
}

async fn within<T>(work: impl Future<Output = Result<T, NoAnswer>>) -> Result<T, NoAnswer> {
    tokio::time::timeout(WHOLE, work).await.unwrap_or(Err(NoAnswer))
}
