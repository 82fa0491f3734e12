//! What waits, as the operator sees it.

use farthing_gateway::{AttemptEnd, Backlog, Begun, DisputeOpened, Store};
use farthing_protocol::OperationKind;

use super::{
    begin, begun,
    disputes::dispute,
    ends::unknown,
    made::{NOW, charge_id, merchant, operation, operation_id},
    make,
    webhooks::{add, endpoint, id, tell},
};

pub(super) async fn what_waits_is_counted<S: Store>(store: S) {
    let waits = async || {
        let Backlog {
            charges,
            operations,
            disputes,
            webhooks_due,
            webhooks_dead,
        } = store.backlog().await.unwrap();
        (charges, operations, disputes, webhooks_due, webhooks_dead)
    };
    assert_eq!(waits().await, (0, 0, 0, 0, 0));
    add(&store, endpoint(1, merchant())).await;
    let event = tell(&store, 1).await;
    assert_eq!(
        waits().await,
        (0, 0, 0, 1, 0),
        "a paid charge waits for nothing but its webhook"
    );

    make(&store, 2, "order2").await;
    assert!(matches!(begin(&store, 2, 2, "order2").await, Begun::Taken(_)));
    assert_eq!(waits().await, (1, 0, 0, 1, 0));
    assert!(store.end_charge(&charge_id(2), unknown(NOW)).await.unwrap());
    let (charges, ..) = waits().await;
    assert_eq!(charges, 1, "unknown is no end");

    begun(&store, operation(1, OperationKind::Refund, 100)).await;
    let (_, operations, ..) = waits().await;
    assert_eq!(operations, 1);
    let opened = store.open_dispute(dispute(1, 55)).await.unwrap();
    assert!(matches!(opened, DisputeOpened::Opened));
    let (_, _, disputes, ..) = waits().await;
    assert_eq!(disputes, 1);

    store
        .end_operation(&operation_id(1), super::ends::failed())
        .await
        .unwrap();
    let (_, operations, _, due, _) = waits().await;
    assert_eq!(operations, 0, "one that failed has ended");
    assert!(due >= 1);
    let dead = AttemptEnd::Dead {
        at: NOW,
        failure: "answered_4xx",
    };
    store.take_due(NOW, NOW.plus(60), 9).await.unwrap();
    assert!(store.end_attempt(&event, &id(1), dead).await.unwrap());
    let (.., due_now, dead) = waits().await;
    assert_eq!((due_now, dead), (due - 1, 1));
}
