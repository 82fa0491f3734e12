use farthing_protocol::{Challenge, Code, HostOutcome, MethodKind, Quote, QuoteId, QuoteOutcome, TokenReply};

use crate::{Sight, Ticket, effect::Awaited};

/// What happened: to the shell's requests, in the merchant's page, or by the shopper's hand.
pub enum Event {
    /// The page gave an order.
    OrderGiven(String),
    /// There is no page around the frame.
    HostMissing,
    /// The page says that its server has tried to charge.
    HostCompleted(HostOutcome),
    /// The page asks to begin again.
    HostReset,

    /// The provider's quote.
    QuoteArrived(Ticket, Box<Quote>),
    /// The provider refused the order.
    QuoteRefused(Ticket, Code),
    /// No answer, or none that can be read.
    QuoteUnreachable(Ticket),
    /// The quote's time is up.
    QuoteRanOut(QuoteId),

    /// A field changed. To be said at every change, even if `complete` stays as it was: a refusal of the
    /// details stands until one of them changes.
    DetailsChanged {
        /// Whether every field is complete.
        complete: bool,
    },
    /// The shopper chose another way to pay.
    MethodChosen(MethodKind),
    /// The shopper ticked or unticked the consent.
    ConsentChanged(bool),
    /// The shopper pressed “Pay”, and saw this much of what for.
    PayPressed(Sight),
    /// The shopper pressed “Cancel”.
    CancelPressed,
    /// The shopper pressed “Try again”.
    AgainPressed,

    /// The provider's token.
    TokenArrived(Ticket, TokenReply),
    /// Something is to be met before there is a token.
    Challenged(Ticket, Challenge),
    /// The provider made no token.
    TokenRefused(Ticket, Code),
    /// No answer: a token may have been made, but nobody has it, and nothing was charged.
    TokenUnreachable(Ticket),

    /// The provider's word on how the payment stands.
    OutcomeArrived(Ticket, QuoteOutcome),
    /// No answer.
    OutcomeUnreachable(Ticket),
    /// A wait is over.
    Waited(Ticket),
}

impl Event {
    /// What this event answers, if it is an answer.
    pub(crate) fn answers(&self) -> Option<(Ticket, Awaited)> {
        match self {
            Self::QuoteArrived(ticket, _)
            | Self::QuoteRefused(ticket, _)
            | Self::QuoteUnreachable(ticket) => Some((*ticket, Awaited::Quote)),
            Self::TokenArrived(ticket, _)
            | Self::Challenged(ticket, _)
            | Self::TokenRefused(ticket, _)
            | Self::TokenUnreachable(ticket) => Some((*ticket, Awaited::Token)),
            Self::OutcomeArrived(ticket, _) | Self::OutcomeUnreachable(ticket) => {
                Some((*ticket, Awaited::Outcome))
            }
            Self::Waited(ticket) => Some((*ticket, Awaited::Wait)),
            _ => None,
        }
    }
}
