use std::collections::HashSet;

use farthing_gateway::accreditation::{
    NotAccredited, STATEMENT_BYTES, STATEMENT_LIFETIME_S, STATUS_LIST_LIFETIME_S, Status, StatusList, hold,
    issue::{BOOK_ENTRIES, Book, BookError},
};
use farthing_protocol::{UnixSeconds, limits};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{DAY_S, ID, NOW, SHOP, URI, accreditor, and, key, label, origin, trusted, with};

const YEAR_S: i64 = 365 * DAY_S;

fn book() -> Book {
    Book::new(origin(ID), label("Fair Shops"))
}

fn issued(book: &mut Book, shop: &str, now: UnixSeconds) -> u32 {
    book.issue(origin(shop), None, now, YEAR_S).unwrap().idx
}

fn list(book: &Book, now: UnixSeconds) -> StatusList {
    let text = book.status_list(&key(1), now, 7 * DAY_S).unwrap();
    StatusList::read(&text, &trusted()[0], &book.status_uri(), now).unwrap()
}

/// What a provider makes of entry `idx`, with the list of this moment.
fn held(book: &Book, idx: u32, now: UnixSeconds) -> Result<UnixSeconds, NotAccredited> {
    let statement = book.statement(&key(1), idx).unwrap();
    let sub = &book.entries()[usize::try_from(idx).unwrap()].origin;
    hold(&statement, &trusted(), Some(&list(book, now)), sub, now).map(|held| held.until)
}

#[test]
fn what_is_issued_is_held_until_it_is_taken_back() {
    let mut book = book();
    assert_eq!((book.id(), book.name()), (&origin(ID), &label("Fair Shops")));
    assert_eq!(book.status_uri(), URI);
    let shop = origin(SHOP);
    let (other, idx) = (
        issued(&mut book, "https://b.example", NOW),
        issued(&mut book, SHOP, NOW),
    );
    assert_eq!((other, idx), (0, 1));
    assert_eq!(held(&book, idx, NOW), Ok(NOW.plus(7 * DAY_S)));

    assert_eq!(book.suspend(&shop, NOW), Ok(1));
    assert_eq!(held(&book, idx, NOW), Err(NotAccredited::Suspended));
    assert_eq!(
        book.suspend(&shop, NOW),
        Err(BookError::Already(shop.clone(), Status::Suspended))
    );
    let around = book.issue(shop.clone(), None, NOW, YEAR_S).err();
    assert_eq!(around, Some(BookError::Suspended(shop.clone())));

    assert_eq!(book.reinstate(&shop, NOW), Ok(1));
    assert_eq!(held(&book, idx, NOW), Ok(NOW.plus(7 * DAY_S)));
    assert_eq!(
        book.reinstate(&shop, NOW),
        Err(BookError::Already(shop.clone(), Status::Valid))
    );

    assert_eq!(book.revoke(&shop, NOW), Ok(1));
    assert_eq!(held(&book, idx, NOW), Err(NotAccredited::Revoked));
    for again in [Book::suspend, Book::revoke, Book::reinstate] {
        assert_eq!(
            again(&mut book, &shop, NOW),
            Err(BookError::Revoked(shop.clone()))
        );
    }
    // Vouching anew is another statement, and the first stays revoked.
    let anew = issued(&mut book, SHOP, NOW.plus(DAY_S));
    assert_eq!(anew, 2);
    assert_eq!(book.suspend(&shop, NOW.plus(DAY_S)), Ok(1));
    assert_eq!(book.reinstate(&shop, NOW.plus(DAY_S)), Ok(1));
    assert!(held(&book, anew, NOW.plus(DAY_S)).is_ok());
    assert_eq!(held(&book, idx, NOW.plus(DAY_S)), Err(NotAccredited::Revoked));
    assert!(held(&book, other, NOW.plus(DAY_S)).is_ok());
}

