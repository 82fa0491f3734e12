//! Random histories: whatever shoppers, merchants, banks and clocks do, and in whatever order, the money
//! stays right.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod life {
    pub mod acts;
    pub mod check;
    pub mod world;
}

use farthing_gateway::fee::{Country, FeeSchedule, Terms};
use farthing_gateway::{Answer, ChargeStore, Done, OperationStore};
use farthing_protocol::{Bearer, Currency, MethodKind};
use farthing_testkit::{NOW, Shop};
use proptest::prelude::*;

use life::{acts::act, check::Past, world::World};

/// CI runs these; `FARTHING_HISTORIES=1000000` is the long run.
fn cases() -> u32 {
    std::env::var("FARTHING_HISTORIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2_500)
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_money_stays_right(seed: u64, acts in prop::collection::vec(act(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new(seed);
            let mut past = Past::default();
            for act in acts {
                world.act(act).await;
                past.check(&world).await;
            }
            // When the bank answers again, nothing stays unknown.
            world.bank.answer(Some(Answer::Approved), false);
            world.bank.operate_as(Some(Done::Done));
            for _ in 0..3 {
                world.clock.pass(3_601);
                world.gateway.resolve().await.unwrap();
                world.gateway.give_back_due().await.unwrap();
                past.check(&world).await;
            }
            let (later, store) = (NOW.plus(100_000_000), world.gateway.store());
            assert!(store.unresolved(later, later, 100).await.unwrap().is_empty(), "a charge stayed unknown");
            let open = store.unresolved_operations(later, later, 100).await.unwrap();
            assert!(open.is_empty(), "an operation stayed unknown");
        });
    }
}
