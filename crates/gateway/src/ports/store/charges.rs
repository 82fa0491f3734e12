use std::future::Future;

use farthing_protocol::{
    ChargeId, ConsentId, DeclineReason, DisputeId, Hint, MerchantId, Money, MoneyError, Quote, QuoteId,
    Receipt, ReceiptId, Reference, UnixSeconds,
};

use super::{NewEvent, StoreError};
use crate::{Posting, StoredPosting, Terms, Verdicts};

/// Charges, receipts and the ledger.
pub trait ChargeStore: Send + Sync + 'static {
    /// Takes the token and opens the charge, in one step: by one conditional statement on the token, with
    /// the idempotency key and the order claimed in the same transaction. The encrypted details leave the
    /// store with it.
    fn begin_charge(&self, charge: NewCharge) -> impl Future<Output = Result<Begun, StoreError>> + Send;

    /// Ends a charge that is being asked about, or says that its end is unknown: state, ledger, receipt and event
    /// in one step. Returns whether it was this call that changed it.
    fn end_charge(
        &self,
        id: &ChargeId,
        end: ChargeEnd,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// A charge.
    fn charge(&self, id: &ChargeId) -> impl Future<Output = Result<Option<StoredCharge>, StoreError>> + Send;

    /// The charge of a quote's token, if it was redeemed.
    fn charge_of_quote(
        &self,
        id: &QuoteId,
    ) -> impl Future<Output = Result<Option<StoredCharge>, StoreError>> + Send;

    /// The charge that a receipt is about.
    fn charge_of_receipt(
        &self,
        id: &ReceiptId,
    ) -> impl Future<Output = Result<Option<StoredCharge>, StoreError>> + Send;

    /// At most `limit` charges whose end is not known and that it is time to look into: those that are unknown, by
    /// their own `look_at`, and those that were begun before `begun_before` and never heard of again.
    fn unresolved(
        &self,
        now: UnixSeconds,
        begun_before: UnixSeconds,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<StoredCharge>, StoreError>> + Send;

    /// When to look into an unknown charge next.
    fn look_again(
        &self,
        id: &ChargeId,
        at: UnixSeconds,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// At most `limit` charges whose reservation ended by `now`, that nothing is being done with, and whose expiry was
    /// not refused since `refused_before`.
    fn expired_authorisations(
        &self,
        now: UnixSeconds,
        refused_before: UnixSeconds,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<StoredCharge>, StoreError>> + Send;

    /// What the card's side said of the merchant's payments begun after `since`: of the latest `of` that have an
    /// answer. One that failed on the way has none.
    fn verdicts(
        &self,
        merchant: &MerchantId,
        since: UnixSeconds,
        of: u32,
    ) -> impl Future<Output = Result<Verdicts, StoreError>> + Send;

    /// What has no end yet, or was given up: for the operator.
    fn backlog(&self) -> impl Future<Output = Result<Backlog, StoreError>> + Send;

    /// A receipt.
    fn receipt(
        &self,
        id: &ReceiptId,
    ) -> impl Future<Output = Result<Option<StoredReceipt>, StoreError>> + Send;

    /// The whole ledger, in the order of writing: for tests.
    fn ledger(&self) -> impl Future<Output = Result<Vec<StoredPosting>, StoreError>> + Send;
}

/// What waits. Each is counted to ten thousand, so that counting has a bound too.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Backlog {
    /// Charges that are being asked about or whose end is unknown.
    pub charges: u32,
    /// The same of captures, voids, expiries, refunds and returns.
    pub operations: u32,
    /// Disputes that wait for the merchant, or whose money is on its way back.
    pub disputes: u32,
    /// Webhooks to send, now or later.
    pub webhooks_due: u32,
    /// Webhooks that were given up.
    pub webhooks_dead: u32,
}

/// An idempotency key that a request claims: the same key again is answered with what it stands for.
#[derive(Clone)]
pub struct Claim {
    /// The merchant's key.
    pub key: String,
    /// SHA-256 of the request: its address and its body.
    pub body_hash: [u8; 32],
}

/// A charge to begin.
pub struct NewCharge {
    /// Its id.
    pub id: ChargeId,
    /// Who asks.
    pub merchant: MerchantId,
    /// The merchant's idempotency key.
    pub claim: Claim,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The order that the merchant named.
    pub order: Reference,
    /// The amount that the merchant named: the sum of the order's lines.
    pub amount: Money,
    /// Whether to take the money at once.
    pub capture: bool,
    /// Whether the merchant is paused: then nothing is begun, and what was begun before is answered all the same.
    pub paused: bool,
    /// Now.
    pub now: UnixSeconds,
}

/// What became of a charge to begin.
pub enum Begun {
    /// The token is taken and the charge is open.
    Taken(Box<Taken>),
    /// The idempotency key was used before.
    Replay {
        /// SHA-256 of the request of that time.
        body_hash: [u8; 32],
        /// The charge of that time, if it was a charge.
        charge: Option<Box<StoredCharge>>,
    },
    /// Nothing is begun, because the merchant is paused.
    Paused,
    /// The token was not taken: what was seen of it and of the order.
    NotTaken {
        /// The token, if there is one.
        token: Option<Box<TokenFacts>>,
        /// The order's charge that can still be paid or is, if there is one.
        order: Option<Stage>,
    },
}

/// A token that is taken.
pub struct Taken {
    /// The charge that took it.
    pub charge: StoredCharge,
    /// Its quote.
    pub quote: Quote,
    /// What the provider and the merchant agreed on for it.
    pub terms: Terms,
    /// Number, expiry and name, encrypted; no longer in the store.
    pub details: Vec<u8>,
}

/// What a token stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenFacts {
    /// The merchant it was made for.
    pub merchant: MerchantId,
    /// The order it was made for.
    pub order: Reference,
    /// The sum of the order's lines.
    pub amount: Money,
    /// From when on it can't be redeemed.
    pub expires_at: UnixSeconds,
    /// Whether a charge took it.
    pub taken: bool,
}

/// How far a charge has come.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Stage {
    /// The connector is being asked.
    Asking,
    /// The connector gave no answer.
    Unknown,
    /// The money is reserved until then.
    Authorised {
        /// When the reservation ends.
        expires_at: UnixSeconds,
    },
    /// Paid.
    Paid(ReceiptId),
    /// Not paid.
    Declined(DeclineReason),
    /// The reservation was let go by the merchant.
    Voided,
    /// The reservation was let go by the provider, because nobody took it in time.
    Expired,
}

