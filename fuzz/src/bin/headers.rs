//! Headers of JWS and JWE, as the JSON that they are: closed sets.
#![no_main]

use farthing_fuzz::{encode, members};
use farthing_gateway::jose::{self, JweError, Jws};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let header = encode(bytes);
    let said = || serde_json::from_slice::<Value>(bytes).unwrap();

    if let Ok(jws) = Jws::parse(&format!("{header}.e30.c2ln")) {
        let said = said();
        assert!(
            matches!(members(&said)[..], ["alg", "kid"] | ["alg", "kid", "typ"]),
            "{said}"
        );
        assert_eq!(said["kid"], jws.kid());
        assert_eq!(said["typ"].as_str(), jws.typ());
        assert_eq!(
            jws.algorithm_is_taken(),
            said["alg"] == "ES256" || said["alg"] == "EdDSA"
        );
    }

    let text = format!("{header}..AAAAAAAAAAAAAAAA.e30.AAAAAAAAAAAAAAAAAAAAAA");
    let quote = jose::read_header(&text);
    if let Ok(quote) = &quote {
        let said = said();
        assert_eq!(members(&said), ["alg", "enc", "epk", "quote"]);
        assert_eq!(members(&said["epk"]), ["crv", "kty", "x", "y"]);
        assert_eq!(
            (said["alg"].as_str(), said["enc"].as_str()),
            (Some("ECDH-ES"), Some("A256GCM"))
        );
        assert_eq!(said["quote"], quote.as_str());
    }
    // Nothing was sealed with it, so nothing opens; a header that is refused is refused here too.
    let vault = p256::SecretKey::from_slice(&[1; 32]).unwrap();
    let opened = jose::open(&text, &vault).unwrap_err();
    assert!(quote.is_ok() || opened == JweError::Malformed);
});
