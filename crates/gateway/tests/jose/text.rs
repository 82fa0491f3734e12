//! Whole texts out of the parts that vectors give, by code that shares nothing with `src/jose`.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_protocol::QuoteId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub fn decode(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

/// The private key with this scalar, whose leading zeros may be missing, or be too many.
pub fn private(scalar: &[u8]) -> p256::SecretKey {
    let start = scalar.iter().position(|byte| *byte != 0).unwrap();
    let mut bytes = [0; 32];
    bytes[32 - (scalar.len() - start)..].copy_from_slice(&scalar[start..]);
    p256::SecretKey::from_slice(&bytes).unwrap()
}

/// Concat KDF (RFC 7518 §4.6.2) for at most 256 bits. Ours knows one algorithm and no parties; this one takes
/// those of the RFCs' examples too, so that they can judge it before it judges ours.
pub fn concat_kdf(shared: &[u8], algorithm: &str, apu: &[u8], apv: &[u8], bits: u32) -> Vec<u8> {
    let mut info = vec![0, 0, 0, 1];
    info.extend(shared);
    for field in [algorithm.as_bytes(), apu, apv] {
        info.extend(u32::try_from(field.len()).unwrap().to_be_bytes());
        info.extend(field);
    }
    info.extend(bits.to_be_bytes());
    let mut key = Sha256::digest(info).to_vec();
    key.truncate(usize::try_from(bits / 8).unwrap());
    key
}

/// The header that the frame writes, for an ephemeral key with these coordinates.
pub fn header(x: &str, y: &str) -> Value {
    json!({
        "alg": "ECDH-ES", "enc": "A256GCM", "quote": QuoteId::from_random([3; 16]),
        "epk": {"kty": "EC", "crv": "P-256", "x": x, "y": y},
    })
}

/// `plain` sealed with `key`, as the recipient of `header` should derive it.
pub fn sealed(header: &Value, key: &[u8], iv: &[u8; 12], plain: &[u8]) -> String {
    let protected = encode(header.to_string().as_bytes());
    let key: [u8; 32] = key.try_into().unwrap();
    let payload = Payload {
        msg: plain,
        aad: protected.as_bytes(),
    };
    let sealed = Aes256Gcm::new(&key.into())
        .encrypt(&(*iv).into(), payload)
        .unwrap();
    let (ciphertext, tag) = sealed.split_at(plain.len());
    parts(&protected, iv, ciphertext, tag)
}

/// A compact JWE out of its parts, whatever they are.
pub fn parts(protected: &str, iv: &[u8], ciphertext: &[u8], tag: &[u8]) -> String {
    let [iv, ciphertext, tag] = [iv, ciphertext, tag].map(encode);
    format!("{protected}..{iv}.{ciphertext}.{tag}")
}
