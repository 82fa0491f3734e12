//! Charges, the ledger, and races.

use std::sync::Arc;

use farthing_gateway::{
    Begun, ChargeEnd, Entry, NewCharge, QuoteInserted, Stage, Store, StoreError, TokenInserted,
    entries_of_payment,
};
use farthing_protocol::{Currency, DeclineReason, MerchantId, Money, Reference};

use super::{
    begin,
    made::{NOW, charge, charge_id, eur, hint, merchant, paid, quote, quote_id, receipt_id, token, total},
    make,
};

pub(super) async fn a_token_is_taken_only_as_it_was_agreed<S: Store>(store: S) {
    make(&store, 1, "order").await;
    let good = || charge(1, 1, "order");
    let usd = Currency::parse("USD").unwrap();
    let wrong = [
        NewCharge {
            merchant: MerchantId::from_random([8; 16]),
            ..good()
        },
        NewCharge {
            order: Reference::parse("other").unwrap(),
            ..good()
        },
        NewCharge {
            total: Money::new(151, eur()).unwrap(),
            ..good()
        },
        NewCharge {
            total: Money::new(149, eur()).unwrap(),
            ..good()
        },
        NewCharge {
            total: Money::new(150, usd).unwrap(),
            ..good()
        },
        NewCharge {
            now: NOW.plus(900),
            ..good()
        },
    ];
    for (n, wrong) in wrong.into_iter().enumerate() {
        match store.begin_charge(wrong).await.unwrap() {
            Begun::NotTaken {
                token: Some(facts), ..
            } => {
                assert!(!facts.taken, "{n}");
                assert_eq!((facts.merchant, facts.total), (merchant(), total()), "{n}");
            }
            _ => panic!("wrong request {n} took the token, or saw none"),
        }
    }
    let Begun::Taken(taken) = store.begin_charge(good()).await.unwrap() else {
        panic!("not taken")
    };
    assert_eq!((taken.details.as_slice(), taken.hint), (&b"details"[..], hint()));
    assert_eq!(taken.quote.id, quote_id(1));
    let again = NewCharge {
        id: charge_id(2),
        key: "another".to_owned(),
        ..good()
    };
    match store.begin_charge(again).await.unwrap() {
        Begun::NotTaken {
            token: Some(facts), ..
        } => assert!(facts.taken),
        _ => panic!("taken twice"),
    }
    assert!(store.ledger().await.unwrap().is_empty());
}

pub(super) async fn a_key_used_again_is_answered_with_its_charge<S: Store>(store: S) {
    make(&store, 1, "order").await;
    assert!(matches!(begin(&store, 1, 1, "order").await, Begun::Taken(_)));
    match begin(&store, 1, 1, "order").await {
        Begun::Replay { body_hash, charge } => {
            assert_eq!(body_hash, [1; 32]);
            assert_eq!((charge.id, charge.stage), (charge_id(1), Stage::Asking));
            assert_eq!((charge.total, charge.quote), (total(), quote_id(1)));
        }
        _ => panic!("the key was forgotten"),
    }
    let other = NewCharge {
        merchant: MerchantId::from_random([8; 16]),
        ..charge(1, 1, "order")
    };
    assert!(
        matches!(store.begin_charge(other).await.unwrap(), Begun::NotTaken { .. }),
        "keys are per merchant"
    );
}

pub(super) async fn an_order_has_one_live_charge<S: Store>(store: S) {
    for n in 1..=3 {
        store.insert_quote(quote(n, "order", [1; 32])).await.unwrap();
    }
    for n in 1..=2 {
        assert_eq!(
            store.insert_token(token(n, "order")).await.unwrap(),
            TokenInserted::Inserted
        );
    }
    assert!(matches!(begin(&store, 1, 1, "order").await, Begun::Taken(_)));
    for stage in [Stage::Asking, Stage::Unknown, Stage::Paid(receipt_id(1))] {
        match &stage {
            Stage::Unknown => assert!(store.end_charge(&charge_id(1), ChargeEnd::Unknown).await.unwrap()),
            Stage::Paid(_) => assert!(store.end_charge(&charge_id(1), paid(1, "order")).await.unwrap()),
            _ => {}
        }
        match begin(&store, 2, 2, "order").await {
            Begun::NotTaken {
                token: Some(facts),
                order,
            } => {
                assert!(!facts.taken);
                assert_eq!(order, Some(stage.clone()));
            }
            _ => panic!("the order was charged twice"),
        }
        let quoted = store.insert_quote(quote(9, "order", [1; 32])).await.unwrap();
        assert_eq!(quoted, QuoteInserted::OrderTaken(stage.clone()));
        let tokened = store.insert_token(token(3, "order")).await.unwrap();
        assert_eq!(tokened, TokenInserted::OrderTaken(stage));
    }
}

pub(super) async fn a_declined_order_can_be_tried_again<S: Store>(store: S) {
    make(&store, 1, "order").await;
    assert!(matches!(begin(&store, 1, 1, "order").await, Begun::Taken(_)));
    let declined = ChargeEnd::Declined(DeclineReason::InsufficientFunds);
    assert!(store.end_charge(&charge_id(1), declined).await.unwrap());
    make(&store, 2, "order").await;
    assert!(matches!(begin(&store, 2, 2, "order").await, Begun::Taken(_)));
    assert!(store.end_charge(&charge_id(2), paid(2, "order")).await.unwrap());
    let first = store.charge(&charge_id(1)).await.unwrap().unwrap();
    assert_eq!(first.stage, Stage::Declined(DeclineReason::InsufficientFunds));
    let second = store.charge_of_quote(&quote_id(2)).await.unwrap().unwrap();
    assert_eq!(
        (second.id, second.stage),
        (charge_id(2), Stage::Paid(receipt_id(2)))
    );
}

