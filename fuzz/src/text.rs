use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_testkit::Shop;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::json;

/// Base64url without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// `payload`, whatever it is, as an order that shop number 1 signed.
#[must_use]
pub fn signed(payload: &[u8]) -> String {
    let shop = Shop::number(1);
    let header = json!({"alg": "ES256", "kid": shop.order_key.kid(), "typ": "JWT"}).to_string();
    let text = format!("{}.{}", encode(header.as_bytes()), encode(payload));
    let signature: Signature = SigningKey::from_slice(&[1; 32]).unwrap().sign(text.as_bytes());
    format!("{text}.{}", encode(&signature.to_bytes()))
}
