//! Webhooks: where merchants are told, and what becomes of each attempt.

use farthing_gateway::{AttemptEnd, ChargeEnd, DueDelivery, EndpointAdded, NewEndpoint, Store};
use farthing_protocol::{EndpointId, EventId, EventKind, MerchantId, UnixSeconds};

use super::{
    begin,
    ends::{event, money_taken},
    made::{NOW, charge_id, merchant, stranger, total},
    make,
};

const LEASE_S: i64 = 60;

pub(super) fn id(n: u8) -> EndpointId {
    EndpointId::from_random([n; 16])
}

pub(super) fn endpoint(n: u8, merchant: MerchantId) -> NewEndpoint {
    NewEndpoint {
        id: id(n),
        merchant,
        url: format!("https://shop.example/{n}"),
        secret: b"secret".to_vec(),
        now: NOW,
        limit: 100,
    }
}

pub(super) async fn add<S: Store>(store: &S, new: NewEndpoint) -> EndpointAdded {
    store.add_endpoint(new).await.unwrap()
}

/// Charge number `n` is paid, of which the merchant is to be told.
pub(super) async fn tell<S: Store>(store: &S, n: u8) -> EventId {
    let order = format!("order{n}");
    make(store, n, &order).await;
    begin(store, n, n, &order).await;
    let event = event(EventKind::ChargePaid);
    let id = event.id.clone();
    let end = ChargeEnd::Paid {
        paid: Box::new(money_taken(n, &order, total(), None)),
        event,
    };
    assert!(store.end_charge(&charge_id(n), end).await.unwrap());
    id
}

async fn take<S: Store>(store: &S, now: UnixSeconds, limit: u32) -> Vec<DueDelivery> {
    store.take_due(now, now.plus(LEASE_S), limit).await.unwrap()
}

/// The one delivery that is due, which has seen so many attempts.
async fn only<S: Store>(store: &S, now: UnixSeconds, attempts: u32) -> (EventId, EndpointId) {
    let due = take(store, now, 100).await;
    let [one] = due.as_slice() else {
        panic!("{} are due", due.len())
    };
    assert_eq!(one.attempts, attempts);
    (one.event.clone(), one.endpoint.clone())
}

pub(super) async fn a_delivery_is_taken_by_one_at_a_time<S: Store>(store: S) {
    add(&store, endpoint(1, merchant())).await;
    let told = [
        tell(&store, 1).await,
        tell(&store, 2).await,
        tell(&store, 3).await,
    ];
    let (one, other) = tokio::join!(take(&store, NOW, 2), take(&store, NOW, 2));
    let mut taken: Vec<EventId> = one.into_iter().chain(other).map(|one| one.event).collect();
    taken.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    assert_eq!(taken, told, "each is taken once");
    assert!(take(&store, NOW.plus(LEASE_S - 1), 9).await.is_empty());
    let again = take(&store, NOW.plus(LEASE_S), 9).await;
    assert_eq!(again.len(), 3, "whoever took them said nothing of them");
    assert!(again.iter().all(|one| one.attempts == 0));
    assert_eq!(
        (
            again[0].url.as_str(),
            again[0].body.as_str(),
            &again[0].secret[..]
        ),
        ("https://shop.example/1", "{}", &b"secret"[..])
    );
}

pub(super) async fn a_delivery_is_tried_until_it_is_taken_or_given_up<S: Store>(store: S) {
    add(&store, endpoint(1, merchant())).await;
    let event = tell(&store, 1).await;
    let end = async |end| store.end_attempt(&event, &id(1), end).await.unwrap();
    let again = AttemptEnd::Again {
        due_at: NOW.plus(5),
        failure: "answered_5xx",
    };
    only(&store, NOW, 0).await;
    assert!(end(again).await);
    assert!(take(&store, NOW.plus(4), 9).await.is_empty());
    only(&store, NOW.plus(5), 1).await;
    assert!(store.dead_deliveries(None, 9).await.unwrap().is_empty());
    assert!(end(AttemptEnd::Delivered { at: NOW.plus(6) }).await);
    assert!(!end(again).await, "what was taken is not tried again");
    assert!(take(&store, NOW.plus(9_999), 9).await.is_empty());
    assert!(store.dead_deliveries(None, 9).await.unwrap().is_empty());
    assert_eq!(store.replay(&event, NOW).await.unwrap(), 0);
}

