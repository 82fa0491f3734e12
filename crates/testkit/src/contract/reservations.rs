//! Money that is reserved: taken, let go, or out of time.

use farthing_gateway::{
    NewOperation, OperationEnd, OperationStage, QuoteInserted, Stage, Store, StoredOperation,
};
use farthing_protocol::{Currency, DeclineReason, Money, OperationKind, UnixSeconds};

use super::{
    begin, begun,
    ends::{captured, declined, failed, released},
    first,
    made::{NOW, charge_id, eur, operation, operation_id, quote, receipt_id, stranger, total},
    make, not_begun, reserve,
};

const UNTIL: UnixSeconds = UnixSeconds(NOW.0 + 100);
const PART: i64 = 40;

fn whole(n: u8, kind: OperationKind) -> NewOperation {
    operation(n, kind, total().minor())
}

fn at(now: UnixSeconds, new: NewOperation) -> NewOperation {
    NewOperation { now, ..new }
}

pub(super) async fn a_reservation_is_taken_once<S: Store>(store: S) {
    reserve(&store, UNTIL).await;
    let reserved = first(&store).await;
    let stage = Stage::Authorised { expires_at: UNTIL };
    assert_eq!((&reserved.stage, reserved.captured), (&stage, 0));
    assert!(!reserved.capture);
    assert_eq!(
        store.insert_quote(quote(2, "order", [1; 32])).await.unwrap(),
        QuoteInserted::OrderTaken(stage)
    );
    let (charge, capture) = begun(&store, operation(1, OperationKind::Capture, PART)).await;
    assert_eq!(charge, reserved, "nothing is taken yet");
    let expected = StoredOperation {
        id: operation_id(1),
        charge: charge_id(1),
        kind: OperationKind::Capture,
        amount: eur(PART),
        stage: OperationStage::Asking,
        created_at: NOW,
    };
    assert_eq!(capture, expected);
    for _ in ["under way", "done"] {
        let second = operation(2, OperationKind::Capture, PART);
        assert_eq!(not_begun(&store, second).await, (true, 1));
        assert_eq!(not_begun(&store, whole(2, OperationKind::Void)).await, (true, 0));
        store
            .end_operation(&operation_id(1), captured(1, PART))
            .await
            .unwrap();
    }
    let paid = first(&store).await;
    assert_eq!(paid.stage, Stage::Paid(receipt_id(1)));
    assert_eq!((paid.captured, paid.left()), (PART, PART));
    let of_receipt = store.charge_of_receipt(&receipt_id(1)).await.unwrap();
    assert_eq!(of_receipt, Some(paid));
    let receipt = store.receipt(&receipt_id(1)).await.unwrap().unwrap();
    assert_eq!(receipt.receipt.total, eur(PART));
    assert_eq!(store.operations_of(&charge_id(1)).await.unwrap().len(), 1);
}

pub(super) async fn what_is_no_reservation_is_not_taken<S: Store>(store: S) {
    let kinds = [OperationKind::Capture, OperationKind::Void, OperationKind::Expire];
    assert_eq!(
        not_begun(&store, whole(1, OperationKind::Capture)).await,
        (false, 0)
    );
    reserve(&store, UNTIL).await;
    let due = |kind| {
        at(
            if kind == OperationKind::Expire { UNTIL } else { NOW },
            whole(1, kind),
        )
    };
    for kind in kinds {
        let theirs = NewOperation {
            merchant: stranger(),
            ..due(kind)
        };
        assert_eq!(not_begun(&store, theirs).await, (false, 0), "{kind:?}");
        let more = NewOperation {
            amount: eur(total().minor() + 1),
            ..due(kind)
        };
        assert_eq!(not_begun(&store, more).await, (false, 0), "{kind:?}");
        let other = NewOperation {
            amount: Money::new(total().minor(), Currency::parse("USD").unwrap()).unwrap(),
            ..due(kind)
        };
        assert_eq!(not_begun(&store, other).await, (false, 0), "{kind:?}");
    }
    let refund = operation(1, OperationKind::Refund, 1);
    assert_eq!(not_begun(&store, refund).await, (false, 0), "nothing was taken");
    make(&store, 2, "second").await;
    begin(&store, 2, 2, "second").await;
    for _ in ["asking", "declined"] {
        for kind in kinds {
            let of_second = NewOperation {
                charge: charge_id(2),
                ..due(kind)
            };
            assert_eq!(not_begun(&store, of_second).await, (false, 0), "{kind:?}");
        }
        let reason = DeclineReason::CardDeclined;
        store.end_charge(&charge_id(2), declined(reason)).await.unwrap();
    }
    begun(&store, whole(1, OperationKind::Capture)).await;
}

