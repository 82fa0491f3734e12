//! Random histories: whatever shoppers, merchants, banks and clocks do, and in whatever order, the money
//! stays right.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

mod life {
    pub mod acts;
    pub mod check;
    pub mod world;
}

use std::{num::NonZero, thread};

use farthing_gateway::fee::{Country, FeeSchedule, Terms};
use farthing_gateway::{Answer, ChargeStore, Done, OperationStore, Stage};
use farthing_protocol::{
    Bearer, Currency, DisputeStatus, MethodKind,
    limits::{AUTHORISATION_LIFETIME_S, DISPUTE_ANSWER_S},
};
use farthing_store_sql::{Either, SqlStore};
use farthing_testkit::{NOW, PostgresServer, Shop};
use proptest::{prelude::*, test_runner::TestRunner};

use life::{
    acts::{Act, act},
    check::Past,
    world::{Store, World},
};

/// A taste of them without optimisation. `cargo xtask test histories` runs 10,000, and with `FARTHING_HISTORIES=1000000`
/// that many.
fn cases() -> u32 {
    std::env::var("FARTHING_HISTORIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100)
}

/// The shop, where `bearer` bears a fee of 5 cents and 1.4 %.
fn with_fee(mut shop: Shop, bearer: Bearer) -> Shop {
    let terms = Terms {
        method: MethodKind::Card,
        currency: Currency::parse("EUR").unwrap(),
        bearer,
        fixed: 5,
        rate_bp: 140,
        floor: 0,
        cap: None,
        small: None,
    };
    shop.country = Country::parse("NZ").unwrap();
    shop.fees = vec![FeeSchedule::try_from(terms).unwrap()];
    shop
}

#[test]
fn the_money_stays_right() {
    live_all(cases(), || {
        let store = farthing_store_sqlite::memory().unwrap();
        SqlStore::new(Either::One(store.into_engine()))
    });
}

/// Fewer, for each has tables of its own on a server; what they ask of it is what they ask of the other.
#[test]
fn the_money_stays_right_on_postgresql() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    live_all(cases().div_ceil(3).min(200), || {
        let store = farthing_store_postgres::open(&server.schema()).unwrap();
        SqlStore::new(Either::Other(store.into_engine()))
    });
}

fn live_all(cases: u32, store: impl Fn() -> Store + Sync) {
    let hands = thread::available_parallelism().map_or(1, NonZero::get);
    let each = cases.div_ceil(u32::try_from(hands).unwrap());
    thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                let mut runner = TestRunner::new(ProptestConfig::with_cases(each));
                let history = (any::<u64>(), prop::collection::vec(act(), 1..40));
                if let Err(error) = runner.run(&history, |(seed, acts)| {
                    live(seed, acts, store());
                    Ok(())
                }) {
                    panic!("{error}");
                }
            });
        }
    });
}

/// One history, with a look at the books after each act, and its end.
fn live(seed: u64, acts: Vec<Act>, store: Store) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(seed, store);
        let mut past = Past::default();
        for act in acts {
            world.act(act).await;
            past.check(&world).await;
        }
        // When the bank answers again, nothing stays unknown.
        world.bank.answer(Some(Answer::Approved), false);
        world.bank.operate_as(Some(Done::Done));
        for _ in 0..3 {
            world.pass(3_601).await;
            past.check(&world).await;
        }
        let (later, store) = (NOW.plus(100_000_000), world.gateway.store());
        assert!(
            store.unresolved(later, later, 100).await.unwrap().is_empty(),
            "a charge stayed unknown"
        );
        let open = store.unresolved_operations(later, later, 100).await.unwrap();
        assert!(open.is_empty(), "an operation stayed unknown");
        // And nothing stays reserved, nor without an answer to an objection.
        for seconds in [AUTHORISATION_LIFETIME_S.max(DISPUTE_ANSWER_S) + 1, 3_601] {
            world.pass(seconds).await;
            past.check(&world).await;
        }
        for (charge, _) in &world.charges {
            let charge = world.gateway.store().charge(charge).await.unwrap().unwrap();
            assert!(
                !charge.stage.is_open() && !matches!(charge.stage, Stage::Authorised { .. }),
                "{charge:?}"
            );
            assert_eq!(charge.refunding, 0, "{charge:?}");
        }
        for dispute in world.gateway.disputes(None).await.unwrap() {
            assert!(
                !matches!(dispute.status, DisputeStatus::Open { .. }),
                "{dispute:?}"
            );
        }
    });
}
