//! An order as the merchant's page hands it over. Nobody else has the key, so the one text that is accepted is
//! the one that was signed.
#![no_main]

use std::sync::LazyLock;

use farthing_fuzz::scene;
use farthing_protocol::Code;
use farthing_testkit::{NOW, Shop};
use libfuzzer_sys::fuzz_target;

static SIGNED: LazyLock<String> = LazyLock::new(|| Shop::number(1).order("order-1007", NOW));

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match scene(|scene| scene.quote(text.to_owned())) {
        Ok(_) => assert_eq!(text, *SIGNED),
        // The seed is tried more often than an order may be.
        Err(refusal) if refusal.code == Code::TooManyAttempts => assert_eq!(text, *SIGNED),
        Err(refusal) => assert!(refusal.code.as_str().starts_with("order_"), "{refusal:?}"),
    }
});
