//! What moves the money, each behind `gateway::Connector`: the sandbox, and Stripe.

mod sandbox;
mod stripe;

use farthing_protocol::CardBrand;
pub use sandbox::{ACCOUNTS, CARDS, PASSCODE, PHONES, Sandbox, SandboxInstrument};
pub use stripe::{ApiError, ApiKey, Stripe, StripeError};

/// The brands of card that are taken.
const BRANDS: [CardBrand; 8] = [
    CardBrand::Visa,
    CardBrand::Mastercard,
    CardBrand::Amex,
    CardBrand::Discover,
    CardBrand::Diners,
    CardBrand::Jcb,
    CardBrand::Unionpay,
    CardBrand::Maestro,
];

/// A connector's books can't be opened.
#[derive(Debug, thiserror::Error)]
#[error("the connector's books could not be opened: {0}")]
pub struct BooksError(#[from] rusqlite::Error);
