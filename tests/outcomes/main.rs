//! Every way a payment can end has its own screen, which says what happened and what to do next; and the
//! screen's word is the provider's, not the page's.

use std::{fs, path::Path};

use farthing_journeys::{
    card::{Card, DECLINED, FAILS, NO_FUNDS, PAYS, SILENT_THEN_DECLINED, SILENT_THEN_PAID},
    checkout::Checkout,
    journey::{Setup, World, journey, journey_with},
    project, wait,
};

#[test]
fn a_card_that_does_not_pay_says_why_and_another_pays_the_same_order() {
    journey(async |world| {
        for (card, title) in [
            (DECLINED, "The payment was declined"),
            (NO_FUNDS, "Not enough money"),
            (FAILS, "The payment did not go through"),
        ] {
            let reference = world.shop.buy(&world.browser, "article").await;
            let checkout = Checkout::with_form(&world.browser).await;
            checkout.pay_with(&card).await;
            checkout.must_show("refused").await;
            assert_eq!(checkout.text_of("#title").await, title);
            checkout.must_say("Nothing was charged").await;
            world.shop.must_come_to(&reference, "failed").await;
            assert_eq!(world.provider.books.paid(&reference), 0);

            checkout.click("#again").await;
            checkout.must_show("form").await;
            assert_eq!(checkout.typed().await, ["", "", "", ""]);
            assert_eq!(
                checkout
                    .run("return document.getElementById('consent').checked")
                    .await,
                false
            );
            checkout.pay_with(&PAYS).await;
            checkout.must_show("completed").await;
            world.shop.must_come_to(&reference, "paid").await;
            assert_eq!(world.provider.books.paid(&reference), 1);
        }
        world.provider.books.must_balance();
    });
}

#[test]
fn an_unknown_outcome_is_told_as_such_and_is_resolved() {
    journey(async |world| {
        for (card, screen, status) in [
            (SILENT_THEN_PAID, "completed", "paid"),
            (SILENT_THEN_DECLINED, "refused", "failed"),
        ] {
            let reference = world.shop.buy(&world.browser, "sticker").await;
            let checkout = Checkout::with_form(&world.browser).await;
            checkout.pay_with(&card).await;
            checkout.must_show("unknown").await;
            checkout.must_say("Don't pay again yet").await;
            assert_eq!(world.provider.books.paid(&reference), 0);
            checkout.must_show(screen).await;
            world.shop.must_come_to(&reference, status).await;
            let stage = if status == "paid" { 1 } else { 0 };
            assert_eq!(world.provider.books.paid(&reference), stage);
        }
        world.provider.books.must_balance();
    });
}

#[test]
fn what_the_page_says_of_the_end_is_not_what_is_shown() {
    journey(async |world| {
        // Nothing was charged, whatever the page claims.
        let checkout = token_at_kiosk(world, &PAYS).await;
        say(world, "paid").await;
        checkout.enter().await.unwrap();
        checkout.must_say("says that the payment went through").await;
        assert_eq!(checkout.screen().await.as_deref(), Some("delivered"));

        // It was charged, whatever the page claims.
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.pay_with(&PAYS).await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        say(world, "failed").await;
        checkout.must_show("completed").await;
        // Final: neither another word nor a reset takes it back.
        say(world, "failed").await;
        world
            .browser
            .client
            .execute("document.querySelector('farthing-checkout').reset()", vec![])
            .await
            .unwrap();
        checkout.enter().await.unwrap();
        checkout.must_show("completed").await;
    });
}

#[test]
fn cancelling_charges_nothing_and_can_be_taken_back() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.fill(&PAYS).await;
        checkout.click("#cancel").await;
        checkout.must_show("cancelled").await;
        let told: Vec<String> = world.told().await.into_iter().map(|(what, _)| what).collect();
        assert_eq!(told, ["ready", "cancelled"]);
        checkout.enter().await.unwrap();
        checkout.click("#again").await;
        checkout.must_show("form").await;
        assert_eq!(checkout.typed().await, ["", "", "", ""]);
        assert_eq!(world.provider.books.count("tokens"), 0);
    });
}

#[test]
fn a_token_that_nobody_redeems_expires_and_can_be_had_again() {
    journey(async |world| {
        let checkout = token_at_kiosk(world, &PAYS).await;
        checkout.enter().await.unwrap();
        checkout.must_show("delivered").await;
        checkout.must_say("nothing will be charged").await;
        world
            .provider
            .books
            .make_time_pass("UPDATE tokens SET expires_at = expires_at - 900");
        checkout.must_show("expired").await;
        checkout.click("#again").await;
        checkout.must_show("form").await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("delivered").await;
        assert_eq!(world.provider.books.count("charges"), 0);
    });
}

#[test]
fn a_quote_whose_time_is_up_makes_no_token() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        world.provider.books.make_time_pass(
            "UPDATE quotes SET expires_at = expires_at - 1800, body = json_set(body, '$.expires_at', expires_at - 1800)",
        );
        checkout.pay_with(&PAYS).await;
        checkout.must_show("expired").await;
        assert_eq!(world.provider.books.count("tokens"), 0);
        checkout.click("#again").await;
        checkout.must_show("form").await;
    });
}

