use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{Rng, jose::SigningKey};

/// The provider's own keys.
pub struct Keys {
    /// Signs receipts, consent records, and orders made by `POST /v1/orders`.
    pub signing: SigningKey,
    /// Encrypts what must not be in the store in the clear.
    pub data: DataKey,
}

const NONCE_BYTES: usize = 12;

/// A key for data at rest: AES-256-GCM with a random nonce in front. A secret: no `Debug`, no `Clone`.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// The key with these bytes.
    #[must_use]
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
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
        let sealed = Aes256Gcm::new((&*self.0).into())
            .encrypt(&nonce.into(), payload)
            .ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// A keyed hash (HMAC-SHA256) of an instrument's number: the same number has the same hash here and another one
    /// elsewhere, and without the key nobody can try numbers against it. The key for it is derived from this one.
    pub(crate) fn fingerprint(&self, number: &str) -> [u8; 32] {
        let key = Zeroizing::new(keyed(&*self.0, b"farthing instrument fingerprint 1"));
        keyed(&*key, number.as_bytes())
    }

    /// Opens what [`Self::seal`] made; `None` where it was changed, moved, or made with another key.
    pub(crate) fn open(&self, bound_to: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: sealed,
            aad: bound_to.as_bytes(),
        };
        Aes256Gcm::new((&*self.0).into())
            .decrypt(&(*nonce).into(), payload)
            .ok()
            .map(Zeroizing::new)
    }
}

fn keyed(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
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
}
