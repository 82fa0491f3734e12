//! Random lives of payments over a line on which requests and answers are lost, doubled, late and out of order.

use farthing_gateway::{Answer, Authenticated, Connector, Done, Found, Tried};
use farthing_protocol::limits;
use farthing_testkit::{CarrierManner, PhoneCarrier, RefundStands};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    Shopper, charge,
    line::{Fate, Line},
    open, quote,
};

#[derive(Clone, Debug)]
struct Life {
    number: &'static str,
    repeats: bool,
    /// Which passcodes are right.
    typed: Vec<bool>,
    /// Whether the process is another one when the charge is looked up.
    ends: bool,
    refunds: Vec<i64>,
    /// What happens to the requests, one after the other; those that come after go through.
    fates: Vec<Fate>,
}

fn life() -> impl Strategy<Value = Life> {
    let fate = prop_oneof![
        4 => Just(Fate::Pass),
        1 => Just(Fate::LoseRequest),
        1 => Just(Fate::LoseAnswer),
        1 => Just(Fate::Double),
        1 => Just(Fate::Late),
    ];
    let number = prop_oneof![
        4 => Just(PhoneCarrier::PAYS),
        1 => Just(PhoneCarrier::DECLINED),
        1 => Just(PhoneCarrier::SLOW),
    ];
    (
        number,
        any::<bool>(),
        prop::collection::vec(prop::bool::weighted(0.7), 1..6),
        any::<bool>(),
        prop::collection::vec(1_i64..400, 0..5),
        prop::collection::vec(fate, 0..24),
    )
        .prop_map(|(number, repeats, typed, ends, refunds, fates)| Life {
            number,
            repeats,
            typed,
            ends,
            refunds,
            fates,
        })
}

#[test]
fn the_carrier_and_we_agree_whatever_the_line_does() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        cases: 100,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    });
    let seen = std::cell::RefCell::new([0; 3]);
    let result = runner.run(&life(), |life| {
        let end = runtime.block_on(live(life));
        seen.borrow_mut()[end] += 1;
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // Paid, declined and never charged: a life that ends in one way only tells little.
    let seen = seen.into_inner();
    assert!(seen.iter().all(|times| *times > 0), "{seen:?}");
}

/// Lives it, and says how it ended: paid, declined, or never.
async fn live(life: Life) -> usize {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    carrier.manner(CarrierManner {
        repeats: life.repeats,
        refunds: RefundStands::Succeeded,
        ..CarrierManner::default()
    });
    let one = Shopper {
        number: life.number,
        of: 1,
        minor: 500,
    };
    let mut fates = life.fates.clone().into_iter();
    let (line, port) = Line::lay(carrier.port(), move |_, _: &str| {
        fates.next().unwrap_or(Fate::Pass)
    })
    .await;
    let mut camara = open(port, folder.path());
    let mut asked = one.ask(&camara).await;
    for _ in 0..8 {
        if asked.is_ok() {
            break;
        }
        asked = one.ask(&camara).await;
    }
    assert!(matches!(asked, Ok(Authenticated::Needed(_))), "{asked:?}");
    let mut met = false;
    for (tries, right) in life.typed.iter().enumerate() {
        let typed = if *right { PhoneCarrier::PASSCODE } else { "111111" };
        match one.types(&camara, typed).await {
            Ok(Tried::Met) => met = true,
            Ok(Tried::Wrong(left)) => {
                let counted = usize::from(limits::PASSCODE_TRIES - left);
                assert_eq!(counted, tries + 1, "{life:?}");
            }
            Ok(Tried::Failed) | Err(_) => {}
        }
    }
    assert!(!met || life.typed.contains(&true), "{life:?}");
    assert!(met || carrier.account(quote(1).as_str()).charged == 0);
    let answer = one.pays(&camara, true).await;
    if life.ends {
        camara = open(port, folder.path());
    }
    // What is late arrives at last, and what is slow ends; then whoever looks is told the truth.
    line.let_go().await;
    carrier.settle();
    carrier.discard();
    let mut found = camara.look_up(&charge(1)).await;
    for _ in 0..30 {
        if matches!(found, Ok(Found::Ended(_) | Found::Never)) {
            break;
        }
        // A confirmation that came late may have come by another look.
        line.let_go().await;
        carrier.settle();
        found = camara.look_up(&charge(1)).await;
    }
    let account = carrier.account(quote(1).as_str());
    let end = match found {
        Ok(Found::Ended(Answer::Approved)) => 0,
        Ok(Found::Ended(Answer::Declined(_))) => 1,
        Ok(Found::Never) => 2,
        found => panic!("{found:?} {life:?}"),
    };
    assert_eq!(account.charged, if end == 0 { 500 } else { 0 }, "{life:?}");
    assert!(end != 0 || met, "paid without a passcode: {life:?}");
    if let Ok(answer) = answer {
        assert_eq!(answer == Answer::Approved, end == 0, "{life:?}");
    }
    let mut given = 0;
    for (id, minor) in life.refunds.iter().enumerate() {
        let id = u8::try_from(id).unwrap() + 1;
        let mut done = one.gets_back(&camara, id, *minor).await;
        for _ in 0..30 {
            if done.is_ok() {
                break;
            }
            line.let_go().await;
            done = one.gets_back(&camara, id, *minor).await;
        }
        match done {
            Ok(Done::Done) => given += minor,
            Ok(Done::Refused) => assert!(given + minor > account.charged, "{life:?}"),
            Err(none) => panic!("{none:?} {life:?}"),
        }
    }
    line.let_go().await;
    assert_eq!(carrier.account(quote(1).as_str()).refunded, given, "{life:?}");
    end
}
