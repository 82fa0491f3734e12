use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use farthing_protocol::{QuoteId, VaultKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{
    decode, encode,
    jwk::{Jwk, p256_public},
    object,
};
use crate::keys::keyed;

/// Why sealed details were refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JweError {
    /// Not the form, not the algorithms, or a header with a member that is not allowed.
    #[error("not a compact JWE with ECDH-ES, A256GCM, epk and quote alone in its header")]
    Malformed,
    /// Sealed to another key, or changed on the way.
    #[error("the JWE can't be opened with this key")]
    Unreadable,
}

/// The protected header: a closed set (no `zip`, `crit`, `apu`, `apv`, `kid`).
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    enc: String,
    #[serde(deserialize_with = "farthing_protocol::object")]
    epk: EphemeralKey,
    quote: QuoteId,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct EphemeralKey {
    kty: String,
    crv: String,
    x: String,
    y: String,
}

/// The quote that `text` says it is sealed for. Foreign text until [`open`] has held.
pub fn read_header(text: &str) -> Result<QuoteId, JweError> {
    let header = text.split('.').next().ok_or(JweError::Malformed)?;
    parse_header(header).map(|header| header.quote)
}

/// Opens `text`, a compact JWE (RFC 7516 §7.1) with direct key agreement: the plaintext, wiped when dropped.
pub fn open(text: &str, vault_key: &p256::SecretKey) -> Result<Zeroizing<Vec<u8>>, JweError> {
    let parts: Vec<&str> = text.split('.').collect();
    let [protected, encrypted_key, iv, ciphertext, tag] = parts[..] else {
        return Err(JweError::Malformed);
    };
    // Direct agreement has no encrypted key (RFC 7518 §4.6).
    if !encrypted_key.is_empty() {
        return Err(JweError::Malformed);
    }
    let header = parse_header(protected)?;
    let ephemeral = p256_public(&header.epk.x, &header.epk.y).map_err(|_| JweError::Malformed)?;
    let iv: [u8; 12] = decode(iv)
        .and_then(|iv| iv.try_into().ok())
        .ok_or(JweError::Malformed)?;
    let mut sealed = decode(ciphertext).ok_or(JweError::Malformed)?;
    let tag: [u8; 16] = decode(tag)
        .and_then(|tag| tag.try_into().ok())
        .ok_or(JweError::Malformed)?;
    sealed.extend_from_slice(&tag);

    let shared = p256::ecdh::diffie_hellman(vault_key.to_nonzero_scalar(), ephemeral.as_affine());
    let key = concat_kdf(shared.raw_secret_bytes());
    let payload = Payload {
        msg: &sealed,
        aad: protected.as_bytes(),
    };
    Aes256Gcm::new((&*key).into())
        .decrypt(&iv.into(), payload)
        .map(Zeroizing::new)
        .map_err(|_| JweError::Unreadable)
}

/// Seals `plain` as a frame does, for a page that has no script to do it with. `secret` stands in for all randomness, and is
/// for one form alone: the same text with it is the same JWE, and any other text has another ephemeral key, so that no
/// key meets its nonce twice.
pub(crate) fn seal(plain: &[u8], quote: &QuoteId, to: &VaultKey, secret: &[u8; 32]) -> Option<String> {
    let to = p256_public(&to.x, &to.y).ok()?;
    let seed = Zeroizing::new([quote.as_str().as_bytes(), b"\n", plain].concat());
    let seed = Zeroizing::new(keyed(secret, &seed));
    // A random scalar is no key once in 2^32 draws.
    let ephemeral = (0..8).find_map(|draw| {
        let scalar = Zeroizing::new(keyed(&seed, &[draw]));
        p256::SecretKey::from_slice(scalar.as_slice()).ok()
    })?;
    let Jwk::EC { crv, x, y, .. } = Jwk::of_p256(&ephemeral.public_key()) else {
        return None;
    };
    let header = Header {
        alg: "ECDH-ES".to_owned(),
        enc: "A256GCM".to_owned(),
        epk: EphemeralKey {
            kty: "EC".to_owned(),
            crv,
            x,
            y,
        },
        quote: quote.clone(),
    };
    let protected = encode(&serde_json::to_vec(&header).ok()?);
    let shared = p256::ecdh::diffie_hellman(ephemeral.to_nonzero_scalar(), to.as_affine());
    let key = concat_kdf(shared.raw_secret_bytes());
    let iv = keyed(&seed, b"iv");
    let (iv, _) = iv.split_first_chunk::<12>()?;
    let payload = Payload {
        msg: plain,
        aad: protected.as_bytes(),
    };
    let sealed = Aes256Gcm::new((&*key).into())
        .encrypt(&(*iv).into(), payload)
        .ok()?;
    let (ciphertext, tag) = sealed.split_last_chunk::<16>()?;
    Some(format!(
        "{protected}..{}.{}.{}",
        encode(iv),
        encode(ciphertext),
        encode(tag)
    ))
}

fn parse_header(protected: &str) -> Result<Header, JweError> {
    let bytes = decode(protected).ok_or(JweError::Malformed)?;
    let header: Header = object(&bytes).ok_or(JweError::Malformed)?;
    let taken = header.alg == "ECDH-ES"
        && header.enc == "A256GCM"
        && header.epk.kty == "EC"
        && header.epk.crv == "P-256";
    if taken {
        Ok(header)
    } else {
        Err(JweError::Malformed)
    }
}

