//! Wycheproof's signatures. Their messages are any bytes, and so no JWS: the vectors go to the key, which a JWK
//! gave, as `Jws::verify` does. Then each signature goes into a JWS, which it does not sign.
//!
//! | set | how it goes | differences |
//! |---|---|---|
//! | `ecdsa_secp256r1_sha256_p1363` | ES256: `r` and `s` of 32 bytes each | none |
//! | `ed25519` | EdDSA | none: no vector has a nonce of small order, which RFC 8032 leaves open; the test below has one |
//! | `ecdsa_secp256r1_sha256` | not run: signatures in DER, which no JWS has (RFC 7518 §3.4); the same cases as P1363 | |
//! | other curves, other hashes, `ed448` | not run: such a key is no [`Jwk`] | |
//! | `json_web_signature`, `json_web_key` | not run: the crate leaves them out | |

use ed25519_dalek::Verifier;
use farthing_gateway::jose::{Jwk, Jws, JwsError, VerifyingKey};
use serde_json::{Value, json};
use wycheproof::{EdwardsCurve, EllipticCurve, TestResult, ecdsa, eddsa};

use crate::text::{decode, encode};

/// How many vectors were accepted and refused.
#[derive(Debug, Default, Eq, PartialEq)]
struct Seen {
    accepted: usize,
    refused: usize,
}

#[test]
fn ecdsa_on_p256_with_sha256() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let mut seen = Seen::default();
    for group in &set.test_groups {
        assert_eq!(group.key.curve, EllipticCurve::Secp256r1);
        let (x, y) = group.key.key[1..].split_at(32);
        let key = key(json!({"kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y)}));
        for test in &group.tests {
            seen.judge(&key, &test.msg, &test.sig, test.result, test.tc_id);
        }
    }
    assert_eq!((seen.accepted, seen.refused), (173, 89));
}

#[test]
fn eddsa_on_ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut seen = Seen::default();
    for group in &set.test_groups {
        let jwk = &group.jwk;
        assert_eq!(jwk.curve, EdwardsCurve::Ed25519);
        let key = key(json!({"kty": jwk.kty, "crv": "Ed25519", "x": encode(&jwk.x), "kid": jwk.kid}));
        for test in &group.tests {
            seen.judge(&key, &test.msg, &test.sig, test.result, test.tc_id);
        }
    }
    assert_eq!((seen.accepted, seen.refused), (88, 63));
}

/// `R` is the neutral point, `s` = H(R, A, "{}")·a for the key of RFC 8037 appendix A: the equation of RFC 8032 §5.1.7
/// holds, but who signs draws no such nonce.
#[test]
fn eddsa_with_a_nonce_of_small_order_is_refused() {
    let signature = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB6lEu24HT5LDTStLJyFvfn6ny2VUECxBhqS1HarZHABQ";
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let key = key(json!({"kty": "OKP", "crv": "Ed25519", "x": x}));
    assert!(!key.verifies(b"{}", &decode(signature)));
    // Ours is stricter than the library's other way of verifying: else this would show nothing.
    let VerifyingKey::EdDsa(key) = key else {
        panic!("the key is on Ed25519")
    };
    let signature = ed25519_dalek::Signature::from_slice(&decode(signature)).unwrap();
    assert!(key.verify(b"{}", &signature).is_ok());
}

fn key(jwk: Value) -> VerifyingKey {
    let jwk: Jwk = serde_json::from_value(jwk).unwrap();
    jwk.verifying_key().unwrap()
}

impl Seen {
    fn judge(&mut self, key: &VerifyingKey, message: &[u8], signature: &[u8], result: TestResult, id: usize) {
        assert_ne!(result, TestResult::Acceptable, "vector {id}: no set has one");
        let accepted = key.verifies(message, signature);
        assert_eq!(accepted, result == TestResult::Valid, "vector {id}");
        if accepted {
            self.accepted += 1;
        } else {
            self.refused += 1;
        }

        let header = json!({"alg": key.algorithm(), "kid": "none"}).to_string();
        let text = [header.as_bytes(), b"{}", signature].map(encode).join(".");
        let read = Jws::parse(&text).unwrap().verify::<Value>(key);
        assert_eq!(read.err(), Some(JwsError::Signature), "vector {id} in a JWS");
    }
}
