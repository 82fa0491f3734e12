use std::rc::Rc;

use farthing_protocol::{ConsentGiven, FrameMessage, MethodKind, Quote, QuoteId};

/// Ties an answer to its question: an answer with an old ticket is dropped.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Ticket(pub(crate) u32);

/// What the one open ticket stands for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Awaited {
    #[default]
    Nothing,
    Quote,
    Token,
    Outcome,
    Wait,
}

/// What the shell is to do. Each request is answered exactly once, with its ticket, within a deadline that
/// the shell keeps: silence is answered as unreachable.
pub enum Effect {
    /// `POST /v1/quotes` → [`crate::Event::QuoteArrived`], `QuoteRefused` or `QuoteUnreachable`.
    RequestQuote {
        /// For the answer.
        ticket: Ticket,
        /// The order, as the page gave it.
        order: String,
    },
    /// Seal the details that stand in the form to `quote`'s vault key, keep the sealed text, and
    /// `POST /v1/tokens` → `TokenArrived`, `Challenged`, `TokenRefused`, `TokenUnreachable`. Details that
    /// can't be sealed are answered as refused, `SealedMalformed`.
    RequestToken {
        /// For the answer.
        ticket: Ticket,
        /// The quote that is on the screen.
        quote: Rc<Quote>,
        /// The way to pay that was chosen.
        method: MethodKind,
        /// What was agreed to: the text of that way, which is on the screen.
        consent: ConsentGiven,
    },
    /// Post the kept sealed text again, unchanged: the provider knows it for the same attempt. Answered as
    /// `RequestToken` is.
    RequestTokenAgain {
        /// For the answer.
        ticket: Ticket,
    },
    /// `GET /v1/quotes/{id}/outcome` → `OutcomeArrived` or `OutcomeUnreachable`.
    LookUp {
        /// For the answer.
        ticket: Ticket,
        /// The quote in question.
        quote: QuoteId,
        /// Of a price: `POST /v1/quotes/{id}/charge`, which is answered in the same way, and charges what is not yet.
        charge: bool,
    },
    /// Come back with [`crate::Event::Waited`].
    Wait {
        /// For the answer.
        ticket: Ticket,
        /// How long, in seconds.
        seconds: u32,
    },
    /// Come back with [`crate::Event::QuoteRanOut`].
    WatchExpiry {
        /// The quote.
        quote: QuoteId,
        /// How long it lasts, in seconds; a duration, for the shopper's clock may be wrong.
        seconds: u32,
    },
    /// Forget the details in the form and the sealed text.
    Wipe,
    /// Tell the merchant's page.
    Tell(FrameMessage),
}
