//! What merchants are told is written with what it tells.

use farthing_gateway::{
    ChargeEnd, EndpointAdded, NewEndpoint, NewEvent, NewOperation, OperationEnd, Stage, Store, StoreError,
};
use farthing_protocol::{DeclineReason, EndpointId, EventId, EventKind, MerchantId, OperationKind};

use super::{
    begin, begun,
    ends::{event, failed, money_taken, paid},
    first,
    made::{NOW, charge_id, merchant, operation, operation_id, receipt_id, stranger, total},
    make, not_begun,
};

fn endpoint(n: u8, merchant: MerchantId) -> NewEndpoint {
    NewEndpoint {
        id: EndpointId::from_random([n; 16]),
        merchant,
        url: format!("https://shop.example/{n}"),
        secret: b"secret".to_vec(),
        now: NOW,
        limit: 100,
    }
}

/// What is to be told, and where: by event and endpoint. What was seen is not due again.
async fn due<S: Store>(store: &S) -> Vec<(EventId, EndpointId)> {
    let due = store.take_due(NOW, NOW.plus(60), 100).await.unwrap();
    let mut due: Vec<_> = due.into_iter().map(|one| (one.event, one.endpoint)).collect();
    due.sort_by(|a, b| (a.0.as_str(), a.1.as_str()).cmp(&(b.0.as_str(), b.1.as_str())));
    due
}

pub(super) async fn each_end_is_due_at_its_merchants_endpoints<S: Store>(store: S) {
    for (n, merchant) in [(1, merchant()), (2, merchant()), (3, merchant()), (4, stranger())] {
        let added = store.add_endpoint(endpoint(n, merchant)).await.unwrap();
        assert_eq!(added, EndpointAdded::Added);
    }
    let [one, two, three] = [1, 2, 3].map(|n| EndpointId::from_random([n; 16]));
    assert!(store.remove_endpoint(&three, NOW).await.unwrap());
    let told = |event: &EventId| vec![(event.clone(), one.clone()), (event.clone(), two.clone())];
    make(&store, 1, "order").await;
    begin(&store, 1, 1, "order").await;
    assert_eq!(due(&store).await, []);
    let ends: [fn(NewEvent) -> ChargeEnd; 2] = [
        |event| ChargeEnd::Unknown { look_at: NOW, event },
        |event| ChargeEnd::Paid {
            paid: Box::new(money_taken(1, "order", total(), None)),
            event,
        },
    ];
    for end in ends {
        let event = event(EventKind::ChargePaid);
        let id = event.id.clone();
        assert!(store.end_charge(&charge_id(1), end(event)).await.unwrap());
        assert_eq!(due(&store).await, told(&id));
    }
    assert!(!store.end_charge(&charge_id(1), paid(1, "order")).await.unwrap());
    assert_eq!(due(&store).await, [], "what ended before is not told again");
    let with_event = |n, minor| {
        let event = event(EventKind::OperationDone);
        let id = event.id.clone();
        let event = Some(event);
        (
            id,
            NewOperation {
                event,
                ..operation(n, OperationKind::Refund, minor)
            },
        )
    };
    let (_, too_much) = with_event(1, total().minor() + 1);
    not_begun(&store, too_much).await;
    assert_eq!(due(&store).await, [], "what did not begin is not told");
    let (id, fitting) = with_event(1, 10);
    begun(&store, fitting).await;
    assert_eq!(due(&store).await, told(&id));
    assert!(store.end_operation(&operation_id(1), failed()).await.unwrap());
    assert_eq!(due(&store).await.len(), 2);
}

pub(super) async fn an_event_that_is_not_kept_takes_everything_with_it<S: Store>(store: S) {
    for n in 1..=2 {
        make(&store, n, &format!("order{n}")).await;
        begin(&store, n, n, &format!("order{n}")).await;
    }
    let told = |kind| NewEvent {
        id: EventId::from_random([9; 16]),
        ..event(kind)
    };
    let end = ChargeEnd::Declined {
        reason: DeclineReason::CardDeclined,
        event: told(EventKind::ChargeDeclined),
    };
    assert!(store.end_charge(&charge_id(2), end).await.unwrap());
    let again = ChargeEnd::Paid {
        paid: Box::new(money_taken(1, "order1", total(), None)),
        event: told(EventKind::ChargePaid),
    };
    let ended = store.end_charge(&charge_id(1), again).await;
    assert!(
        matches!(ended, Err(StoreError::Failed(_))),
        "an event has an id of its own"
    );
    assert_eq!(first(&store).await.stage, Stage::Asking);
    assert!(store.ledger().await.unwrap().is_empty());
    assert!(store.receipt(&receipt_id(1)).await.unwrap().is_none());
    assert!(store.end_charge(&charge_id(1), paid(1, "order1")).await.unwrap());
    begun(&store, operation(1, OperationKind::Refund, 10)).await;
    let again = OperationEnd::Failed {
        at: NOW,
        events: vec![
            event(EventKind::OperationFailed),
            told(EventKind::OperationFailed),
        ],
    };
    let ended = store.end_operation(&operation_id(1), again).await;
    assert!(matches!(ended, Err(StoreError::Failed(_))));
    assert_eq!(first(&store).await.refunding, 10);
}
