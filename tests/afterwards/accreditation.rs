use std::fs;

use fantoccini::Locator;
use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    journey::{World, journey},
    wait,
};

use crate::must_hold;

#[test]
fn an_accreditation_that_ends_between_two_views_takes_the_form_away() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        world.open_kiosk(&order).await;

        change(world, "suspend");
        must_have_no_form(world, &order).await;

        // For now, not for good.
        change(world, "reinstate");
        world.open_kiosk(&order).await;
    });
}

#[test]
fn a_form_that_is_open_when_the_merchant_is_suspended_makes_no_token() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.fill(&PAYS).await;
        checkout.consent().await;
        world
            .provider
            .operator(&["merchant", "suspend", world.kiosk.id.as_str()]);
        checkout.click("#pay").await;
        checkout.must_show("refused").await;
        assert_eq!(world.provider.books.count("tokens"), 0);
        must_have_no_form(world, &order).await;

        // Another merchant's form has nothing to do with it.
        world.shop.buy(&world.browser, "sticker").await;
        Checkout::with_form(&world.browser).await;
    });
}

/// The accreditor changes its mind about the kiosk's origin, and the provider gets the new list.
fn change(world: &World, change: &str) {
    let provider = &world.provider;
    provider.accreditor(&[change, "--origin", &world.kiosk.origin]);
    let list = world.folder.join("status-list.jwt");
    fs::write(&list, provider.accreditor(&["status-list"])).unwrap();
    provider.operator(&["accreditor", "import-status", list.to_str().unwrap()]);
}

/// The provider gives the page no frame, and the loader says so where the form was.
async fn must_have_no_form(world: &World, order: &str) {
    let quotes = world.provider.books.count("quotes");
    world.show_kiosk(order).await;
    let client = &world.browser.client;
    let said = wait::until("the page says that there is no form", async || {
        let host = client.find(Locator::Css("farthing-checkout")).await.ok()?;
        let words = host
            .shadow_root()
            .await
            .ok()?
            .find(Locator::Css("p"))
            .await
            .ok()?;
        words.text().await.ok().filter(|words| !words.is_empty())
    })
    .await;
    must_hold(&said, &["could not be loaded", "Nothing has been charged"]);
    assert!(
        Checkout::new(&world.browser).enter().await.is_err(),
        "there is a frame"
    );
    assert_eq!(world.provider.books.count("quotes"), quotes);
}
