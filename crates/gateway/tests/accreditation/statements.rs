use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::Signer;
use farthing_gateway::{
    accreditation::{
        Accreditation, Accreditor, NotAccredited, STATEMENT_BYTES, STATEMENT_LIFETIME_S, STATEMENT_TYP,
        STATUS_URI_BYTES, Statement, hold,
    },
    jose::VerifyingKey,
};
use farthing_protocol::UnixSeconds;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    DAY_S, ID, NOW, SHOP, URI, accreditor, and, claims, key, label, list_claims, list_of, origin, trusted,
    with, without,
};

fn signed(claims: &Value) -> String {
    key(1).sign(STATEMENT_TYP, claims).unwrap()
}

fn read_at(text: &str, now: UnixSeconds) -> Result<Statement, NotAccredited> {
    Statement::read(text, &trusted(), &origin(SHOP), now)
}

fn refused(text: &str) -> Option<NotAccredited> {
    read_at(text, NOW).err()
}

#[test]
fn a_statement_vouches_for_its_origin() {
    let text = signed(&with(&claims(), "/status/status_list/idx", json!(2)));
    let statement = read_at(&text, NOW).unwrap();
    assert_eq!(statement.issuer(), &origin(ID));
    assert_eq!(statement.status_uri(), URI);

    let list = list_of(&list_claims());
    let held = hold(&text, &trusted(), Some(&list), &origin(SHOP), NOW).unwrap();
    assert_eq!(
        held,
        Accreditation {
            accreditor: label("Fair Shops"),
            origin: origin(SHOP),
            until: NOW.plus(7 * DAY_S),
        }
    );
    // The statement's own end, where it comes first.
    let short = with(&claims(), "/exp", json!(NOW.0 + DAY_S));
    let short = signed(&with(&short, "/status/status_list/idx", json!(2)));
    let held = hold(&short, &trusted(), Some(&list), &origin(SHOP), NOW).unwrap();
    assert_eq!(held.until, NOW.plus(DAY_S));
}

#[test]
fn claims_are_a_closed_set() {
    use NotAccredited::{Malformed, OtherOrigin, OtherType, Signature};
    let good = claims();
    let long = format!("{ID}/{}", "a".repeat(STATUS_URI_BYTES));
    for (bad, error) in [
        (without(&good, "", "iss"), Malformed),
        (without(&good, "", "sub"), Malformed),
        (without(&good, "", "trust_mark_type"), Malformed),
        (without(&good, "", "iat"), Malformed),
        (without(&good, "", "exp"), Malformed),
        (without(&good, "", "status"), Malformed),
        (without(&good, "/status", "status_list"), Malformed),
        (without(&good, "/status/status_list", "idx"), Malformed),
        (without(&good, "/status/status_list", "uri"), Malformed),
        (and(&good, "", "delegation", json!("eyJ")), Malformed),
        (
            and(&good, "", "logo_uri", json!("https://accreditor.example/a.png")),
            Malformed,
        ),
        (and(&good, "", "nbf", json!(NOW.0)), Malformed),
        (and(&good, "/status", "identifier_list", json!({})), Malformed),
        (and(&good, "/status/status_list", "bits", json!(2)), Malformed),
        (with(&good, "/iat", json!(1.5)), Malformed),
        (with(&good, "/exp", json!("1795000000")), Malformed),
        (with(&good, "/sub", json!([SHOP])), Malformed),
        (with(&good, "/sub", json!("http://shop.example")), Malformed),
        (with(&good, "/sub", json!("https://shop.example/")), Malformed),
        (with(&good, "/iss", json!("http://accreditor.example")), Malformed),
        (with(&good, "/status/status_list/idx", json!(-1)), Malformed),
        (
            with(&good, "/status/status_list/idx", json!(1u64 << 32)),
            Malformed,
        ),
        (
            with(
                &good,
                "/status/status_list/uri",
                json!("https://evil.example/statuslists/1"),
            ),
            Malformed,
        ),
        (
            with(
                &good,
                "/status/status_list/uri",
                json!(format!("{ID}.evil.example/1")),
            ),
            Malformed,
        ),
        (
            with(
                &good,
                "/status/status_list/uri",
                json!(format!("{ID}@evil.example/1")),
            ),
            Malformed,
        ),
        (
            with(&good, "/status/status_list/uri", json!(format!("{ID}:8443/1"))),
            Malformed,
        ),
        (
            with(&good, "/status/status_list/uri", json!(format!("{ID}/1#a"))),
            Malformed,
        ),
        (
            with(
                &good,
                "/status/status_list/uri",
                json!(format!("{ID}/1 HTTP/1.1\r\nHost: a")),
            ),
            Malformed,
        ),
        (with(&good, "/status/status_list/uri", json!(ID)), Malformed),
        (with(&good, "/status/status_list/uri", json!(long)), Malformed),
        (with(&good, "/exp", json!(NOW.0)), Malformed),
        (
            with(&good, "/exp", json!(NOW.0 + STATEMENT_LIFETIME_S + 1)),
            Malformed,
        ),
        (with(&good, "/exp", json!(i64::MAX)), Malformed),
        (with(&good, "/iat", json!(i64::MIN)), Malformed),
        (
            with(
                &good,
                "/trust_mark_type",
                json!("https://farthing.example/trust-marks/merchant/2"),
            ),
            OtherType,
        ),
        (with(&good, "/trust_mark_type", json!("")), OtherType),
        (
            with(&good, "/sub", json!("https://www.shop.example")),
            OtherOrigin,
        ),
        (
            with(&good, "/sub", json!("https://shop.example:8443")),
            OtherOrigin,
        ),
        (with(&good, "/iss", json!("https://other.example")), Signature),
        (json!([ID, SHOP, "t", 1, 2, {}]), Malformed),
        (json!(null), Malformed),
    ] {
        assert_eq!(refused(&signed(&bad)), Some(error), "{bad}");
    }
    assert_eq!(refused(&signed(&good)), None);
}

