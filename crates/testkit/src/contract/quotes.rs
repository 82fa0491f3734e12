//! Quotes and tokens.

use farthing_gateway::{
    Begun, ChallengeState, NewCharge, NewQuote, NewToken, QuoteInserted, Renewal, Store, Terms,
    TokenInserted, Way,
};
use farthing_protocol::{ChallengeId, Code};

use super::{
    begin,
    made::{NOW, charge, hint, quote, quote_id, stranger, token},
    make,
};

pub(super) async fn one_reference_is_one_content<S: Store>(store: S) {
    assert_eq!(
        store.insert_quote(quote(1, "order", [1; 32])).await.unwrap(),
        QuoteInserted::Inserted
    );
    assert_eq!(
        store.insert_quote(quote(2, "order", [1; 32])).await.unwrap(),
        QuoteInserted::Inserted
    );
    assert_eq!(
        store.insert_quote(quote(3, "order", [2; 32])).await.unwrap(),
        QuoteInserted::OrderDiffers
    );
    assert_eq!(
        store.insert_quote(quote(4, "other", [2; 32])).await.unwrap(),
        QuoteInserted::Inserted
    );
    let stored = store.quote(&quote_id(1)).await.unwrap().unwrap();
    assert_eq!(stored.quote, quote(1, "order", [1; 32]).quote);
    assert_eq!(stored.terms, Terms::default());
    assert_eq!(stored.vault_secret.as_deref(), Some(&b"vault"[..]));
    assert!(store.quote(&quote_id(3)).await.unwrap().is_none());
}

pub(super) async fn quotes_of_an_order_are_limited<S: Store>(store: S) {
    let limited = |n| NewQuote {
        limit: 3,
        ..quote(n, "order", [1; 32])
    };
    for n in 1..=3 {
        assert_eq!(
            store.insert_quote(limited(n)).await.unwrap(),
            QuoteInserted::Inserted
        );
    }
    assert_eq!(
        store.insert_quote(limited(4)).await.unwrap(),
        QuoteInserted::TooMany
    );
}

pub(super) async fn a_quote_makes_one_token<S: Store>(store: S) {
    store.insert_quote(quote(1, "order", [1; 32])).await.unwrap();
    let late = NewToken {
        now: NOW.plus(1_800),
        ..token(1, "order")
    };
    assert_eq!(
        store.insert_token(late).await.unwrap(),
        TokenInserted::QuoteUsed,
        "the quote has expired"
    );
    assert_eq!(
        store.insert_token(token(1, "order")).await.unwrap(),
        TokenInserted::Inserted
    );
    assert_eq!(
        store.insert_token(token(1, "order")).await.unwrap(),
        TokenInserted::QuoteUsed
    );
    let stored = store.quote(&quote_id(1)).await.unwrap().unwrap();
    assert!(stored.vault_secret.is_none(), "the vault key serves one token");
    let kept = stored.token.unwrap();
    assert_eq!((kept.sealed_hash, kept.hint), ([1; 32], hint()));
    let consent = store.consent(&kept.consent).await.unwrap().unwrap();
    assert_eq!(consent.record, token(1, "order").consent);
    assert_eq!(consent.jws, "consent.jws");
}

pub(super) async fn a_lost_token_is_made_anew<S: Store>(store: S) {
    make(&store, 1, "order").await;
    let renewal = |sealed: u8, hash: u8, now| Renewal {
        quote: quote_id(1),
        sealed_hash: [sealed; 32],
        hash: [hash; 32],
        now,
    };
    assert!(
        !store.renew_token(renewal(9, 100, NOW)).await.unwrap(),
        "another sealed text"
    );
    assert!(
        !store.renew_token(renewal(1, 100, NOW.plus(900))).await.unwrap(),
        "too late"
    );
    assert!(store.renew_token(renewal(1, 100, NOW)).await.unwrap());
    assert!(matches!(
        begin(&store, 1, 1, "order").await,
        Begun::NotTaken { token: None, .. }
    ));
    assert!(matches!(begin(&store, 2, 100, "order").await, Begun::Taken(_)));
    assert!(
        !store.renew_token(renewal(1, 101, NOW)).await.unwrap(),
        "it was taken"
    );
}

