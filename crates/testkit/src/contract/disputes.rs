//! Disputes: what they hold, and how the money goes back.

use farthing_gateway::{
    Contest, DisputeOpened, NewDispute, NewOperation, Posting, PostingKind, Rejection, Store,
    entries_of_hold, entries_of_release,
};
use farthing_protocol::{DisputeReason, DisputeStatus, EventKind, OperationKind, UnixSeconds, Words};

use super::{
    begun,
    ends::{event, failed, given_back, posting, returned},
    first,
    ledger::verify,
    made::{NOW, charge_id, dispute_id, eur, merchant, operation, operation_id, stranger, total},
    not_begun, pay,
};

const ANSWER_BY: UnixSeconds = UnixSeconds(NOW.0 + 100);

/// Dispute number `n`, about charge number 1.
pub(super) fn dispute(n: u8, minor: i64) -> NewDispute {
    NewDispute {
        id: dispute_id(n),
        charge: charge_id(1),
        merchant: merchant(),
        reason: DisputeReason::NotReceived,
        words: None,
        amount: eur(minor),
        now: NOW,
        answer_by: ANSWER_BY,
        posting: Posting {
            entries: entries_of_hold(&merchant(), minor),
            ..posting(PostingKind::Hold, 1, None)
        },
        event: event(EventKind::DisputeOpened),
    }
}

fn contest(at: UnixSeconds) -> Contest {
    Contest {
        answer: Words::parse("It was delivered.").unwrap(),
        at,
        event: event(EventKind::DisputeContested),
    }
}

fn rejection(minor: i64) -> Rejection {
    Rejection {
        at: NOW,
        posting: Posting {
            entries: entries_of_release(&merchant(), minor),
            ..posting(PostingKind::Release, 1, None)
        },
        event: event(EventKind::DisputeRejected),
    }
}

fn give_back(n: u8, minor: i64) -> NewOperation {
    operation(n, OperationKind::Return, minor)
}

async fn open<S: Store>(store: &S, new: NewDispute) {
    assert!(matches!(
        store.open_dispute(new).await.unwrap(),
        DisputeOpened::Opened
    ));
}

async fn status<S: Store>(store: &S) -> DisputeStatus {
    store.dispute(&dispute_id(1)).await.unwrap().unwrap().status
}

pub(super) async fn a_dispute_holds_what_is_left<S: Store>(store: S) {
    pay(&store).await;
    begun(&store, operation(1, OperationKind::Refund, 100)).await;
    let theirs = NewDispute {
        merchant: stranger(),
        ..dispute(1, 55)
    };
    for wrong in [dispute(1, 155), dispute(1, 54), theirs] {
        match store.open_dispute(wrong).await.unwrap() {
            DisputeOpened::Changed(charge) => assert_eq!(*charge, first(&store).await),
            _ => panic!("opened, or one was there"),
        }
    }
    assert_eq!(first(&store).await.dispute, None);
    open(&store, dispute(1, 55)).await;
    let charge = first(&store).await;
    assert_eq!((charge.held, charge.left()), (55, 0));
    assert_eq!(charge.dispute, Some(dispute_id(1)));
    match store.open_dispute(dispute(2, 55)).await.unwrap() {
        DisputeOpened::Exists(one) => assert_eq!(one.id, dispute_id(1)),
        _ => panic!("a second dispute"),
    }
    assert_eq!(
        not_begun(&store, operation(2, OperationKind::Refund, 1)).await,
        (false, 1)
    );
    assert!(store.end_operation(&operation_id(1), failed()).await.unwrap());
    assert_eq!(
        not_begun(&store, operation(2, OperationKind::Refund, 101)).await,
        (false, 1)
    );
    begun(&store, operation(2, OperationKind::Refund, 100)).await;
    assert!(
        store
            .end_operation(&operation_id(2), given_back(2, 100))
            .await
            .unwrap()
    );
    let charge = first(&store).await;
    assert_eq!((charge.refunded, charge.held, charge.left()), (100, 55, 0));
}

