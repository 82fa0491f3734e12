//! What an operator does with the registry: merchants, their origins, keys and fees, and those who vouch for them.
//! Each of it acts on the next request, for that reads the store anew.

mod error;
mod import;
mod keys;
mod merchants;
mod prices;
mod vouching;

pub use error::RegistryError;
pub use import::{AccreditorEntry, LeftOut, MerchantEntry};
pub use keys::{NewKey, PlainKey};
pub use merchants::{CHALLENGE_PATH, NewMerchantEntry};

/// Origins of one merchant: each of them stands in a header of every frame.
pub const ORIGINS: i64 = 20;
/// Order-signing keys of one merchant.
pub const ORDER_KEYS: i64 = 20;
/// API keys of one merchant that work.
pub const API_KEYS: i64 = 50;
/// Prices of one merchant that are not closed.
pub const PRICES: i64 = 1_000;
/// Statements about one merchant's origins that have not expired.
pub const STATEMENTS: i64 = 100;
/// Accreditors that are trusted.
pub const ACCREDITORS: i64 = 20;

/// The registry of one store.
pub struct Registrar<'a, S, T, R> {
    store: &'a S,
    clock: &'a T,
    rng: &'a R,
}
