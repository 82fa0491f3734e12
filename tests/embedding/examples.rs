//! The pages in `examples/pages`, as `build.mjs` there made them.

use std::fs;

use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    journey::{World, journey},
    project, wait,
};
use serde_json::json;

#[test]
fn plain_html_pays() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        let page = example("html.html")
            .replace("{{provider}}", &world.provider.origin)
            .replace("{{order}}", &order)
            .replace("{{reference}}", &reference);
        world.site.put("/", page);
        world.site.put("/shop.js", example("shop.js"));
        must_pay(world).await;
    });
}

#[test]
fn react_pays_with_one_frame_and_one_token_under_strict_mode() {
    journey(async |world| framework(world, "react").await);
}

#[test]
fn vue_pays() {
    journey(async |world| framework(world, "vue").await);
}

#[test]
fn svelte_pays() {
    journey(async |world| framework(world, "svelte").await);
}

async fn framework(world: &World, name: &str) {
    world.site.put("/", example(&format!("{name}.html")));
    let script = format!("/{name}.js");
    world.site.put(&script, example(&script));
    must_pay(world).await;
}

/// Pays on the page at `/`, whose server is this test: with one order, one frame, one quote, one token and one charge.
async fn must_pay(world: &World) {
    let (kiosk, provider) = (world.kiosk.clone(), world.provider.origin.clone());
    world.site.answer("/order", move |_| {
        let (kiosk, provider) = (kiosk.clone(), provider.clone());
        async move {
            let (order, reference) = kiosk.order().await;
            json!({ "provider": provider, "order": order, "reference": reference })
        }
    });
    let kiosk = world.kiosk.clone();
    world.site.answer("/charge", move |asked| {
        let kiosk = kiosk.clone();
        async move {
            let field = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
            let redemption = kiosk.redemption(&field("token"), &field("reference"));
            let paid = kiosk.redeem(&redemption).await.status == 201;
            json!({ "outcome": if paid { "paid" } else { "failed" } })
        }
    });
    let address = format!("{}/", world.kiosk.origin);
    world.browser.client.goto(&address).await.unwrap();
    let checkout = Checkout::with_form(&world.browser).await;
    checkout.pay_with(&PAYS).await;
    checkout.must_show("completed").await;
    checkout.leave().await.unwrap();
    wait::until("the page says that it is paid", async || {
        let said = "return document.getElementById('status').textContent";
        (world.browser.read(said).await == "paid").then_some(())
    })
    .await;
    assert_eq!(
        world.provider.answered("GET", "/v1/frame/{merchant}"),
        1,
        "frames"
    );
    for (table, rows) in [("quotes", 1), ("tokens", 1), ("charges", 1)] {
        assert_eq!(world.provider.books.count(table), rows, "{table}");
    }
    world.provider.books.must_balance();
}

fn example(name: &str) -> String {
    let path = project::target()
        .join("example-pages")
        .join(name.trim_start_matches('/'));
    fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; `cargo xtask test journeys` builds it",
            path.display()
        )
    })
}