pub(super) async fn a_return_is_what_a_dispute_holds<S: Store>(store: S) {
    pay(&store).await;
    let all = total().minor();
    assert_eq!(
        not_begun(&store, give_back(1, all)).await,
        (false, 0),
        "there is no dispute"
    );
    open(&store, dispute(1, all)).await;
    let theirs = NewOperation {
        merchant: stranger(),
        ..give_back(1, all)
    };
    assert_eq!(not_begun(&store, theirs).await, (false, 0));
    for wrong in [1, all - 1, all + 1] {
        assert_eq!(
            not_begun(&store, give_back(1, wrong)).await,
            (false, 0),
            "{wrong}"
        );
    }
    assert_eq!(status(&store).await, DisputeStatus::Open { answer_by: ANSWER_BY });
    begun(&store, give_back(1, all)).await;
    assert_eq!(status(&store).await, DisputeStatus::Returning {});
    assert_eq!(not_begun(&store, give_back(2, all)).await, (true, 1));
    assert!(!store.contest_dispute(&dispute_id(1), contest(NOW)).await.unwrap());
    assert!(store.end_operation(&operation_id(1), failed()).await.unwrap());
    assert_eq!(
        status(&store).await,
        DisputeStatus::Returning {},
        "it is tried anew"
    );
    assert_eq!(first(&store).await.held, all, "and held until then");
    begun(&store, give_back(2, all)).await;
    assert!(
        store
            .end_operation(&operation_id(2), returned(2, all))
            .await
            .unwrap()
    );
    assert_eq!(status(&store).await, DisputeStatus::Returned { at: NOW });
    let charge = first(&store).await;
    assert_eq!((charge.held, charge.refunded, charge.left()), (0, all, 0));
    assert_eq!(not_begun(&store, give_back(3, all)).await, (true, 2));
    let ledger = store.ledger().await.unwrap();
    verify(&ledger);
    let kinds: Vec<_> = ledger.iter().map(|stored| stored.posting.kind).collect();
    assert_eq!(
        kinds,
        [PostingKind::Capture, PostingKind::Hold, PostingKind::Return]
    );
}

pub(super) async fn a_rejected_dispute_holds_nothing<S: Store>(store: S) {
    pay(&store).await;
    let all = total().minor();
    open(&store, dispute(1, all)).await;
    let id = dispute_id(1);
    assert!(
        !store.reject_dispute(&id, rejection(all)).await.unwrap(),
        "it is not contested"
    );
    assert!(
        !store.contest_dispute(&id, contest(ANSWER_BY)).await.unwrap(),
        "too late"
    );
    assert!(store.contest_dispute(&id, contest(NOW)).await.unwrap());
    assert!(!store.contest_dispute(&id, contest(NOW)).await.unwrap());
    let contested = DisputeStatus::Contested {
        answer: contest(NOW).answer,
        answered_at: NOW,
    };
    assert_eq!(status(&store).await, contested);
    assert_eq!(first(&store).await.held, all);
    assert!(store.reject_dispute(&id, rejection(all)).await.unwrap());
    assert!(!store.reject_dispute(&id, rejection(all)).await.unwrap());
    assert_eq!(status(&store).await, DisputeStatus::Rejected { at: NOW });
    let charge = first(&store).await;
    assert_eq!((charge.held, charge.left()), (0, all));
    assert_eq!(not_begun(&store, give_back(1, all)).await, (false, 0));
    assert!(matches!(
        store.open_dispute(dispute(2, all)).await.unwrap(),
        DisputeOpened::Exists(_)
    ));
    begun(&store, operation(1, OperationKind::Refund, all)).await;
    assert_eq!(store.ledger().await.unwrap().len(), 3);
}

pub(super) async fn disputes_that_are_due_are_found<S: Store>(store: S) {
    pay(&store).await;
    let all = total().minor();
    open(&store, dispute(1, all)).await;
    let due = async |now, refused_before| {
        let due = store.disputes_due(now, refused_before, 10).await.unwrap();
        due.len()
    };
    assert_eq!(due(ANSWER_BY.plus(-1), NOW).await, 0);
    assert_eq!(due(ANSWER_BY, NOW).await, 1);
    begun(&store, give_back(1, all)).await;
    assert_eq!(due(ANSWER_BY, ANSWER_BY).await, 0, "it is under way");
    assert!(store.end_operation(&operation_id(1), failed()).await.unwrap());
    assert_eq!(
        due(ANSWER_BY, NOW.plus(-1)).await,
        0,
        "it was refused a moment ago"
    );
    assert_eq!(due(ANSWER_BY, NOW).await, 1);
    begun(&store, give_back(2, all)).await;
    assert!(
        store
            .end_operation(&operation_id(2), returned(2, all))
            .await
            .unwrap()
    );
    assert_eq!(due(ANSWER_BY, ANSWER_BY).await, 0);
}
