use std::future::Future;

use farthing_instrument::{CardNumber, CardholderName, Expiry, SecurityCode};
use farthing_protocol::{ChargeId, DeclineReason, Label, Money, OperationId, OperationKind};

/// What moves the money: a bank, a card acquirer, a carrier. The sandbox is one.
///
/// Every method answers within a deadline of the connector's own; what it can't find out is [`NoAnswer`],
/// and never a guess.
pub trait Connector: Send + Sync + 'static {
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
    /// The agreed total.
    pub total: Money,
    /// Whether to take the money at once; otherwise it is reserved.
    pub capture: bool,
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
