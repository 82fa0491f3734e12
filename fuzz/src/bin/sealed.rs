//! Sealed details, as the frame posts them. What opens is what was sealed, to the letter.
#![no_main]

use std::sync::LazyLock;

use farthing_fuzz::scene;
use farthing_gateway::jose::{self, Jwk};
use farthing_protocol::{Quote, QuoteId, VaultKey};
use farthing_testkit::{NOW, card, seal};
use libfuzzer_sys::fuzz_target;

static VAULT: LazyLock<p256::SecretKey> = LazyLock::new(|| p256::SecretKey::from_slice(&[1; 32]).unwrap());

static SEALED: LazyLock<String> = LazyLock::new(|| {
    let quote = scene(|scene| scene.quote(scene.shop.order("order-1007", NOW))).unwrap();
    let Jwk::EC { x, y, .. } = Jwk::of_p256(&VAULT.public_key()) else {
        panic!("a P-256 key is an EC key")
    };
    let quote = Quote {
        id: QuoteId::from_random([3; 16]),
        vault_key: VaultKey { x, y },
        ..quote
    };
    seal(&quote, &card("4242424242424242"), [9; 32])
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let header = jose::read_header(text);
    if let Ok(plain) = jose::open(text, &VAULT) {
        assert_eq!(text, *SEALED);
        assert_eq!(header, Ok(QuoteId::from_random([3; 16])));
        assert_eq!(plain.as_slice(), card("4242424242424242").to_string().as_bytes());
    }
});
