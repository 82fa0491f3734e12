//! Many at once: of those who try the same thing, exactly as many get it as there is.

use std::sync::Arc;

use farthing_gateway::{Begun, DisputeOpened, OperationBegun, Store};
use farthing_protocol::OperationKind;

use super::{
    begin,
    disputes::dispute,
    ends::{given_back, paid},
    first,
    ledger::verify,
    made::{NOW, charge_id, operation, operation_id, quote, token, total},
    make, pay, reserve,
};

/// Lets `hands` try at once, each with its number; how many of them were let through.
async fn tried<S: Store, F: Future<Output = bool> + Send + 'static>(
    store: &Arc<S>,
    hands: u8,
    one: impl Fn(Arc<S>, u8) -> F,
) -> usize {
    let tries: Vec<_> = (1..=hands)
        .map(|n| tokio::spawn(one(Arc::clone(store), n)))
        .collect();
    let mut through = 0;
    for one in tries {
        through += usize::from(one.await.unwrap());
    }
    through
}

pub(super) async fn one_token_under_64_hands<S: Store>(store: S) {
    make(&store, 1, "order").await;
    let store = Arc::new(store);
    let taken = tried(&store, 64, |store, n| async move {
        matches!(begin(&*store, n, 1, "order").await, Begun::Taken(_))
    });
    assert_eq!(taken.await, 1);
}

pub(super) async fn one_order_under_32_tokens<S: Store>(store: S) {
    for n in 1..=32 {
        store.insert_quote(quote(n, "order", [1; 32])).await.unwrap();
    }
    for n in 1..=32 {
        store.insert_token(token(n, "order")).await.unwrap();
    }
    let store = Arc::new(store);
    let taken = tried(&store, 32, |store, n| async move {
        matches!(begin(&*store, n, n, "order").await, Begun::Taken(_))
    });
    assert_eq!(taken.await, 1);
}

pub(super) async fn one_reservation_under_32_hands<S: Store>(store: S) {
    reserve(&store, NOW.plus(100)).await;
    let store = Arc::new(store);
    let begun = tried(&store, 32, |store, n| async move {
        let kind = if n % 2 == 0 {
            OperationKind::Capture
        } else {
            OperationKind::Void
        };
        let new = operation(n, kind, total().minor());
        matches!(
            store.begin_operation(new).await.unwrap(),
            OperationBegun::Begun { .. }
        )
    });
    assert_eq!(begun.await, 1);
    assert_eq!(store.operations_of(&charge_id(1)).await.unwrap().len(), 1);
}

pub(super) async fn one_balance_under_64_refunds<S: Store>(store: S) {
    pay(&store).await;
    let store = Arc::new(store);
    let begun = tried(&store, 64, |store, n| async move {
        let new = operation(n, OperationKind::Refund, 10);
        matches!(
            store.begin_operation(new).await.unwrap(),
            OperationBegun::Begun { .. }
        )
    });
    assert_eq!(
        begun.await,
        15,
        "ten at a time fits fifteen times into what was taken"
    );
    let charge = first(&*store).await;
    assert_eq!((charge.refunding, charge.left()), (150, 5));
    let ended = tried(&store, 64, |store, n| async move {
        store
            .end_operation(&operation_id(n), given_back(n, 10))
            .await
            .unwrap()
    });
    assert_eq!(ended.await, 15);
    let charge = first(&*store).await;
    assert_eq!((charge.refunding, charge.refunded), (0, 150));
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger.len(), 16);
    verify(&ledger);
}

pub(super) async fn one_balance_under_refunds_and_a_dispute<S: Store>(store: S) {
    pay(&store).await;
    let store = Arc::new(store);
    let begun = tried(&store, 32, |store, n| async move {
        if n % 2 == 0 {
            let opened = store.open_dispute(dispute(n, total().minor())).await.unwrap();
            matches!(opened, DisputeOpened::Opened)
        } else {
            let new = operation(n, OperationKind::Refund, total().minor());
            matches!(
                store.begin_operation(new).await.unwrap(),
                OperationBegun::Begun { .. }
            )
        }
    });
    assert_eq!(begun.await, 1);
    let charge = first(&*store).await;
    assert_eq!((charge.refunding + charge.held, charge.left()), (155, 0));
}

pub(super) async fn one_ledger_under_32_charges<S: Store>(store: S) {
    for n in 1..=32 {
        make(&store, n, &format!("order{n}")).await;
        begin(&store, n, n, &format!("order{n}")).await;
    }
    let store = Arc::new(store);
    let ended = tried(&store, 64, |store, n| async move {
        let n = n.div_ceil(2);
        store
            .end_charge(&charge_id(n), paid(n, &format!("order{n}")))
            .await
            .unwrap()
    });
    assert_eq!(ended.await, 32, "each charge is ended twice, and paid once");
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger.len(), 32);
    verify(&ledger);
}
