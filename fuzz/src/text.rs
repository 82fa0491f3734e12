use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::{StoredAccreditor, accreditation};
use farthing_testkit::{Accreditor, Shop};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};

/// Who vouches.
const ACCREDITOR: u8 = 5;

/// Base64url without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// `payload`, whatever it is, as an order that shop number 1 signed.
#[must_use]
pub fn signed(payload: &[u8]) -> String {
    let shop = Shop::number(1);
    jws(
        1,
        &json!({"alg": "ES256", "kid": shop.order_key.kid(), "typ": "JWT"}),
        payload,
    )
}

/// `payload`, whatever it is, as a JWT of type `typ` that the [`accreditor`] signed.
#[must_use]
pub fn vouched(typ: &str, payload: &[u8]) -> String {
    let kid = Accreditor::number(ACCREDITOR).key.kid().to_owned();
    jws(
        ACCREDITOR,
        &json!({"alg": "ES256", "kid": kid, "typ": typ}),
        payload,
    )
}

/// The accreditor whose word counts.
#[must_use]
pub fn accreditor() -> (Accreditor, accreditation::Accreditor) {
    let it = Accreditor::number(ACCREDITOR);
    let StoredAccreditor { id, name, keys } = it.stored();
    let keys = keys
        .iter()
        .map(|key| (key.kid().unwrap().to_owned(), key.verifying_key().unwrap()));
    let keys = keys.collect();
    (it, accreditation::Accreditor { name, id, keys })
}

fn jws(scalar: u8, header: &Value, payload: &[u8]) -> String {
    let text = format!("{}.{}", encode(header.to_string().as_bytes()), encode(payload));
    let signature: Signature = SigningKey::from_slice(&[scalar; 32])
        .unwrap()
        .sign(text.as_bytes());
    format!("{text}.{}", encode(&signature.to_bytes()))
}
