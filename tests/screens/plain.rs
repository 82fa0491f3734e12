use fantoccini::Locator;
use farthing_journeys::journey::World;

/// The page that pays without script, from its form to the way back.
pub async fn walk(world: &World, looks: &impl AsyncFn(&str)) {
    let (order, _) = world.kiosk.order().await;
    begin(world, &order).await;
    looks("plain-form").await;
    send(world, "4242424242424241").await;
    looks("plain-wrong").await;
    send(world, "4000002500003155").await;
    looks("plain-confirm").await;
    field(world, "#passcode", "123456").await;
    click(world, "form button").await;
    looks("plain-finish").await;
    begin(world, "no.order.atall").await;
    looks("plain-refused").await;
    // At a price, where the page itself says how it ended.
    let kiosk = world.kiosk.id.as_str();
    let terms = ["--currency", "EUR", "--line", "Pattern, as PDF:450"];
    let price = [&["price", "create", "--merchant", kiosk][..], &terms].concat();
    let price = world.provider.operator(&price);
    begin(world, price.trim()).await;
    send(world, "4000000000000002").await;
    looks("plain-declined").await;
    send(world, "4242424242424242").await;
    looks("plain-paid").await;
    begin(world, price.trim()).await;
    send(world, "4000000000004087").await;
    looks("plain-unknown").await;
}

/// A shop's page leads there with a form of its own.
async fn begin(world: &World, order: &str) {
    let (provider, origin) = (&world.provider.origin, &world.kiosk.origin);
    world.site.put(
        "/plain",
        format!(
            "<!doctype html><form method=post action=\"{provider}/v1/pay\"><input type=hidden name=order value=\"{order}\">\
             <input type=hidden name=return value=\"{origin}/taken\"><button>Pay</button></form>"
        ),
    );
    world
        .browser
        .client
        .goto(&format!("{origin}/plain"))
        .await
        .unwrap();
    click(world, "button").await;
    let there = world.browser.client.wait().for_element(Locator::Css("main h1"));
    there.await.unwrap();
}

async fn send(world: &World, number: &str) {
    field(world, "#number", number).await;
    field(world, "#expiry", "12/34").await;
    field(world, "#security_code", "123").await;
    field(world, "#name", "Ada Lovelace").await;
    click(world, "#consent").await;
    click(world, "form.pay button").await;
    let sent = world.browser.client.wait();
    sent.for_element(Locator::Css(
        "#number-error, #passcode, [role=alert], [href^='/v1/receipts/'], form:not(.pay)",
    ))
    .await
    .unwrap();
}

async fn field(world: &World, css: &str, text: &str) {
    let found = world.browser.client.find(Locator::Css(css)).await.unwrap();
    found.clear().await.unwrap();
    world.browser.type_into(&found, text).await;
}

async fn click(world: &World, css: &str) {
    let found = world.browser.client.find(Locator::Css(css)).await;
    found.unwrap().click().await.unwrap();
}
