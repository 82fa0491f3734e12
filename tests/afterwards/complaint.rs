//! From the receipt's page, by keyboard, with scripts turned off.

use fantoccini::key::Key;
use farthing_journeys::journey::{World, journey};
use serde_json::json;

use crate::{must_hold, pay, read_receipt, text};

#[test]
fn a_small_payment_goes_back_at_once() {
    journey(async |world| {
        let payment = pay(world, 499).await;
        without_scripts(world).await;
        read_receipt(world, &payment).await;
        complain(world, "It never came.").await;
        let said = text(world).await;
        must_hold(
            &said,
            &[
                "Your complaint",
                "you said: I did not get what I paid for.",
                "€4.99 went back to you on",
                "Returned after your complaint",
                "You paid in the end",
                "nothing",
            ],
        );
        let books = &world.provider.books;
        books.must_balance();
        assert_eq!(books.number("SELECT refunded FROM charges", &[]), 499);
        assert_eq!(books.number("SELECT held FROM charges", &[]), 0);
        assert_eq!(dispute(world).await["status"], "returned");
    });
}

#[test]
fn a_larger_one_waits_for_the_merchant_whose_answer_is_on_the_page() {
    journey(async |world| {
        let payment = pay(world, 500).await;
        without_scripts(world).await;
        read_receipt(world, &payment).await;
        complain(world, "It never came.").await;
        must_hold(
            &text(world).await,
            &["Your complaint", "€5.00 is held. Test Kiosk can answer until"],
        );
        let books = &world.provider.books;
        assert_eq!(books.number("SELECT held FROM charges", &[]), 500);
        assert_eq!(books.number("SELECT refunded FROM charges", &[]), 0);
        // What is held can't be given back beside it.
        assert_eq!(world.kiosk.refund(&payment.charge, 1).await.status, 422);

        let asked = dispute(world).await;
        assert_eq!(asked["status"], "open");
        assert_eq!(asked["words"], "It never came.");
        let answer = "It was <b>picked up</b> on Monday.";
        let contested = world.kiosk.contest(asked["id"].as_str().unwrap(), answer).await;
        assert_eq!(contested.status, 200, "{contested:?}");
        must_hold(
            &read_receipt(world, &payment).await,
            &["Test Kiosk does not agree", answer, "€5.00 stays held until then"],
        );
        books.must_balance();
        assert_eq!(books.number("SELECT held FROM charges", &[]), 500);
        assert_eq!(books.count("disputes"), 1);
    });
}

/// Also those of the page itself, if it had any.
async fn without_scripts(world: &World) {
    world
        .browser
        .devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true }))
        .await;
}

/// From the top of the page, through the form, until the page says that there is a complaint.
async fn complain(world: &World, words: &str) {
    let browser = &world.browser;
    tab_to(world, "summary").await;
    browser.press(Key::Enter.into()).await;
    tab_to(world, "input[name=reason]").await;
    browser.press(' ').await;
    tab_to(world, "#words").await;
    for c in words.chars() {
        browser.press(c).await;
    }
    tab_to(world, "form button").await;
    browser.press(Key::Enter.into()).await;
    farthing_journeys::wait::until("the page says how the complaint stands", async || {
        let said = browser
            .client
            .execute("return document.body.innerText", vec![])
            .await
            .ok()?;
        said.as_str()?.contains("Your complaint").then_some(())
    })
    .await;
}

async fn tab_to(world: &World, css: &str) {
    let there = format!("return document.activeElement.matches('.complaint {css}') ? 'yes' : ''");
    for _ in 0..10 {
        world.browser.press(Key::Tab.into()).await;
        if world.browser.read(&there).await == "yes" {
            return;
        }
    }
    panic!("Tab does not lead to {css}");
}

/// The only one, as the merchant sees it.
async fn dispute(world: &World) -> serde_json::Value {
    let mut disputes = world.kiosk.get("/v1/disputes").await.json();
    disputes["disputes"][0].take()
}
