//! What all operations have in common: their keys, their ends, and being found.

use farthing_gateway::{
    Begun, NewCharge, NewOperation, OperationBegun, OperationEnd, OperationStage, Stage, Store, StoreError,
};
use farthing_protocol::{OperationId, OperationKind};

use super::{
    begun,
    ends::{captured, failed, given_back, released},
    first,
    made::{NOW, charge, claim, eur, operation, operation_id, stranger, total},
    make, not_begun,
    open::found_in_time,
    pay, reserve,
};

fn refund(n: u8, minor: i64) -> NewOperation {
    operation(n, OperationKind::Refund, minor)
}

pub(super) async fn a_key_stands_for_one_request<S: Store>(store: S) {
    pay(&store).await;
    let with = |n, key: &str, body| NewOperation {
        claim: Some(claim(key, body)),
        ..refund(n, 100)
    };
    begun(&store, with(1, "key", 3)).await;
    for (n, body) in [(2, 3), (3, 4)] {
        match store.begin_operation(with(n, "key", body)).await.unwrap() {
            OperationBegun::Replay { body_hash, operation } => {
                assert_eq!(body_hash, [3; 32], "the caller compares");
                assert_eq!(operation.unwrap().id, operation_id(1));
            }
            _ => panic!("the key was forgotten"),
        }
    }
    match store.begin_operation(with(2, "charge-1", 1)).await.unwrap() {
        OperationBegun::Replay { body_hash, operation } => {
            assert_eq!((body_hash, operation), ([1; 32], None), "it was a charge");
        }
        _ => panic!("the charge's key was forgotten"),
    }
    make(&store, 2, "second").await;
    let second = || NewCharge {
        claim: claim("key", 1),
        ..charge(2, 2, "second")
    };
    match store.begin_charge(second()).await.unwrap() {
        Begun::Replay { body_hash, charge } => {
            assert_eq!((body_hash, charge), ([3; 32], None), "it was an operation");
        }
        _ => panic!("the operation's key was forgotten"),
    }
    assert_eq!(first(&store).await.refunding, 100, "replays set nothing aside");
    let theirs = NewOperation {
        merchant: stranger(),
        ..with(2, "key", 3)
    };
    assert_eq!(
        not_begun(&store, theirs).await,
        (false, 1),
        "keys are per merchant"
    );
    assert_eq!(not_begun(&store, with(2, "refused", 3)).await, (false, 1));
    let smaller = NewOperation {
        amount: eur(55),
        ..with(2, "refused", 3)
    };
    begun(&store, smaller).await;
}

pub(super) async fn an_operation_ends_once<S: Store>(store: S) {
    pay(&store).await;
    begun(&store, refund(1, 100)).await;
    let end = async |end| store.end_operation(&operation_id(1), end).await.unwrap();
    let unknown = || OperationEnd::Unknown { ask_at: NOW };
    assert!(end(unknown()).await);
    assert!(!end(unknown()).await, "it was unknown already");
    assert_eq!(first(&store).await.refunding, 100, "it may still go back");
    assert!(end(given_back(1, 100)).await);
    assert!(!end(given_back(1, 100)).await);
    assert!(!end(failed()).await);
    assert!(!end(unknown()).await);
    let ended = store.operation(&operation_id(1)).await.unwrap().unwrap();
    assert_eq!(ended.stage, OperationStage::Done(NOW));
    let charge = first(&store).await;
    assert_eq!((charge.refunding, charge.refunded), (0, 100));
    assert_eq!(
        store.ledger().await.unwrap().len(),
        2,
        "the capture and one refund"
    );
    begun(&store, refund(2, 55)).await;
    assert!(store.end_operation(&operation_id(2), failed()).await.unwrap());
    assert!(
        !store
            .end_operation(&operation_id(2), given_back(2, 55))
            .await
            .unwrap()
    );
    assert!(
        !store.end_operation(&operation_id(3), failed()).await.unwrap(),
        "there is no such operation"
    );
    assert_eq!(first(&store).await.refunded, 100);
}

pub(super) async fn an_operation_ends_by_its_kind<S: Store>(store: S) {
    reserve(&store, NOW.plus(100)).await;
    let reserved = first(&store).await;
    begun(&store, operation(1, OperationKind::Void, total().minor())).await;
    for end in [captured(1, 40), given_back(1, 40)] {
        let ended = store.end_operation(&operation_id(1), end).await;
        assert!(matches!(ended, Err(StoreError::Failed(_))));
        let void = store.operation(&operation_id(1)).await.unwrap().unwrap();
        assert_eq!(void.stage, OperationStage::Asking);
        assert_eq!(first(&store).await, reserved);
        assert!(store.ledger().await.unwrap().is_empty());
    }
    assert!(store.end_operation(&operation_id(1), released()).await.unwrap());
    assert_eq!(first(&store).await.stage, Stage::Voided);
}

pub(super) async fn operations_without_end_are_found<S: Store>(store: S) {
    pay(&store).await;
    for n in 1..=4 {
        let later = NewOperation {
            now: NOW.plus(i64::from(n)),
            ..refund(n, 1)
        };
        begun(&store, later).await;
    }
    let unknown = OperationEnd::Unknown { ask_at: NOW.plus(10) };
    store.end_operation(&operation_id(2), unknown).await.unwrap();
    store
        .end_operation(&operation_id(3), given_back(3, 1))
        .await
        .unwrap();
    let found = async |now, begun_before, limit| -> Vec<OperationId> {
        let found = store
            .unresolved_operations(now, begun_before, limit)
            .await
            .unwrap();
        found.into_iter().map(|one| one.id).collect()
    };
    let again = async |id: &OperationId| store.ask_again(id, NOW.plus(20)).await.unwrap();
    found_in_time([1, 2, 4].map(operation_id), found, again).await;
}