pub(super) async fn what_is_given_up_can_be_told_again<S: Store>(store: S) {
    add(&store, endpoint(1, merchant())).await;
    let (first, second) = (tell(&store, 1).await, tell(&store, 2).await);
    take(&store, NOW, 9).await;
    for (event, after) in [(&first, 1), (&second, 2)] {
        let dead = AttemptEnd::Dead {
            at: NOW.plus(after),
            failure: "answered_4xx",
        };
        assert!(store.end_attempt(event, &id(1), dead).await.unwrap());
    }
    assert!(take(&store, NOW.plus(9_999), 9).await.is_empty());
    let dead = store.dead_deliveries(Some(&merchant()), 9).await.unwrap();
    let events: Vec<&EventId> = dead.iter().map(|one| &one.event).collect();
    assert_eq!(events, [&second, &first], "the newest comes first");
    let last = &dead[1];
    assert_eq!((last.kind, last.attempts), (EventKind::ChargePaid, 1));
    assert_eq!(
        (last.failure.as_str(), last.at, &last.endpoint, last.url.as_str()),
        ("answered_4xx", NOW.plus(1), &id(1), "https://shop.example/1")
    );
    assert_eq!(store.dead_deliveries(None, 1).await.unwrap().len(), 1);
    assert!(
        store
            .dead_deliveries(Some(&stranger()), 9)
            .await
            .unwrap()
            .is_empty()
    );
    let [there] = &store.endpoints(Some(&merchant())).await.unwrap()[..] else {
        panic!("there is one endpoint")
    };
    assert_eq!((there.due, there.dead), (0, 2));

    assert_eq!(store.replay(&first, NOW.plus(10)).await.unwrap(), 1);
    assert_eq!(store.replay(&first, NOW.plus(10)).await.unwrap(), 0);
    assert!(take(&store, NOW.plus(9), 9).await.is_empty());
    assert_eq!(only(&store, NOW.plus(10), 0).await, (first, id(1)));
    assert_eq!(store.dead_deliveries(None, 9).await.unwrap().len(), 1);
}

pub(super) async fn a_removed_endpoint_is_told_nothing<S: Store>(store: S) {
    add(&store, endpoint(1, merchant())).await;
    let event = tell(&store, 1).await;
    assert!(store.remove_endpoint(&id(1), NOW).await.unwrap());
    assert!(!store.remove_endpoint(&id(1), NOW).await.unwrap());
    assert!(!store.remove_endpoint(&id(9), NOW).await.unwrap());
    tell(&store, 2).await;
    assert!(take(&store, NOW, 9).await.is_empty());
    let dead = store.dead_deliveries(None, 9).await.unwrap();
    assert_eq!(dead.len(), 1, "what happened later is none of its");
    assert_eq!(
        (&dead[0].event, dead[0].failure.as_str()),
        (&event, "endpoint_removed")
    );
    assert_eq!(store.replay(&event, NOW).await.unwrap(), 0);
    assert!(take(&store, NOW, 9).await.is_empty());
    assert!(store.endpoints(None).await.unwrap().is_empty());
}

pub(super) async fn a_merchants_endpoints_are_limited<S: Store>(store: S) {
    let few = |n, merchant| NewEndpoint {
        limit: 2,
        ..endpoint(n, merchant)
    };
    assert_eq!(add(&store, few(1, merchant())).await, EndpointAdded::Added);
    let same = NewEndpoint {
        url: endpoint(1, merchant()).url,
        ..few(2, merchant())
    };
    assert_eq!(add(&store, same).await, EndpointAdded::Exists);
    assert_eq!(add(&store, few(3, merchant())).await, EndpointAdded::Added);
    assert_eq!(add(&store, few(4, merchant())).await, EndpointAdded::TooMany);
    let theirs = NewEndpoint {
        url: endpoint(1, merchant()).url,
        ..few(5, stranger())
    };
    assert_eq!(add(&store, theirs).await, EndpointAdded::Added);
    assert_eq!(store.endpoints(None).await.unwrap().len(), 3);
    // Its address is free again.
    assert!(store.remove_endpoint(&id(1), NOW).await.unwrap());
    let again = NewEndpoint {
        url: endpoint(1, merchant()).url,
        ..few(6, merchant())
    };
    assert_eq!(add(&store, again).await, EndpointAdded::Added);
    let ids: Vec<EndpointId> = store
        .endpoints(Some(&merchant()))
        .await
        .unwrap()
        .into_iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(ids, [id(3), id(6)]);
}
