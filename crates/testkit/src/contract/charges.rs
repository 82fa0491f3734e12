//! Charges.

use farthing_gateway::{
    Begun, ChargeEnd, NewCharge, QuoteInserted, Stage, Store, StoreError, StoredCharge, Terms, TokenFacts,
    TokenInserted, Verdicts,
};
use farthing_protocol::{ChargeId, ConsentId, Currency, DeclineReason, EventKind, MerchantId, Money};

use super::{
    begin,
    ends::{authorised, declined, event, money_taken, paid, unknown},
    first,
    made::{
        FEE, NOW, amount, charge, charge_id, claim, eur, hint, merchant, order, quote, quote_id, receipt_id,
        stranger, token, total,
    },
    make,
    open::found_in_time,
};

pub(super) async fn a_token_is_taken_only_as_it_was_agreed<S: Store>(store: S) {
    make(&store, 1, "order").await;
    let good = || charge(1, 1, "order");
    let usd = Currency::parse("USD").unwrap();
    let wrong = [
        NewCharge {
            merchant: stranger(),
            ..good()
        },
        NewCharge {
            order: order("other"),
            ..good()
        },
        NewCharge {
            amount: eur(151),
            ..good()
        },
        NewCharge {
            amount: eur(149),
            ..good()
        },
        // The lines are named, not what the shopper pays.
        NewCharge {
            amount: total(),
            ..good()
        },
        NewCharge {
            amount: Money::new(150, usd).unwrap(),
            ..good()
        },
        NewCharge {
            now: NOW.plus(900),
            ..good()
        },
    ];
    let seen = TokenFacts {
        merchant: merchant(),
        order: order("order"),
        amount: amount(),
        expires_at: NOW.plus(900),
        taken: false,
    };
    for (n, wrong) in wrong.into_iter().enumerate() {
        match store.begin_charge(wrong).await.unwrap() {
            Begun::NotTaken {
                token: Some(facts), ..
            } => assert_eq!(*facts, seen, "{n}"),
            _ => panic!("wrong request {n} took the token, or saw none"),
        }
    }
    let Begun::Taken(taken) = store.begin_charge(good()).await.unwrap() else {
        panic!("not taken")
    };
    let begun = StoredCharge {
        id: charge_id(1),
        merchant: merchant(),
        stage: Stage::Asking,
        quote: quote_id(1),
        consent: ConsentId::from_random([1; 16]),
        order: order("order"),
        amount: amount(),
        fee: FEE,
        capture: true,
        captured: 0,
        refunded: 0,
        refunding: 0,
        held: 0,
        dispute: None,
        hint: hint(),
        created_at: NOW,
    };
    assert_eq!(taken.charge, begun);
    assert_eq!(first(&store).await, begun);
    assert_eq!(taken.details, b"details");
    assert_eq!((taken.quote.id, taken.terms), (quote_id(1), Terms::default()));
    let again = NewCharge {
        id: charge_id(2),
        claim: claim("another", 1),
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
            assert_eq!(body_hash, [1; 32], "the caller compares");
            assert_eq!(*charge.unwrap(), first(&store).await);
        }
        _ => panic!("the key was forgotten"),
    }
    let other = NewCharge {
        merchant: stranger(),
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
            Stage::Unknown => assert!(store.end_charge(&charge_id(1), unknown(NOW)).await.unwrap()),
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
    let reason = DeclineReason::InsufficientFunds;
    assert!(store.end_charge(&charge_id(1), declined(reason)).await.unwrap());
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
    let end = async |end| store.end_charge(&charge_id(1), end).await.unwrap();
    assert!(end(unknown(NOW)).await);
    assert!(!end(unknown(NOW)).await, "it was unknown already, and told so");
    assert!(end(paid(1, "order")).await);
    assert!(!end(paid(2, "order")).await);
    assert!(!end(unknown(NOW)).await);
    assert!(!end(declined(DeclineReason::CardDeclined)).await);
    assert!(
        !store.end_charge(&charge_id(7), unknown(NOW)).await.unwrap(),
        "there is no such charge"
    );
    let charge = first(&store).await;
    assert_eq!(
        (charge.captured, charge.left()),
        (total().minor(), total().minor())
    );
    let of_receipt = store.charge_of_receipt(&receipt_id(1)).await.unwrap();
    assert_eq!(of_receipt, Some(charge));
    assert_eq!(store.ledger().await.unwrap().len(), 1);
    let receipt = store.receipt(&receipt_id(1)).await.unwrap().unwrap();
    let written = money_taken(1, "order", total(), None);
    assert_eq!((receipt.receipt, receipt.jws), (written.receipt, written.jws));
    assert!(store.receipt(&receipt_id(2)).await.unwrap().is_none());
    assert!(store.charge_of_receipt(&receipt_id(2)).await.unwrap().is_none());
}

