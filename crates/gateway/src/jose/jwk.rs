use p256::{ecdsa::signature::Verifier, elliptic_curve::sec1::ToSec1Point};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{decode, encode};

/// A public key as JWK (RFC 7517): P-256 for ES256, Ed25519 for EdDSA. No other kind is read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "kty", deny_unknown_fields)]
pub enum Jwk {
    /// An elliptic-curve key (RFC 7518 §6.2).
    EC {
        /// `P-256`.
        crv: String,
        /// The x coordinate, base64url.
        x: String,
        /// The y coordinate, base64url.
        y: String,
        /// The key's id; the RFC 7638 thumbprint when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kid: Option<String>,
    },
    /// An Edwards-curve key (RFC 8037).
    OKP {
        /// `Ed25519`.
        crv: String,
        /// The public key, base64url.
        x: String,
        /// The key's id; the RFC 7638 thumbprint when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kid: Option<String>,
    },
}

/// Why a JWK was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JwkError {
    /// Another curve.
    #[error("the key's curve is neither P-256 nor Ed25519")]
    Curve,
    /// Not base64url, or of the wrong length.
    #[error("a coordinate is not 32 bytes in base64url without padding")]
    Coordinate,
    /// The coordinates are no point of the curve.
    #[error("the coordinates are not a point on the curve")]
    NotOnCurve,
    /// A `kid` that is empty or too long.
    #[error("a kid is 1 to 64 characters")]
    Kid,
}

/// A key that checks signatures.
#[derive(Clone, Debug)]
pub enum VerifyingKey {
    /// ES256.
    Es256(p256::ecdsa::VerifyingKey),
    /// EdDSA with Ed25519.
    EdDsa(ed25519_dalek::VerifyingKey),
}

impl Jwk {
    /// The JWK of an ES256 key.
    #[must_use]
    pub fn of_p256(key: &p256::PublicKey) -> Self {
        let point = key.to_sec1_point(false);
        let [x, y] = [point.x(), point.y()].map(|c| c.map(|c| encode(c)).unwrap_or_default());
        Self::EC {
            crv: "P-256".to_owned(),
            x,
            y,
            kid: None,
        }
    }

    /// The key's id: its `kid`, or its thumbprint (RFC 7638).
    pub fn kid(&self) -> Result<String, JwkError> {
        let (Self::EC { kid, .. } | Self::OKP { kid, .. }) = self;
        match kid {
            Some(kid) if kid.is_empty() || kid.len() > 64 => Err(JwkError::Kid),
            Some(kid) => Ok(kid.clone()),
            None => Ok(self.thumbprint()),
        }
    }

    /// The same JWK with its id written in.
    #[must_use]
    pub fn with_kid(mut self) -> Self {
        let thumbprint = self.thumbprint();
        let (Self::EC { kid, .. } | Self::OKP { kid, .. }) = &mut self;
        kid.get_or_insert(thumbprint);
        self
    }

    /// The key, if it is one.
    pub fn verifying_key(&self) -> Result<VerifyingKey, JwkError> {
        match self {
            Self::EC { crv, x, y, .. } if crv == "P-256" => {
                let key = p256_public(x, y)?;
                Ok(VerifyingKey::Es256(p256::ecdsa::VerifyingKey::from(&key)))
            }
            Self::OKP { crv, x, .. } if crv == "Ed25519" => {
                let bytes: [u8; 32] = coordinate(x)?;
                let key =
                    ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| JwkError::NotOnCurve)?;
                // A key of small order verifies signatures nobody made.
                if key.is_weak() {
                    Err(JwkError::NotOnCurve)
                } else {
                    Ok(VerifyingKey::EdDsa(key))
                }
            }
            _ => Err(JwkError::Curve),
        }
    }

    fn thumbprint(&self) -> String {
        let canonical = match self {
            Self::EC { crv, x, y, .. } => format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#),
            Self::OKP { crv, x, .. } => format!(r#"{{"crv":"{crv}","kty":"OKP","x":"{x}"}}"#),
        };
        encode(&Sha256::digest(canonical.as_bytes()))
    }
}

impl VerifyingKey {
    /// The `alg` of what it checks.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Es256(_) => "ES256",
            Self::EdDsa(_) => "EdDSA",
        }
    }

    /// Whether `signature` is this key's of `message`: 64 bytes, `r` and `s` for ES256 (RFC 7518 §3.4), those
    /// of RFC 8032 for EdDSA.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::EdDsa(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
        }
    }
}

/// A point of P-256 from its coordinates; off the curve is refused.
pub(super) fn p256_public(x: &str, y: &str) -> Result<p256::PublicKey, JwkError> {
    let mut sec1 = [4; 65];
    sec1[1..33].copy_from_slice(&coordinate(x)?);
    sec1[33..].copy_from_slice(&coordinate(y)?);
    p256::PublicKey::from_sec1_bytes(&sec1).map_err(|_| JwkError::NotOnCurve)
}

fn coordinate(text: &str) -> Result<[u8; 32], JwkError> {
    decode(text)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(JwkError::Coordinate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_off_the_curve_or_of_small_order_are_refused() {
        let off = Jwk::EC {
            crv: "P-256".to_owned(),
            x: encode(&[1; 32]),
            y: encode(&[1; 32]),
            kid: None,
        };
        assert_eq!(off.verifying_key().err(), Some(JwkError::NotOnCurve));
        let mut identity = [0; 32];
        identity[0] = 1;
        let weak = Jwk::OKP {
            crv: "Ed25519".to_owned(),
            x: encode(&identity),
            kid: None,
        };
        assert_eq!(weak.verifying_key().err(), Some(JwkError::NotOnCurve));
        let other = Jwk::OKP {
            crv: "X25519".to_owned(),
            x: encode(&[9; 32]),
            kid: None,
        };
        assert_eq!(other.verifying_key().err(), Some(JwkError::Curve));
    }
}