#[test]
fn a_statement_is_a_trust_mark_and_nothing_else() {
    for typ in [
        "JWT",
        "statuslist+jwt",
        "trust-mark+JWT",
        "application/trust-mark+jwt",
        "trust-mark-delegation+jwt",
        "",
    ] {
        let text = key(1).sign(typ, &claims()).unwrap();
        assert_eq!(refused(&text), Some(NotAccredited::Malformed), "{typ}");
    }
    let long = and(&claims(), "", "note", json!("a".repeat(STATEMENT_BYTES)));
    assert_eq!(refused(&signed(&long)), Some(NotAccredited::Malformed));
    for bad in ["", ".", "..", "...", "a.b.c"] {
        assert_eq!(refused(bad), Some(NotAccredited::Malformed), "{bad}");
    }
}

#[test]
fn only_who_is_trusted_vouches_and_only_as_itself() {
    let by = |byte: u8| key(byte).sign(STATEMENT_TYP, &claims()).unwrap();
    assert_eq!(refused(&by(3)), Some(NotAccredited::UnknownAccreditor));
    // Another accreditor, in the name of the first.
    assert_eq!(refused(&by(2)), Some(NotAccredited::Signature));
    let nobody = Statement::read(&by(1), &[], &origin(SHOP), NOW);
    assert_eq!(nobody.err(), Some(NotAccredited::UnknownAccreditor));

    // A stranger's key under a name that is known: a kid is no proof.
    let named = |id: &str, byte: u8| {
        let mut accreditor = accreditor(id, &key(byte));
        accreditor.keys = accreditor
            .keys
            .into_values()
            .map(|key| ("same".to_owned(), key))
            .collect();
        accreditor
    };
    let (first, second) = (named(ID, 1), named("https://other.example", 2));
    let text = ed25519(&claims(), "same");
    let trusted = [first, second.clone()];
    let read = |trusted: &[Accreditor], text: &str| Statement::read(text, trusted, &origin(SHOP), NOW).err();
    assert_eq!(read(&trusted, &text), Some(NotAccredited::Signature));
    // With the key itself, wherever it stands among those of the same name.
    let third = Accreditor {
        keys: [(
            "same".to_owned(),
            VerifyingKey::EdDsa(ed25519_key().verifying_key()),
        )]
        .into(),
        ..accreditor(ID, &key(1))
    };
    for trusted in [[third.clone(), second.clone()], [second, third]] {
        assert_eq!(read(&trusted, &text), None);
    }
}

#[test]
fn a_statement_has_its_time() {
    let text = signed(&claims());
    let end = NOW.plus(365 * DAY_S);
    for (now, error) in [
        (NOW.plus(-60), None),
        (NOW.plus(-61), Some(NotAccredited::NotYet)),
        (NOW, None),
        (end.plus(-1), None),
        (end, Some(NotAccredited::Expired)),
        (end.plus(60), Some(NotAccredited::Expired)),
    ] {
        assert_eq!(read_at(&text, now).err(), error, "{now:?}");
    }
    // What was read in time does not outlive it.
    let statement = read_at(&text, NOW).unwrap();
    let held = statement.hold(Some(&list_of(&list_claims())), end);
    assert_eq!(held.err(), Some(NotAccredited::Expired));

    let longest = with(&claims(), "/exp", json!(NOW.0 + STATEMENT_LIFETIME_S));
    assert_eq!(refused(&signed(&longest)), None);
}

#[test]
fn every_reason_has_a_word_and_a_sentence_of_its_own() {
    use NotAccredited::{
        Expired, Malformed, NotYet, OtherOrigin, OtherType, Revoked, Signature, StatusExpired, StatusInvalid,
        StatusMissing, Suspended, UnknownAccreditor,
    };
    let all = [
        Malformed,
        UnknownAccreditor,
        Signature,
        OtherType,
        OtherOrigin,
        NotYet,
        Expired,
        Revoked,
        Suspended,
        StatusMissing,
        StatusExpired,
        StatusInvalid,
    ];
    let words: std::collections::HashSet<_> = all.iter().map(|reason| reason.as_str()).collect();
    let sentences: std::collections::HashSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!((words.len(), sentences.len()), (all.len(), all.len()));
}

fn ed25519_key() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[5; 32])
}

fn ed25519(claims: &Value, kid: &str) -> String {
    let encode = |json: Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
    let header = json!({"alg": "EdDSA", "kid": kid, "typ": STATEMENT_TYP});
    let input = format!("{}.{}", encode(header), encode(claims.clone()));
    let signature = ed25519_key().sign(input.as_bytes()).to_bytes();
    format!("{input}.{}", Base64UrlUnpadded::encode_string(&signature))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_changed_byte_is_noticed(place in any::<prop::sample::Index>(), with in "[A-Za-z0-9_.=-]") {
        let text = signed(&claims());
        let place = place.index(text.len());
        let mut changed = text.clone();
        changed.replace_range(place..=place, &with);
        prop_assume!(changed != text);
        prop_assert!(refused(&changed).is_some());
    }

    #[test]
    fn no_text_panics(text in "[A-Za-z0-9_.{}\"-]{0,200}") {
        prop_assert!(refused(&text).is_some());
    }
}
