//! What moves the money, each behind `gateway::Connector`: the sandbox, Stripe, and a phone carrier.

mod beside;
mod camara;
mod sandbox;
mod stripe;

pub use beside::Beside;
pub use camara::{Camara, CamaraAddresses, CamaraApiError, CamaraError, CamaraTerms};
use farthing_outbound::Guard;
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

/// Whether a shopper's browser may be sent to `page`: by TLS, and on one machine also without.
fn may_lead_to(guard: Guard, page: &str) -> bool {
    let lead = match guard {
        Guard::Public => page.starts_with("https://"),
        Guard::Sandbox => page.starts_with("https://") || page.starts_with("http://127.0.0.1:"),
    };
    // It stands in a header and in markup.
    lead && page
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b';' | b','))
}
