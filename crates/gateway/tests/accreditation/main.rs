//! Who is vouched for, and who is not: statements, status lists, and the accreditor's book.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod book;
mod lists;
mod statements;

use std::collections::HashMap;

use farthing_gateway::{
    accreditation::{Accreditor, STATUS_LIST_TYP, StatusList},
    jose::SigningKey,
};
use farthing_protocol::{Label, Origin, UnixSeconds};
use serde_json::{Value, json};

const NOW: UnixSeconds = UnixSeconds(1_795_000_000);
const DAY_S: i64 = 24 * 60 * 60;
const ID: &str = "https://accreditor.example";
const SHOP: &str = "https://shop.example";
const URI: &str = "https://accreditor.example/statuslists/1";

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

fn key(byte: u8) -> SigningKey {
    SigningKey::from_scalar(&[byte; 32]).unwrap()
}

fn accreditor(id: &str, key: &SigningKey) -> Accreditor {
    Accreditor {
        name: label("Fair Shops"),
        id: origin(id),
        keys: HashMap::from([(key.kid().to_owned(), key.verifying_key())]),
    }
}

/// The accreditor with key 1, and another with key 2.
fn trusted() -> Vec<Accreditor> {
    vec![
        accreditor(ID, &key(1)),
        accreditor("https://other.example", &key(2)),
    ]
}

/// A statement's claims, at place 3 of the list.
fn claims() -> Value {
    json!({
        "iss": ID,
        "sub": SHOP,
        "trust_mark_type": "https://farthing.example/trust-marks/merchant/1",
        "iat": NOW.0,
        "exp": NOW.0 + 365 * DAY_S,
        "status": {"status_list": {"idx": 3, "uri": URI}},
    })
}

/// A list's claims: every value at 0 to 11 of the draft's example with two bits.
fn list_claims() -> Value {
    json!({
        "iss": ID,
        "sub": URI,
        "iat": NOW.0,
        "exp": NOW.0 + 7 * DAY_S,
        "ttl": 43_200,
        "status_list": {"bits": 2, "lst": "eNo76fITAAPfAgc"},
    })
}

fn with(claims: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = claims.clone();
    *changed.pointer_mut(pointer).unwrap() = value;
    changed
}

fn without(claims: &Value, parent: &str, name: &str) -> Value {
    let mut changed = claims.clone();
    changed
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(name)
        .unwrap();
    changed
}

fn and(claims: &Value, parent: &str, name: &str, value: Value) -> Value {
    let mut changed = claims.clone();
    changed.pointer_mut(parent).unwrap()[name] = value;
    changed
}

fn list_of(claims: &Value) -> StatusList {
    let text = key(1).sign(STATUS_LIST_TYP, claims).unwrap();
    StatusList::read(&text, &trusted()[0], URI, NOW).unwrap()
}
