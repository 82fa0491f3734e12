use std::future::Future;

use farthing_protocol::{ChallengeId, Code, ConsentId, ConsentRecord, Hint, Quote, QuoteId, UnixSeconds};

use super::{Stage, StoreError};
use crate::{Terms, Way};

/// Quotes, consents and tokens.
pub trait QuoteStore: Send + Sync + 'static {
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
    /// and is not taken, and its challenge, where it has one, is met. Returns whether it did.
    fn renew_token(&self, renewal: Renewal) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// A challenge, by its quote.
    fn challenge_of(
        &self,
        quote: &QuoteId,
    ) -> impl Future<Output = Result<Option<StoredChallenge>, StoreError>> + Send;

    /// The quote that a challenge is about.
    fn challenged_quote(
        &self,
        id: &ChallengeId,
    ) -> impl Future<Output = Result<Option<QuoteId>, StoreError>> + Send;

    /// Moves a challenge on: from [`ChallengeState::Asking`] to any other state, from [`ChallengeState::Open`] to its end,
    /// and nowhere from there. Returns whether it was this call that moved it.
    fn move_challenge(
        &self,
        quote: &QuoteId,
        to: ChallengeState,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// At most `limit` quotes whose token had a challenge, is not taken, and never will be: the connector may let go of
    /// what it made for them.
    fn challenges_in_vain(
        &self,
        now: UnixSeconds,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<QuoteId>, StoreError>> + Send;

    /// Forgets a challenge that was in vain.
    fn forget_challenge(&self, quote: &QuoteId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// A consent record.
    fn consent(
        &self,
        id: &ConsentId,
    ) -> impl Future<Output = Result<Option<StoredConsent>, StoreError>> + Send;

    /// Erases what nobody can use any more: encrypted details of tokens that expired, vault keys of quotes
    /// that did. Returns how many it erased.
    fn sweep(&self, now: UnixSeconds) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// A quote to keep.
pub struct NewQuote {
    /// The quote, as the shopper will see it.
    pub quote: Quote,
    /// The same, signed.
    pub jws: String,
    /// What the provider and the merchant agreed on for it.
    pub terms: Terms,
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
    /// What the provider and the merchant agreed on for it.
    pub terms: Terms,
    /// The vault key's private half, encrypted, until a token is made.
    pub vault_secret: Option<Vec<u8>>,
    /// The token that was made, if one was.
    pub token: Option<TokenOfQuote>,
}

/// What is kept of a quote's token.
pub struct TokenOfQuote {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// SHA-256 of the sealed text that it was made from.
    pub sealed_hash: [u8; 32],
    /// Brand and last four.
    pub hint: Hint,
    /// From when on it can't be redeemed.
    pub expires_at: UnixSeconds,
    /// The consent that came with it.
    pub consent: ConsentId,
    /// Whether there is, or was, something to meet before it is given.
    pub challenged: bool,
}

/// Something to meet before a token is given.
pub struct StoredChallenge {
    /// Its name.
    pub id: ChallengeId,
    /// How it stands.
    pub state: ChallengeState,
    /// From when on it can't be met any more.
    pub expires_at: UnixSeconds,
    /// The details of the token that waits for it, encrypted.
    pub details: Option<Vec<u8>>,
    /// What may be seen of them.
    pub hint: Hint,
}

/// How a challenge stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ChallengeState {
    /// The connector has not said yet whether there is anything to meet.
    Asking,
    /// The shopper is to meet it.
    Open(Way),
    /// It is met, or there was nothing to meet.
    Met,
    /// It was not met.
    Failed(Code),
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
    /// A keyed hash of the instrument: the same instrument has the same, and nobody without the key can tell
    /// which it is.
    pub fingerprint: [u8; 32],
    /// Now.
    pub now: UnixSeconds,
    /// From when on it can't be redeemed.
    pub expires_at: UnixSeconds,
    /// What the shopper agreed to: merchant, order, total and fee are taken from here.
    pub consent: ConsentRecord,
    /// The same, signed.
    pub consent_jws: String,
    /// A challenge that has to be met before the token is given, and until when it can be.
    pub challenge: Option<(ChallengeId, UnixSeconds)>,
    /// How many tokens one order may have.
    pub limit: i64,
    /// How many tokens one instrument may have since `instrument_since`, at all merchants together.
    pub instrument_limit: i64,
    /// From when on an instrument's tokens are counted.
    pub instrument_since: UnixSeconds,
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
    /// The instrument has as many as it may have.
    InstrumentTooOften,
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

/// A consent record as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredConsent {
    /// The record.
    pub record: ConsentRecord,
    /// The same, signed.
    pub jws: String,
}