/// Concat KDF (RFC 7518 §4.6.2) for 256 bits: one round of SHA-256, empty `apu` and `apv`.
fn concat_kdf(shared: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(1u32.to_be_bytes());
    hash.update(shared);
    hash.update(7u32.to_be_bytes());
    hash.update(b"A256GCM");
    hash.update(0u32.to_be_bytes());
    hash.update(0u32.to_be_bytes());
    hash.update(256u32.to_be_bytes());
    Zeroizing::new(hash.finalize().into())
}

#[cfg(test)]
pub(crate) mod tests {
    use p256::elliptic_curve::sec1::ToSec1Point;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::jose::encode;

    pub(crate) fn quote() -> QuoteId {
        QuoteId::from_random([3; 16])
    }

    pub(crate) fn header(ephemeral: &p256::SecretKey, quote: &QuoteId) -> Value {
        let point = ephemeral.public_key().to_sec1_point(false);
        json!({"alg": "ECDH-ES", "enc": "A256GCM", "quote": quote.as_str(), "epk": {
            "kty": "EC", "crv": "P-256", "x": encode(point.x().unwrap()), "y": encode(point.y().unwrap())
        }})
    }

    /// The sealing side, as the frame does it with WebCrypto.
    pub(crate) fn seal(header: &Value, to: &p256::PublicKey, from: &p256::SecretKey, text: &[u8]) -> String {
        let protected = encode(header.to_string().as_bytes());
        let shared = p256::ecdh::diffie_hellman(from.to_nonzero_scalar(), to.as_affine());
        let key = concat_kdf(shared.raw_secret_bytes());
        let payload = Payload {
            msg: text,
            aad: protected.as_bytes(),
        };
        let sealed = Aes256Gcm::new((&*key).into())
            .encrypt(&[9; 12].into(), payload)
            .unwrap();
        let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
        format!(
            "{protected}..{}.{}.{}",
            encode(&[9; 12]),
            encode(ciphertext),
            encode(tag)
        )
    }

    fn secret(byte: u8) -> p256::SecretKey {
        p256::SecretKey::from_slice(&[byte; 32]).unwrap()
    }

    #[test]
    fn opens_what_was_sealed_to_its_key_alone() {
        let text = seal(
            &header(&secret(2), &quote()),
            &secret(1).public_key(),
            &secret(2),
            b"{}",
        );
        assert_eq!(open(&text, &secret(1)).unwrap().as_slice(), b"{}");
        assert_eq!(read_header(&text).unwrap(), quote());
        assert_eq!(open(&text, &secret(4)).err(), Some(JweError::Unreadable));
    }

    #[test]
    fn a_page_seals_what_opens_and_the_same_text_to_the_same() {
        let point = secret(1).public_key().to_sec1_point(false);
        let [x, y] = [point.x(), point.y()].map(|coordinate| encode(coordinate.unwrap()));
        let to = VaultKey { x, y };
        let text = super::seal(b"{}", &quote(), &to, &[7; 32]).unwrap();
        assert_eq!(open(&text, &secret(1)).unwrap().as_slice(), b"{}");
        assert_eq!(read_header(&text).unwrap(), quote());
        assert_eq!(super::seal(b"{}", &quote(), &to, &[7; 32]).unwrap(), text);
        let key_of = |text: &str| text.split('.').next().unwrap().to_owned();
        for other in [
            super::seal(b"{ }", &quote(), &to, &[7; 32]).unwrap(),
            super::seal(b"{}", &quote(), &to, &[8; 32]).unwrap(),
        ] {
            assert_ne!(key_of(&other), key_of(&text), "one key, two texts");
        }
    }

    #[test]
    fn headers_are_a_closed_set() {
        let good = header(&secret(2), &quote());
        let with = |key: &str, value: Value| {
            let mut header = good.clone();
            header[key] = value;
            header
        };
        let mut off_curve = good.clone();
        off_curve["epk"]["y"] = json!(encode(&[5; 32]));
        let mut with_d = good.clone();
        with_d["epk"]["d"] = json!(encode(&[5; 32]));
        let epk = &good["epk"];
        let as_list = with("epk", json!([epk["kty"], epk["crv"], epk["x"], epk["y"]]));
        for bad in [
            with("zip", json!("DEF")),
            with("crit", json!(["quote"])),
            with("kid", json!("k")),
            with("apu", json!("AA")),
            with("alg", json!("dir")),
            with("alg", json!("none")),
            with("alg", json!("ECDH-ES+A256KW")),
            with("enc", json!("A128GCM")),
            with("quote", json!("quo_1")),
            off_curve,
            with_d,
            as_list,
            json!({}),
            json!(null),
        ] {
            let text = seal(&bad, &secret(1).public_key(), &secret(2), b"{}");
            assert_eq!(open(&text, &secret(1)).err(), Some(JweError::Malformed), "{bad}");
        }
        for bad in ["", "....", "a.b.c", "a.b.c.d.e", "a.b.c.d.e.f"] {
            assert_eq!(open(bad, &secret(1)).err(), Some(JweError::Malformed), "{bad}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_changed_byte_is_noticed(place in any::<prop::sample::Index>(), with in "[A-Za-z0-9_.=-]") {
            let text = seal(&header(&secret(2), &quote()), &secret(1).public_key(), &secret(2), b"{\"a\":1}");
            let place = place.index(text.len());
            let mut changed = text.clone();
            changed.replace_range(place..=place, &with);
            prop_assume!(changed != text);
            prop_assert!(open(&changed, &secret(1)).is_err());
        }

        #[test]
        fn no_text_panics(text in "[A-Za-z0-9_.-]{0,200}") {
            let _ = open(&text, &secret(1));
        }
    }
}
