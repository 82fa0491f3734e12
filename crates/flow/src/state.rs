use std::rc::Rc;

use farthing_protocol::{
    Challenge, ChargeId, Code, ConsentId, Hint, HostOutcome, MethodKind, Money, Offer, Quote, ReceiptId,
    UnixSeconds,
};

/// How often an unknown outcome is looked up before the shopper is told that it takes longer.
pub const UNKNOWN_LOOKUPS: u8 = 40;

/// What is on the screen. What exists only at one stage is held by that stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum State {
    /// Waiting for the order, or for its quote.
    #[default]
    Loading,
    /// The form.
    Ready(Ready),
    /// The details are sealed and a token is asked for. The form stays, locked.
    Sealing(Sealing),
    /// The bank or the carrier wants to know that it is the shopper.
    Challenged(Challenged),
    /// The page has the token; its server has not charged it yet, or not said so. Of a price: the provider has not.
    Delivered(Delivered),
    /// A charge was tried, and nobody knows yet how it ended.
    Unknown(Unknown),
    /// Paid, or reserved for the shop to take. Final.
    Completed(Completed),
    /// Not paid, with a reason.
    Refused(Refused),
    /// The time ran out; nothing was charged.
    Expired,
    /// The provider does not answer; nothing was charged.
    Unreachable(Lost),
    /// The shopper chose not to pay.
    Cancelled,
}

/// A quote, and which of its ways to pay the shopper chose.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Everything that is shown about money.
    pub quote: Rc<Quote>,
    /// The way to pay: one that the quote offers.
    pub method: MethodKind,
}

impl Choice {
    /// The first way on offer, until the shopper chooses another. `None` where there is none to choose.
    pub(crate) fn first(quote: Quote) -> Option<Self> {
        let method = quote.methods.first()?.method.kind();
        Some(Self {
            quote: Rc::new(quote),
            method,
        })
    }

    /// What the chosen way costs, and the sentence to agree to.
    #[must_use]
    pub fn offer(&self) -> Option<&Offer> {
        self.quote.offer(self.method)
    }
}

/// The form, and what it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// What is paid, and how.
    pub choice: Choice,
    /// Whether the shopper has agreed. Never true at first.
    pub consented: bool,
    /// Whether every field is complete.
    pub details_complete: bool,
    /// What was missing when “Pay” was last pressed.
    pub missing: Option<Missing>,
    /// Why the provider did not take the details, or the press on “Pay” did not count.
    pub notice: Option<Code>,
    /// Whether another order has come, whose quote is not there yet: what is shown of money is of the one before.
    pub renewing: bool,
}

/// What keeps “Pay” from paying.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Missing {
    /// A field is empty, not complete, or wrong.
    Details,
    /// The details are there; the consent is not.
    Consent,
}

/// A token is on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealing {
    /// What was agreed to.
    pub choice: Choice,
    /// Times the same sealed text may still be sent when no answer comes.
    pub(crate) sends_left: u8,
    /// Whether the quote's time ran out meanwhile: the form must not come back then.
    pub(crate) ran_out: bool,
}

/// Something is to be met before there is a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Challenged {
    /// What was agreed to.
    pub choice: Choice,
    /// What is to be met.
    pub challenge: Challenge,
    /// How often in a row the provider may still fail to say how it stands.
    pub(crate) misses_left: u8,
}

/// The page has the token.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    /// What was agreed to.
    pub choice: Choice,
    /// From when on the token can't be charged.
    pub expires_at: UnixSeconds,
    /// Brand and last four.
    pub hint: Hint,
    /// What the page said of the charge, if it did: shown as the page's word, never as the truth.
    pub host_said: Option<HostOutcome>,
    /// Whether the shopper may try again: the page says that it failed, and the provider, asked since,
    /// knows of no charge. Until a new quote is there the token can still be charged, so what is shown
    /// is that nothing was charged *so far*.
    pub again: bool,
    pub(crate) lookups: u8,
}

/// Nobody knows yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// What was agreed to.
    pub choice: Choice,
    /// The charge in question.
    pub charge: ChargeId,
    /// Lookups to come; at 0 the shopper may ask for more.
    pub lookups_left: u8,
}

/// Paid, or reserved.
#[derive(Clone, Debug, PartialEq)]
pub struct Completed {
    /// What was agreed to.
    pub choice: Choice,
    /// What was charged, or can be at most, by the provider's books.
    pub total: Money,
    /// The consent record.
    pub consent: ConsentId,
    /// The receipt; none while the money is only reserved.
    pub receipt: Option<ReceiptId>,
}

/// Not paid.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Why.
    pub code: Code,
    /// Whether the shopper can try the same order again, with another card or another attempt.
    pub again: bool,
    /// What was to be paid, where that is known.
    pub choice: Option<Choice>,
}

/// What was under way when the provider stopped answering.
#[derive(Clone, Debug, PartialEq)]
pub enum Lost {
    /// The quote.
    Quote,
    /// The token: the same sealed text can be sent again. Nobody has the token, so the shopper may as
    /// well cancel.
    Token(Choice),
}

impl State {
    /// Whether a token was asked for and the end is not known: nothing the page says changes anything then.
    #[must_use]
    pub fn in_doubt(&self) -> bool {
        matches!(
            self,
            Self::Sealing(_)
                | Self::Challenged(_)
                | Self::Delivered(_)
                | Self::Unknown(_)
                | Self::Unreachable(Lost::Token(_))
        )
    }
}
