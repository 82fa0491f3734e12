//! 3-D Secure: the bank asks before there is a token, and the charge takes what was reserved then.

use farthing_gateway::{Answer, Authenticated, Connector, Done, Found, Proof, Way};
use farthing_protocol::{DeclineReason, OperationKind};

use crate::{
    PAYS, authenticate, authorise, charge, kills::ended_at, line::Fate, open, operate, operation, quote_of,
    server::Server,
};

const ASKS: &str = "4000002500003155";
const DECLINED: &str = "4000000000000341";

fn page(authenticated: Result<Authenticated, farthing_gateway::NoAnswer>) -> String {
    let page = match authenticated {
        Ok(Authenticated::Needed(Way::Page(page))) => Some(page),
        _ => None,
    };
    page.unwrap()
}

#[tokio::test]
async fn a_shopper_who_says_yes_pays_once_and_one_who_says_no_pays_nothing() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let stripe = open(server.port(), &folder.path().join("stripe.db"));
    for (number, capture) in [(1, true), (2, false)] {
        let id = charge(number);
        let asked = page(authenticate(&stripe, &id, ASKS, 500).await);
        assert_eq!(
            page(authenticate(&stripe, &id, ASKS, 500).await),
            asked,
            "asked again"
        );
        assert_eq!(stripe.authentication(&quote_of(&id)).await, Ok(Proof::Pending));
        server.answer(&asked, true).await;
        for _ in 0..2 {
            assert_eq!(stripe.authentication(&quote_of(&id)).await, Ok(Proof::Met));
        }
        // Reserved, and nothing more, until the merchant charges.
        let reserved = server.account(quote_of(&id).as_str()).await;
        assert_eq!(
            (reserved.intents, reserved.reserved, reserved.captured),
            (1, 500, 0)
        );
        for _ in 0..2 {
            assert_eq!(
                authorise(&stripe, &id, ASKS, 500, capture).await,
                Ok(Answer::Approved)
            );
        }
        assert_eq!(stripe.look_up(&id).await, Ok(Found::Ended(Answer::Approved)));
        let account = server.account(quote_of(&id).as_str()).await;
        let taken = if capture { 500 } else { 0 };
        assert_eq!((account.captured, account.reserved), (taken, 500 - taken));
        assert_eq!(server.account(id.as_str()).await.intents, 0, "a second intent");
        // What was charged is not let go.
        stripe.abandon(&quote_of(&id)).await.unwrap();
        assert_eq!(server.account(quote_of(&id).as_str()).await, account);
        let (kind, back) = if capture {
            (OperationKind::Refund, 500)
        } else {
            (OperationKind::Capture, 500)
        };
        assert_eq!(
            operate(&stripe, &id, &operation(number), kind, back).await,
            Ok(Done::Done)
        );
    }

    let id = charge(3);
    let asked = page(authenticate(&stripe, &id, ASKS, 500).await);
    server.answer(&asked, false).await;
    assert_eq!(stripe.authentication(&quote_of(&id)).await, Ok(Proof::Failed));
    assert_eq!(server.account(quote_of(&id).as_str()).await.intents, 0);
    for _ in 0..2 {
        let charged = authorise(&stripe, &id, ASKS, 500, true).await;
        assert_eq!(
            charged,
            Ok(Answer::Declined(DeclineReason::CardDeclined)),
            "a no is a no"
        );
    }
}

#[tokio::test]
async fn who_is_known_is_not_asked_and_a_card_that_is_declined_is_told_so() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let stripe = open(server.port(), &folder.path().join("stripe.db"));
    let id = charge(1);
    assert_eq!(
        authenticate(&stripe, &id, PAYS, 500).await,
        Ok(Authenticated::Unneeded)
    );
    assert_eq!(stripe.authentication(&quote_of(&id)).await, Ok(Proof::Met));
    assert_eq!(
        authorise(&stripe, &id, PAYS, 500, true).await,
        Ok(Answer::Approved)
    );
    assert_eq!(server.account(quote_of(&id).as_str()).await.captured, 500);

    // Who asks for tokens learns nothing of a card: the charge does.
    let id = charge(2);
    assert_eq!(
        authenticate(&stripe, &id, DECLINED, 500).await,
        Ok(Authenticated::Unneeded)
    );
    for _ in 0..2 {
        let charged = authorise(&stripe, &id, DECLINED, 500, true).await;
        assert_eq!(charged, Ok(Answer::Declined(DeclineReason::CardDeclined)));
    }

    // The same quote is over one amount and no other.
    let id = charge(3);
    assert_eq!(
        authenticate(&stripe, &id, PAYS, 500).await,
        Ok(Authenticated::Unneeded)
    );
    assert!(authenticate(&stripe, &id, PAYS, 501).await.is_err());
    assert_eq!(
        authorise(&stripe, &id, PAYS, 501, true).await,
        Ok(Answer::Approved)
    );
    assert_eq!(
        server.account(id.as_str()).await.captured,
        501,
        "what was reserved is of another amount"
    );
}

#[tokio::test]
async fn what_nobody_charges_is_let_go() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let stripe = open(server.port(), &folder.path().join("stripe.db"));
    let (met, asked_for, never) = (charge(1), charge(2), charge(3));
    assert_eq!(
        authenticate(&stripe, &met, PAYS, 500).await,
        Ok(Authenticated::Unneeded)
    );
    let asked = page(authenticate(&stripe, &asked_for, ASKS, 500).await);
    for id in [&met, &asked_for, &never] {
        for _ in 0..2 {
            stripe.abandon(&quote_of(id)).await.unwrap();
        }
        assert_eq!(server.account(quote_of(id).as_str()).await.intents, 0);
    }
    // A shopper who says yes too late has confirmed nothing.
    server.answer(&asked, true).await;
    assert_eq!(server.account(quote_of(&asked_for).as_str()).await.intents, 0);
    assert_eq!(
        stripe.authentication(&quote_of(&asked_for)).await,
        Ok(Proof::Failed)
    );
}

/// Every request in turn is the last that the process sends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_has_one_true_outcome_wherever_its_process_ends() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let books = folder.path().join("stripe.db");
    let mut number = 0;
    // Method, intent, confirmation; then the capture, and a look.
    for last in 1..=5 {
        for fate in [Fate::LoseRequest, Fate::LoseAnswer] {
            number += 1;
            let id = charge(number);
            ended_at(&server, &books, last, fate, async |stripe| {
                let _ = authenticate(&stripe, &id, PAYS, 500).await;
                let _ = authorise(&stripe, &id, PAYS, 500, true).await;
            })
            .await;
            let stripe = open(server.port(), &books);
            // Before the charge was begun, the gateway asks again; afterwards it finds out.
            if last <= 3 {
                assert_eq!(
                    authenticate(&stripe, &id, PAYS, 500).await,
                    Ok(Authenticated::Unneeded)
                );
                assert_eq!(
                    authorise(&stripe, &id, PAYS, 500, true).await,
                    Ok(Answer::Approved)
                );
            } else {
                assert_eq!(
                    stripe.look_up(&id).await,
                    Ok(Found::Ended(Answer::Approved)),
                    "{last} {fate:?}"
                );
            }
            let account = server.account(quote_of(&id).as_str()).await;
            assert_eq!(
                (account.intents, account.captured),
                (1, 500),
                "{fate:?} of request {last}"
            );
            assert_eq!(
                server.account(id.as_str()).await.intents,
                0,
                "{fate:?} of request {last}"
            );
        }
    }
}
