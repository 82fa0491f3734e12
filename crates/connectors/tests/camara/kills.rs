//! A process that ends at each point at which something has just been asked or answered, and one that comes after it.

use std::path::Path;

use farthing_connectors::Camara;
use farthing_gateway::{Answer, Authenticated, Connector, Done, Found, NoAnswer, Tried, Way};
use farthing_testkit::{CarrierManner, PhoneCarrier};

use crate::{
    Shopper, charge,
    line::{Fate, Line},
    open, quote,
};

const LOST: [Fate; 2] = [Fate::LoseRequest, Fate::LoseAnswer];

fn shopper(of: u8) -> Shopper<'static> {
    Shopper {
        number: PhoneCarrier::PAYS,
        of,
        minor: 500,
    }
}

/// Asking, and passing the passcode on: whoever comes next goes on, and the shopper pays once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shopper_who_is_asked_pays_once_wherever_the_process_ends() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let mut of = 0;
    for repeats in [false, true] {
        carrier.manner(CarrierManner {
            repeats,
            ..CarrierManner::default()
        });
        for fate in LOST {
            of += 1;
            let one = shopper(of);
            ended_at(&carrier, folder.path(), 1, fate, async |camara| {
                let _ = one.ask(&camara).await;
            })
            .await;
            let camara = open(carrier.port(), folder.path());
            assert_eq!(one.ask(&camara).await, Ok(Authenticated::Needed(Way::Passcode)));
            ended_at(&carrier, folder.path(), 1, fate, async |camara| {
                let _ = one.types(&camara, PhoneCarrier::PASSCODE).await;
            })
            .await;
            let camara = open(carrier.port(), folder.path());
            assert_eq!(
                one.types(&camara, PhoneCarrier::PASSCODE).await,
                Ok(Tried::Met),
                "{fate:?}"
            );
            assert_eq!(one.pays(&camara, true).await, Ok(Answer::Approved), "{fate:?}");
            let account = carrier.account(quote(of).as_str());
            assert_eq!(account.charged, 500, "{fate:?}");
            let orphans = usize::from(fate == Fate::LoseAnswer && !repeats);
            assert_eq!((account.prepared, account.held), (1 + orphans, orphans));
        }
    }
}

