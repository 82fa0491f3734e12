//! What an accreditor may sign about an origin: the claims, any bytes. What is taken is what they say.
#![no_main]

use std::sync::LazyLock;

use farthing_fuzz::{accreditor, members, vouched};
use farthing_gateway::accreditation::{
    Accreditor, STATEMENT_LIFETIME_S, STATEMENT_TYP, STATUS_URI_BYTES, Statement, TRUST_MARK_TYPE,
};
use farthing_protocol::{Origin, limits};
use farthing_testkit::NOW;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

static TRUSTED: LazyLock<[Accreditor; 1]> = LazyLock::new(|| [accreditor().1]);
static SIGNED: LazyLock<String> = LazyLock::new(|| accreditor().0.vouch(&ORIGIN, NOW));
static ORIGIN: LazyLock<Origin> = LazyLock::new(|| Origin::parse("https://shop.example").unwrap());

fuzz_target!(|bytes: &[u8]| {
    // Nobody else has the key: the one text that is taken as it comes is the one that was signed.
    if let Ok(text) = std::str::from_utf8(bytes)
        && Statement::read(text, &*TRUSTED, &ORIGIN, NOW).is_ok()
    {
        assert_eq!(text, *SIGNED);
    }
    let Ok(statement) = Statement::read(&vouched(STATEMENT_TYP, bytes), &*TRUSTED, &ORIGIN, NOW) else {
        return;
    };
    let claims: Value = serde_json::from_slice(bytes).unwrap();
    assert_eq!(
        members(&claims),
        ["exp", "iat", "iss", "status", "sub", "trust_mark_type"]
    );
    assert_eq!(claims["sub"], json!(*ORIGIN));
    assert_eq!(claims["iss"], json!(statement.issuer()));
    assert_eq!(statement.issuer(), &TRUSTED[0].id);
    assert_eq!(claims["trust_mark_type"], TRUST_MARK_TYPE);
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert!(iat <= NOW.0 + limits::CLOCK_SKEW_S && exp > NOW.0 && exp == statement.expires_at().0);
    assert!(exp - iat <= STATEMENT_LIFETIME_S);
    // The provider asks nobody but the accreditor.
    let uri = statement.status_uri();
    let rest = uri.strip_prefix(statement.issuer().as_str()).unwrap();
    assert!(rest.starts_with('/') && uri.len() <= STATUS_URI_BYTES, "{uri}");
    assert!(statement.hold(None, NOW).is_err());
});