#[test]
fn every_running_statement_of_an_origin_is_taken_back() {
    let mut book = book();
    let first = issued(&mut book, SHOP, NOW);
    let later = NOW.plus(300 * DAY_S);
    let second = issued(&mut book, SHOP, later);
    assert_eq!(book.revoke(&origin(SHOP), later), Ok(2));
    for idx in [first, second] {
        assert_eq!(held(&book, idx, later), Err(NotAccredited::Revoked));
    }
    let after = later.plus(YEAR_S);
    for act in [Book::suspend, Book::revoke, Book::reinstate] {
        for none in [SHOP, "https://c.example"] {
            let error = act(&mut book, &origin(none), after);
            assert_eq!(error, Err(BookError::NoStatement(origin(none))));
        }
    }
}

#[test]
fn times_are_bounded() {
    let mut book = book();
    for bad in [0, -1, STATEMENT_LIFETIME_S + 1, i64::MIN, i64::MAX] {
        let error = book.issue(origin(SHOP), None, NOW, bad).err();
        assert_eq!(error, Some(BookError::Lifetime), "{bad}");
    }
    for bad in [0, -1, STATUS_LIST_LIFETIME_S + 1, i64::MIN, i64::MAX] {
        let error = book.status_list(&key(1), NOW, bad).err();
        assert_eq!(error, Some(BookError::ListLifetime), "{bad}");
    }
    assert!(book.entries().is_empty());
    for good in [1, STATEMENT_LIFETIME_S] {
        let idx = book.issue(origin(SHOP), None, NOW, good).unwrap().idx;
        assert!(held(&book, idx, NOW).is_ok(), "{good}");
    }
    for good in [1, STATUS_LIST_LIFETIME_S] {
        let text = book.status_list(&key(1), NOW, good).unwrap();
        assert!(StatusList::read(&text, &trusted()[0], URI, NOW).is_ok(), "{good}");
    }
    assert_eq!(book.statement(&key(1), 9).err(), Some(BookError::NoEntry(9)));
}

/// A list that was signed before a statement was issued has a place for it already.
#[test]
fn a_list_does_not_tell_how_many_there_are() {
    let mut book = book();
    let before = list(&book, NOW);
    let idx = issued(&mut book, SHOP, NOW);
    let statement = book.statement(&key(1), idx).unwrap();
    assert!(hold(&statement, &trusted(), Some(&before), &origin(SHOP), NOW).is_ok());
    let last = u32::try_from(BOOK_ENTRIES).unwrap() - 1;
    assert_eq!(before.status(last, NOW), Ok(Status::Valid));
    assert_eq!(before.status(last + 1, NOW), Err(NotAccredited::StatusMissing));
}

#[test]
fn the_longest_statement_fits() {
    let long = |letter: &str| {
        let label = letter.repeat(60);
        let text = format!("https://{}", [&*label; 4].join("."));
        assert!(text.len() <= limits::ORIGIN_BYTES);
        text
    };
    let mut book = Book::new(origin(&long("a")), label("Fair Shops"));
    book.issue(origin(&long("b")), None, NOW, YEAR_S).unwrap();
    let statement = book.statement(&key(1), 0).unwrap();
    assert!(statement.len() <= STATEMENT_BYTES);
    let accreditors = [accreditor(&long("a"), &key(1))];
    let text = book.status_list(&key(1), NOW, DAY_S).unwrap();
    let list = StatusList::read(&text, &accreditors[0], &book.status_uri(), NOW).unwrap();
    assert!(hold(&statement, &accreditors, Some(&list), &origin(&long("b")), NOW).is_ok());
}

