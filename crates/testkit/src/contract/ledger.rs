//! The ledger, and what is written together or not at all.

use farthing_gateway::{
    ChargeEnd, GENESIS, OperationEnd, Paid, PostingKind, Stage, Store, StoreError, StoredPosting,
};
use farthing_protocol::{EventKind, OperationKind};

use super::{
    begin, begun,
    ends::{event, given_back, money_taken, paid},
    first,
    made::{charge_id, operation, operation_id, receipt_id, total},
    make, pay,
};

/// Recomputes the chain from its beginning.
pub(super) fn verify(ledger: &[StoredPosting]) {
    let mut previous = GENESIS;
    for (seq, stored) in (1..).zip(ledger) {
        assert_eq!(stored.seq, seq, "the ledger has a gap");
        assert!(stored.posting.is_balanced(), "{seq}");
        assert_eq!(
            stored.hash,
            stored.posting.chained(&previous, seq),
            "the chain breaks at {seq}"
        );
        previous = stored.hash;
    }
}

pub(super) async fn postings_are_chained<S: Store>(store: S) {
    pay(&store).await;
    for n in 1..=3 {
        begun(&store, operation(n, OperationKind::Refund, 10)).await;
        assert!(
            store
                .end_operation(&operation_id(n), given_back(n, 10))
                .await
                .unwrap()
        );
    }
    let ledger = store.ledger().await.unwrap();
    verify(&ledger);
    let kinds: Vec<_> = ledger.iter().map(|stored| stored.posting.kind).collect();
    assert_eq!(
        kinds,
        [
            PostingKind::Capture,
            PostingKind::Refund,
            PostingKind::Refund,
            PostingKind::Refund
        ]
    );
    assert_eq!(ledger[0].posting, money_taken(1, "order", total(), None).posting);
    let OperationEnd::GivenBack { posting, .. } = given_back(3, 10) else {
        unreachable!()
    };
    assert_eq!(ledger[3].posting, posting);
}

pub(super) async fn an_unbalanced_posting_takes_everything_with_it<S: Store>(store: S) {
    make(&store, 1, "order").await;
    begin(&store, 1, 1, "order").await;
    let spoil: [fn(&mut Paid); 3] = [
        |paid| paid.posting.entries[0].amount -= 1,
        |paid| paid.posting.entries[2].amount = 0,
        |paid| paid.posting.entries.clear(),
    ];
    for spoil in spoil {
        let mut taken = money_taken(1, "order", total(), None);
        spoil(&mut taken);
        let end = ChargeEnd::Paid {
            paid: Box::new(taken),
            event: event(EventKind::ChargePaid),
        };
        let ended = store.end_charge(&charge_id(1), end).await;
        assert!(matches!(ended, Err(StoreError::Failed(_))));
        assert_eq!(first(&store).await.stage, Stage::Asking);
        assert!(store.ledger().await.unwrap().is_empty());
        assert!(store.receipt(&receipt_id(1)).await.unwrap().is_none());
    }
    assert!(store.end_charge(&charge_id(1), paid(1, "order")).await.unwrap());
    begun(&store, operation(1, OperationKind::Refund, 10)).await;
    let OperationEnd::GivenBack {
        mut posting,
        at,
        events,
    } = given_back(1, 10)
    else {
        unreachable!()
    };
    posting.entries[0].amount -= 1;
    let end = OperationEnd::GivenBack { posting, at, events };
    let ended = store.end_operation(&operation_id(1), end).await;
    assert!(matches!(ended, Err(StoreError::Failed(_))));
    let charge = first(&store).await;
    assert_eq!((charge.refunding, charge.refunded), (10, 0));
    assert!(
        store
            .end_operation(&operation_id(1), given_back(1, 10))
            .await
            .unwrap()
    );
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger.len(), 2);
    verify(&ledger);
}
