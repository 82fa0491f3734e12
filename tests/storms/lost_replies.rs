//! A merchant's server behind a line on which nothing can be relied upon.

use std::{cell::Cell, time::Duration};

use farthing_journeys::process::free_port;
use futures_util::future::join_all;

use crate::{
    chance::Chance,
    line::Line,
    payment::Payment,
    shop::Shop,
    world::{how_many, storm},
};

/// Payments under way at once.
const AT_ONCE: usize = 16;
/// How long the merchant waits for an answer before it asks again.
const DEADLINE: Duration = Duration::from_millis(500);

#[test]
fn a_bad_line_charges_nobody_twice_and_fails_nobody_falsely() {
    storm("lost_replies", async |world| {
        let port = free_port();
        let (line, carrier) = Line::lay(port, world.provider.port, Chance::new(2)).await;
        let shop = Shop::behind(&world.kiosk, port, DEADLINE);
        let (count, begun) = (how_many("FARTHING_PAYMENTS", 300), Cell::new(0));
        let payers = (0..AT_ONCE).map(|_| pay(&shop, &begun, count));
        let payments: Vec<Payment> = join_all(payers).await.into_iter().flatten().collect();
        payments.iter().for_each(Payment::must_have_gone_well);
        line.clear().await;
        carrier.abort();
        world.must_be_right(&payments, &Shop::new(&world.kiosk)).await;
    });
}

async fn pay(shop: &Shop, begun: &Cell<u64>, count: u64) -> Vec<Payment> {
    let mut payments = Vec::new();
    while begun.get() < count {
        let number = begun.replace(begun.get() + 1);
        let mut payment = Payment::new("line", number);
        assert!(payment.go_on(shop, true).await);
        payments.push(payment);
    }
    payments
}