#[test]
fn a_book_is_kept_as_json_and_read_strictly() {
    let mut book = book();
    book.issue(origin(SHOP), Some(label("The Corner Press")), NOW, YEAR_S)
        .unwrap();
    book.issue(origin("https://b.example"), None, NOW, YEAR_S)
        .unwrap();
    book.suspend(&origin(SHOP), NOW).unwrap();
    let written = serde_json::to_value(&book).unwrap();
    assert_eq!(
        written,
        json!({"id": ID, "name": "Fair Shops", "entries": [
            {"idx": 0, "origin": SHOP, "name": "The Corner Press", "issued_at": NOW.0,
             "expires_at": NOW.0 + YEAR_S, "status": "suspended"},
            {"idx": 1, "origin": "https://b.example", "issued_at": NOW.0, "expires_at": NOW.0 + YEAR_S,
             "status": "valid"},
        ]})
    );
    assert_eq!(serde_json::from_value::<Book>(written.clone()).unwrap(), book);

    let mut shorter = written.clone();
    shorter["entries"].as_array_mut().unwrap().remove(0);
    let mut swapped = written.clone();
    swapped["entries"].as_array_mut().unwrap().swap(0, 1);
    for bad in [
        shorter,
        swapped,
        with(&written, "/entries/1/idx", json!(0)),
        with(&written, "/entries/1/idx", json!(2)),
        with(&written, "/entries/1/status", json!("pardoned")),
        with(&written, "/id", json!("http://accreditor.example")),
        and(&written, "/entries/0", "note", json!("")),
        and(&written, "", "next", json!(2)),
    ] {
        assert!(serde_json::from_value::<Book>(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn a_book_is_full_at_its_bound() {
    let entries = |count: usize| {
        let common = json!({"origin": SHOP, "issued_at": 0, "expires_at": 1, "status": "valid"});
        let entry = |idx: usize| and(&common, "", "idx", json!(idx));
        let entries: Vec<Value> = (0..count).map(entry).collect();
        serde_json::from_value::<Book>(json!({"id": ID, "name": "Fair Shops", "entries": entries}))
    };
    let mut book = entries(BOOK_ENTRIES - 1).unwrap();
    let last = issued(&mut book, SHOP, NOW);
    book.revoke(&origin(SHOP), NOW).unwrap();
    assert_eq!(held(&book, last, NOW), Err(NotAccredited::Revoked));
    let error = book.issue(origin(SHOP), None, NOW, YEAR_S).err();
    assert_eq!(error, Some(BookError::Full));
    assert!(entries(BOOK_ENTRIES + 1).is_err());
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Issue,
    Suspend,
    Revoke,
    Reinstate,
}

fn acts() -> impl Strategy<Value = Vec<(Act, usize)>> {
    let act = prop_oneof![
        Just(Act::Issue),
        Just(Act::Suspend),
        Just(Act::Revoke),
        Just(Act::Reinstate)
    ];
    proptest::collection::vec((act, 0usize..3), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever an accreditor does: places are never used twice, what is revoked stays so, and the list that
    /// providers read says what the book says.
    #[test]
    fn a_book_keeps_its_word(acts in acts()) {
        let shops = ["a", "b", "c"].map(|name| origin(&format!("https://{name}.example")));
        let mut book = book();
        let mut revoked = HashSet::new();
        let mut places = HashSet::new();
        for (act, shop) in acts {
            let shop = &shops[shop];
            let before = book.clone();
            let done = match act {
                Act::Issue => book.issue(shop.clone(), None, NOW, YEAR_S).map(|entry| {
                    assert!(places.insert(entry.idx));
                    1
                }),
                Act::Suspend => book.suspend(shop, NOW),
                Act::Revoke => book.revoke(shop, NOW),
                Act::Reinstate => book.reinstate(shop, NOW),
            };
            let touched = |idx: usize| before.entries().get(idx) != book.entries().get(idx);
            let changed: Vec<usize> = (0..book.entries().len()).filter(|idx| touched(*idx)).collect();
            prop_assert_eq!(changed.len(), done.unwrap_or(0));
            prop_assert!(changed.iter().all(|idx| book.entries()[*idx].origin == *shop));
            for entry in book.entries() {
                if entry.status == Status::Revoked {
                    revoked.insert(entry.idx);
                }
                prop_assert!(entry.status == Status::Revoked || !revoked.contains(&entry.idx));
            }
        }
        let list = list(&book, NOW);
        for entry in book.entries() {
            prop_assert_eq!(list.status(entry.idx, NOW), Ok(entry.status));
        }
        let written = serde_json::to_string(&book).unwrap();
        prop_assert_eq!(serde_json::from_str::<Book>(&written).unwrap(), book);
    }
}
