//! Money that goes back.

use farthing_gateway::{NewOperation, OperationStage, Store};
use farthing_protocol::{Currency, Money, OperationKind};

use super::{
    begun,
    ends::{failed, given_back},
    first,
    made::{NOW, operation, operation_id, stranger, total},
    not_begun, pay,
};

fn refund(n: u8, minor: i64) -> NewOperation {
    operation(n, OperationKind::Refund, minor)
}

pub(super) async fn refunds_are_never_more_than_is_left<S: Store>(store: S) {
    pay(&store).await;
    let theirs = NewOperation {
        merchant: stranger(),
        ..refund(1, 1)
    };
    assert_eq!(not_begun(&store, theirs).await, (false, 0));
    let other = NewOperation {
        amount: Money::new(1, Currency::parse("USD").unwrap()).unwrap(),
        ..refund(1, 1)
    };
    assert_eq!(not_begun(&store, other).await, (false, 0));
    assert_eq!(
        not_begun(&store, refund(1, total().minor() + 1)).await,
        (false, 0)
    );
    let (charge, _) = begun(&store, refund(1, 100)).await;
    assert_eq!((charge.refunding, charge.refunded, charge.left()), (100, 0, 55));
    for _ in ["on its way", "back"] {
        assert_eq!(not_begun(&store, refund(2, 56)).await, (false, 1));
        store
            .end_operation(&operation_id(1), given_back(1, 100))
            .await
            .unwrap();
    }
    let charge = first(&store).await;
    assert_eq!((charge.refunding, charge.refunded, charge.left()), (0, 100, 55));
    begun(&store, refund(2, 55)).await;
    assert_eq!(not_begun(&store, refund(3, 1)).await, (false, 2));
    store
        .end_operation(&operation_id(2), given_back(2, 55))
        .await
        .unwrap();
    let charge = first(&store).await;
    assert_eq!((charge.refunding, charge.refunded, charge.left()), (0, 155, 0));
    assert_eq!(charge.captured, 155, "what was taken stays taken");
    let kinds = [OperationKind::Capture, OperationKind::Void, OperationKind::Expire];
    for kind in kinds {
        assert_eq!(
            not_begun(&store, operation(3, kind, 1)).await,
            (false, 0),
            "{kind:?}"
        );
    }
}

pub(super) async fn a_failed_refund_frees_its_amount<S: Store>(store: S) {
    pay(&store).await;
    begun(&store, refund(1, 155)).await;
    assert_eq!(not_begun(&store, refund(2, 155)).await, (false, 1));
    assert!(store.end_operation(&operation_id(1), failed()).await.unwrap());
    let ended = store.operation(&operation_id(1)).await.unwrap().unwrap();
    assert_eq!(ended.stage, OperationStage::Failed(NOW));
    let charge = first(&store).await;
    assert_eq!((charge.refunding, charge.refunded, charge.left()), (0, 0, 155));
    begun(&store, refund(2, 155)).await;
    assert!(
        store
            .end_operation(&operation_id(2), given_back(2, 155))
            .await
            .unwrap()
    );
    assert_eq!(first(&store).await.refunded, 155);
}

pub(super) async fn refunds_are_limited<S: Store>(store: S) {
    pay(&store).await;
    let limited = |n| NewOperation {
        limit: 2,
        ..refund(n, 1)
    };
    begun(&store, limited(1)).await;
    begun(&store, limited(2)).await;
    assert_eq!(not_begun(&store, limited(3)).await, (false, 2));
    // One that failed was one: a bank is not asked for ever.
    store.end_operation(&operation_id(1), failed()).await.unwrap();
    assert_eq!(not_begun(&store, limited(3)).await, (false, 2));
}
