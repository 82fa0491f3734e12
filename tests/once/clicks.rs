//! At the form: the button, pressed too early, too often, and in two places.

use farthing_journeys::{card::PAYS, checkout::Checkout, journey::journey};

use crate::must_be_paid_once;

#[test]
fn the_button_does_nothing_until_consent_is_given() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        assert_eq!(
            checkout
                .run("return document.getElementById('consent').checked")
                .await,
            false
        );
        checkout.fill(&PAYS).await;
        for _ in 0..3 {
            checkout.click("#pay").await;
        }
        checkout.must_say("Tick the box if you agree").await;
        // Enter in a field is the button, too.
        checkout.type_into("#name", "\u{E007}").await;
        assert_eq!(checkout.screen().await.as_deref(), Some("form"));
        assert_eq!(checkout.typed().await[0], "4242 4242 4242 4242");
        // Ticked and unticked is not ticked.
        checkout.consent().await;
        checkout.click("#consent").await;
        checkout.click("#pay").await;
        assert_eq!(
            world.provider.answered("POST", "/v1/tokens"),
            0,
            "{}",
            world.provider.log()
        );
        assert_eq!(world.provider.books.count("consents"), 0);

        // The very same button, once there is consent.
        checkout.consent().await;
        checkout.click("#pay").await;
        checkout.must_show("delivered").await;
        assert_eq!(world.provider.answered("POST", "/v1/tokens"), 1);
        assert_eq!(world.provider.books.count("consents"), 1);
    });
}

#[test]
fn ten_clicks_make_one_token() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.fill(&PAYS).await;
        checkout.consent().await;
        // Faster than any hand: all of them before the first can have an answer.
        checkout
            .run("for (let click = 0; click < 10; click++) document.getElementById('pay').click()")
            .await;
        checkout.must_show("delivered").await;
        assert_eq!(
            world.provider.answered("POST", "/v1/tokens"),
            1,
            "{}",
            world.provider.log()
        );
        assert_eq!(world.provider.books.count("tokens"), 1);
        let token = world.token().await;
        let told = world.told().await;
        assert_eq!(
            told.iter().filter(|(what, _)| what == "token").count(),
            1,
            "{told:?}"
        );
        assert_eq!(world.redeem(&token, &reference).await, 201);
        must_be_paid_once(world, &reference);
    });
}

#[test]
fn two_tabs_with_one_order_make_one_charge() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        world.open_kiosk(&order).await.pay_with(&PAYS).await;
        let first = world.token().await;

        let tab = world.browser.client.new_window(true).await.unwrap();
        world.browser.to_tab(tab.handle).await;
        world.open_kiosk(&order).await.pay_with(&PAYS).await;
        let second = world.token().await;
        assert_ne!(first, second);

        // The shop's server gets both, at once.
        let (first, second) = (
            world.kiosk.redemption(&first, &reference),
            world.kiosk.redemption(&second, &reference),
        );
        let (first, second) = tokio::join!(world.kiosk.redeem(&first), world.kiosk.redeem(&second));
        // The later quote has put an end to the earlier token.
        assert_eq!(second.status, 201, "{second:?}");
        assert_eq!(first.verdict(), (410, "token_expired".to_owned()));
        must_be_paid_once(world, &reference);

        // And a tab that comes later is told so.
        world.show_kiosk(&order).await;
        let checkout = Checkout::new(&world.browser);
        checkout.must_show("refused").await;
        checkout.must_say("already paid").await;
    });
}

#[test]
fn two_tabs_of_the_shop_make_one_charge() {
    journey(async |world| {
        let client = &world.browser.client;
        let reference = world.shop.buy(&world.browser, "sticker").await;
        let first_tab = client.window().await.unwrap();
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.fill(&PAYS).await;
        checkout.consent().await;
        checkout.leave().await.unwrap();

        // The same order in another tab: both forms stand ready before either is paid with.
        let second_tab = client.new_window(true).await.unwrap().handle;
        world.browser.to_tab(second_tab).await;
        client
            .goto(&format!("{}/orders/{reference}", world.shop.origin))
            .await
            .unwrap();
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("completed").await;
        checkout.leave().await.unwrap();

        world.browser.to_tab(first_tab).await;
        checkout.enter().await.unwrap();
        checkout.click("#pay").await;
        checkout.must_show("refused").await;
        checkout.must_say("already paid").await;
        world.shop.must_come_to(&reference, "paid").await;
        must_be_paid_once(world, &reference);
    });
}