pub(super) async fn a_void_lets_the_order_go<S: Store>(store: S) {
    reserve(&store, UNTIL).await;
    begun(&store, whole(1, OperationKind::Void)).await;
    assert_eq!(
        not_begun(&store, whole(2, OperationKind::Capture)).await,
        (true, 0)
    );
    assert!(store.end_operation(&operation_id(1), failed()).await.unwrap());
    let stage = Stage::Authorised { expires_at: UNTIL };
    assert_eq!(
        first(&store).await.stage,
        stage,
        "a void that failed changes nothing"
    );
    begun(&store, whole(2, OperationKind::Void)).await;
    assert!(store.end_operation(&operation_id(2), released()).await.unwrap());
    assert_eq!(first(&store).await.stage, Stage::Voided);
    let stages: Vec<_> = store
        .operations_of(&charge_id(1))
        .await
        .unwrap()
        .into_iter()
        .map(|one| (one.id, one.stage))
        .collect();
    let expected = [
        (operation_id(1), OperationStage::Failed(NOW)),
        (operation_id(2), OperationStage::Done(NOW)),
    ];
    assert_eq!(stages, expected);
    assert!(store.ledger().await.unwrap().is_empty(), "no money moved");
    assert_eq!(
        not_begun(&store, whole(3, OperationKind::Capture)).await,
        (true, 0)
    );
    make(&store, 2, "order").await;
}

pub(super) async fn a_reservation_expires_when_it_is_due<S: Store>(store: S) {
    reserve(&store, UNTIL).await;
    let early = UNTIL.plus(-1);
    let found = async |now| {
        let found = store
            .expired_authorisations(now, now.plus(-3_600), 10)
            .await
            .unwrap();
        found.into_iter().map(|charge| charge.id).collect::<Vec<_>>()
    };
    let expire = |n| whole(n, OperationKind::Expire);
    assert_eq!(found(early).await, []);
    assert_eq!(not_begun(&store, at(early, expire(1))).await, (false, 0));
    begun(&store, at(early, whole(1, OperationKind::Capture))).await;
    assert_eq!(found(UNTIL).await, [], "a capture is under way");
    assert_eq!(not_begun(&store, at(UNTIL, expire(2))).await, (true, 0));
    store.end_operation(&operation_id(1), failed()).await.unwrap();
    assert_eq!(found(UNTIL).await, [charge_id(1)]);
    for (kind, count) in [(OperationKind::Capture, 1), (OperationKind::Void, 0)] {
        assert_eq!(
            not_begun(&store, at(UNTIL, whole(2, kind))).await,
            (false, count),
            "{kind:?}"
        );
    }
    begun(&store, at(UNTIL, expire(4))).await;
    let refused = OperationEnd::Failed {
        at: UNTIL,
        events: vec![],
    };
    store.end_operation(&operation_id(4), refused).await.unwrap();
    assert_eq!(found(UNTIL.plus(3_599)).await, [], "refused just now");
    assert_eq!(found(UNTIL.plus(3_600)).await, [charge_id(1)]);
    begun(&store, at(UNTIL, expire(2))).await;
    assert_eq!(found(UNTIL).await, []);
    assert!(store.end_operation(&operation_id(2), released()).await.unwrap());
    assert_eq!(first(&store).await.stage, Stage::Expired);
    assert_eq!(found(UNTIL).await, []);
    make(&store, 2, "order").await;
}
