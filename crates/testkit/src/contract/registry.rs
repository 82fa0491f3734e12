//! Who may be paid, who vouches for them, and with which keys they come.

use farthing_gateway::{
    Added, Merchant, MerchantOrigin, NewMerchant, Permission, Scope, SecretKeyHash, Store, StoredAccreditor,
    StoredKey, StoredStatement, StoredStatusList,
    fee::{Country, FeeSchedule, Terms},
    jose::{Jwk, SigningKey},
};
use farthing_protocol::{Bearer, Currency, KeyId, Label, MerchantId, MethodKind, Origin, Payee, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

fn id(n: u8) -> MerchantId {
    MerchantId::from_random([n; 16])
}

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

fn jwk(n: u8) -> Jwk {
    SigningKey::from_scalar(&[n; 32]).unwrap().jwk().clone()
}

fn fee(currency: &str, fixed: i64) -> FeeSchedule {
    let terms = Terms {
        method: MethodKind::Card,
        currency: Currency::parse(currency).unwrap(),
        bearer: Bearer::Merchant,
        fixed,
        rate_bp: 140,
        floor: 0,
        cap: None,
        small: None,
    };
    FeeSchedule::try_from(terms).unwrap()
}

fn bare(n: u8) -> NewMerchant {
    let [name, contact] = ["The Corner Press", "help@corner.example"].map(|text| Label::parse(text).unwrap());
    NewMerchant {
        merchant: Merchant {
            payee: Payee {
                id: id(n),
                name,
                contact,
            },
            country: Country::parse("DE").unwrap(),
            created_at: NOW,
            suspended_at: None,
            origins: vec![],
            order_keys: vec![],
            fees: vec![],
        },
        keys: vec![],
        statements: vec![],
    }
}

fn proven(text: &str) -> MerchantOrigin {
    MerchantOrigin {
        origin: origin(text),
        challenge: String::new(),
        proven_at: Some(NOW),
    }
}

fn unproven(text: &str, challenge: &str) -> MerchantOrigin {
    MerchantOrigin {
        challenge: challenge.to_owned(),
        proven_at: None,
        ..proven(text)
    }
}

fn key(n: u8, merchant: u8, scope: Scope) -> StoredKey {
    StoredKey {
        id: KeyId::from_random([n; 16]),
        merchant: id(merchant),
        hash: SecretKeyHash([n; 32]),
        scope,
        label: Some(Label::parse("till 1").unwrap()),
        created_at: NOW,
        expires_at: None,
        revoked_at: None,
    }
}

fn statement(text: &str, uri: &str, expires_at: UnixSeconds) -> StoredStatement {
    StoredStatement {
        origin: origin("https://shop.example"),
        text: text.to_owned(),
        status_uri: uri.to_owned(),
        expires_at,
    }
}

fn list(uri: &str, issued_at: i64, text: &str) -> StoredStatusList {
    StoredStatusList {
        uri: uri.to_owned(),
        issued_at: UnixSeconds(issued_at),
        text: text.to_owned(),
    }
}

async fn a_merchant_reads_back_whole(store: impl Store) {
    let mut new = bare(1);
    new.merchant.suspended_at = Some(NOW.plus(1));
    new.merchant.origins = vec![proven("https://a.example"), unproven("https://b.example", "line")];
    new.merchant.order_keys = vec![jwk(1)];
    new.merchant.fees = vec![fee("EUR", 5), fee("USD", 7)];
    new.keys = vec![key(1, 1, Scope::Secret)];
    new.statements = vec![statement("st.at.ement", "https://acc.example/1", NOW.plus(9))];
    let wanted = format!("{:?}", new.merchant);
    assert!(store.insert_merchant(new).await.unwrap());
    let read = store.merchant(&id(1)).await.unwrap().unwrap();
    assert_eq!(format!("{read:?}"), wanted);
    let keys = store.keys_of(&id(1)).await.unwrap();
    assert_eq!(keys, [key(1, 1, Scope::Secret)]);
    let registration = store.registration(&id(1)).await.unwrap().unwrap();
    assert_eq!(format!("{:?}", registration.merchant), wanted);
    assert_eq!(registration.statements[0].text, "st.at.ement");
    assert!(store.merchant(&id(2)).await.unwrap().is_none());
    assert!(store.registration(&id(2)).await.unwrap().is_none());

    // The second time nothing changes.
    let mut again = bare(1);
    again.keys = vec![key(2, 1, Scope::Secret)];
    assert!(!store.insert_merchant(again).await.unwrap());
    assert_eq!(
        format!("{:?}", store.merchant(&id(1)).await.unwrap().unwrap()),
        wanted
    );
    assert_eq!(store.keys_of(&id(1)).await.unwrap().len(), 1);
}

async fn merchants_are_listed_page_by_page(store: impl Store) {
    for n in [3, 1, 2] {
        assert!(store.insert_merchant(bare(n)).await.unwrap());
    }
    let ids = |merchants: Vec<Merchant>| merchants.iter().map(|one| one.id().clone()).collect::<Vec<_>>();
    let first = ids(store.merchants(None, 2).await.unwrap());
    assert_eq!(first, [id(1), id(2)]);
    let second = ids(store.merchants(first.last(), 2).await.unwrap());
    assert_eq!(second, [id(3)]);
}

async fn a_suspension_is_seen_and_taken_back(store: impl Store) {
    assert!(!store.set_suspended(&id(1), Some(NOW)).await.unwrap());
    store.insert_merchant(bare(1)).await.unwrap();
    for at in [NOW, NOW.plus(5)] {
        assert!(store.set_suspended(&id(1), Some(at)).await.unwrap());
        assert_eq!(since_of(&store).await, Some(NOW), "the first suspension stands");
    }
    assert!(store.set_suspended(&id(1), None).await.unwrap());
    assert_eq!(since_of(&store).await, None);
}

async fn since_of(store: &impl Store) -> Option<UnixSeconds> {
    store.merchant(&id(1)).await.unwrap().unwrap().suspended_at
}

async fn an_origin_is_proven_by_its_own_challenge(store: impl Store) {
    let shop = origin("https://shop.example");
    let new = unproven("https://shop.example", "line 1");
    assert_eq!(
        store.insert_origin(&id(1), new.clone(), 2).await.unwrap(),
        Added::NoMerchant
    );
    store.insert_merchant(bare(1)).await.unwrap();
    store.insert_merchant(bare(2)).await.unwrap();
    assert_eq!(store.insert_origin(&id(1), new, 2).await.unwrap(), Added::Added);
    let again = unproven("https://shop.example", "line 2");
    assert_eq!(
        store.insert_origin(&id(1), again, 2).await.unwrap(),
        Added::Exists
    );
    let other = unproven("https://other.example", "line 3");
    assert_eq!(
        store.insert_origin(&id(1), other.clone(), 1).await.unwrap(),
        Added::TooMany
    );
    assert_eq!(store.insert_origin(&id(1), other, 2).await.unwrap(), Added::Added);

    assert!(!store.prove_origin(&id(1), &shop, "line 2", NOW).await.unwrap());
    assert!(!store.prove_origin(&id(2), &shop, "line 1", NOW).await.unwrap());
    assert!(proven_of(&store).await.is_empty());
    assert!(store.prove_origin(&id(1), &shop, "line 1", NOW).await.unwrap());
    assert_eq!(proven_of(&store).await, [shop.clone()]);

    assert!(!store.remove_origin(&id(2), &shop).await.unwrap());
    assert!(store.remove_origin(&id(1), &shop).await.unwrap());
    assert!(!store.remove_origin(&id(1), &shop).await.unwrap());
    assert!(proven_of(&store).await.is_empty());
}

async fn proven_of(store: &impl Store) -> Vec<Origin> {
    let merchant = store.merchant(&id(1)).await.unwrap().unwrap();
    merchant.proven_origins().cloned().collect()
}

async fn order_keys_come_and_go(store: impl Store) {
    let kid = |n| jwk(n).kid().unwrap();
    assert_eq!(
        store.insert_order_key(&id(1), &kid(1), jwk(1), 2).await.unwrap(),
        Added::NoMerchant
    );
    store.insert_merchant(bare(1)).await.unwrap();
    for (n, wanted) in [
        (1, Added::Added),
        (1, Added::Exists),
        (2, Added::Added),
        (3, Added::TooMany),
    ] {
        let added = store.insert_order_key(&id(1), &kid(n), jwk(n), 2).await.unwrap();
        assert_eq!(added, wanted, "{n}");
    }
    let merchant = store.merchant(&id(1)).await.unwrap().unwrap();
    assert!(merchant.order_key(&kid(1)).is_some() && merchant.order_key(&kid(2)).is_some());
    assert!(store.remove_order_key(&id(1), &kid(1)).await.unwrap());
    assert!(!store.remove_order_key(&id(1), &kid(1)).await.unwrap());
    let merchant = store.merchant(&id(1)).await.unwrap().unwrap();
    assert!(merchant.order_key(&kid(1)).is_none() && merchant.order_key(&kid(2)).is_some());
}

async fn fees_are_put_in_the_place_of_fees(store: impl Store) {
    assert!(!store.set_fees(&id(1), vec![fee("EUR", 5)]).await.unwrap());
    store.insert_merchant(bare(1)).await.unwrap();
    for fees in [vec![fee("EUR", 5), fee("USD", 6)], vec![fee("EUR", 7)], vec![]] {
        assert!(store.set_fees(&id(1), fees.clone()).await.unwrap());
        assert_eq!(store.merchant(&id(1)).await.unwrap().unwrap().fees, fees);
    }
}

async fn a_key_is_found_by_its_hash_until_it_ends(store: impl Store) {
    let restricted = Scope::Restricted(vec![Permission::Charges, Permission::Read]);
    let new = key(1, 1, restricted);
    assert_eq!(store.insert_key(new.clone(), 2).await.unwrap(), Added::NoMerchant);
    store.insert_merchant(bare(1)).await.unwrap();
    assert_eq!(store.insert_key(new.clone(), 2).await.unwrap(), Added::Added);
    assert_eq!(store.insert_key(new.clone(), 2).await.unwrap(), Added::Exists);
    let second = key(2, 1, Scope::Public);
    assert_eq!(store.insert_key(second.clone(), 2).await.unwrap(), Added::Added);
    assert_eq!(
        store.insert_key(key(3, 1, Scope::Secret), 2).await.unwrap(),
        Added::TooMany
    );

    assert_eq!(store.key_of_hash(&new.hash).await.unwrap(), Some(new.clone()));
    assert_eq!(store.key(&second.id).await.unwrap(), Some(second.clone()));
    assert_eq!(store.key_of_hash(&SecretKeyHash([9; 32])).await.unwrap(), None);

    let in_an_hour = NOW.plus(3_600);
    assert!(store.expire_key(&new.id, in_an_hour).await.unwrap());
    assert!(
        !store.expire_key(&new.id, in_an_hour.plus(1)).await.unwrap(),
        "an end is never put off"
    );
    let read = store.key(&new.id).await.unwrap().unwrap();
    assert_eq!(read.expires_at, Some(in_an_hour));
    assert!(read.works(in_an_hour.plus(-1)) && !read.works(in_an_hour));

    assert!(store.revoke_key(&second.id, NOW).await.unwrap());
    assert!(!store.revoke_key(&second.id, NOW.plus(1)).await.unwrap());
    let read = store.key_of_hash(&second.hash).await.unwrap().unwrap();
    assert_eq!(read.revoked_at, Some(NOW));
    assert!(!read.works(NOW));
    // What has ended leaves its place.
    assert_eq!(
        store.insert_key(key(3, 1, Scope::Secret), 2).await.unwrap(),
        Added::Added
    );
    assert_eq!(store.keys_of(&id(1)).await.unwrap().len(), 3);
}

async fn statements_are_kept_until_they_expire(store: impl Store) {
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

async fn the_newest_status_list_stays(store: impl Store) {
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

async fn accreditors_come_and_go(store: impl Store) {
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
    assert_eq!(store.accreditors().await.unwrap(), [second.clone()]);
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

/// Runs the registry's part of the suite.
pub(super) async fn all<S: Store, F: Future<Output = S>>(empty: &impl Fn() -> F) {
    a_merchant_reads_back_whole(empty().await).await;
    merchants_are_listed_page_by_page(empty().await).await;
    a_suspension_is_seen_and_taken_back(empty().await).await;
    an_origin_is_proven_by_its_own_challenge(empty().await).await;
    order_keys_come_and_go(empty().await).await;
    fees_are_put_in_the_place_of_fees(empty().await).await;
    a_key_is_found_by_its_hash_until_it_ends(empty().await).await;
    statements_are_kept_until_they_expire(empty().await).await;
    the_newest_status_list_stays(empty().await).await;
    accreditors_come_and_go(empty().await).await;
}
