//! The provider's rules: orders, quotes, consent, tokens, charges, the ledger. No HTTP, no SQL, no clock and
//! no randomness of its own: [`Clock`], [`Rng`], [`Store`] and [`Connector`] are parameters.
//!
//! One payment, through this crate: [`Gateway::quote`] → [`Gateway::token`] → [`Gateway::charge`]. Each
//! decision is made by a pure function on facts that one atomic store operation returned; each write is
//! conditional, so that of two who try the same thing at once, one is told that it came second.

pub mod accreditation;
mod charge;
mod currency;
pub mod fee;
pub mod jose;
mod keys;
mod ledger;
mod merchant;
mod order;
mod ports;
mod quote;
mod refusal;
mod resolve;
mod token;

pub use charge::{Charged, IdempotencyKey};
pub use currency::{decimals, in_english};
pub use keys::{DataKey, Keys};
pub use ledger::{Entry, entries_of_payment};
pub use merchant::{Merchant, Merchants, SecretKeyHash};
pub use ports::connector::{Answer, Authorisation, Connector, Found, NoAnswer};
pub use ports::store::{
    Begun, ChargeEnd, NewCharge, NewQuote, NewToken, QuoteInserted, Renewal, Stage, Store, StoreError,
    StoredCharge, StoredConsent, StoredQuote, StoredReceipt, Taken, TokenFacts, TokenInserted, TokenOfQuote,
};
pub use ports::{Clock, Rng};
pub use refusal::Refusal;

use farthing_protocol::{Label, Origin};

/// What an operator decides about the provider.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The provider's own origin: the `aud` of orders, the `iss` of receipts.
    pub origin: Origin,
    /// The provider's name, as the shopper reads it.
    pub name: Label,
    /// Whether no real money moves.
    pub sandbox: bool,
}

/// The rules at work on one store and one connector.
pub struct Gateway<S, C, T, R> {
    store: S,
    connector: C,
    clock: T,
    rng: R,
    settings: Settings,
    merchants: Merchants,
    keys: Keys,
    codes: token::CodeKeeper,
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// Puts the parts together.
    pub fn new(
        store: S,
        connector: C,
        clock: T,
        rng: R,
        settings: Settings,
        merchants: Merchants,
        keys: Keys,
    ) -> Self {
        Self {
            store,
            connector,
            clock,
            rng,
            settings,
            merchants,
            keys,
            codes: token::CodeKeeper::default(),
        }
    }

    /// What the operator decided.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who may be paid.
    pub fn merchants(&self) -> &Merchants {
        &self.merchants
    }

    /// The provider's keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Where everything is kept.
    pub fn store(&self) -> &S {
        &self.store
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes);
        bytes
    }
}
