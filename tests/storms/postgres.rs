//! Two providers on one PostgreSQL: one of them is killed while the other goes on; the database itself is killed under both;
//! and servers of one merchant redeem one token at both.

use std::cell::Cell;

use farthing_journeys::wait;
use futures_util::{StreamExt, future::join_all, stream};
use serde_json::json;
use tokio::sync::watch;

use crate::{
    chance::Chance,
    pair::{Pair, on_postgres},
    payment::Payment,
    races::race,
    shop::Shop,
    world::how_many,
};

/// Payments under way at once.
const AT_ONCE: usize = 16;
/// Requests sent and answers received between two crashes, at the most.
const BEATS: u64 = 200;

#[test]
fn one_of_two_is_killed_and_the_other_goes_on() {
    on_postgres("two", async |pair| {
        weather(pair, async |beats| {
            let mut chance = Chance::new(3);
            for crash in 0..how_many("FARTHING_CRASHES", 20) {
                pass(beats, &mut chance).await;
                let which = usize::try_from(crash % 2).unwrap();
                pair.kill(which);
                // The other has both's work in the meantime.
                pass(beats, &mut chance).await;
                pair.start(which).await;
            }
        })
        .await;
    });
}

#[test]
fn a_database_that_stops_loses_nothing_and_comes_back_by_itself() {
    on_postgres("database", async |pair| {
        weather(pair, async |beats| {
            let mut chance = Chance::new(4);
            for _ in 0..how_many("FARTHING_CRASHES", 8).div_ceil(2) {
                pass(beats, &mut chance).await;
                pair.server.borrow_mut().kill();
                for which in [0, 1] {
                    let answer = pair.frame_of(which).await;
                    assert_eq!(answer.status, 503, "{answer:?}");
                    assert!(answer.headers.contains_key("retry-after"), "{answer:?}");
                    let ready = pair.get(which, "/readyz").await;
                    assert_eq!(
                        (ready.status, &ready.json()["detail"]),
                        (503, &json!("store")),
                        "{ready:?}"
                    );
                    let health = pair.get(which, "/healthz").await;
                    assert_eq!(health.status, 200, "nobody gets it restarted: {health:?}");
                }
                pair.server.borrow_mut().start_again();
                // Nobody does anything for it.
                for which in [0, 1] {
                    wait::until("the provider works again", async || {
                        (pair.get(which, "/readyz").await.status == 200).then_some(())
                    })
                    .await;
                    wait::until("its frames are there", async || {
                        (pair.frame_of(which).await.status == 200).then_some(())
                    })
                    .await;
                }
            }
        })
        .await;
    });
}

#[test]
fn of_all_who_redeem_a_token_at_two_providers_one_does() {
    on_postgres("two_races", async |pair| {
        let shop = Shop::new(&pair.kiosk);
        let tokens = how_many("FARTHING_RACES", 60);
        stream::iter(0..tokens)
            .for_each_concurrent(3, async |number| race(&shop, number).await)
            .await;
        let report = pair.audit().await;
        assert_eq!(
            (&report["charges"], &report["postings"]),
            (&json!(tokens), &json!(tokens))
        );
    });
}

/// A load of payments while `crashes` happen, and everything right at its end.
async fn weather(pair: &Pair, crashes: impl AsyncFnOnce(&mut watch::Receiver<u64>)) {
    let shop = Shop::new(&pair.kiosk);
    let (begun, over) = (Cell::new(0), Cell::new(false));
    let payers = (0..AT_ONCE).map(|_| pay(&shop, &begun, &over));
    let (payments, ()) = tokio::join!(join_all(payers), async {
        crashes(&mut shop.merchant.beats()).await;
        over.set(true);
    });
    let mut payments: Vec<Payment> = payments.into_iter().flatten().collect();
    wait::until("everything has an end", async || {
        pair.make_a_quarter_of_an_hour_pass();
        (pair.without_end() == 0).then_some(())
    })
    .await;
    stream::iter(&mut payments)
        .for_each_concurrent(AT_ONCE, async |payment| assert!(payment.go_on(&shop, true).await))
        .await;
    stream::iter(&payments)
        .for_each_concurrent(AT_ONCE, async |payment| payment.must_stand(&shop).await)
        .await;
    let operations: usize = payments.iter().map(Payment::operations).sum();
    let count = |table: &str| usize::try_from(pair.number(&format!("SELECT count(*) FROM {table}"))).unwrap();
    assert_eq!(
        (count("charges"), count("operations"), count("requests")),
        (payments.len(), operations, payments.len() + operations),
        "more is booked than was told, or less"
    );
    assert_eq!(pair.audit().await["charges"], payments.len());
}

async fn pass(beats: &mut watch::Receiver<u64>, chance: &mut Chance) {
    let last = *beats.borrow_and_update() + 1 + chance.below(BEATS);
    beats.wait_for(|beats| *beats >= last).await.unwrap();
}

async fn pay(shop: &Shop, begun: &Cell<u64>, over: &Cell<bool>) -> Vec<Payment> {
    let mut payments = Vec::new();
    while !over.get() {
        let number = begun.replace(begun.get() + 1);
        let mut payment = Payment::new("pair", number);
        payment.go_on(shop, false).await;
        payments.push(payment);
    }
    payments
}