/// A charge asks twice: to confirm, and how it stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_charge_has_one_true_outcome_wherever_its_process_ends() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let mut of = 0;
    let (mut paid, mut never) = (0, 0);
    for last in 1..=2 {
        for fate in LOST {
            of += 1;
            let one = shopper(of);
            one.shows_that_it_is_them(&open(carrier.port(), folder.path()))
                .await;
            ended_at(&carrier, folder.path(), last, fate, async |camara| {
                let _ = one.pays(&camara, true).await;
            })
            .await;
            let camara = open(carrier.port(), folder.path());
            assert_eq!(one.pays(&camara, true).await, Err(NoAnswer), "no guess");
            let mut found = camara.look_up(&charge(of)).await.unwrap();
            if found == Found::Pending {
                // The number is gone with the process, so nothing can be cancelled: the carrier discards it.
                assert_eq!(carrier.account(quote(of).as_str()).held, 1);
                carrier.discard();
                found = camara.look_up(&charge(of)).await.unwrap();
            }
            assert_eq!(camara.look_up(&charge(of)).await, Ok(found));
            let charged = carrier.account(quote(of).as_str()).charged;
            match found {
                Found::Ended(Answer::Approved) => {
                    paid += 1;
                    assert_eq!(charged, 500, "{fate:?} {last}");
                    assert_eq!(one.pays(&camara, true).await, Ok(Answer::Approved));
                }
                Found::Never => {
                    never += 1;
                    assert_eq!(charged, 0, "told as never, and paid: {fate:?} {last}");
                    let again = one.pays(&camara, true).await;
                    assert!(matches!(again, Ok(Answer::Declined(_))), "{again:?}");
                }
                found => panic!("{found:?} after {fate:?} of request {last}"),
            }
            assert_eq!(carrier.account(quote(of).as_str()).charged, charged);
        }
    }
    assert_eq!((paid, never), (3, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_has_one_effect_wherever_its_process_ends() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    // The carrier's own protection is not what this is about.
    carrier.manner(CarrierManner {
        careless: true,
        ..CarrierManner::default()
    });
    for (of, fate) in [(1, Fate::LoseRequest), (2, Fate::LoseAnswer)] {
        let one = shopper(of);
        let camara = open(carrier.port(), folder.path());
        one.shows_that_it_is_them(&camara).await;
        assert_eq!(one.pays(&camara, true).await, Ok(Answer::Approved));
        ended_at(&carrier, folder.path(), 1, fate, async |camara| {
            let _ = one.gets_back(&camara, of, 500).await;
        })
        .await;
        let camara = open(carrier.port(), folder.path());
        for _ in 0..2 {
            assert_eq!(one.gets_back(&camara, of, 500).await, Ok(Done::Done));
        }
        assert_eq!(carrier.account(quote(of).as_str()).refunded, 500, "{fate:?}");
    }
}

/// The confirmation is on its way when it is given up, or when its process ends, and arrives after somebody has asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_up_is_not_paid_when_it_still_arrives() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let late = |_, head: &str| {
        if head.contains("/confirm") {
            Fate::Late
        } else {
            Fate::Pass
        }
    };
    // The same process still has the number, and cancels.
    let (line, port) = Line::lay(carrier.port(), late).await;
    let camara = open(port, folder.path());
    let one = shopper(1);
    one.shows_that_it_is_them(&camara).await;
    // Each try delivers the one before it, so the last is out.
    let answer = one.pays(&camara, true).await;
    assert_eq!(answer, Ok(Answer::Approved), "the second try brings the first");
    line.let_go().await;
    assert_eq!(carrier.account(quote(1).as_str()).charged, 500);

    let two = shopper(2);
    let lose = |_, head: &str| {
        if head.contains("/confirm") {
            Fate::LoseRequest
        } else {
            Fate::Pass
        }
    };
    let (_line, port) = Line::lay(carrier.port(), lose).await;
    let camara = open(port, folder.path());
    two.shows_that_it_is_them(&camara).await;
    assert_eq!(two.pays(&camara, true).await, Err(NoAnswer));
    // A sweep has no say in what a charge has taken.
    assert_eq!(camara.abandon(&quote(2)).await, Ok(()));
    assert_eq!(carrier.requests("cancel"), 0);
    assert_eq!(camara.look_up(&charge(2)).await, Ok(Found::Never));
    let account = carrier.account(quote(2).as_str());
    assert_eq!((account.held, account.charged), (0, 0));

    // Another process has no number: it says nothing before the carrier does.
    let three = shopper(3);
    three
        .shows_that_it_is_them(&open(carrier.port(), folder.path()))
        .await;
    let line = ended_at(&carrier, folder.path(), 1, Fate::Late, async |camara| {
        let _ = three.pays(&camara, true).await;
    })
    .await;
    let camara = open(carrier.port(), folder.path());
    assert_eq!(camara.look_up(&charge(3)).await, Ok(Found::Pending));
    line.let_go().await;
    assert_eq!(
        camara.look_up(&charge(3)).await,
        Ok(Found::Ended(Answer::Approved))
    );
    assert_eq!(carrier.account(quote(3).as_str()).charged, 500);
}

/// Has a process do `work` that ends when its request number `last` has met its fate.
async fn ended_at(
    carrier: &PhoneCarrier,
    folder: &Path,
    last: usize,
    fate: Fate,
    work: impl AsyncFnOnce(Camara),
) -> Line {
    let fates = move |number, _: &str| if number == last { fate } else { Fate::Pass };
    let (line, port) = Line::lay_silent(carrier.port(), fates).await;
    let camara = open(port, folder);
    tokio::select! {
        biased;
        () = line.struck() => {}
        () = work(camara) => panic!("it ended before its request number {last}"),
    }
    assert_eq!(line.requests(), last);
    line
}
