//! The parts of JOSE that Farthing speaks, and no others: JWS compact with ES256 and EdDSA (RFC 7515, 7518,
//! 8037), JWE compact with ECDH-ES on P-256 and A256GCM (RFC 7516, 7518).
//!
//! Written here rather than taken from a library because refusing is the point: headers are closed sets, so
//! `alg: none`, `zip`, `crit`, `jwk` and every other invitation is refused before any key is looked at; and
//! because clock and randomness stay parameters. The primitives are RustCrypto's.

mod jwe;
mod jwk;
mod jws;

pub(crate) use jwe::seal;
pub use jwe::{JweError, open, read_header};
pub use jwk::{Jwk, JwkError, VerifyingKey};
pub use jws::{Jws, JwsError, SigningKey};

use base64ct::{Base64UrlUnpadded, Encoding};

/// Base64url without padding, in its one canonical form: two texts never stand for the same bytes.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
    (encode(&bytes) == text).then_some(bytes)
}

/// Reads a JSON object. serde would take a list for a struct as well, member by member: a second way to
/// write the same thing is one too many.
pub(crate) fn object<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    bytes
        .trim_ascii_start()
        .starts_with(b"{")
        .then(|| serde_json::from_slice(bytes).ok())?
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
