use std::future::Future;

use farthing_instrument::{CardNumber, CardholderName, Expiry, Iban, PhoneNumber, SecurityCode};
use farthing_protocol::{
    CardBrand, ChargeId, Conditions, Currency, DeclineReason, Label, Method, Money, OperationId,
    OperationKind, Passcode, QuoteId, Reference,
};

/// What moves the money: a bank, a card acquirer, a carrier. The sandbox is one.
///
/// Every method answers within a deadline of the connector's own; what it can't find out is [`NoAnswer`],
/// and never a guess.
pub trait Connector: Send + Sync + 'static {
    /// The ways in which a payment in `currency` can be made, at most one of a kind, in the order in which they are shown. It asks
    /// nobody: one who does not answer keeps no other way from being offered.
    fn offers(&self, currency: Currency) -> Vec<Offered>;

    /// Whether the card's side may want to know that it is the shopper before this pays. It asks nobody:
    /// [`Self::authenticate`] does. About a phone bill there is no question: its carrier always asks.
    fn may_ask(&self, _instrument: &Instrument<'_>) -> bool {
        false
    }

    /// Asks whether the shopper has to show that it is them. No money is taken, though it may be reserved. `request.quote` is
    /// the idempotency key, and what a later [`Self::authorise`] refers to.
    fn authenticate(
        &self,
        _: Authentication<'_>,
    ) -> impl Future<Output = Result<Authenticated, NoAnswer>> + Send {
        async { Ok(Authenticated::Unneeded) }
    }

    /// How it stands with a shopper who was sent to a page.
    fn authentication(&self, _: &QuoteId) -> impl Future<Output = Result<Proof, NoAnswer>> + Send {
        async { Err(NoAnswer) }
    }

    /// Passes on the passcode that a shopper typed.
    fn try_passcode(
        &self,
        _: &QuoteId,
        _: &Passcode,
    ) -> impl Future<Output = Result<Tried, NoAnswer>> + Send {
        async { Err(NoAnswer) }
    }

    /// What the shopper may spend in a month by what is to pay for this quote, and what is left of it, where that is known
    /// once [`Self::authenticate`] has been answered. It asks nobody.
    fn allowance(&self, _: &QuoteId) -> impl Future<Output = Result<Option<Allowance>, NoAnswer>> + Send {
        async { Ok(None) }
    }

    /// Lets go of what was made for a quote that will not be paid.
    fn abandon(&self, _: &QuoteId) -> impl Future<Output = Result<(), NoAnswer>> + Send {
        async { Ok(()) }
    }

    /// Reserves the money, or takes it at once. `request.charge` is the idempotency key: the same charge asked again
    /// has one effect.
    fn authorise(&self, request: Authorisation<'_>) -> impl Future<Output = Result<Answer, NoAnswer>> + Send;

    /// Asks how `charge` ended, for when its answer was lost.
    fn look_up(&self, charge: &ChargeId) -> impl Future<Output = Result<Found, NoAnswer>> + Send;

    /// Does something with what was authorised. `request.id` is the idempotency key: the same instruction asked again
    /// has one effect, and is how its end is found out when the answer was lost.
    fn operate(&self, request: Instruction<'_>) -> impl Future<Output = Result<Done, NoAnswer>> + Send;
}

/// One payment to make. It borrows the details, so that nothing is left of them afterwards.
pub struct Authorisation<'a> {
    /// The charge.
    pub charge: &'a ChargeId,
    /// Its quote, for which the shopper may have shown that it is them ([`Connector::authenticate`]).
    pub quote: &'a QuoteId,
    /// The agreed total.
    pub total: Money,
    /// Whether to take the money at once; otherwise it is reserved.
    pub capture: bool,
    /// Who is paid.
    pub payee: &'a Label,
    /// What pays.
    pub instrument: Instrument<'a>,
}

/// A payment that may have to be confirmed by the shopper.
pub struct Authentication<'a> {
    /// The quote that was agreed to.
    pub quote: &'a QuoteId,
    /// The agreed total.
    pub total: Money,
    /// Who will be paid.
    pub payee: &'a Label,
    /// What is to pay.
    pub instrument: Instrument<'a>,
    /// The page of the provider's to which a page of the card's side leads back.
    pub back: &'a str,
}