pub(super) async fn a_charge_ends_as_it_was_asked<S: Store>(store: S) {
    make(&store, 1, "order").await;
    begin(&store, 1, 1, "order").await;
    let part = ChargeEnd::Paid {
        paid: Box::new(money_taken(1, "order", eur(154), None)),
        event: event(EventKind::ChargePaid),
    };
    for wrong in [authorised(NOW.plus(100)), part] {
        let ended = store.end_charge(&charge_id(1), wrong).await;
        assert!(
            matches!(ended, Err(StoreError::Failed(_))),
            "it takes all, at once"
        );
    }
    make(&store, 2, "second").await;
    let reserved = NewCharge {
        capture: false,
        ..charge(2, 2, "second")
    };
    assert!(matches!(
        store.begin_charge(reserved).await.unwrap(),
        Begun::Taken(_)
    ));
    let ended = store.end_charge(&charge_id(2), paid(2, "second")).await;
    assert!(
        matches!(ended, Err(StoreError::Failed(_))),
        "nobody has captured it"
    );
    for n in 1..=2 {
        let charge = store.charge(&charge_id(n)).await.unwrap().unwrap();
        assert_eq!((charge.stage, charge.captured), (Stage::Asking, 0));
    }
    assert!(store.ledger().await.unwrap().is_empty());
}

pub(super) async fn charges_without_end_are_found<S: Store>(store: S) {
    for n in 1..=4 {
        make(&store, n, &format!("order{n}")).await;
        let later = NewCharge {
            now: NOW.plus(i64::from(n)),
            ..charge(n, n, &format!("order{n}"))
        };
        assert!(matches!(
            store.begin_charge(later).await.unwrap(),
            Begun::Taken(_)
        ));
    }
    store
        .end_charge(&charge_id(2), unknown(NOW.plus(10)))
        .await
        .unwrap();
    store.end_charge(&charge_id(3), paid(3, "order3")).await.unwrap();
    let found = async |now, begun_before, limit| -> Vec<ChargeId> {
        let found = store.unresolved(now, begun_before, limit).await.unwrap();
        found.into_iter().map(|charge| charge.id).collect()
    };
    let again = async |id: &ChargeId| store.look_again(id, NOW.plus(20)).await.unwrap();
    found_in_time([1, 2, 4].map(charge_id), found, again).await;
}

pub(super) async fn verdicts_are_of_the_latest_answers<S: Store>(store: S) {
    use DeclineReason::{CardDeclined, InsufficientFunds, ProcessingFailed};
    let ends = [
        Some(declined(CardDeclined)),
        Some(declined(InsufficientFunds)),
        Some(declined(ProcessingFailed)),
        None,
        Some(unknown(NOW)),
        Some(paid(6, "order-6")),
    ];
    for (end, n) in ends.into_iter().zip(1..) {
        let order = format!("order-{n}");
        make(&store, n, &order).await;
        let new = NewCharge {
            now: NOW.plus(i64::from(n)),
            ..charge(n, n, &order)
        };
        assert!(matches!(store.begin_charge(new).await.unwrap(), Begun::Taken(_)));
        if let Some(end) = end {
            assert!(store.end_charge(&charge_id(n), end).await.unwrap());
        }
    }
    let of = async |who: &MerchantId, since: i64, of| {
        let Verdicts { answered, declined } = store.verdicts(who, NOW.plus(since), of).await.unwrap();
        (answered, declined)
    };
    let merchant = merchant();
    assert_eq!(
        of(&merchant, 0, 100).await,
        (3, 2),
        "what has no answer of the card's side is none"
    );
    assert_eq!(of(&merchant, 0, 2).await, (2, 1), "the latest");
    assert_eq!(of(&merchant, 1, 100).await, (2, 1), "and no older ones");
    assert_eq!(of(&merchant, 6, 100).await, (0, 0));
    assert_eq!(of(&stranger(), 0, 100).await, (0, 0), "another's");
}

pub(super) async fn a_paused_merchant_begins_nothing_new<S: Store>(store: S) {
    make(&store, 1, "order").await;
    let paused = |n| NewCharge {
        paused: true,
        ..charge(n, 1, "order")
    };
    assert!(matches!(
        store.begin_charge(paused(1)).await.unwrap(),
        Begun::Paused
    ));
    assert!(store.charge(&charge_id(1)).await.unwrap().is_none());
    // The token waits, and so does the key; and what was begun is answered.
    assert!(matches!(begin(&store, 1, 1, "order").await, Begun::Taken(_)));
    let again = store.begin_charge(paused(1)).await.unwrap();
    assert!(matches!(again, Begun::Replay { charge: Some(_), .. }));
}
