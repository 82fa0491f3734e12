//! The provider's rules: orders, quotes, consent, tokens, charges, the ledger. No HTTP, no SQL, no clock and
//! no randomness of its own: [`Clock`], [`Rng`], [`Store`] and [`Connector`] are parameters.
//!
//! One payment, through this crate: [`Gateway::quote`] → [`Gateway::token`] → [`Gateway::charge`], and afterwards
//! [`Gateway::capture`], [`Gateway::void`], [`Gateway::refund`]. Each
//! decision is made by a pure function on facts that one atomic store operation returned; each write is
//! conditional, so that of two who try the same thing at once, one is told that it came second.

mod access;
pub mod accreditation;
mod at_work;
mod breaker;
mod challenge;
mod charge;
mod currency;
mod delivery;
mod details;
mod dispute;
mod event;
pub mod fee;
pub mod jose;
mod keys;
mod ledger;
mod low_value;
mod merchant;
mod operation;
mod order;
mod plain;
mod ports;
mod price;
mod quote;
mod receipt;
mod refusal;
pub mod registrar;
mod resolve;
mod standing;
mod terms;
mod token;
pub mod webhook;

pub use access::{Caller, Permission, Scope, SecretKeyHash, StoredKey};
pub use breaker::Verdicts;
pub use challenge::{Answered, Challenged};
pub use charge::{Charged, IdempotencyKey};
pub use currency::{decimals, in_english, shown};
pub use delivery::{Message, Sent};
pub use keys::{DataKey, Keys};
pub use ledger::{
    Account, Entry, GENESIS, Posting, PostingKind, StoredPosting, entries_of_capture, entries_of_hold,
    entries_of_refund, entries_of_release, entries_of_return,
};
pub use low_value::{LowValue, LowValueError, SinceAsked, Unasked};
pub use merchant::{Merchant, MerchantOrigin};
pub use operation::Operated;
pub use plain::TypedCard;
pub use ports::connector::{
    Allowance, Answer, Authenticated, Authentication, Authorisation, Bar, Connector, Done, Found,
    Instruction, Instrument, NoAnswer, Offered, Proof, Tried, Way,
};
pub use ports::store::{
    Added, NewMerchant, Registration, RegistryStore, StoredAccreditor, StoredStatement, StoredStatusList,
};
pub use ports::store::{
    AttemptEnd, Backlog, Begun, ChallengeState, ChargeEnd, ChargeStore, Claim, Contest, DeadDelivery,
    DisputeOpened, DisputeStore, DueDelivery, EndpointAdded, NewCharge, NewDispute, NewEndpoint, NewEvent,
    NewOperation, NewQuote, NewToken, OperationBegun, OperationEnd, OperationStage, OperationStore, Paid,
    QuoteInserted, QuoteStore, Rejection, Renewal, Stage, Store, StoreError, StoredChallenge, StoredCharge,
    StoredConsent, StoredDispute, StoredEndpoint, StoredOperation, StoredQuote, StoredReceipt, Taken,
    TokenFacts, TokenInserted, TokenOfQuote, WebhookStore,
};
pub use ports::{Clock, Rng};
pub use price::Price;
pub use refusal::Refusal;
pub use terms::Terms;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use farthing_protocol::{Currency, Label, Origin, UnixSeconds};
use registrar::Registrar;
use serde::Serialize;

/// What an operator decides about the provider.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The provider's own origin: the `aud` of orders, the `iss` of receipts.
    pub origin: Origin,
    /// The provider's name, as the shopper reads it.
    pub name: Label,
    /// Whether no real money moves.
    pub sandbox: bool,
    /// Below how much, in minor units, a disputed payment goes back without asking the merchant.
    pub return_below: HashMap<Currency, i64>,
}

/// The rules at work on one store and one connector.
pub struct Gateway<S, C, T, R> {
    store: S,
    connector: C,
    clock: T,
    rng: R,
    settings: Settings,
    keys: RwLock<Arc<Keys>>,
    codes: token::CodeKeeper,
    at_work: at_work::AtWork,
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// Puts the parts together.
    pub fn new(store: S, connector: C, clock: T, rng: R, settings: Settings, keys: Keys) -> Self {
        Self {
            store,
            connector,
            clock,
            rng,
            settings,
            keys: RwLock::new(Arc::new(keys)),
            codes: token::CodeKeeper::default(),
            at_work: at_work::AtWork::default(),
        }
    }

    /// The time by the provider's clock.
    pub fn now(&self) -> UnixSeconds {
        self.clock.now()
    }

    /// What the operator decided.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The provider's keys, as they are now.
    pub fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on the keys are these. What has begun with the others ends with them.
    pub fn change_keys(&self, keys: Keys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// Where everything is kept.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The registry of merchants, for what an operator does.
    pub fn registrar(&self) -> Registrar<'_, S, T, R> {
        Registrar::new(&self.store, &self.clock, &self.rng)
    }

    fn sign(&self, typ: &'static str, payload: &impl Serialize) -> Result<String, Refusal> {
        self.keys()
            .signing
            .sign(typ, payload)
            .map_err(|error| Refusal::internal(format!("signing a {typ}: {error}")))
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes);
        bytes
    }
}
