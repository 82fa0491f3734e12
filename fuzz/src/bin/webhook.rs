//! The secret of a webhook's endpoint, as a merchant may bring one, and what is signed with it.
#![no_main]

use farthing_gateway::webhook::{Secret, sign};
use farthing_testkit::NOW;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(secret) = Secret::parse(text) else {
        return;
    };
    // There is one way to write it, and another message has another signature.
    assert_eq!(*secret.expose(), text);
    let signature = sign(&secret, "evt_1", NOW, b"{}");
    assert!(
        signature.starts_with("v1,") && signature.len() == 47,
        "{signature}"
    );
    assert_ne!(signature, sign(&secret, "evt_1", NOW, b"[]"));
});
