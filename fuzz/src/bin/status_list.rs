//! What an accreditor may sign as its status list: the claims, any bytes; and any bytes as the list that they hold.
#![no_main]

use std::sync::LazyLock;

use farthing_fuzz::{accreditor, encode, vouched};
use farthing_gateway::accreditation::{
    Accreditor, STATUS_BYTES, STATUS_LIST_LIFETIME_S, STATUS_LIST_TYP, StatusList,
};
use farthing_testkit::NOW;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

static TRUSTED: LazyLock<(String, Accreditor)> = LazyLock::new(|| {
    let (it, trusted) = accreditor();
    (it.book.status_uri(), trusted)
});

fuzz_target!(|bytes: &[u8]| {
    let (uri, accreditor) = &*TRUSTED;
    let read = |claims: &[u8]| StatusList::read(&vouched(STATUS_LIST_TYP, claims), accreditor, uri, NOW).ok();
    if let Some(list) = read(bytes) {
        looked_up(&list);
        let claims: Value = serde_json::from_slice(bytes).unwrap();
        assert_eq!(claims["sub"], json!(list.uri()));
        let (iat, exp) = (list.issued_at().0, list.expires_at().0);
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(iat), &json!(exp)));
        assert!(exp > NOW.0 && exp - iat <= STATUS_LIST_LIFETIME_S);
        assert!(list.ttl_s().is_none_or(|ttl| ttl > 0));
    }
    let claims = json!({
        "sub": uri, "iat": NOW.0, "exp": NOW.0 + 60, "status_list": {"bits": 2, "lst": encode(bytes)},
    });
    if let Some(list) = read(claims.to_string().as_bytes()) {
        looked_up(&list);
    }
});

/// However long it is, it has its bound, and beyond its end it says nothing.
fn looked_up(list: &StatusList) {
    let beyond = u32::try_from(STATUS_BYTES * 4).unwrap();
    for index in [0, 1, 2, 3, 4, 1_000, beyond - 1] {
        let _ = list.status(index, NOW);
    }
    for index in [beyond, u32::MAX] {
        assert!(list.status(index, NOW).is_err());
    }
    assert!(list.status(0, list.expires_at()).is_err());
}
