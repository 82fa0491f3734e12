//! The provider is killed in the middle of everything, again and again.

use std::cell::Cell;

use farthing_journeys::{provider::Provider, wait};
use futures_util::{StreamExt, future::join_all, stream};
use tokio::sync::watch;

use crate::{
    chance::Chance,
    payment::Payment,
    shop::Shop,
    world::{how_many, storm},
};

/// Payments under way at once.
const AT_ONCE: usize = 16;
/// Requests sent and answers received between two crashes, at the most.
const BEATS: u64 = 200;

#[test]
fn what_was_told_outlives_every_crash() {
    storm("crashes", async |world| {
        let shop = Shop::new(&world.kiosk);
        let (begun, over) = (Cell::new(0), Cell::new(false));
        let payers = (0..AT_ONCE).map(|_| pay(&shop, &begun, &over));
        let (payments, ()) = tokio::join!(join_all(payers), async {
            crash_again_and_again(&mut world.provider, shop.merchant.beats()).await;
            over.set(true);
        });
        let mut payments: Vec<Payment> = payments.into_iter().flatten().collect();

        // The worker finds out what nobody comes back for.
        let books = &world.provider.books;
        assert!(books.without_end() > 0, "no crash came in the middle of anything");
        wait::until("everything has an end", async || {
            books.make_a_quarter_of_an_hour_pass();
            (books.without_end() == 0).then_some(())
        })
        .await;
        stream::iter(&mut payments)
            .for_each_concurrent(AT_ONCE, async |payment| assert!(payment.go_on(&shop, true).await))
            .await;
        world.must_be_right(&payments, &shop).await;
    });
}

async fn crash_again_and_again(provider: &mut Provider, mut beats: watch::Receiver<u64>) {
    let mut chance = Chance::new(1);
    for _ in 0..how_many("FARTHING_CRASHES", 50) {
        let last = *beats.borrow_and_update() + 1 + chance.below(BEATS);
        beats.wait_for(|beats| *beats >= last).await.unwrap();
        provider.kill();
        // What a crash leaves is right before anybody has looked into it.
        provider.operator(&["audit"]);
        provider.start_again().await;
    }
}

/// One payment after the other, by those who know nothing of crashes but ask again. Where a crash left one without an
/// answer, the next comes first.
async fn pay(shop: &Shop, begun: &Cell<u64>, over: &Cell<bool>) -> Vec<Payment> {
    let mut payments = Vec::new();
    while !over.get() {
        let number = begun.replace(begun.get() + 1);
        let mut payment = Payment::new("crash", number);
        payment.go_on(shop, false).await;
        payments.push(payment);
    }
    payments
}
