//! Who may be paid, and with which keys they come.

use farthing_gateway::{
    Added, Merchant, MerchantOrigin, NewMerchant, Permission, Scope, SecretKeyHash, Store, StoredKey,
    StoredStatement,
    fee::{Country, FeeSchedule, Terms},
    jose::{Jwk, SigningKey},
};
use farthing_protocol::{Bearer, Currency, KeyId, Label, MerchantId, MethodKind, Origin, Payee, UnixSeconds};

use super::{prices, vouching};

pub(super) const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

pub(super) fn id(n: u8) -> MerchantId {
    MerchantId::from_random([n; 16])
}

pub(super) fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

pub(super) fn jwk(n: u8) -> Jwk {
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

pub(super) fn bare(n: u8) -> NewMerchant {
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

pub(super) fn statement(text: &str, uri: &str, expires_at: UnixSeconds) -> StoredStatement {
    StoredStatement {
        origin: origin("https://shop.example"),
        text: text.to_owned(),
        status_uri: uri.to_owned(),
        expires_at,
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
    assert_eq!(proven_of(&store).await, std::slice::from_ref(&shop));

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

/// Runs the registry's part of the suite.
pub(super) async fn all<S: Store, F: Future<Output = S>>(empty: &impl Fn() -> F) {
    a_merchant_reads_back_whole(empty().await).await;
    merchants_are_listed_page_by_page(empty().await).await;
    a_suspension_is_seen_and_taken_back(empty().await).await;
    an_origin_is_proven_by_its_own_challenge(empty().await).await;
    order_keys_come_and_go(empty().await).await;
    fees_are_put_in_the_place_of_fees(empty().await).await;
    a_key_is_found_by_its_hash_until_it_ends(empty().await).await;
    prices::a_price_reads_back_and_closes_once(empty().await).await;
    prices::prices_are_limited_and_listed(empty().await).await;
    vouching::statements_are_kept_until_they_expire(empty().await).await;
    vouching::the_newest_status_list_stays(empty().await).await;
    vouching::accreditors_come_and_go(empty().await).await;
}
