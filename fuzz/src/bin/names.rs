//! The small texts: ids, origins, labels, references, currencies, keys of requests.
#![no_main]

use farthing_gateway::IdempotencyKey;
use farthing_protocol::{
    ChargeId, ConsentId, Currency, Label, LastFour, MerchantId, Origin, PlainToken, QuoteId, ReceiptId,
    Reference, limits,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(origin) = Origin::parse(text) {
        assert_eq!(origin.as_str(), text);
        assert!(text.len() <= limits::ORIGIN_BYTES);
        // It stands in headers and in the frame's page.
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b":/.-[]".contains(&b);
        assert!(text.bytes().all(plain));
        let loopback = ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}"));
        let is_loopback = loopback.iter().any(|start| text.starts_with(start));
        assert!(text.starts_with("https://") || is_loopback);
    }
    if let Ok(label) = Label::parse(text) {
        assert_eq!(label.as_str(), text);
        assert!((1..=limits::LABEL_CHARS).contains(&text.chars().count()));
        assert!(!text.contains(char::is_control) && !text.trim().is_empty());
    }
    if let Ok(reference) = Reference::parse(text) {
        assert_eq!(reference.as_str(), text);
        assert!((1..=limits::REFERENCE_BYTES).contains(&text.len()) && text.is_ascii());
    }
    if let Ok(currency) = Currency::parse(text) {
        assert_eq!(currency.as_str(), text);
        assert!(text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()));
    }
    if IdempotencyKey::parse(text).is_ok() {
        assert!((1..=limits::IDEMPOTENCY_KEY_BYTES).contains(&text.len()));
        assert!(text.bytes().all(|b| b.is_ascii_graphic()));
    }
    if let Some(four) = LastFour::of(text) {
        assert!(four.as_str().len() == 4 && four.as_str().bytes().all(|b| b.is_ascii_digit()));
    }
    // Each kind of id is no other.
    let ids = [
        (MerchantId::PREFIX, MerchantId::parse(text).is_ok()),
        (QuoteId::PREFIX, QuoteId::parse(text).is_ok()),
        (ConsentId::PREFIX, ConsentId::parse(text).is_ok()),
        (ChargeId::PREFIX, ChargeId::parse(text).is_ok()),
        (ReceiptId::PREFIX, ReceiptId::parse(text).is_ok()),
        (PlainToken::PREFIX, PlainToken::parse(text).is_ok()),
    ];
    for (prefix, accepted) in ids {
        assert!(!accepted || (text.starts_with(prefix) && text.len() == 34));
    }
});
