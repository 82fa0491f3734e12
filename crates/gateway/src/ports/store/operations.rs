use std::future::Future;

use farthing_protocol::{ChargeId, MerchantId, Money, OperationId, OperationKind, UnixSeconds};

use super::{Claim, NewEvent, Paid, StoreError, StoredCharge};
use crate::Posting;

/// What is done with a charge after it was made.
pub trait OperationStore: Send + Sync + 'static {
    /// Opens an operation, in one step: by one conditional statement on the charge, which sets its amount aside,
    /// with the idempotency key claimed in the same transaction. Nothing is opened where
    ///
    /// - the charge is not that merchant's,
    /// - it holds no reservation (capture and void: one that has not ended by `now`; expiry: one that has), or another
    ///   capture, void or expiry of it is under way or done,
    /// - a refund is more than is left of what was taken, or there are `limit` refunds already,
    /// - a return is not exactly what a dispute holds, or another one is under way or done.
    fn begin_operation(
        &self,
        operation: NewOperation,
    ) -> impl Future<Output = Result<OperationBegun, StoreError>> + Send;

    /// Ends an operation that has not ended, or says that its end is unknown: operation, charge, ledger, receipt and
    /// events in one step. Returns whether it was this call that changed it.
    fn end_operation(
        &self,
        id: &OperationId,
        end: OperationEnd,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// An operation.
    fn operation(
        &self,
        id: &OperationId,
    ) -> impl Future<Output = Result<Option<StoredOperation>, StoreError>> + Send;

    /// Every operation of a charge, oldest first.
    fn operations_of(
        &self,
        charge: &ChargeId,
    ) -> impl Future<Output = Result<Vec<StoredOperation>, StoreError>> + Send;

    /// At most `limit` operations whose end is not known and that it is time to ask for again; as
    /// [`super::ChargeStore::unresolved`].
    fn unresolved_operations(
        &self,
        now: UnixSeconds,
        begun_before: UnixSeconds,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<StoredOperation>, StoreError>> + Send;

    /// When to ask for an unknown operation again.
    fn ask_again(
        &self,
        id: &OperationId,
        at: UnixSeconds,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// An operation to open.
#[derive(Clone)]
pub struct NewOperation {
    /// Its id.
    pub id: OperationId,
    /// The charge.
    pub charge: ChargeId,
    /// Whose charge it must be.
    pub merchant: MerchantId,
    /// What is done.
    pub kind: OperationKind,
    /// How much is taken, released or given back.
    pub amount: Money,
    /// The merchant's idempotency key; none where the provider does it by itself.
    pub claim: Option<Claim>,
    /// How many operations of this kind a charge may have, with those that failed.
    pub limit: i64,
    /// Now.
    pub now: UnixSeconds,
    /// What is told if it is opened.
    pub event: Option<NewEvent>,
}

/// What became of an operation to open.
pub enum OperationBegun {
    /// It is open.
    Begun {
        /// The charge, with the amount set aside.
        charge: Box<StoredCharge>,
        /// The operation.
        operation: Box<StoredOperation>,
    },
    /// The idempotency key was used before.
    Replay {
        /// SHA-256 of the request of that time.
        body_hash: [u8; 32],
        /// The operation of that time, if it was one.
        operation: Option<Box<StoredOperation>>,
    },
    /// It is not open: what was seen.
    NotBegun {
        /// The charge, if there is one.
        charge: Option<Box<StoredCharge>>,
        /// Whether a capture, void or expiry of it (for those), or a return (for a return), is under way or done.
        taken: bool,
        /// How many operations of this kind it has, with those that failed.
        count: i64,
    },
}

/// How an operation ends, or does not.
pub enum OperationEnd {
    /// A capture is done: the charge is paid.
    Captured {
        /// What is booked.
        paid: Box<Paid>,
        /// What is told.
        events: Vec<NewEvent>,
    },
    /// A void or an expiry is done: the charge is voided or expired.
    Released {
        /// When.
        at: UnixSeconds,
        /// What is told.
        events: Vec<NewEvent>,
    },
    /// A refund or a return is done; with a return, its dispute has ended.
    GivenBack {
        /// What is booked.
        posting: Posting,
        /// When.
        at: UnixSeconds,
        /// What is told.
        events: Vec<NewEvent>,
    },
    /// It was refused, and has no effect: what was set aside is free again.
    Failed {
        /// When.
        at: UnixSeconds,
        /// What is told.
        events: Vec<NewEvent>,
    },
    /// The connector gave no answer. Not an end.
    Unknown {
        /// When to ask again.
        ask_at: UnixSeconds,
    },
}

/// How far an operation has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OperationStage {
    /// The connector is being asked.
    Asking,
    /// The connector gave no answer.
    Unknown,
    /// Done, at that time.
    Done(UnixSeconds),
    /// Refused, at that time.
    Failed(UnixSeconds),
}

impl OperationStage {
    /// Whether the connector's answer is not there yet.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Asking | Self::Unknown)
    }
}

/// An operation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredOperation {
    /// Its id.
    pub id: OperationId,
    /// The charge.
    pub charge: ChargeId,
    /// What is done.
    pub kind: OperationKind,
    /// How much.
    pub amount: Money,
    /// How far it has come.
    pub stage: OperationStage,
    /// When it was begun.
    pub created_at: UnixSeconds,
}
