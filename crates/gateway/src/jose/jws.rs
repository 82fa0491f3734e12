use p256::ecdsa::signature::Signer;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Jwk, VerifyingKey, decode, encode, object};

/// Why a JWS was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JwsError {
    /// Not three parts of canonical base64url, or a header with a member that is not allowed.
    #[error("not a compact JWS with a header of alg, kid and typ alone")]
    Malformed,
    /// An algorithm that is not taken, or not the one that the key is for.
    #[error("the algorithm is not the key's")]
    Algorithm,
    /// The signature does not match.
    #[error("the signature does not match")]
    Signature,
    /// The payload is not what this place takes.
    #[error("the payload is not of the expected form")]
    Payload,
}

/// The header: a closed set, so that `crit`, `zip`, `jwk`, `x5u` and the like are refused by being there.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
}

/// A compact JWS whose signature is not checked yet: only its header can be looked at.
pub struct Jws<'a> {
    header: Header,
    signing_input: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Takes `text` apart.
    pub fn parse(text: &'a str) -> Result<Self, JwsError> {
        let (signing_input, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Malformed)?;
        if payload.contains('.') {
            return Err(JwsError::Malformed);
        }
        let header = decode(header).ok_or(JwsError::Malformed)?;
        let header = object(&header).ok_or(JwsError::Malformed)?;
        let signature = decode(signature).ok_or(JwsError::Malformed)?;
        Ok(Self {
            header,
            signing_input,
            payload,
            signature,
        })
    }

    /// The header's `alg`, if it is one that is taken here.
    pub fn algorithm_is_taken(&self) -> bool {
        matches!(self.header.alg.as_str(), "ES256" | "EdDSA")
    }

    /// The header's `kid`: a name for a key, foreign text.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.header.kid
    }

    /// The header's `typ`.
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        self.header.typ.as_deref()
    }

    /// Checks the signature with `key`, and only then reads the payload.
    pub fn verify<T: DeserializeOwned>(&self, key: &VerifyingKey) -> Result<T, JwsError> {
        if self.header.alg != key.algorithm() {
            return Err(JwsError::Algorithm);
        }
        if !key.verifies(self.signing_input.as_bytes(), &self.signature) {
            return Err(JwsError::Signature);
        }
        let payload = decode(self.payload).ok_or(JwsError::Malformed)?;
        object(&payload).ok_or(JwsError::Payload)
    }
}

/// A key that signs with ES256. A secret: no `Debug`, no `Clone`, no `Serialize`.
pub struct SigningKey {
    key: p256::ecdsa::SigningKey,
    jwk: Jwk,
    kid: String,
}

impl SigningKey {
    /// The key with this private scalar; `None` where it is none (zero, or beyond the group's order).
    #[must_use]
    pub fn from_scalar(scalar: &[u8; 32]) -> Option<Self> {
        let secret = p256::SecretKey::from_slice(scalar).ok()?;
        let jwk = Jwk::of_p256(&secret.public_key()).with_kid();
        let kid = jwk.kid().ok()?;
        Some(Self {
            key: p256::ecdsa::SigningKey::from(&secret),
            jwk,
            kid,
        })
    }

    /// The public half, with its `kid`.
    #[must_use]
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// The public half's id.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey::Es256(*self.key.verifying_key())
    }

    /// `payload` as a compact JWS. `typ` keeps what one key signs apart: an order is no receipt.
    /// The nonce is derived (RFC 6979): signing needs no randomness.
    pub fn sign<T: Serialize>(&self, typ: &str, payload: &T) -> Result<String, serde_json::Error> {
        let header = Header {
            alg: "ES256".to_owned(),
            kid: self.kid.clone(),
            typ: Some(typ.to_owned()),
        };
        let mut text = encode(&serde_json::to_vec(&header)?);
        text.push('.');
        text.push_str(&encode(&serde_json::to_vec(payload)?));
        let signature: p256::ecdsa::Signature = self.key.sign(text.as_bytes());
        text.push('.');
        text.push_str(&encode(&signature.to_bytes()));
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_scalar(&[7; 32]).unwrap()
    }

    #[test]
    fn headers_are_a_closed_set() {
        let payload = encode(b"{}");
        let signature = encode(&[0; 64]);
        for header in [
            json!({"alg": "ES256"}),
            json!({"alg": "ES256", "kid": "k", "crit": ["exp"]}),
            json!({"alg": "ES256", "kid": "k", "zip": "DEF"}),
            json!({"alg": "ES256", "kid": "k", "jwk": {}}),
            json!({"alg": "ES256", "kid": "k", "b64": false}),
            json!({"alg": 1, "kid": "k"}),
            json!([]),
            json!(["ES256", "k", "JWT"]),
        ] {
            let text = format!("{}.{payload}.{signature}", encode(header.to_string().as_bytes()));
            assert!(matches!(Jws::parse(&text), Err(JwsError::Malformed)), "{header}");
        }
        for alg in ["none", "None", "HS256", "RS256", "es256", ""] {
            let header = json!({"alg": alg, "kid": "k"}).to_string();
            let text = format!("{}.{payload}.{signature}", encode(header.as_bytes()));
            let jws = Jws::parse(&text).unwrap();
            assert!(!jws.algorithm_is_taken(), "{alg}");
            assert_eq!(
                jws.verify::<Value>(&key().verifying_key()).err(),
                Some(JwsError::Algorithm)
            );
        }
    }

    #[test]
    fn es256_is_not_read_with_an_ed25519_key() {
        let text = key().sign("JWT", &json!({})).unwrap();
        let ed = ed25519_dalek::SigningKey::from_bytes(&[1; 32]).verifying_key();
        let read = Jws::parse(&text)
            .unwrap()
            .verify::<Value>(&VerifyingKey::EdDsa(ed));
        assert_eq!(read.err(), Some(JwsError::Algorithm));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_changed_byte_is_noticed(place in any::<prop::sample::Index>(), with in "[A-Za-z0-9_.=+/-]") {
            let text = key().sign("JWT", &json!({"order": {"amount": 150}})).unwrap();
            let place = place.index(text.len());
            let mut changed = text.clone();
            changed.replace_range(place..=place, &with);
            prop_assume!(changed != text);
            let read = Jws::parse(&changed).and_then(|jws| jws.verify::<Value>(&key().verifying_key()));
            // The header's kid and typ are signed too, so there is no byte that does not matter.
            prop_assert!(read.is_err());
        }

        #[test]
        fn no_text_panics(text in "[A-Za-z0-9_.{}\"-]{0,200}") {
            if let Ok(jws) = Jws::parse(&text) {
                let _ = jws.verify::<Value>(&key().verifying_key());
            }
        }
    }
}
