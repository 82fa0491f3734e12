use std::collections::HashMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde_json::Value;

/// Why a signed text does not count.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JwsError {
    /// Not three parts of base64url with a JSON header and payload.
    #[error("not a compact JWS")]
    Malformed,
    /// Another algorithm or another kind of text.
    #[error("not signed with ES256 as what it should be")]
    Header,
    /// Nobody known signed it.
    #[error("the key that signed it is not in the JWKS")]
    Key,
    /// It was changed, or somebody else signed it.
    #[error("the signature does not hold")]
    Signature,
}

/// The keys of a provider, RFC 7517: those on P-256, by their `kid`.
pub struct Jwks(HashMap<String, VerifyingKey>);

impl Jwks {
    /// Reads what `/.well-known/jwks.json` says; none where it is not that, or has no key on P-256.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let read: Value = serde_json::from_str(text).ok()?;
        let keys: HashMap<_, _> = read["keys"].as_array()?.iter().filter_map(key).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// Checks that one of the keys signed `jws` as a `typ`, and returns its payload.
    pub fn verify(&self, jws: &str, typ: &str) -> Result<Value, JwsError> {
        let (input, signature) = jws.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = input.split_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = (json(header)?, json(payload)?);
        if header["alg"] != "ES256" || header["typ"] != typ || header.get("crit").is_some() {
            return Err(JwsError::Header);
        }
        let key = header["kid"]
            .as_str()
            .and_then(|kid| self.0.get(kid))
            .ok_or(JwsError::Key)?;
        let signature = Signature::from_slice(&decode(signature)?).map_err(|_| JwsError::Signature)?;
        key.verify(input.as_bytes(), &signature)
            .map_err(|_| JwsError::Signature)?;
        Ok(payload)
    }
}

/// What a JWS says, whoever signed it.
pub(crate) fn payload(jws: &str) -> Result<Value, JwsError> {
    let mut parts = jws.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(payload), Some(_), None) => json(payload),
        _ => Err(JwsError::Malformed),
    }
}

fn key(jwk: &Value) -> Option<(String, VerifyingKey)> {
    if jwk["kty"] != "EC" || jwk["crv"] != "P-256" {
        return None;
    }
    let mut point = vec![4];
    for coordinate in ["x", "y"] {
        point.extend(decode(jwk[coordinate].as_str()?).ok()?);
    }
    let key = VerifyingKey::from_sec1_bytes(&point).ok()?;
    Some((jwk["kid"].as_str()?.to_owned(), key))
}

fn json(part: &str) -> Result<Value, JwsError> {
    serde_json::from_slice(&decode(part)?).map_err(|_| JwsError::Malformed)
}

fn decode(text: &str) -> Result<Vec<u8>, JwsError> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| JwsError::Malformed)
}