pub(super) async fn a_charge_ends_once<S: Store>(store: S) {
    make(&store, 1, "order").await;
    begin(&store, 1, 1, "order").await;
    assert!(store.end_charge(&charge_id(1), ChargeEnd::Unknown).await.unwrap());
    assert!(store.end_charge(&charge_id(1), paid(1, "order")).await.unwrap());
    assert!(!store.end_charge(&charge_id(1), paid(2, "order")).await.unwrap());
    assert!(!store.end_charge(&charge_id(1), ChargeEnd::Unknown).await.unwrap());
    let declined = ChargeEnd::Declined(DeclineReason::CardDeclined);
    assert!(!store.end_charge(&charge_id(1), declined).await.unwrap());
    assert!(
        !store.end_charge(&charge_id(7), ChargeEnd::Unknown).await.unwrap(),
        "there is no such charge"
    );
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger, entries_of_payment(&charge_id(1), &merchant(), total()));
    let receipt = store.receipt(&receipt_id(1)).await.unwrap().unwrap();
    assert_eq!(
        (receipt.receipt.total, receipt.jws.as_str()),
        (total(), "receipt.jws")
    );
    assert!(store.receipt(&receipt_id(2)).await.unwrap().is_none());
}

pub(super) async fn unbalanced_entries_take_everything_with_them<S: Store>(store: S) {
    make(&store, 1, "order").await;
    begin(&store, 1, 1, "order").await;
    let usd = Currency::parse("USD").unwrap();
    let spoil: [fn(&mut Vec<Entry>, Currency); 3] = [
        |entries, _| entries[0].amount -= 1,
        |entries, usd| entries[0].currency = usd,
        |entries, _| entries.clear(),
    ];
    for spoil in spoil {
        let ChargeEnd::Paid {
            mut entries,
            receipt,
            jws,
        } = paid(1, "order")
        else {
            unreachable!()
        };
        spoil(&mut entries, usd);
        let end = ChargeEnd::Paid {
            entries,
            receipt,
            jws,
        };
        assert!(matches!(
            store.end_charge(&charge_id(1), end).await,
            Err(StoreError::Failed(_))
        ));
        assert_eq!(
            store.charge(&charge_id(1)).await.unwrap().unwrap().stage,
            Stage::Asking
        );
        assert!(store.ledger().await.unwrap().is_empty());
        assert!(store.receipt(&receipt_id(1)).await.unwrap().is_none());
    }
}

pub(super) async fn charges_without_end_are_found<S: Store>(store: S) {
    for n in 1..=4 {
        make(&store, n, &format!("order{n}")).await;
        begin(&store, n, n, &format!("order{n}")).await;
    }
    store.end_charge(&charge_id(2), ChargeEnd::Unknown).await.unwrap();
    store.end_charge(&charge_id(3), paid(3, "order3")).await.unwrap();
    let ids = |charges: Vec<farthing_gateway::StoredCharge>| {
        let mut ids: Vec<_> = charges.into_iter().map(|c| c.id).collect();
        ids.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        ids
    };
    assert_eq!(
        ids(store.unresolved(NOW, 10).await.unwrap()),
        [charge_id(2)],
        "the others are fresh"
    );
    let all = ids(store.unresolved(NOW.plus(1), 10).await.unwrap());
    assert_eq!(all, [charge_id(1), charge_id(2), charge_id(4)]);
    assert_eq!(store.unresolved(NOW.plus(1), 2).await.unwrap().len(), 2);
}

pub(super) async fn what_has_expired_is_erased<S: Store>(store: S) {
    make(&store, 1, "order").await;
    store.insert_quote(quote(2, "other", [1; 32])).await.unwrap();
    assert_eq!(store.sweep(NOW).await.unwrap(), 0);
    assert_eq!(
        store.sweep(NOW.plus(900)).await.unwrap(),
        1,
        "the token's details"
    );
    assert_eq!(
        store.sweep(NOW.plus(1_800)).await.unwrap(),
        1,
        "the other quote's vault key"
    );
    assert_eq!(store.sweep(NOW.plus(1_800)).await.unwrap(), 0);
    assert!(
        store
            .quote(&quote_id(2))
            .await
            .unwrap()
            .unwrap()
            .vault_secret
            .is_none()
    );
    assert!(
        matches!(begin(&store, 1, 1, "order").await, Begun::NotTaken { .. }),
        "nothing is left to charge"
    );
}

pub(super) async fn one_token_under_64_hands<S: Store>(store: S) {
    make(&store, 1, "order").await;
    let store = Arc::new(store);
    let tries = (1..=64).map(|n| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { matches!(begin(&*store, n, 1, "order").await, Begun::Taken(_)) })
    });
    let mut taken = 0;
    for one in tries.collect::<Vec<_>>() {
        taken += usize::from(one.await.unwrap());
    }
    assert_eq!(taken, 1);
}

pub(super) async fn one_order_under_32_tokens<S: Store>(store: S) {
    for n in 1..=32 {
        store.insert_quote(quote(n, "order", [1; 32])).await.unwrap();
    }
    for n in 1..=32 {
        assert_eq!(
            store.insert_token(token(n, "order")).await.unwrap(),
            TokenInserted::Inserted
        );
    }
    let store = Arc::new(store);
    let tries = (1..=32).map(|n| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { matches!(begin(&*store, n, n, "order").await, Begun::Taken(_)) })
    });
    let mut taken = 0;
    for one in tries.collect::<Vec<_>>() {
        taken += usize::from(one.await.unwrap());
    }
    assert_eq!(taken, 1);
}
