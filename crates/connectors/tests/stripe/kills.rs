//! A process that ends at each point at which something has just been asked or answered, and one that comes after it.

use farthing_connectors::Stripe;
use farthing_gateway::{Answer, Connector, Done, Found};
use farthing_protocol::OperationKind;

use crate::{
    PAYS, authorise, charge,
    line::{Fate, Line},
    open, operate, operation,
    server::Server,
};

/// What a payment asks at the most: method, intent, confirmation; and to look, where an answer was lost.
const REQUESTS: usize = 3;

/// Every request in turn is the last that the process sends: once it does not arrive, once its answer does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_has_one_true_outcome_wherever_its_process_ends() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let books = folder.path().join("stripe.db");
    let mut number = 0;
    let (mut paid, mut never) = (0, 0);
    for capture in [true, false] {
        for last in 1..=REQUESTS {
            for fate in [Fate::LoseRequest, Fate::LoseAnswer] {
                number += 1;
                let id = charge(number);
                ended_at(&server, &books, last, fate, async |stripe| {
                    let _ = authorise(&stripe, &id, PAYS, 500, capture).await;
                })
                .await;
                // Whoever comes next asks how it ended, as the gateway does; and it does not matter how often.
                let stripe = open(server.port(), &books);
                let found = stripe.look_up(&id).await.unwrap();
                assert_eq!(stripe.look_up(&id).await.unwrap(), found);
                let account = server.account(id.as_str()).await;
                match found {
                    Found::Ended(Answer::Approved) => {
                        paid += 1;
                        assert_eq!(
                            (account.intents, account.captured + account.reserved),
                            (1, 500),
                            "{fate:?} {last}"
                        );
                    }
                    Found::Never => {
                        never += 1;
                        assert_eq!(account.intents, 0, "told as never, and paid: {fate:?} {last}");
                        // Nor will it, when it is asked for again.
                        let again = authorise(&stripe, &id, PAYS, 500, capture).await;
                        assert!(matches!(again, Ok(Answer::Declined(_))), "{again:?}");
                        assert_eq!(server.account(id.as_str()).await.intents, 0);
                    }
                    found => panic!("{found:?} after {fate:?} of request {last}"),
                }
            }
        }
    }
    assert_eq!((paid, never), (2, 10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_has_one_effect_wherever_its_process_ends() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let books = folder.path().join("stripe.db");
    let mut number = 100;
    for kind in [
        OperationKind::Capture,
        OperationKind::Void,
        OperationKind::Refund,
        OperationKind::Return,
    ] {
        for fate in [Fate::LoseRequest, Fate::LoseAnswer] {
            number += 1;
            let (id, operation) = (charge(number), operation(number));
            let of_taken = matches!(kind, OperationKind::Refund | OperationKind::Return);
            let stripe = open(server.port(), &books);
            assert_eq!(
                authorise(&stripe, &id, PAYS, 500, of_taken).await,
                Ok(Answer::Approved)
            );
            ended_at(&server, &books, 1, fate, async |stripe| {
                let _ = operate(&stripe, &id, &operation, kind, 500).await;
            })
            .await;
            let stripe = open(server.port(), &books);
            for _ in 0..2 {
                assert_eq!(
                    operate(&stripe, &id, &operation, kind, 500).await,
                    Ok(Done::Done),
                    "{kind:?} {fate:?}"
                );
            }
            let account = server.account(id.as_str()).await;
            let (captured, refunded) = match kind {
                OperationKind::Capture => (500, 0),
                OperationKind::Refund | OperationKind::Return => (500, 500),
                OperationKind::Void | OperationKind::Expire => (0, 0),
            };
            assert_eq!(
                (account.captured, account.refunded, account.reserved),
                (captured, refunded, 0),
                "{kind:?} {fate:?}"
            );
        }
    }
}

/// The confirmation is on its way when the process ends, and arrives when somebody has said that it never will.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_up_is_not_paid_when_it_still_arrives() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (books, id) = (folder.path().join("stripe.db"), charge(1));
    let line = ended_at(&server, &books, REQUESTS, Fate::Late, async |stripe| {
        let _ = authorise(&stripe, &id, PAYS, 500, true).await;
    })
    .await;
    assert_eq!(open(server.port(), &books).look_up(&id).await, Ok(Found::Never));
    line.let_go().await;
    assert_eq!(
        server.account(id.as_str()).await.intents,
        0,
        "told as never, and paid"
    );
}

/// Has a process do `work` that ends when its request number `last` has met its fate.
pub(super) async fn ended_at(
    server: &Server,
    books: &std::path::Path,
    last: usize,
    fate: Fate,
    work: impl AsyncFnOnce(Stripe),
) -> Line {
    let fates = move |number, _: &str| if number == last { fate } else { Fate::Pass };
    let (line, port) = Line::lay_silent(server.port(), fates).await;
    let stripe = open(port, books);
    tokio::select! {
        biased;
        () = line.struck() => {}
        () = work(stripe) => panic!("it ended before its request number {last}"),
    }
    assert_eq!(line.requests(), last);
    line
}