/// Whether the shopper has to show that it is them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Authenticated {
    /// No, or the card's side knows already; or it can't be paid with this, which is for the charge to find out: who asks for
    /// tokens learns nothing about a card.
    Unneeded,
    /// Yes.
    Needed(Way),
    /// It can't be paid so, and the shopper is told why. For phone bills alone: what a carrier lets a number spend is agreed
    /// between the two, and who pays in another way has nothing to wait for.
    Barred(Bar),
}

/// Why a number can't pay by its phone bill.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Bar {
    /// The amount is beyond what is left of the limit.
    LimitReached,
    /// The carrier does not let this number pay, or does not know it.
    NotAllowed,
}

/// What may be spent in a month, and what is left of it before this payment: both in the payment's currency.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Allowance {
    /// The limit.
    pub limit: Money,
    /// What is left of it.
    pub left: Money,
}

/// How a shopper shows that it is them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Way {
    /// By a one-time passcode, typed on the provider's page ([`Connector::try_passcode`]).
    Passcode,
    /// On a page at this address, which is https, or http on this machine ([`Connector::authentication`]).
    Page(String),
}

/// How it stands with a shopper who was sent to a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proof {
    /// Nothing is known yet.
    Pending,
    /// It is them.
    Met,
    /// It is not, or they would not.
    Failed,
}

/// What a passcode came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tried {
    /// It is the right one.
    Met,
    /// It is not; how often another may be tried.
    Wrong(u8),
    /// It was the last try.
    Failed,
}

/// What pays.
pub enum Instrument<'a> {
    /// A payment card.
    Card {
        /// The card's number.
        number: &'a CardNumber,
        /// Until when the card is valid.
        expiry: &'a Expiry,
        /// The name on the card.
        name: &'a CardholderName,
        /// The security code; absent when the provider was restarted between token and charge, for it is held
        /// in memory alone.
        security_code: Option<&'a SecurityCode>,
    },
    /// A bank account, with the mandate to debit it, which is the consent's.
    BankAccount {
        /// The account.
        iban: &'a Iban,
        /// Who holds it.
        holder: &'a CardholderName,
    },
    /// A phone bill.
    PhoneBill {
        /// The number whose bill it is.
        number: &'a PhoneNumber,
        /// The carrier, by the name that the offer has for it.
        carrier: &'a Reference,
    },
}

/// A way to pay that a connector has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Offered {
    /// The way.
    pub method: Method,
    /// Its limit, its speed and for how long it can be given back.
    pub conditions: Conditions,
}

impl Offered {
    /// Cards of `brands`, at once and without a limit of their own.
    #[must_use]
    pub fn cards(brands: &[CardBrand]) -> Self {
        Self {
            method: Method::Card {
                brands: brands.to_vec(),
                address: false,
            },
            // Schemes have refunds for longer; half a year is what every one of them has.
            conditions: Conditions {
                refundable_days: 180,
                ..Conditions::default()
            },
        }
    }
}

/// A definite answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// The money moved, or is reserved, as was asked.
    Approved,
    /// It is not, and for this charge it never will be.
    Declined(DeclineReason),
}

/// No answer in time, or none that can be trusted: the money may have moved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoAnswer;

/// What a look-up found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Found {
    /// The charge has ended.
    Ended(Answer),
    /// The charge is known there and has not ended.
    Pending,
    /// The charge never arrived there, and will be refused if it still does.
    Never,
}

/// What to do with what was authorised.
#[derive(Clone, Copy, Debug)]
pub struct Instruction<'a> {
    /// The operation.
    pub id: &'a OperationId,
    /// The charge.
    pub charge: &'a ChargeId,
    /// What. To the connector an expiry is a void and a return a refund.
    pub kind: OperationKind,
    /// How much is taken, released or given back.
    pub amount: Money,
}

/// A definite answer to an [`Instruction`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Done {
    /// It has its effect.
    Done,
    /// It has none, and never will have.
    Refused,
}
