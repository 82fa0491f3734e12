use farthing_connectors::ApiKey;
use farthing_gateway::{Answer, Connector, Done, Found};
use farthing_protocol::{DeclineReason, OperationKind};

use crate::{
    PAYS, authorise, charge, euros, open, operate, operation,
    server::{Account, Server},
};

const DECLINED: &str = "4000000000000341";
const ASKS_THE_SHOPPER: &str = "4000002500003155";

#[tokio::test]
async fn a_payment_goes_its_ways() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let stripe = open(server.port(), &folder.path().join("stripe.db"));

    // Taken at once; given back in parts; not more than was taken.
    let at_once = charge(1);
    assert_eq!(
        authorise(&stripe, &at_once, PAYS, 500, true).await,
        Ok(Answer::Approved)
    );
    assert_eq!(
        operate(&stripe, &at_once, &operation(1), OperationKind::Refund, 200).await,
        Ok(Done::Done)
    );
    assert_eq!(
        operate(&stripe, &at_once, &operation(2), OperationKind::Refund, 301).await,
        Ok(Done::Refused)
    );
    assert_eq!(
        operate(&stripe, &at_once, &operation(3), OperationKind::Return, 300).await,
        Ok(Done::Done)
    );
    assert_eq!(
        operate(&stripe, &at_once, &operation(4), OperationKind::Capture, 500).await,
        Ok(Done::Refused)
    );
    let account = Account {
        intents: 1,
        captured: 500,
        refunded: 500,
        ..Account::default()
    };
    assert_eq!(server.account(at_once.as_str()).await, account);

    // Reserved, taken in part, once.
    let reserved = charge(2);
    assert_eq!(
        authorise(&stripe, &reserved, PAYS, 900, false).await,
        Ok(Answer::Approved)
    );
    assert_eq!(server.account(reserved.as_str()).await.reserved, 900);
    assert_eq!(
        operate(&stripe, &reserved, &operation(5), OperationKind::Capture, 901).await,
        Ok(Done::Refused)
    );
    assert_eq!(
        operate(&stripe, &reserved, &operation(6), OperationKind::Capture, 400).await,
        Ok(Done::Done)
    );
    assert_eq!(
        operate(&stripe, &reserved, &operation(7), OperationKind::Void, 900).await,
        Ok(Done::Refused)
    );
    let account = Account {
        intents: 1,
        captured: 400,
        ..Account::default()
    };
    assert_eq!(server.account(reserved.as_str()).await, account);

    // Reserved and let go.
    let let_go = charge(3);
    assert_eq!(
        authorise(&stripe, &let_go, PAYS, 900, false).await,
        Ok(Answer::Approved)
    );
    assert_eq!(
        operate(&stripe, &let_go, &operation(8), OperationKind::Expire, 900).await,
        Ok(Done::Done)
    );
    assert_eq!(
        operate(&stripe, &let_go, &operation(9), OperationKind::Capture, 900).await,
        Ok(Done::Refused)
    );
    assert_eq!(server.account(let_go.as_str()).await, Account::default());
}

#[tokio::test]
async fn a_card_that_does_not_pay_is_declined_and_stays_so() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let books = folder.path().join("stripe.db");
    for (number, card, reason) in [
        (1, DECLINED, DeclineReason::CardDeclined),
        // The shopper has left: nobody can be asked.
        (2, ASKS_THE_SHOPPER, DeclineReason::CardDeclined),
    ] {
        let declined = Answer::Declined(reason);
        // Each time by one that knows what the one before wrote down.
        assert_eq!(
            authorise(&open(server.port(), &books), &charge(number), card, 500, true).await,
            Ok(declined)
        );
        let stripe = open(server.port(), &books);
        assert_eq!(
            authorise(&stripe, &charge(number), PAYS, 500, true).await,
            Ok(declined)
        );
        assert_eq!(stripe.look_up(&charge(number)).await, Ok(Found::Ended(declined)));
        let refused = operate(
            &stripe,
            &charge(number),
            &operation(number),
            OperationKind::Refund,
            5,
        )
        .await;
        assert_eq!(refused, Ok(Done::Refused));
        assert_eq!(server.account(charge(number).as_str()).await, Account::default());
    }
}

#[tokio::test]
async fn what_was_asked_twice_is_done_once() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let stripe = open(server.port(), &folder.path().join("stripe.db"));
    for _ in 0..2 {
        assert_eq!(
            authorise(&stripe, &charge(1), PAYS, 500, true).await,
            Ok(Answer::Approved)
        );
        assert_eq!(
            operate(&stripe, &charge(1), &operation(1), OperationKind::Refund, 200).await,
            Ok(Done::Done)
        );
    }
    let account = Account {
        intents: 1,
        captured: 500,
        refunded: 200,
        ..Account::default()
    };
    assert_eq!(server.account(charge(1).as_str()).await, account);
}

#[tokio::test]
async fn what_never_arrived_is_refused_when_it_still_comes() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let stripe = open(server.port(), &folder.path().join("stripe.db"));
    assert_eq!(stripe.look_up(&charge(1)).await, Ok(Found::Never));
    let late = authorise(&stripe, &charge(1), PAYS, 500, true).await;
    assert_eq!(late, Ok(Answer::Declined(DeclineReason::ProcessingFailed)));
    assert_eq!(server.account(charge(1).as_str()).await, Account::default());
    // Another currency's amount is another amount.
    assert_eq!(
        authorise(&stripe, &charge(2), PAYS, 500, true).await,
        Ok(Answer::Approved)
    );
    let dollars =
        farthing_protocol::Money::new(100, farthing_protocol::Currency::parse("USD").unwrap()).unwrap();
    assert_ne!(dollars.currency(), euros(100).currency());
    let instruction = farthing_gateway::Instruction {
        id: &operation(1),
        charge: &charge(2),
        kind: OperationKind::Refund,
        amount: dollars,
    };
    assert_eq!(stripe.operate(instruction).await, Ok(Done::Refused));
}

#[test]
fn a_key_is_told_from_what_is_none() {
    assert!(ApiKey::parse("sk_test_1").unwrap().is_test());
    assert!(!ApiKey::parse("rk_live_1").unwrap().is_test());
    for bad in ["", "pk_test_1", "sk_live_1\n", "sk_ü"] {
        assert!(ApiKey::parse(bad).is_err());
    }
}
