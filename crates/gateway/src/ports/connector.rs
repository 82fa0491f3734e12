use std::future::Future;

use farthing_instrument::{CardNumber, CardholderName, Expiry, SecurityCode};
use farthing_protocol::{ChargeId, DeclineReason, Label, Money};

/// What moves the money: a bank, a card acquirer, a carrier. The sandbox is one.
///
/// Every method answers within a deadline of the connector's own; what it can't find out is [`NoAnswer`],
/// and never a guess.
pub trait Connector: Send + Sync + 'static {
    /// Takes the money. `request.charge` is the idempotency key: the same charge asked again has one effect.
    fn authorise(&self, request: Authorisation<'_>) -> impl Future<Output = Result<Answer, NoAnswer>> + Send;

    /// Asks how `charge` ended, for when its answer was lost.
    fn look_up(&self, charge: &ChargeId) -> impl Future<Output = Result<Found, NoAnswer>> + Send;
}

/// One payment to make. It borrows the details, so that nothing is left of them afterwards.
pub struct Authorisation<'a> {
    /// The charge.
    pub charge: &'a ChargeId,
    /// The agreed total.
    pub total: Money,
    /// Who is paid.
    pub payee: &'a Label,
    /// The card's number.
    pub number: &'a CardNumber,
    /// Until when the card is valid.
    pub expiry: &'a Expiry,
    /// The name on the card.
    pub name: &'a CardholderName,
    /// The security code; absent when the provider was restarted between token and charge, for it is held
    /// in memory alone.
    pub security_code: Option<&'a SecurityCode>,
}

/// A definite answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// The money moved.
    Paid,
    /// It did not, and for this charge it never will.
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
