//! What merchants sell without a server.

use farthing_gateway::{Added, Price, Store};
use farthing_protocol::{Currency, OrderBody, PriceId};

use super::{
    made::lines,
    registry::{NOW, bare, id},
};

fn price_id(n: u8) -> PriceId {
    PriceId::from_random([n; 16])
}

fn price(n: u8, merchant: u8) -> Price {
    Price {
        id: price_id(n),
        merchant: id(merchant),
        order: OrderBody {
            currency: Currency::parse("EUR").unwrap(),
            lines: lines(),
        },
        created_at: NOW.plus(i64::from(n)),
        closed_at: None,
    }
}

pub(super) async fn a_price_reads_back_and_closes_once(store: impl Store) {
    let new = price(1, 1);
    assert_eq!(
        store.insert_price(new.clone(), 9).await.unwrap(),
        Added::NoMerchant
    );
    store.insert_merchant(bare(1)).await.unwrap();
    assert_eq!(store.insert_price(new.clone(), 9).await.unwrap(), Added::Added);
    let mut other = price(1, 1);
    other.order.lines[0].amount += 1;
    assert_eq!(store.insert_price(other, 9).await.unwrap(), Added::Exists);
    assert_eq!(store.price(&new.id).await.unwrap(), Some(new.clone()));
    assert_eq!(store.price(&price_id(2)).await.unwrap(), None);

    assert!(!store.close_price(&price_id(2), NOW).await.unwrap());
    assert!(store.close_price(&new.id, NOW.plus(5)).await.unwrap());
    assert!(!store.close_price(&new.id, NOW.plus(6)).await.unwrap());
    let closed = Price {
        closed_at: Some(NOW.plus(5)),
        ..new
    };
    assert_eq!(store.price(&closed.id).await.unwrap(), Some(closed));
}

pub(super) async fn prices_are_limited_and_listed(store: impl Store) {
    store.insert_merchant(bare(1)).await.unwrap();
    store.insert_merchant(bare(2)).await.unwrap();
    for n in [1, 2, 3] {
        assert_eq!(store.insert_price(price(n, 1), 3).await.unwrap(), Added::Added);
    }
    assert_eq!(store.insert_price(price(4, 1), 3).await.unwrap(), Added::TooMany);
    assert_eq!(store.insert_price(price(5, 2), 3).await.unwrap(), Added::Added);
    // What is closed leaves its place, and is listed last.
    assert!(store.close_price(&price_id(3), NOW).await.unwrap());
    assert_eq!(store.insert_price(price(4, 1), 3).await.unwrap(), Added::Added);
    let listed = async |limit| {
        let prices = store.prices_of(&id(1), limit).await.unwrap();
        prices.into_iter().map(|price| price.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(9).await, [4, 2, 1, 3].map(price_id));
    assert_eq!(listed(2).await, [4, 2].map(price_id));
    assert!(store.prices_of(&id(3), 9).await.unwrap().is_empty());
}
