use farthing_journeys::{
    browser::Look,
    canary::{Canary, search},
    checkout::Checkout,
    journey::{Setup, journey_with},
    phone::{PASSCODE, Phone},
};

use crate::{
    journeys::{left_at_the_end, must_be_empty},
    page::{self, Seen},
};

/// Pays: the sandbox takes every number that it does not know. It has neither an expiry date nor a code.
const PAID: Canary = Canary {
    number: "491784930562",
    expiry_month: 8,
    expiry_year: 2041,
    security_code: "073",
    name: "Quillon Vexworth",
};
const PHONE: Phone = Phone {
    carrier: "fern",
    number: "+491784930562",
};
/// A passcode, typed in vain.
const TYPED: Canary = Canary {
    number: "7301846259",
    ..PAID
};

#[test]
fn no_number_and_no_passcode_is_found_anywhere() {
    journey_with(
        Setup {
            look: Look {
                keep_network_bytes: true,
                ..Look::default()
            },
            ..Setup::default()
        },
        async |world| {
            world.offer_phones();
            let (mut seen, mut left) = (Seen::default(), Vec::new());
            let (order, reference) = world.kiosk.order().await;
            page::open(world, &order).await;
            let checkout = Checkout::with_form(&world.browser).await;
            checkout.pay_by_phone(&PHONE).await;
            checkout.must_show("challenged").await;
            checkout.answer_the_bank(TYPED.number).await;
            checkout.enter_the_banks_page("#passcode-error").await;
            left.extend(world.provider.books.files());
            checkout.answer_the_bank(PASSCODE).await;
            checkout.must_show("delivered").await;
            let token = world.token().await;
            seen.take(world).await;
            // Between token and charge the number is kept: encrypted.
            left.extend(world.provider.books.files());
            assert_eq!(world.redeem(&token, &reference).await, 201);
            checkout.must_show("completed").await;
            seen.must_be_awake(world, &token).await;

            left.extend(left_at_the_end(world).await.0);
            left.extend(world.browser.profile());
            for (place, text) in &left {
                must_be_empty(place, &search(text, &TYPED));
            }
            // Every byte that the browser sent: there is no TLS here to hide anything, so the passcode is on the line as
            // it was typed, once; the number is sealed.
            left.push(("the line".to_owned(), world.browser.network_log().into_bytes()));
            for (place, text) in &left {
                must_be_empty(place, &search(text, &PAID));
            }
            must_be_empty("what the page saw", &seen.search(&PAID));
            must_be_empty("what the page saw", &seen.search(&TYPED));
        },
    );
}