#[test]
fn a_provider_that_can_not_be_reached_is_told_and_tried_again() {
    journey_with(
        Setup {
            wire: true,
            ..Setup::default()
        },
        async |world| {
            // No quote.
            world
                .wire()
                .has(|request, answer| (request != "POST /v1/quotes").then_some(answer));
            let (order, reference) = world.kiosk.order().await;
            world.show_kiosk(&order).await;
            let checkout = Checkout::new(&world.browser);
            checkout.must_show("unreachable").await;
            checkout.must_say("Nothing was charged").await;
            // No token: what was typed is kept, and sent again as it is.
            world
                .wire()
                .has(|request, answer| (request != "POST /v1/tokens").then_some(answer));
            checkout.click("#again").await;
            checkout.must_show("form").await;
            checkout.pay_with(&PAYS).await;
            checkout.must_say("what you typed is still here").await;
            assert_eq!(checkout.typed().await[0], "4242 4242 4242 4242");
            world.wire().has(|_, answer| Some(answer));
            checkout.click("#pay").await;
            checkout.must_show("delivered").await;
            assert_eq!(world.provider.books.count("tokens"), 1);
            let token = world.token().await;
            assert_eq!(world.redeem(&token, &reference).await, 201);
            checkout.must_show("completed").await;
            world.provider.books.must_balance();
        },
    );
}

#[test]
fn what_is_typed_wrongly_is_told_beside_the_field_and_nothing_is_sent() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.click("#pay").await;
        checkout.must_say("Enter the card number").await;
        let wrong = Card {
            number: "4242424242424241",
            expiry: "13/34",
            security_code: "12",
            name: "4242424242424242",
        };
        checkout.fill(&wrong).await;
        checkout.consent().await;
        checkout.click("#pay").await;
        for words in [
            "a digit is wrong",
            "No such month",
            "Digits are missing",
            "This looks like a card number",
        ] {
            checkout.must_say(words).await;
        }
        let invalid = "return [...document.querySelectorAll('[aria-invalid]')].map((input) => input.id)";
        assert_eq!(
            checkout.run(invalid).await,
            serde_json::json!(["number", "expiry", "security-code", "name"])
        );
        assert_eq!(world.provider.answered("POST", "/v1/tokens"), 0);
    });
}

#[test]
fn an_application_that_stops_says_so_and_can_be_loaded_again() {
    journey(async |world| {
        for stop in [
            // What the panic hook calls, and what a trap without a panic brings.
            "farthing.failed()",
            "dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') }))",
        ] {
            let (order, _) = world.kiosk.order().await;
            let checkout = world.open_kiosk(&order).await;
            checkout.run(stop).await;
            checkout.must_show("boot-failure").await;
            let told = world.told().await;
            let (what, detail) = told.last().unwrap();
            assert_eq!(
                (what.as_str(), detail["code"].as_str()),
                ("failed", Some("frame_failed"))
            );
            checkout.enter().await.unwrap();
            checkout.click("#boot-retry").await;
            checkout.must_show("form").await;
        }
    });
}

/// A panic is more than the trap that it ends with: it tells by itself.
#[test]
fn a_panic_says_so_where_traps_are_not_heard() {
    let deaf_to_traps = |frame: &Path| {
        let good = fs::read_to_string(project::root().join("www/boot.js")).unwrap();
        let bad = good.replace("addEventListener('error'", "addEventListener('nothing'");
        assert_ne!(good, bad, "boot.js hears traps in another way by now");
        fs::write(frame.join("boot.js"), bad).unwrap();
    };
    journey_with(
        Setup {
            frame: Some(deaf_to_traps),
            ..Setup::default()
        },
        async |world| {
            let (order, _) = world.kiosk.order().await;
            let checkout = world.open_kiosk(&order).await;
            // Yew panics where the browser makes it no element.
            let panic = "Document.prototype.createElement = () => { throw new Error('none left') };
                Node.prototype.cloneNode = document.createElement;
                document.getElementById('cancel').click();";
            checkout.run(panic).await;
            checkout.must_show("boot-failure").await;
            let told = world.told().await;
            assert_eq!(told.last().unwrap().1["code"], "frame_failed");
        },
    );
}

/// A checkout at the kiosk that has handed over its token, which nobody redeems.
async fn token_at_kiosk<'a>(world: &'a World, card: &Card) -> Checkout<'a> {
    let (order, _) = world.kiosk.order().await;
    let checkout = world.open_kiosk(&order).await;
    checkout.pay_with(card).await;
    world.token().await;
    checkout
}

/// The page tells the checkout how it ended.
async fn say(world: &World, outcome: &str) {
    Checkout::new(&world.browser).leave().await.unwrap();
    let script = format!("document.querySelector('farthing-checkout').complete('{outcome}')");
    wait::until("the page says it", async || {
        world.browser.client.execute(&script, vec![]).await.ok()
    })
    .await;
}
