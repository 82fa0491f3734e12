use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    Rng,
    jose::{Jwk, SigningKey, VerifyingKey},
};

/// The provider's own keys.
pub struct Keys {
    /// Signs receipts, consent records, and orders made by `POST /v1/orders`.
    pub signing: SigningKey,
    /// Public halves of keys that signed before: what they signed still verifies.
    pub retired: Vec<Jwk>,
    /// Encrypts what must not be in the store in the clear, and opens what earlier ones encrypted.
    pub data: DataKey,
}

impl Keys {
    /// The public half of this name: of the key that signs, or of one that did.
    pub(crate) fn verifying_key(&self, kid: &str) -> Option<VerifyingKey> {
        if kid == self.signing.kid() {
            return Some(self.signing.verifying_key());
        }
        let named = |jwk: &&Jwk| jwk.kid().is_ok_and(|own| own == kid);
        self.retired.iter().find(named)?.verifying_key().ok()
    }
}

const NONCE_BYTES: usize = 12;

/// A key for data at rest: AES-256-GCM with a random nonce in front. A secret: no `Debug`, no `Clone`.
pub struct DataKey {
    newest: Zeroizing<[u8; 32]>,
    others: Vec<Zeroizing<[u8; 32]>>,
}

impl DataKey {
    /// The key with these bytes.
    #[must_use]
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self {
            newest: bytes,
            others: Vec::new(),
        }
    }

    /// The same, which also opens what was sealed with `others`: keys before it, or one that is to come after it.
    #[must_use]
    pub fn with_others(self, others: Vec<Zeroizing<[u8; 32]>>) -> Self {
        Self { others, ..self }
    }

    /// Encrypts `plain`. `bound_to` is not stored: opening asks for the same, so that a row's content can't
    /// be moved into another row. `None` where it is too long for the cipher, which no caller's bound allows.
    pub(crate) fn seal(&self, rng: &impl Rng, bound_to: &str, plain: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: bound_to.as_bytes(),
        };
        let sealed = Aes256Gcm::new((&*self.newest).into())
            .encrypt(&nonce.into(), payload)
            .ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// A keyed hash (HMAC-SHA256) of an instrument's number: the same number has the same hash here and another one
    /// elsewhere, and without the key nobody can try numbers against it. The key for it is derived from this one, and not
    /// from the others: whoever learnt one of them can try nothing against what comes now.
    pub(crate) fn fingerprint(&self, number: &str) -> [u8; 32] {
        let key = Zeroizing::new(keyed(&self.newest, b"farthing instrument fingerprint 1"));
        keyed(&key, number.as_bytes())
    }

    /// Opens what [`Self::seal`] made; `None` where it was changed, moved, or made with a key that is none of these.
    pub(crate) fn open(&self, bound_to: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let open = |key: &Zeroizing<[u8; 32]>| {
            let payload = Payload {
                msg: sealed,
                aad: bound_to.as_bytes(),
            };
            Aes256Gcm::new((&**key).into())
                .decrypt(&(*nonce).into(), payload)
                .ok()
                .map(Zeroizing::new)
        };
        open(&self.newest).or_else(|| self.others.iter().find_map(open))
    }
}

/// HMAC-SHA256.
pub(crate) fn keyed(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // RFC 2104 fills a shorter key up to the block with zeros.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_keys_own() {
        let [one, other] = [1, 2].map(|n| DataKey::new(Zeroizing::new([n; 32])));
        let print = one.fingerprint("4242424242424242");
        assert_eq!(print, one.fingerprint("4242424242424242"));
        assert_ne!(print, one.fingerprint("4000000000000002"));
        assert_ne!(print, other.fingerprint("4242424242424242"));
    }

    struct Same(u8);
    impl Rng for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_place_alone() {
        let key = DataKey::new(Zeroizing::new([1; 32]));
        let sealed = key.seal(&Same(2), "quo_a", b"4242").unwrap();
        assert!(!sealed.windows(4).any(|w| w == b"4242"));
        assert_eq!(key.open("quo_a", &sealed).unwrap().as_slice(), b"4242");
        assert!(key.open("quo_b", &sealed).is_none());
        assert!(
            DataKey::new(Zeroizing::new([3; 32]))
                .open("quo_a", &sealed)
                .is_none()
        );
        assert!(key.open("quo_a", &sealed[..11]).is_none());
    }

    #[test]
    fn what_an_earlier_key_sealed_opens_and_what_is_sealed_now_needs_the_newest() {
        let bytes = |n| Zeroizing::new([n; 32]);
        let old = DataKey::new(bytes(1)).seal(&Same(2), "quo_a", b"4242").unwrap();
        let key = DataKey::new(bytes(3)).with_others(vec![bytes(2), bytes(1)]);
        assert_eq!(key.open("quo_a", &old).unwrap().as_slice(), b"4242");
        assert!(key.open("quo_b", &old).is_none());
        let new = key.seal(&Same(2), "quo_a", b"4242").unwrap();
        assert!(DataKey::new(bytes(1)).open("quo_a", &new).is_none());
        assert!(DataKey::new(bytes(3)).open("quo_a", &new).is_some());
        let print = |key: &DataKey| key.fingerprint("4242424242424242");
        assert_eq!(print(&key), print(&DataKey::new(bytes(3))), "the newest's alone");
    }
}
