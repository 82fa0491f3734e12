//! Keys of merchants, as the configuration names them.
#![no_main]

use farthing_fuzz::encode;
use farthing_gateway::jose::{Jwk, VerifyingKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(jwk) = serde_json::from_slice::<Jwk>(bytes) else {
        return;
    };
    if let Ok(kid) = jwk.kid() {
        assert!((1..=64).contains(&kid.len()));
        assert_eq!(jwk.clone().with_kid().kid(), Ok(kid));
    }
    // The coordinates of a key are written in one way.
    let (Jwk::EC { x: written, .. } | Jwk::OKP { x: written, .. }) = &jwk;
    match jwk.verifying_key() {
        Ok(VerifyingKey::Es256(key)) => {
            let (Jwk::EC { x, .. } | Jwk::OKP { x, .. }) = Jwk::of_p256(&p256::PublicKey::from(&key));
            assert_eq!(*written, x);
        }
        Ok(VerifyingKey::EdDsa(key)) => {
            assert!(!key.is_weak());
            assert_eq!(*written, encode(key.as_bytes()));
        }
        Err(_) => {}
    }
});
