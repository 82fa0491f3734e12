//! What a shopper types for a card. The first byte is where the caret stands.
#![no_main]

use farthing_instrument::{
    CardNumber, CardholderName, Expiry, ExpiryError, Field, NAME_CHARS, SecurityCode, Validity, YearMonth,
    brand, reformat,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((caret, text)) = bytes.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    parsed(text);
    for field in [Field::Number, Field::Expiry, Field::SecurityCode] {
        formatted(text, usize::from(*caret), field);
    }
});

fn today() -> YearMonth {
    YearMonth::new(2026, 11).unwrap()
}

/// What is accepted is within its bounds, and is accepted again in the form that is sealed.
fn parsed(text: &str) {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if let Ok(number) = CardNumber::parse(text) {
        let exposed = number.expose();
        assert!(digits(exposed) && (12..=19).contains(&exposed.len()));
        assert!(exposed.ends_with(number.last_four().as_str()));
        let again = CardNumber::from_digits(exposed).ok().unwrap();
        assert_eq!((again.expose(), again.brand()), (exposed, number.brand()));
    }
    if let Ok(expiry) = Expiry::parse(text, today()) {
        assert!((1..=12).contains(&expiry.month()) && (2026..=2046).contains(&expiry.year()));
        assert!(Expiry::new(expiry.month(), expiry.year(), today()).is_ok());
    }
    if let Ok(code) = SecurityCode::parse(text, brand(text)) {
        let exposed = code.expose();
        assert!(digits(exposed) && (3..=4).contains(&exposed.len()));
        assert!(SecurityCode::from_digits(exposed, brand(text)).is_ok());
    }
    if let Ok(name) = CardholderName::parse(text) {
        let exposed = name.expose();
        assert!((1..=NAME_CHARS).contains(&exposed.chars().count()) && !exposed.contains(char::is_control));
        assert_eq!(CardholderName::parse(exposed).ok().unwrap().expose(), exposed);
    }
}

/// Formatting twice is formatting once, and what is shown means what was typed.
fn formatted(text: &str, caret: usize, field: Field) {
    let once = reformat(text, caret, field);
    assert!(once.text.is_ascii() && once.caret <= once.text.len());
    // At 64 digits, far beyond any valid field, the rest is dropped, and the zero that completes a month is one more.
    if once.text.bytes().filter(u8::is_ascii_digit).count() < 64 {
        let twice = reformat(&once.text, once.caret, field);
        assert_eq!(
            (twice.text.as_str(), twice.caret),
            (once.text.as_str(), once.caret)
        );
    }
    let (before, caret) = (once.text.as_str().to_owned(), once.caret);
    let past = once.past_separator();
    assert!(past.text.as_str() == before && (caret..=before.len()).contains(&past.caret));
    match field {
        Field::Number if CardNumber::parse(text).is_ok() => {
            assert_eq!(CardNumber::validity(&before), Validity::Complete);
        }
        Field::Expiry => {
            let typed = Expiry::validity(text, today());
            let kept = !before.is_empty() && typed != Validity::Wrong(ExpiryError::Character);
            assert!(!kept || Expiry::validity(&before, today()) == typed);
        }
        _ => {}
    }
}
