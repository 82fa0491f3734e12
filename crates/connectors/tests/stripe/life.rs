//! Random lives of payments over a line on which requests and answers are lost, doubled, late and out of order.

use farthing_gateway::{Answer, Connector, Done, Found};
use farthing_protocol::OperationKind;
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    PAYS, authorise, charge,
    line::{Fate, Line},
    open, operate, operation,
    server::Server,
};

const DECLINED: &str = "4000000000000341";

#[derive(Clone, Debug)]
struct Life {
    pays: bool,
    capture: bool,
    operations: Vec<(OperationKind, i64)>,
    /// What happens to the requests, one after the other; those that come after go through.
    fates: Vec<Fate>,
}

fn life() -> impl Strategy<Value = Life> {
    let kind = prop_oneof![
        Just(OperationKind::Capture),
        Just(OperationKind::Void),
        Just(OperationKind::Refund),
        Just(OperationKind::Refund),
        Just(OperationKind::Return),
    ];
    let fate = prop_oneof![
        4 => Just(Fate::Pass),
        1 => Just(Fate::LoseRequest),
        1 => Just(Fate::LoseAnswer),
        1 => Just(Fate::Double),
        1 => Just(Fate::Late),
    ];
    (
        prop::bool::weighted(0.9),
        any::<bool>(),
        prop::collection::vec((kind, 1_i64..700), 0..4),
        prop::collection::vec(fate, 0..16),
    )
        .prop_map(|(pays, capture, operations, fates)| Life {
            pays,
            capture,
            operations,
            fates,
        })
}

#[test]
fn the_acquirer_and_we_agree_whatever_the_line_does() {
    let Some(server) = Server::start() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        cases: 60,
        max_shrink_iters: 40,
        ..ProptestConfig::default()
    });
    let result = runner.run(&life(), |life| {
        number.set(number.get() + 1);
        let books = folder.path().join(format!("{}.db", number.get()));
        runtime.block_on(async {
            // Of a long list not all would be read.
            server.forget().await;
            live(&server, &books, number.get(), life).await;
        });
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

async fn live(server: &Server, books: &std::path::Path, number: u32, life: Life) {
    let id = charge_number(number);
    let mut fates = life.fates.into_iter();
    let (_line, port) = Line::lay(server.port(), move |_, _| fates.next().unwrap_or(Fate::Pass)).await;
    let mut stripe = open(port, books);
    let card = if life.pays { PAYS } else { DECLINED };
    let answer = match authorise(&stripe, &id, card, 500, life.capture).await {
        Ok(answer) => answer,
        // As the gateway does: it is looked into until it has ended, by whoever comes.
        Err(_) => loop {
            stripe = open(port, books);
            match stripe.look_up(&id).await {
                Ok(Found::Ended(answer)) => break answer,
                Ok(Found::Never) => {
                    break Answer::Declined(farthing_protocol::DeclineReason::ProcessingFailed);
                }
                Ok(Found::Pending) | Err(_) => {}
            }
        },
    };
    let approved = answer == Answer::Approved;
    assert!(life.pays || !approved, "a card that is declined has paid");
    let (mut reserved, mut captured, mut refunded) = if !approved {
        (0, 0, 0)
    } else if life.capture {
        (0, 500, 0)
    } else {
        (500, 0, 0)
    };
    for (index, (kind, amount)) in life.operations.into_iter().enumerate() {
        let operation = operation(u8::try_from(index + 1).unwrap());
        let done = loop {
            if let Ok(done) = operate(&stripe, &id, &operation, kind, amount).await {
                break done;
            }
            stripe = open(port, books);
        };
        let fits = match kind {
            OperationKind::Capture | OperationKind::Void | OperationKind::Expire => reserved >= amount,
            OperationKind::Refund | OperationKind::Return => refunded + amount <= captured,
        };
        assert_eq!(
            done,
            if fits { Done::Done } else { Done::Refused },
            "{kind:?} of {amount}"
        );
        if fits {
            match kind {
                OperationKind::Capture => (reserved, captured) = (0, amount),
                OperationKind::Void | OperationKind::Expire => reserved = 0,
                OperationKind::Refund | OperationKind::Return => refunded += amount,
            }
        }
    }
    let account = server.account(id.as_str()).await;
    assert_eq!(
        (account.reserved, account.captured, account.refunded),
        (reserved, captured, refunded)
    );
    assert!(account.intents <= 1, "paid twice");
}

fn charge_number(number: u32) -> farthing_protocol::ChargeId {
    let mut random = [0; 16];
    random[..4].copy_from_slice(&number.to_be_bytes());
    let _ = charge(0);
    farthing_protocol::ChargeId::from_random(random)
}
