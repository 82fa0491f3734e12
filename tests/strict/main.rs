//! The page and the headers of docs/EMBEDDING.md, taken from there: a payment breaks none of its own rules, and who
//! gets something into the page gets no further, or only where docs/THREATS.md says that no widget can stop it.

mod attacks;
mod recipe;
mod served;

use std::sync::{Arc, Mutex};

use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    journey::{World, journey},
    wait,
};
use serde_json::Value;

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

/// Whoever reads the reports learns of each try, and of nothing else.
#[test]
fn what_is_blocked_is_reported() {
    journey(async |world| {
        let reports: Arc<Mutex<Vec<Value>>> = Arc::default();
        let heard = Arc::clone(&reports);
        world.site.answer("/reports", move |report| {
            heard.lock().unwrap().push(report["csp-report"].clone());
            async { Value::Null }
        });
        let recipe = Recipe::read(world).await;
        let (order, reference) = world.kiosk.order().await;
        let page = recipe.page(&order);
        let evil = "<script>window.pwned = 1</script><img src=http://127.0.0.1:9/beacon><style>body { opacity: 0 }</style>
            <form id=hit action=http://127.0.0.1:9/></form></body>";
        let address = format!("{}/", world.kiosk.origin);
        recipe.serve_reporting(world, &page.replacen("</body>", evil, 1), &reference);
        world.browser.client.goto(&address).await.unwrap();
        Checkout::with_form(&world.browser).await;
        Checkout::new(&world.browser).leave().await.unwrap();
        let hit = "document.getElementById('hit').submit()";
        world.browser.client.execute(hit, vec![]).await.unwrap();
        for directive in ["script-src-elem", "img-src", "style-src-elem", "form-action"] {
            wait::until(&format!("{directive} is reported"), async || {
                let reports = reports.lock().unwrap();
                let told = |report: &&Value| report["effective-directive"] == directive;
                reports.iter().find(told).map(|_| ())
            })
            .await;
        }
        // And a page that nobody got into reports nothing.
        reports.lock().unwrap().clear();
        recipe.serve_reporting(world, &page, &reference);
        world.browser.client.goto(&address).await.unwrap();
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("completed").await;
        assert_eq!(*reports.lock().unwrap(), [Value::Null; 0]);
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
