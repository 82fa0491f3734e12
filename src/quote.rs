//! What a quote must be before it is shown.

use farthing_protocol::{CardBrand, Method, OrderBody, Quote, limits};

/// The most decimals that a currency has in ISO 4217 (CLF).
const DECIMALS: u8 = 4;

/// Whether a quote can be shown and agreed to: its total is the sum of its lines, every amount and count is
/// within its bound, there is a consent to agree to, a way to pay, and time to do it. The provider's quotes
/// are; one that is not means that something between us is broken.
pub fn is_sound(quote: &Quote) -> bool {
    let body = OrderBody {
        currency: quote.total.currency(),
        lines: quote.lines.clone(),
    };
    let consent_chars = quote.consent.text.chars().count();
    body.total() == Ok(quote.total)
        && quote.decimals <= DECIMALS
        && (1..=limits::CONSENT_TEXT_CHARS).contains(&consent_chars)
        && !brands(quote).is_empty()
        && quote.expires_at > quote.quoted_at
}

/// The brands of card that are taken.
pub fn brands(quote: &Quote) -> Vec<CardBrand> {
    quote
        .methods
        .iter()
        .flat_map(|Method::Card { brands }| brands.iter().copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use farthing_protocol::{Currency, Money};

    use super::*;
    use crate::view::tests::quote;

    #[test]
    fn a_sound_quote_is_sound_and_each_fault_is_seen() {
        let sound = || quote(&[("Sticker", 100), ("Postage", 50)]);
        assert!(is_sound(&sound()));
        let eur = Currency::parse("EUR").unwrap();
        let faults: [fn(&mut Quote); 9] = [
            |quote| quote.lines[0].amount += 1,
            |quote| quote.lines[0].amount = -100,
            |quote| quote.lines.clear(),
            |quote| quote.lines = vec![quote.lines[0].clone(); limits::ORDER_LINES + 1],
            |quote| quote.decimals = 5,
            |quote| quote.consent.text.clear(),
            |quote| quote.consent.text = "a".repeat(limits::CONSENT_TEXT_CHARS + 1),
            |quote| quote.methods.clear(),
            |quote| quote.expires_at = quote.quoted_at,
        ];
        for (place, fault) in faults.iter().enumerate() {
            let mut quote = sound();
            fault(&mut quote);
            assert!(!is_sound(&quote), "fault {place}");
        }
        let mut other = sound();
        other.total = Money::new(149, eur).unwrap();
        assert!(!is_sound(&other));
    }
}
