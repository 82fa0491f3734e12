use farthing_journeys::{
    browser::{Look, Request},
    canary::{Canary, Find, search},
    card::Card,
    checkout::Checkout,
    journey::{Setup, World, journey_with},
    wait,
};

use crate::page::{self, Seen};

/// Pays: the sandbox takes every number that it does not know.
const PAID: Canary = Canary {
    number: "4929184730562818",
    expiry_month: 8,
    expiry_year: 2041,
    security_code: "073",
    name: "Quillon Vexworth",
};
/// Pays, with a code of four digits.
const AMEX: Canary = Canary {
    number: "379218465092378",
    expiry_month: 5,
    expiry_year: 2043,
    security_code: "0914",
    name: "Brynhild Okonkwo-Szabo",
};
/// Is declined.
const DECLINED: Canary = Canary {
    number: "4000000000000002",
    expiry_month: 9,
    expiry_year: 2042,
    security_code: "058",
    name: "Zebulon Farquharson",
};
/// Typed, and not paid with.
const CANCELLED: Canary = Canary {
    number: "5274918360574926",
    expiry_month: 3,
    expiry_year: 2044,
    security_code: "046",
    name: "Ottoline Drakenfeld",
};

#[test]
fn no_detail_of_a_card_is_found_anywhere() {
    journey_with(
        Setup {
            look: Look {
                keep_network_bytes: true,
                ..Look::default()
            },
            ..Setup::default()
        },
        async |world| {
            let mut seen = Seen::default();
            let mut left = Vec::new();

            let (order, reference) = world.kiosk.order().await;
            page::open(world, &order).await;
            let checkout = Checkout::with_form(&world.browser).await;
            checkout.pay_with(&typed(&PAID)).await;
            let token = world.token().await;
            seen.take(world).await;
            // Between token and charge the details are kept: encrypted.
            left.extend(world.provider.books.files());
            let charge = world
                .kiosk
                .redeem(&world.kiosk.redemption(&token, &reference))
                .await;
            assert_eq!(charge.status, 201, "{charge:?}");
            page::run(
                world,
                "document.querySelector('farthing-checkout').complete('paid')",
            )
            .await;
            checkout.must_show("completed").await;
            seen.must_be_awake(world, &token).await;

            // In the same page, with other orders: declined, then another card.
            let reference = next_order(world).await;
            checkout.pay_with(&typed(&DECLINED)).await;
            redeem_for(world, &reference, 402).await;
            page::run(
                world,
                "document.querySelector('farthing-checkout').complete('failed')",
            )
            .await;
            checkout.must_show("refused").await;
            checkout.click("#again").await;
            checkout.must_show("form").await;
            checkout.pay_with(&typed(&AMEX)).await;
            redeem_for(world, &reference, 201).await;
            page::run(
                world,
                "document.querySelector('farthing-checkout').complete('paid')",
            )
            .await;
            checkout.must_show("completed").await;
            seen.take(world).await;

            // Typed with slips of the hand, and given up.
            next_order(world).await;
            checkout
                .fill(&Card {
                    expiry: "13/44",
                    ..typed(&CANCELLED)
                })
                .await;
            checkout.click("#pay").await;
            checkout.find("#expiry").await.clear().await.unwrap();
            checkout.find("#expiry").await.send_keys("03/44").await.unwrap();
            checkout
                .find("#number")
                .await
                .send_keys("7\u{E003}")
                .await
                .unwrap();
            checkout.click("#cancel").await;
            checkout.must_show("cancelled").await;
            seen.take(world).await;

            left.push(("what the page saw".to_owned(), seen.text().into_bytes()));
            left.push(("the shop's log".to_owned(), world.shop.log().into_bytes()));
            let (more, requests) = left_at_the_end(world).await;
            left.extend(more);
            assert!(
                left.iter().any(|(name, _)| name.ends_with("-wal")),
                "there is no write-ahead log to search"
            );
            let addresses: String = requests
                .iter()
                .map(|request| format!("{}\n", request.url))
                .collect();
            left.push(("the addresses".to_owned(), addresses.into_bytes()));
            // Every byte that the browser sent: there is no TLS here to hide anything.
            left.push(("the line".to_owned(), world.browser.network_log().into_bytes()));

            let profile = world.browser.profile();
            for canary in [PAID, DECLINED, AMEX, CANCELLED] {
                for (place, text) in &left {
                    must_be_empty(place, &search(text, &canary));
                }
                must_be_empty("what the page saw", &seen.search(&canary));
                for (place, bytes) in &profile {
                    must_be_empty(place, &search(bytes, &canary));
                }
            }
        },
    );
}

/// What is typed for a canary.
fn typed(canary: &Canary) -> Card {
    let expiry = match canary.expiry_year {
        2041 => "08/41",
        2042 => "09/42",
        2043 => "05/43",
        _ => "03/44",
    };
    Card {
        number: canary.number,
        expiry,
        security_code: canary.security_code,
        name: canary.name,
    }
}

/// Gives the checkout in the page another order, and waits for its form.
async fn next_order(world: &World) -> String {
    let (order, reference) = world.kiosk.order().await;
    page::run(
        world,
        &format!("document.querySelector('farthing-checkout').setAttribute('order', '{order}')"),
    )
    .await;
    page::run(world, "told.length = 0").await;
    Checkout::with_form(&world.browser).await;
    wait::until("the form is empty", async || {
        Checkout::new(&world.browser)
            .typed()
            .await
            .iter()
            .all(String::is_empty)
            .then_some(())
    })
    .await;
    reference
}

async fn redeem_for(world: &World, reference: &str, status: u16) {
    let token = world.token().await;
    page::run(world, "told.length = 0").await;
    let charge = world
        .kiosk
        .redeem(&world.kiosk.redemption(&token, reference))
        .await;
    assert_eq!(charge.status, status, "{charge:?}");
}

/// What is left of a journey outside the page: the provider's log, what the consoles said, the page at its end, and the
/// files of the database. Ends the browser, and answers what it asked for.
pub async fn left_at_the_end(world: &mut World) -> (Vec<(String, Vec<u8>)>, Vec<Request>) {
    let mut left = vec![
        ("the provider's log".to_owned(), world.provider.log().into_bytes()),
        (
            "the consoles".to_owned(),
            world.browser.console().join("\n").into_bytes(),
        ),
        (
            "the page at its end".to_owned(),
            world.browser.client.source().await.unwrap().into_bytes(),
        ),
    ];
    left.extend(world.provider.books.files());
    let requests = world.browser.end().await;
    assert!(
        requests.iter().any(|request| request.url.ends_with("/v1/tokens")),
        "no request was seen"
    );
    (left, requests)
}

pub fn must_be_empty(place: &str, finds: &[Find]) {
    let told: Vec<String> = finds.iter().map(ToString::to_string).collect();
    assert!(finds.is_empty(), "in {place}:\n{}", told.join("\n"));
}