pub(super) async fn a_new_quote_ends_earlier_tokens<S: Store>(store: S) {
    make(&store, 1, "order").await;
    make(&store, 2, "other").await;
    store.insert_quote(quote(3, "order", [1; 32])).await.unwrap();
    match begin(&store, 1, 1, "order").await {
        Begun::NotTaken {
            token: Some(facts), ..
        } => assert!(facts.expires_at <= NOW && !facts.taken),
        _ => panic!("the token outlived its order's next quote"),
    }
    let by_an_earlier_clock = NewCharge {
        now: NOW.plus(-1),
        ..charge(1, 1, "order")
    };
    let begun = store.begin_charge(by_an_earlier_clock).await.unwrap();
    assert!(matches!(begun, Begun::NotTaken { .. }), "its details are gone");
    assert!(
        matches!(begin(&store, 2, 2, "other").await, Begun::Taken(_)),
        "another order's token ended"
    );
    let refused = NewQuote {
        limit: 1,
        ..quote(4, "other", [9; 32])
    };
    assert_eq!(
        store.insert_quote(refused).await.unwrap(),
        QuoteInserted::OrderDiffers
    );
}

pub(super) async fn tokens_of_an_order_are_limited<S: Store>(store: S) {
    for n in 1..=3 {
        store.insert_quote(quote(n, "order", [1; 32])).await.unwrap();
    }
    let limited = |n| NewToken {
        limit: 2,
        ..token(n, "order")
    };
    assert_eq!(
        store.insert_token(limited(1)).await.unwrap(),
        TokenInserted::Inserted
    );
    assert_eq!(
        store.insert_token(limited(2)).await.unwrap(),
        TokenInserted::Inserted
    );
    assert_eq!(
        store.insert_token(limited(3)).await.unwrap(),
        TokenInserted::TooMany
    );
    assert!(
        store
            .quote(&quote_id(3))
            .await
            .unwrap()
            .unwrap()
            .vault_secret
            .is_some(),
        "nothing is lost"
    );
}

