use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::Rng;
use farthing_gateway::{
    accreditation::{
        NotAccredited, STATEMENT_TYP, STATUS_BYTES, STATUS_LIST_BYTES, STATUS_LIST_LIFETIME_S,
        STATUS_LIST_TYP, Status, StatusList, hold,
    },
    jose::SigningKey,
};
use farthing_protocol::UnixSeconds;
use farthing_testkit::SeededRng;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    DAY_S, NOW, SHOP, URI, accreditor, and, claims, key, list_claims, list_of, origin, trusted, with, without,
};

fn read_at(text: &str, now: UnixSeconds) -> Result<StatusList, NotAccredited> {
    StatusList::read(text, &trusted()[0], URI, now)
}

fn refused(claims: &Value) -> Option<NotAccredited> {
    read_at(&key(1).sign(STATUS_LIST_TYP, claims).unwrap(), NOW).err()
}

fn held(index: u32, list: Option<&StatusList>, now: UnixSeconds) -> Option<NotAccredited> {
    let claims = with(&claims(), "/status/status_list/idx", json!(index));
    let text = key(1).sign(STATEMENT_TYP, &claims).unwrap();
    hold(&text, &trusted(), list, &origin(SHOP), now).err()
}

#[test]
fn a_statement_stands_as_its_place_in_the_list_says() {
    use NotAccredited::{Revoked, StatusInvalid, StatusMissing, Suspended};
    let list = list_of(&list_claims());
    for (index, error) in [
        (0, Some(Revoked)),
        (1, Some(Suspended)),
        (2, None),
        (3, Some(StatusInvalid)),
        (4, None),
        (5, Some(Revoked)),
        (6, None),
        (9, Some(Suspended)),
        (11, Some(StatusInvalid)),
        (12, Some(StatusMissing)),
        (u32::MAX, Some(StatusMissing)),
    ] {
        assert_eq!(held(index, Some(&list), NOW), error, "{index}");
    }
    assert_eq!(list.status(1, NOW), Ok(Status::Suspended));
}

#[test]
fn without_a_list_in_force_nothing_stands() {
    let list = list_of(&list_claims());
    let end = NOW.plus(7 * DAY_S);
    assert_eq!(held(2, None, NOW), Some(NotAccredited::StatusMissing));
    assert_eq!(held(2, Some(&list), end.plus(-1)), None);
    assert_eq!(held(2, Some(&list), end), Some(NotAccredited::StatusExpired));

    let text = key(1).sign(STATUS_LIST_TYP, &list_claims()).unwrap();
    for (now, error) in [
        (NOW.plus(-60), None),
        (NOW.plus(-61), Some(NotAccredited::StatusInvalid)),
        (end.plus(-1), None),
        (end, Some(NotAccredited::StatusExpired)),
    ] {
        assert_eq!(read_at(&text, now).err(), error, "{now:?}");
    }
}

#[test]
fn a_list_is_for_its_accreditor_and_its_address() {
    // The same place of another list, or of another accreditor's list, says nothing.
    let other_uri = format!("{URI}1");
    let text = key(1)
        .sign(STATUS_LIST_TYP, &with(&list_claims(), "/sub", json!(other_uri)))
        .unwrap();
    let list = StatusList::read(&text, &trusted()[0], &other_uri, NOW).unwrap();
    assert_eq!(held(2, Some(&list), NOW), Some(NotAccredited::StatusInvalid));

    let anonymous = without(&list_claims(), "", "iss");
    let text = key(2).sign(STATUS_LIST_TYP, &anonymous).unwrap();
    let list = StatusList::read(&text, &trusted()[1], URI, NOW).unwrap();
    assert_eq!(held(2, Some(&list), NOW), Some(NotAccredited::StatusInvalid));

    let by = |key: &SigningKey| read_at(&key.sign(STATUS_LIST_TYP, &list_claims()).unwrap(), NOW).err();
    assert_eq!(by(&key(1)), None);
    assert_eq!(by(&key(2)), Some(NotAccredited::StatusInvalid));
    // A key under a name that is known.
    let mut renamed = accreditor("https://accreditor.example", &key(1));
    renamed.keys = [(key(2).kid().to_owned(), key(1).verifying_key())].into();
    let text = key(2).sign(STATUS_LIST_TYP, &list_claims()).unwrap();
    assert!(StatusList::read(&text, &renamed, URI, NOW).is_err());
}

