use std::future::Future;

use farthing_protocol::{
    ChargeId, DisputeId, DisputeReason, DisputeStatus, MerchantId, Money, Reference, UnixSeconds, Words,
};

use super::{NewEvent, StoreError, StoredCharge};
use crate::Posting;

/// Disputes. The money's way back is an operation: see [`super::OperationStore::begin_operation`].
pub trait DisputeStore: Send + Sync + 'static {
    /// Opens a dispute and holds its amount, in one step: by one conditional statement on the charge, which must be
    /// that merchant's, paid, without a dispute, and have exactly that amount left.
    fn open_dispute(
        &self,
        dispute: NewDispute,
    ) -> impl Future<Output = Result<DisputeOpened, StoreError>> + Send;

    /// A dispute.
    fn dispute(
        &self,
        id: &DisputeId,
    ) -> impl Future<Output = Result<Option<StoredDispute>, StoreError>> + Send;

    /// The dispute about a charge.
    fn dispute_of(
        &self,
        charge: &ChargeId,
    ) -> impl Future<Output = Result<Option<StoredDispute>, StoreError>> + Send;

    /// At most `limit` disputes of a merchant, newest first; of all where there is none.
    fn disputes(
        &self,
        merchant: Option<&MerchantId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<StoredDispute>, StoreError>> + Send;

    /// Keeps the merchant's words, if the dispute is open and its time to answer has not passed. Returns whether it
    /// did.
    fn contest_dispute(
        &self,
        id: &DisputeId,
        contest: Contest,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Ends a contested dispute for the merchant, who has the held amount again. Returns whether it did.
    fn reject_dispute(
        &self,
        id: &DisputeId,
        rejection: Rejection,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// At most `limit` disputes whose money is to go back: open ones whose time to answer has passed by `now`, and
    /// those on their way back for which nothing is being done and nothing was refused since `refused_before`.
    fn disputes_due(
        &self,
        now: UnixSeconds,
        refused_before: UnixSeconds,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<StoredDispute>, StoreError>> + Send;
}

/// A dispute to open.
pub struct NewDispute {
    /// Its id.
    pub id: DisputeId,
    /// The charge.
    pub charge: ChargeId,
    /// Whose charge it must be.
    pub merchant: MerchantId,
    /// What it is about.
    pub reason: DisputeReason,
    /// What the shopper wrote.
    pub words: Option<Words>,
    /// What is left of what was taken.
    pub amount: Money,
    /// Now.
    pub now: UnixSeconds,
    /// With no answer by then, the money goes back.
    pub answer_by: UnixSeconds,
    /// What is booked: the amount is held.
    pub posting: Posting,
    /// What is told.
    pub event: NewEvent,
}

/// What became of a dispute to open.
pub enum DisputeOpened {
    /// It is open.
    Opened,
    /// There is one already.
    Exists(Box<StoredDispute>),
    /// Another amount is left by now; nothing was opened.
    Changed(Box<StoredCharge>),
}

/// A merchant's answer that does not agree.
pub struct Contest {
    /// The merchant's side.
    pub answer: Words,
    /// Now.
    pub at: UnixSeconds,
    /// What is told.
    pub event: NewEvent,
}

/// The end of a dispute for the merchant.
pub struct Rejection {
    /// Now.
    pub at: UnixSeconds,
    /// What is booked: the amount is the merchant's again.
    pub posting: Posting,
    /// What is told.
    pub event: NewEvent,
}

/// A dispute.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredDispute {
    /// Its id.
    pub id: DisputeId,
    /// The charge.
    pub charge: ChargeId,
    /// Whose charge it is.
    pub merchant: MerchantId,
    /// The merchant's reference of the order.
    pub order: Reference,
    /// What it is about.
    pub reason: DisputeReason,
    /// What the shopper wrote.
    pub words: Option<Words>,
    /// What it holds, or brought back.
    pub amount: Money,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// How it stands.
    pub status: DisputeStatus,
}
