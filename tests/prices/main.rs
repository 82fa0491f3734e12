//! A page that nobody computes sells something, is paid by the provider alone, and verifies that without asking anybody:
//! the very page of docs/EMBEDDING.md.

use std::fs;

use farthing_journeys::{
    card::{DECLINED, PAYS},
    checkout::Checkout,
    http::get,
    journey::{World, journey},
    project, wait,
};
use serde_json::Value;

/// Has the kiosk register a price, and puts the document's page at its origin.
async fn open(world: &World) -> String {
    let printed = world.provider.operator(&[
        "price",
        "create",
        "--merchant",
        world.kiosk.id.as_str(),
        "--currency",
        "EUR",
        "--line",
        "Pattern, as PDF:450",
    ]);
    let price = printed.trim().to_owned();
    let provider = &world.provider.origin;
    let keys = get(&format!("{provider}/.well-known/jwks.json"))
        .await
        .unwrap()
        .json();
    let block = |name: &str| block(name, &price, provider);
    let script = block("js bought").replace("[/* the keys */]", &keys["keys"].to_string());
    world.site.put("/", block("html price"));
    world.site.put("/bought.js", script);
    world.site.put("/proof.js", block("js proof"));
    visit(world).await;
    price
}

async fn visit(world: &World) {
    let address = format!("{}/", world.kiosk.origin);
    world.browser.client.goto(&address).await.unwrap();
    // The proof as the page was handed it, beside the document's own listener.
    let keep = "addEventListener('farthing-paid', (event) => { window.paid = event.detail });
                addEventListener('farthing-token', () => { window.token = true });
                addEventListener('farthing-failed', (event) => { window.failed = event.detail.code });";
    world.browser.client.execute(keep, vec![]).await.unwrap();
}

fn block(name: &str, price: &str, provider: &str) -> String {
    let document = fs::read_to_string(project::root().join("docs/EMBEDDING.md")).unwrap();
    let (_, rest) = document.split_once(&format!("\n```{name}\n")).unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    block
        .replace("https://pay.example", provider)
        .replace("PRICE", price)
}

async fn page_says(world: &World, script: &str) -> String {
    Checkout::new(&world.browser).leave().await.unwrap();
    wait::until("the page was told", async || {
        let said = world.browser.client.execute(script, vec![]).await.ok()?;
        said.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    })
    .await
}

#[test]
fn a_static_page_is_paid_and_proves_it_offline() {
    journey(async |world| {
        let price = open(world).await;
        let checkout = Checkout::with_form(&world.browser).await;
        assert_eq!(checkout.text_of("#pay").await, "Pay €4.50");
        checkout.pay_with(&PAYS).await;
        checkout.must_show("completed").await;
        assert_eq!(checkout.text_of("#title").await, "€4.50 paid");

        let thanks = page_says(world, "return document.getElementById('bought').textContent").await;
        assert!(
            thanks.starts_with(&format!("Thank you. Your order is {price}."))
                && thanks.ends_with("over 450."),
            "{thanks}"
        );
        let receipt = page_says(world, "return window.paid.receipt").await;
        assert_eq!(
            world.browser.read("return String(window.token)").await,
            "undefined"
        );
        let receipt = get(&format!("{}/v1/receipts/{receipt}", world.provider.origin)).await;
        let receipt: Value = receipt.unwrap().json();
        let order = receipt["receipt"]["order"].as_str().unwrap();
        assert!(thanks.contains(order), "{thanks}: {order}");
        assert_eq!(world.provider.books.paid(order), 1);
        assert_eq!(world.provider.books.count("charges"), 1);
        world.provider.books.must_balance();

        // One changed character, and the page's own function takes it for nothing.
        let refused = "const done = arguments[arguments.length - 1];
            import('/proof.js').then(({ bought }) => fetch('/bought.js').then((answer) => answer.text()).then((text) => {
              const keys = JSON.parse(/KEYS = (\\[.*\\]);/.exec(text)[1]);
              const [head, body, signature] = window.paid.proof.split('.');
              const other = (signature[9] === 'A' ? 'B' : 'A');
              const changed = [head, body, signature.slice(0, 9) + other + signature.slice(10)].join('.');
              return bought(changed, keys, 'x', 'x');
            })).then(() => done('taken'), (error) => done(error.message));";
        let said = world.browser.client.execute_async(refused, vec![]).await.unwrap();
        assert_eq!(said, "The proof was changed.");
    });
}

#[test]
fn another_card_pays_after_one_was_declined_and_each_sale_is_its_own() {
    journey(async |world| {
        open(world).await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.pay_with(&DECLINED).await;
        checkout.must_show("refused").await;
        checkout.click("#again").await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("completed").await;
        // Who comes again buys again.
        checkout.leave().await.unwrap();
        visit(world).await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("completed").await;
        let books = &world.provider.books;
        let paid = "SELECT count(*) FROM charges WHERE stage = 'paid'";
        assert_eq!(books.number(paid, &[]), 2);
        books.must_balance();
    });
}

#[test]
fn what_is_closed_is_not_sold() {
    journey(async |world| {
        let price = open(world).await;
        world.provider.operator(&["price", "close", &price]);
        visit(world).await;
        let checkout = Checkout::new(&world.browser);
        checkout.must_show("refused").await;
        checkout.must_say("no longer sold").await;
        assert_eq!(world.provider.books.count("charges"), 0);
    });
}