#[test]
fn lists_are_a_closed_set() {
    let good = list_claims();
    let long = "A".repeat(STATUS_LIST_BYTES);
    for bad in [
        without(&good, "", "sub"),
        without(&good, "", "iat"),
        without(&good, "", "exp"),
        without(&good, "", "status_list"),
        without(&good, "/status_list", "bits"),
        without(&good, "/status_list", "lst"),
        and(&good, "", "nbf", json!(NOW.0)),
        and(&good, "/status_list", "aggregation_uri", json!(URI)),
        with(&good, "/iss", json!("https://other.example")),
        with(&good, "/sub", json!(format!("{URI}1"))),
        with(&good, "/sub", json!("")),
        with(&good, "/ttl", json!(0)),
        with(&good, "/ttl", json!(-1)),
        with(&good, "/ttl", json!(0.5)),
        with(&good, "/exp", json!(NOW.0)),
        with(&good, "/exp", json!(NOW.0 + STATUS_LIST_LIFETIME_S + 1)),
        with(&good, "/exp", json!(i64::MAX)),
        with(&good, "/status_list/bits", json!(1)),
        with(&good, "/status_list/bits", json!(4)),
        with(&good, "/status_list/bits", json!(8)),
        with(&good, "/status_list/bits", json!("2")),
        with(&good, "/status_list/lst", json!("")),
        with(&good, "/status_list/lst", json!("eNo76fITAAPfAgc=")),
        with(&good, "/status_list/lst", json!("eNo76fITAAPfAgd")),
        with(&good, "/status_list/lst", json!("yUT5")),
        with(&good, "/status_list/lst", json!(long)),
        json!([]),
    ] {
        let said = bad.to_string();
        assert_eq!(
            refused(&bad),
            Some(NotAccredited::StatusInvalid),
            "{}",
            &said[..said.len().min(300)]
        );
    }
    for good in [
        without(&good, "", "iss"),
        without(&good, "", "ttl"),
        with(&good, "/exp", json!(NOW.0 + STATUS_LIST_LIFETIME_S)),
    ] {
        assert_eq!(refused(&good), None, "{good}");
    }
    for typ in ["JWT", STATEMENT_TYP, "statuslist+cwt", ""] {
        let text = key(1).sign(typ, &good).unwrap();
        assert_eq!(
            read_at(&text, NOW).err(),
            Some(NotAccredited::StatusInvalid),
            "{typ}"
        );
    }
}

#[test]
fn the_largest_list_fits_whatever_is_in_it() {
    let mut statuses = vec![0; STATUS_BYTES];
    SeededRng::new(1).fill(&mut statuses);
    let list = |bytes: &[u8]| {
        let lst = Base64UrlUnpadded::encode_string(&miniz_oxide::deflate::compress_to_vec_zlib(bytes, 9));
        let text = key(1)
            .sign(
                STATUS_LIST_TYP,
                &with(&list_claims(), "/status_list/lst", json!(lst)),
            )
            .unwrap();
        (text.len(), read_at(&text, NOW))
    };
    let (length, read) = list(&statuses);
    assert!(length <= STATUS_LIST_BYTES, "{length}");
    assert!(read.is_ok());
    statuses.push(0);
    assert_eq!(list(&statuses).1.err(), Some(NotAccredited::StatusInvalid));
    // A hundred times as much as the bound, in a text that is well within its own.
    let (length, read) = list(&vec![0; 100 * STATUS_BYTES]);
    assert!(length <= STATUS_LIST_BYTES, "{length}");
    assert_eq!(read.err(), Some(NotAccredited::StatusInvalid));
}

#[test]
fn what_a_list_says_of_itself() {
    let list = list_of(&list_claims());
    assert_eq!(list.issuer(), &origin("https://accreditor.example"));
    assert_eq!(list.uri(), URI);
    assert_eq!(list.issued_at(), NOW);
    assert_eq!(list.expires_at(), NOW.plus(7 * DAY_S));
    assert_eq!(list.ttl_s(), Some(43_200));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_changed_byte_is_noticed(place in any::<prop::sample::Index>(), with in "[A-Za-z0-9_.=-]") {
        let text = key(1).sign(STATUS_LIST_TYP, &list_claims()).unwrap();
        let place = place.index(text.len());
        let mut changed = text.clone();
        changed.replace_range(place..=place, &with);
        prop_assume!(changed != text);
        prop_assert!(read_at(&changed, NOW).is_err());
    }

    #[test]
    fn no_text_panics(text in "[A-Za-z0-9_.{}\"-]{0,200}") {
        prop_assert!(read_at(&text, NOW).is_err());
    }
}