impl Stage {
    /// Whether the connector's answer is not there yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Asking | Self::Unknown)
    }
}

/// How a charge ends, or does not. Each end goes with the event that tells it.
pub enum ChargeEnd {
    /// The money is reserved.
    Authorised {
        /// Until when.
        expires_at: UnixSeconds,
        /// What is told.
        event: NewEvent,
    },
    /// Paid.
    Paid {
        /// What is booked.
        paid: Box<Paid>,
        /// What is told.
        event: NewEvent,
    },
    /// Not paid. Nothing is booked.
    Declined {
        /// Why.
        reason: DeclineReason,
        /// What is told.
        event: NewEvent,
    },
    /// The connector gave no answer. Not an end: the charge can still end either way.
    Unknown {
        /// When to look into it.
        look_at: UnixSeconds,
        /// What is told.
        event: NewEvent,
    },
}

/// Money that was taken: the entries sum to zero, and the receipt goes with them.
pub struct Paid {
    /// The ledger's posting.
    pub posting: Posting,
    /// The receipt. Its total is what was taken.
    pub receipt: Receipt,
    /// The same, signed.
    pub jws: String,
}

/// A charge.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredCharge {
    /// Its id.
    pub id: ChargeId,
    /// Who is paid.
    pub merchant: MerchantId,
    /// How far it has come.
    pub stage: Stage,
    /// The quote behind it.
    pub quote: QuoteId,
    /// The consent behind it.
    pub consent: ConsentId,
    /// The merchant's reference of the order.
    pub order: Reference,
    /// The sum of the order's lines.
    pub amount: Money,
    /// What the shopper bears beyond that, in minor units.
    pub fee: i64,
    /// Whether the money is taken at once.
    pub capture: bool,
    /// What was taken.
    pub captured: i64,
    /// What went back.
    pub refunded: i64,
    /// What is on its way back.
    pub refunding: i64,
    /// What a dispute holds.
    pub held: i64,
    /// The dispute, if there is one.
    pub dispute: Option<DisputeId>,
    /// Brand and last four.
    pub hint: Hint,
    /// When it was begun.
    pub created_at: UnixSeconds,
}

impl StoredCharge {
    /// What the shopper agreed to: the lines and the fee.
    pub fn total(&self) -> Result<Money, MoneyError> {
        let fee = (self.fee != 0).then_some(self.fee);
        Money::sum(
            self.amount.currency(),
            std::iter::once(self.amount.minor()).chain(fee),
        )
    }

    /// What can still go back.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.captured - self.refunded - self.refunding - self.held
    }
}

/// A receipt as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredReceipt {
    /// The receipt.
    pub receipt: Receipt,
    /// The same, signed.
    pub jws: String,
}
