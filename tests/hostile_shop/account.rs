use farthing_journeys::{
    account::Account,
    browser::Look,
    canary::{Canary, search},
    checkout::Checkout,
    journey::{Setup, journey_with},
};

use crate::{
    journeys::{left_at_the_end, must_be_empty},
    page::{self, Seen},
};

/// Pays: the sandbox takes every IBAN that it does not know. It has neither an expiry date nor a code.
const PAID: Canary = Canary {
    number: "11492918473056281573",
    expiry_month: 8,
    expiry_year: 2041,
    security_code: "073",
    name: "Quillon Vexworth",
};
const ACCOUNT: Account = Account {
    iban: "DE11492918473056281573",
    holder: PAID.name,
};

#[test]
fn no_detail_of_an_account_is_found_anywhere() {
    journey_with(
        Setup {
            look: Look {
                keep_network_bytes: true,
                ..Look::default()
            },
            ..Setup::default()
        },
        async |world| {
            world.offer_accounts();
            let (mut seen, mut left) = (Seen::default(), Vec::new());
            let (order, reference) = world.kiosk.order().await;
            page::open(world, &order).await;
            let checkout = Checkout::with_form(&world.browser).await;
            checkout.pay_from(&ACCOUNT).await;
            checkout.must_show("delivered").await;
            let token = world.token().await;
            seen.take(world).await;
            // Between token and charge the details are kept: encrypted.
            left.extend(world.provider.books.files());
            assert_eq!(world.redeem(&token, &reference).await, 201);
            checkout.must_show("completed").await;
            seen.must_be_awake(world, &token).await;

            left.extend(left_at_the_end(world).await.0);
            // Every byte that the browser sent: there is no TLS here to hide anything.
            left.push(("the line".to_owned(), world.browser.network_log().into_bytes()));
            left.extend(world.browser.profile());
            for (place, text) in &left {
                must_be_empty(place, &search(text, &PAID));
            }
            must_be_empty("what the page saw", &seen.search(&PAID));
        },
    );
}
