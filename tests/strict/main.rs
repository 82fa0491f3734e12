//! The page and the headers of docs/EMBEDDING.md, taken from there: a payment breaks none of its own rules, and who
//! gets something into the page gets no further, or only where docs/THREATS.md says that no widget can stop it.

mod attacks;
mod recipe;
mod served;

use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    journey::{World, journey},
};

use crate::recipe::Recipe;

#[test]
fn a_payment_breaks_no_rule_of_the_page() {
    journey(async |world| pay(world, &["strict"]).await);
}

#[test]
fn nor_on_a_page_that_is_the_same_for_everybody() {
    journey(async |world| pay(world, &["static"]).await);
}

#[test]
fn nor_on_a_cross_origin_isolated_page() {
    journey(async |world| {
        pay(world, &["strict", "isolated"]).await;
        Checkout::new(&world.browser).leave().await.unwrap();
        let isolated = "return String(crossOriginIsolated)";
        assert_eq!(world.browser.read(isolated).await, "true");
    });
}

async fn pay(world: &World, headers: &[&str]) {
    let recipe = Recipe::read(world).await;
    let (order, reference) = world.kiosk.order().await;
    recipe.serve(world, headers, &recipe.page(&order), &reference);
    world
        .browser
        .client
        .goto(&format!("{}/", world.kiosk.origin))
        .await
        .unwrap();
    let checkout = Checkout::with_form(&world.browser).await;
    checkout.pay_with(&PAYS).await;
    checkout.must_show("completed").await;
    assert_eq!(world.provider.books.paid(&reference), 1);
    assert_eq!(recipe::complaints(world), [""; 0]);
}
