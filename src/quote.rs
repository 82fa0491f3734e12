//! What a quote must be before it is shown.

use farthing_protocol::{Method, Offer, Quote, limits};

/// The most decimals that a currency has in ISO 4217 (CLF).
const DECIMALS: u8 = 4;

/// The quote with the ways that can be filled in: one that can't, such as a phone bill without a carrier, takes
/// no other with it. `None` where what is left can't be shown and agreed to. It can where there is a way to pay and time to
/// do it, somebody vouches for the payee, every amount and count is within its bound, and each way is there once, its total
/// the lines and its fee, all of one currency, with a consent to agree to. The provider's quotes are so; one that is not
/// means that something between us is broken.
pub fn sound(mut quote: Quote) -> Option<Quote> {
    quote.methods.retain(|offer| can_be_filled_in(&offer.method));
    is_sound(&quote).then_some(quote)
}

fn is_sound(quote: &Quote) -> bool {
    let Some(first) = quote.methods.first() else {
        return false;
    };
    let offer_is_sound = |offer: &Offer| {
        let consent_chars = offer.consent.text.chars().count();
        let found = quote.offer(offer.method.kind());
        offer.sum(&quote.lines) == Ok(offer.total)
            && offer.total.currency() == first.total.currency()
            && (1..=limits::CONSENT_TEXT_CHARS).contains(&consent_chars)
            && found.is_some_and(|found| std::ptr::eq(found, offer))
    };
    (1..=limits::ORDER_LINES).contains(&quote.lines.len())
        && quote.decimals <= DECIMALS
        && quote.accreditation.until > quote.quoted_at
        && quote.expires_at > quote.quoted_at
        && quote.methods.iter().all(offer_is_sound)
}

/// Whether there is a form for the way, and in it something to choose from.
fn can_be_filled_in(method: &Method) -> bool {
    match method {
        Method::Card { brands, .. } => !brands.is_empty(),
        Method::BankAccount { .. } => true,
        Method::PhoneBill { carriers } => !carriers.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use farthing_protocol::{Currency, Label, Money};

    use super::*;
    use crate::view::tests::quote;

    #[test]
    fn a_sound_quote_is_sound_and_each_fault_is_seen() {
        // Two ways, so that each fault can be in the one that is not the first.
        let sound = || {
            let mut quote = quote(&[("Sticker", 100), ("Postage", 50)]);
            let mut dearer = quote.methods[0].clone();
            dearer.method = account();
            dearer.fee = 5;
            dearer.total = money(155, "EUR");
            quote.methods.push(dearer);
            quote
        };
        assert!(is_sound(&sound()));
        let faults: &[fn(&mut Quote)] = &[
            |quote| quote.lines[0].amount += 1,
            |quote| quote.lines[0].amount = -100,
            |quote| {
                // A fee alone would be a sum.
                quote.lines.clear();
                quote.methods.remove(0);
                quote.methods[0].total = money(5, "EUR");
            },
            |quote| {
                quote.lines = vec![quote.lines[0].clone(); limits::ORDER_LINES + 1];
                quote.methods.truncate(1);
                quote.methods[0].total = money(2100, "EUR");
            },
            |quote| quote.decimals = 5,
            |quote| quote.methods.clear(),
            |quote| quote.methods[0].total = money(149, "EUR"),
            |quote| quote.methods[1].total = money(150, "EUR"),
            |quote| quote.methods[1].total = money(155, "USD"),
            |quote| {
                quote.methods[1].fee = -5;
                quote.methods[1].total = money(145, "EUR");
            },
            |quote| {
                quote.methods[1].fee = limits::AMOUNT_MINOR;
                quote.methods[1].total = money(limits::AMOUNT_MINOR, "EUR");
            },
            |quote| quote.methods[1].consent.text.clear(),
            |quote| quote.methods[1].consent.text = "a".repeat(limits::CONSENT_TEXT_CHARS + 1),
            |quote| quote.methods[1].method = quote.methods[0].method.clone(),
            |quote| quote.accreditation.until = quote.quoted_at,
            |quote| quote.expires_at = quote.quoted_at,
        ];
        for (place, fault) in faults.iter().enumerate() {
            let mut quote = sound();
            fault(&mut quote);
            assert!(!is_sound(&quote), "fault {place}");
        }
    }

    #[test]
    fn a_way_that_cannot_be_filled_in_takes_no_other_with_it() {
        let none = Method::Card {
            brands: Vec::new(),
            address: false,
        };
        let phone = Method::PhoneBill { carriers: Vec::new() };
        for method in [none, phone] {
            let mut quote = quote(&[("Sticker", 150)]);
            let mut other = quote.methods[0].clone();
            other.method = method;
            let wanted = quote.clone();
            quote.methods.insert(0, other);
            assert_eq!(sound(quote.clone()), Some(wanted));
            quote.methods.pop();
            assert_eq!(sound(quote), None);
        }
    }

    fn account() -> Method {
        let creditor = Label::parse("DE98ZZZ09999999999").unwrap();
        Method::BankAccount { creditor }
    }

    fn money(minor: i64, currency: &str) -> Money {
        Money::new(minor, Currency::parse(currency).unwrap()).unwrap()
    }
}
