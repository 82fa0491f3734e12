use std::future::Future;

use farthing_protocol::{
    ChargeId, ConsentId, ConsentRecord, DeclineReason, Hint, MerchantId, Money, Quote, QuoteId, Receipt,
    ReceiptId, Reference, UnixSeconds,
};

use crate::Entry;

/// Where everything is kept. Each method is one transaction: all of it happened, or nothing did.
///
/// A store decides nothing. It applies conditional writes and returns the facts it saw in the same
/// transaction; which refusal they amount to is decided by the rules.
pub trait Store: Send + Sync + 'static {
    /// Keeps a quote, unless its order is paid, under way, of another content, or tried too often. The
    /// order's earlier tokens that nobody redeemed end with it.
    fn insert_quote(&self, quote: NewQuote)
    -> impl Future<Output = Result<QuoteInserted, StoreError>> + Send;

    /// A quote and what became of it.
    fn quote(&self, id: &QuoteId) -> impl Future<Output = Result<Option<StoredQuote>, StoreError>> + Send;

    /// Keeps a token and its consent, and destroys the quote's vault key, in one step; a quote whose key is
    /// gone makes no token.
    fn insert_token(&self, token: NewToken)
    -> impl Future<Output = Result<TokenInserted, StoreError>> + Send;

    /// Puts a new token in the place of the quote's earlier one, if that was made from the same sealed text
    /// and is not taken. Returns whether it did.
    fn renew_token(&self, renewal: Renewal) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Takes the token and opens the charge, in one step: by one conditional statement on the token, with
    /// the idempotency key and the order claimed in the same transaction. The encrypted details leave the
    /// store with it.
    fn begin_charge(&self, charge: NewCharge) -> impl Future<Output = Result<Begun, StoreError>> + Send;

    /// Ends a charge that has not ended: state, ledger entries and receipt in one step. Returns whether it
    /// was this call that ended it.
    fn end_charge(
        &self,
        id: &ChargeId,
        end: ChargeEnd,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// A charge.
    fn charge(&self, id: &ChargeId) -> impl Future<Output = Result<Option<StoredCharge>, StoreError>> + Send;

    /// The charge of a quote's token, the last one if there were several.
    fn charge_of_quote(
        &self,
        id: &QuoteId,
    ) -> impl Future<Output = Result<Option<StoredCharge>, StoreError>> + Send;

    /// At most `limit` charges without an end: those that are known to be unknown, and those that were begun
    /// before `begun_before` and never heard of again.
    fn unresolved(
        &self,
        begun_before: UnixSeconds,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<StoredCharge>, StoreError>> + Send;

    /// A receipt.
    fn receipt(
        &self,
        id: &ReceiptId,
    ) -> impl Future<Output = Result<Option<StoredReceipt>, StoreError>> + Send;

    /// A consent record.
    fn consent(
        &self,
        id: &ConsentId,
    ) -> impl Future<Output = Result<Option<StoredConsent>, StoreError>> + Send;

    /// Every ledger entry, in the order of writing: for audits and tests.
    fn ledger(&self) -> impl Future<Output = Result<Vec<Entry>, StoreError>> + Send;

    /// Erases what nobody can use any more: encrypted details of tokens that expired, vault keys of quotes
    /// that did. Returns how many it erased.
    fn sweep(&self, now: UnixSeconds) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// The store could not do it. Texts are for the log and hold no value that was to be stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much at once; the same may work a moment later. It was not done.
    #[error("the store is busy")]
    Busy,
    /// Anything else. It was not done.
    #[error("the store failed: {0}")]
    Failed(String),
    /// The disk failed while it was done. Whether it was shows once the store works again: reads fail until then.
    #[error("the store does not know whether it was done: {0}")]
    InDoubt(String),
}

/// A quote to keep.
pub struct NewQuote {
    /// The quote, as the shopper will see it.
    pub quote: Quote,
    /// SHA-256 of the order's content: one reference stands for one content.
    pub order_digest: [u8; 32],
    /// The vault key's private half, encrypted.
    pub vault_secret: Vec<u8>,
    /// How many quotes one order may have.
    pub limit: i64,
}

/// What became of a quote to keep.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum QuoteInserted {
    /// It is kept.
    Inserted,
    /// The reference stands for another content.
    OrderDiffers,
    /// The order has a charge that is not declined.
    OrderTaken(Stage),
    /// The order has as many quotes as it may have.
    TooMany,
}

