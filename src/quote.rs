//! What a quote must be before it is shown.

use farthing_protocol::{CardBrand, Method, OrderBody, Quote, limits};

/// The most decimals that a currency has in ISO 4217 (CLF).
const DECIMALS: u8 = 4;

/// Whether a quote can be shown and agreed to: its total is the sum of its lines, every amount and count is
/// within its bound, there is a consent to agree to, a way to pay, and time to do it. The provider's quotes
/// are; one that is not means that something between us is broken.
pub fn is_sound(quote: &Quote) -> bool {
    let body = OrderBody { currency: quote.total.currency(), lines: quote.lines.clone() };
    let consent_chars = quote.consent.text.chars().count();
    body.total() == Ok(quote.total)
        && quote.decimals <= DECIMALS
        && (1..=limits::CONSENT_TEXT_CHARS).contains(&consent_chars)
        && !brands(quote).is_empty()
        && quote.expires_at > quote.quoted_at
}

/// The brands of card that are taken.
pub fn brands(quote: &Quote) -> Vec<CardBrand> {
    quote.methods.iter().flat_map(|Method::Card { brands }| brands.iter().copied()).collect()
}