pub(super) async fn tokens_of_an_instrument_are_limited<S: Store>(store: S) {
    for n in 1..=5 {
        store
            .insert_quote(quote(n, &format!("order{n}"), [1; 32]))
            .await
            .unwrap();
    }
    let limited = |n, fingerprint, since| NewToken {
        fingerprint: [fingerprint; 32],
        instrument_limit: 2,
        instrument_since: since,
        ..token(n, &format!("order{n}"))
    };
    let mut elsewhere = limited(1, 1, NOW);
    elsewhere.consent.payee.id = stranger();
    let inserted = async |token| store.insert_token(token).await.unwrap();
    assert_eq!(inserted(elsewhere).await, TokenInserted::Inserted);
    assert_eq!(inserted(limited(2, 1, NOW)).await, TokenInserted::Inserted);
    assert_eq!(
        inserted(limited(3, 1, NOW)).await,
        TokenInserted::InstrumentTooOften
    );
    let kept = store.quote(&quote_id(3)).await.unwrap().unwrap();
    assert!(kept.vault_secret.is_some(), "nothing is lost");
    assert_eq!(
        inserted(limited(4, 2, NOW)).await,
        TokenInserted::Inserted,
        "another instrument"
    );
    let tomorrow = limited(3, 1, NOW.plus(1));
    assert_eq!(
        inserted(tomorrow).await,
        TokenInserted::Inserted,
        "the others are too old to count"
    );
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

pub(super) async fn a_token_waits_for_its_challenge<S: Store>(store: S) {
    let id = ChallengeId::from_random([9; 16]);
    let renewal = || Renewal {
        quote: quote_id(1),
        sealed_hash: [1; 32],
        hash: [77; 32],
        now: NOW,
    };
    store.insert_quote(quote(1, "order", [1; 32])).await.unwrap();
    let challenged = NewToken {
        challenge: Some((id.clone(), NOW.plus(300))),
        ..token(1, "order")
    };
    store.insert_token(challenged).await.unwrap();
    assert!(
        store
            .quote(&quote_id(1))
            .await
            .unwrap()
            .unwrap()
            .token
            .unwrap()
            .challenged
    );
    assert_eq!(store.challenged_quote(&id).await.unwrap(), Some(quote_id(1)));
    assert_eq!(
        store
            .challenged_quote(&ChallengeId::from_random([8; 16]))
            .await
            .unwrap(),
        None
    );
    let state = async || {
        let challenge = store.challenge_of(&quote_id(1)).await.unwrap().unwrap();
        assert_eq!(
            (challenge.id, challenge.expires_at, challenge.hint),
            (id.clone(), NOW.plus(300), hint())
        );
        assert!(challenge.details.is_some());
        challenge.state
    };
    let page = ChallengeState::Open(Way::Page("https://bank.example/?a=1&b".to_owned()));
    assert_eq!(state().await, ChallengeState::Asking);
    for open in [false, true] {
        if open {
            assert!(store.move_challenge(&quote_id(1), page.clone()).await.unwrap());
            assert!(
                !store
                    .move_challenge(&quote_id(1), ChallengeState::Open(Way::Passcode))
                    .await
                    .unwrap()
            );
            assert_eq!(state().await, page);
        }
        assert!(
            !store.renew_token(renewal()).await.unwrap(),
            "a token before its challenge is met"
        );
        let begun = store.begin_charge(charge(1, 1, "order")).await.unwrap();
        assert!(
            matches!(begun, Begun::NotTaken { .. }),
            "a charge before the challenge is met"
        );
    }
    assert!(
        store
            .move_challenge(&quote_id(1), ChallengeState::Met)
            .await
            .unwrap()
    );
    for late in [
        ChallengeState::Failed(Code::ChallengeFailed),
        ChallengeState::Open(Way::Passcode),
        ChallengeState::Asking,
    ] {
        assert!(
            !store.move_challenge(&quote_id(1), late).await.unwrap(),
            "what is met stays met"
        );
    }
    assert_eq!(state().await, ChallengeState::Met);
    assert!(store.renew_token(renewal()).await.unwrap());

    // Once nobody can pay with it any more it was in vain; what was charged never is.
    assert_eq!(store.challenges_in_vain(NOW, 10).await.unwrap(), []);
    let over = NOW.plus(900);
    assert_eq!(store.challenges_in_vain(over, 10).await.unwrap(), [quote_id(1)]);
    let taken = NewCharge {
        token_hash: [77; 32],
        ..charge(1, 1, "order")
    };
    assert!(matches!(
        store.begin_charge(taken).await.unwrap(),
        Begun::Taken(_)
    ));
    assert_eq!(store.challenges_in_vain(over, 10).await.unwrap(), []);

    store.insert_quote(quote(2, "other", [2; 32])).await.unwrap();
    let failed = NewToken {
        challenge: Some((ChallengeId::from_random([7; 16]), NOW.plus(300))),
        ..token(2, "other")
    };
    store.insert_token(failed).await.unwrap();
    let no = ChallengeState::Failed(Code::ChallengeExpired);
    assert!(store.move_challenge(&quote_id(2), no.clone()).await.unwrap());
    assert_eq!(store.challenge_of(&quote_id(2)).await.unwrap().unwrap().state, no);
    assert!(
        !store
            .move_challenge(&quote_id(2), ChallengeState::Met)
            .await
            .unwrap(),
        "a no is a no"
    );
    assert_eq!(store.challenges_in_vain(over, 10).await.unwrap(), [quote_id(2)]);
    store.forget_challenge(&quote_id(2)).await.unwrap();
    assert_eq!(store.challenges_in_vain(over, 10).await.unwrap(), []);
    assert!(store.challenge_of(&quote_id(2)).await.unwrap().is_none());
}