/// A quote and what became of it.
pub struct StoredQuote {
    /// The quote.
    pub quote: Quote,
    /// The vault key's private half, encrypted, until a token is made.
    pub vault_secret: Option<Vec<u8>>,
    /// The token that was made, if one was.
    pub token: Option<TokenOfQuote>,
}

/// What is kept of a quote's token.
pub struct TokenOfQuote {
    /// SHA-256 of the sealed text that it was made from.
    pub sealed_hash: [u8; 32],
    /// Brand and last four.
    pub hint: Hint,
    /// From when on it can't be redeemed.
    pub expires_at: UnixSeconds,
    /// The consent that came with it.
    pub consent: ConsentId,
}

/// A token to keep.
pub struct NewToken {
    /// Its quote.
    pub quote: QuoteId,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// SHA-256 of the sealed text.
    pub sealed_hash: [u8; 32],
    /// Number, expiry and name, encrypted. No security code, in any form.
    pub details: Vec<u8>,
    /// Brand and last four.
    pub hint: Hint,
    /// Now.
    pub now: UnixSeconds,
    /// From when on it can't be redeemed.
    pub expires_at: UnixSeconds,
    /// What the shopper agreed to.
    pub consent: ConsentRecord,
    /// The same, signed.
    pub consent_jws: String,
    /// How many tokens one order may have.
    pub limit: i64,
}

/// What became of a token to keep.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TokenInserted {
    /// It is kept.
    Inserted,
    /// The quote has no vault key any more, or has expired.
    QuoteUsed,
    /// The order has a charge that is not declined.
    OrderTaken(Stage),
    /// The order has as many tokens as it may have.
    TooMany,
}

/// A token made anew because the answer with the first was lost.
pub struct Renewal {
    /// Its quote.
    pub quote: QuoteId,
    /// SHA-256 of the sealed text: the very same as before.
    pub sealed_hash: [u8; 32],
    /// SHA-256 of the new token.
    pub hash: [u8; 32],
    /// Now: an expired token is not renewed.
    pub now: UnixSeconds,
}

/// A charge to begin.
pub struct NewCharge {
    /// Its id.
    pub id: ChargeId,
    /// Who asks.
    pub merchant: MerchantId,
    /// The merchant's idempotency key.
    pub key: String,
    /// SHA-256 of the request's body.
    pub body_hash: [u8; 32],
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The order that the merchant named.
    pub order: Reference,
    /// The amount that the merchant named.
    pub total: Money,
    /// Now.
    pub now: UnixSeconds,
}

/// What became of a charge to begin.
pub enum Begun {
    /// The token is taken and the charge is open.
    Taken(Box<Taken>),
    /// The idempotency key was used before: the charge of that time.
    Replay {
        /// SHA-256 of the body of that time.
        body_hash: [u8; 32],
        /// The charge.
        charge: Box<StoredCharge>,
    },
    /// The token was not taken: what was seen of it and of the order.
    NotTaken {
        /// The token, if there is one.
        token: Option<Box<TokenFacts>>,
        /// The order's charge that is not declined, if there is one.
        order: Option<Stage>,
    },
}

/// A token that is taken.
pub struct Taken {
    /// Its quote.
    pub quote: Quote,
    /// Number, expiry and name, encrypted; no longer in the store.
    pub details: Vec<u8>,
    /// Brand and last four.
    pub hint: Hint,
}

/// What a token stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenFacts {
    /// The merchant it was made for.
    pub merchant: MerchantId,
    /// The order it was made for.
    pub order: Reference,
    /// The agreed total.
    pub total: Money,
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
    /// Paid.
    Paid(ReceiptId),
    /// Not paid.
    Declined(DeclineReason),
}

/// How a charge ends, or does not.
pub enum ChargeEnd {
    /// Paid: the entries sum to zero, and the receipt goes with them.
    Paid {
        /// The ledger's entries.
        entries: Vec<Entry>,
        /// The receipt.
        receipt: Box<Receipt>,
        /// The same, signed.
        jws: String,
    },
    /// Not paid. Nothing is booked.
    Declined(DeclineReason),
    /// The connector gave no answer. Not an end: the charge can still end either way.
    Unknown,
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
    /// The merchant's reference of the order.
    pub order: Reference,
    /// What is charged.
    pub total: Money,
    /// Brand and last four.
    pub hint: Hint,
    /// When it was begun.
    pub created_at: UnixSeconds,
}

/// A receipt as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredReceipt {
    /// The receipt.
    pub receipt: Receipt,
    /// The same, signed.
    pub jws: String,
}

/// A consent record as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredConsent {
    /// The record.
    pub record: ConsentRecord,
    /// The same, signed.
    pub jws: String,
}
