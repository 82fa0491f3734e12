//! What accreditors said, and whether they still do.

use farthing_gateway::{Added, Store, StoredAccreditor, StoredStatusList};
use farthing_protocol::{Label, UnixSeconds};

use super::registry::{NOW, bare, id, jwk, origin, statement};

fn list(uri: &str, issued_at: i64, text: &str) -> StoredStatusList {
    StoredStatusList {
        uri: uri.to_owned(),
        issued_at: UnixSeconds(issued_at),
        text: text.to_owned(),
    }
}

pub(super) async fn statements_are_kept_until_they_expire(store: impl Store) {
    let uri = "https://acc.example/1";
    let first = statement("one", uri, NOW.plus(10));
    assert_eq!(
        store
            .insert_statement(&id(1), first.clone(), NOW, 2)
            .await
            .unwrap(),
        Added::NoMerchant
    );
    store.insert_merchant(bare(1)).await.unwrap();
    store.insert_merchant(bare(2)).await.unwrap();
    for (new, wanted) in [
        (first.clone(), Added::Added),
        (first, Added::Exists),
        (statement("two", uri, NOW.plus(20)), Added::Added),
        (statement("three", uri, NOW.plus(30)), Added::TooMany),
    ] {
        assert_eq!(store.insert_statement(&id(1), new, NOW, 2).await.unwrap(), wanted);
    }
    let third = statement("three", uri, NOW.plus(30));
    let added = store.insert_statement(&id(1), third, NOW.plus(10), 2).await;
    assert_eq!(added.unwrap(), Added::Added);
    assert_eq!(texts(&store, 1).await, ["two", "three"]);
    assert_eq!(texts(&store, 2).await, Vec::<String>::new());
}

async fn texts(store: &impl Store, n: u8) -> Vec<String> {
    let registration = store.registration(&id(n)).await.unwrap().unwrap();
    registration.statements.into_iter().map(|one| one.text).collect()
}

pub(super) async fn the_newest_status_list_stays(store: impl Store) {
    let uri = "https://acc.example/1";
    let mut new = bare(1);
    new.statements = vec![statement("one", uri, NOW.plus(10))];
    store.insert_merchant(new).await.unwrap();
    store.insert_merchant(bare(2)).await.unwrap();
    for (new, put, kept) in [
        (list(uri, 100, "a"), true, "a"),
        (list(uri, 99, "older"), false, "a"),
        (list(uri, 100, "b"), true, "b"),
        (list(uri, 101, "c"), true, "c"),
        (list("https://acc.example/2", 1, "another"), true, "c"),
    ] {
        assert_eq!(store.put_status_list(new.clone()).await.unwrap(), put, "{new:?}");
        assert_eq!(store.status_list(uri).await.unwrap().unwrap().text, kept);
    }
    // Those that the merchant's statements point to, and no others.
    for (n, wanted) in [(1, vec![list(uri, 101, "c")]), (2, vec![])] {
        let registration = store.registration(&id(n)).await.unwrap().unwrap();
        assert_eq!(registration.status_lists, wanted, "merchant {n}");
    }
}

pub(super) async fn accreditors_come_and_go(store: impl Store) {
    let accreditor = |text: &str, keys| StoredAccreditor {
        id: origin(text),
        name: Label::parse("Fair Shops").unwrap(),
        keys,
    };
    let first = accreditor("https://a.example", vec![jwk(1)]);
    assert_eq!(
        store.put_accreditor(first.clone(), 1).await.unwrap(),
        Added::Added
    );
    let second = accreditor("https://b.example", vec![jwk(2)]);
    assert_eq!(
        store.put_accreditor(second.clone(), 1).await.unwrap(),
        Added::TooMany
    );
    assert_eq!(
        store.put_accreditor(second.clone(), 2).await.unwrap(),
        Added::Added
    );
    assert_eq!(store.accreditors().await.unwrap(), [first, second.clone()]);
    let other_key = accreditor("https://a.example", vec![jwk(3)]);
    assert_eq!(
        store.put_accreditor(other_key.clone(), 2).await.unwrap(),
        Added::Added
    );
    assert_eq!(store.accreditors().await.unwrap(), [other_key, second.clone()]);
    assert!(
        store
            .distrust_accreditor(&origin("https://a.example"))
            .await
            .unwrap()
    );
    assert!(
        !store
            .distrust_accreditor(&origin("https://a.example"))
            .await
            .unwrap()
    );
    // It stays known: whoever would trust it anew has to say so.
    let first = accreditor("https://a.example", vec![jwk(1)]);
    assert_eq!(
        store.insert_accreditor(first.clone(), 9).await.unwrap(),
        Added::Exists
    );
    assert_eq!(store.accreditors().await.unwrap(), std::slice::from_ref(&second));
    assert_eq!(
        store.put_accreditor(first.clone(), 2).await.unwrap(),
        Added::Added
    );
    assert_eq!(store.accreditors().await.unwrap(), [first, second]);
    let third = accreditor("https://c.example", vec![jwk(4)]);
    assert_eq!(
        store.insert_accreditor(third.clone(), 2).await.unwrap(),
        Added::TooMany
    );
    assert_eq!(store.insert_accreditor(third, 3).await.unwrap(), Added::Added);
}
