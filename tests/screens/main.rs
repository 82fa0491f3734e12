//! Every screen, at 320 and at 1280 pixels, light and dark: nothing is cut off, nothing scrolls sideways.
//! The pictures are in `target/screens`, for people to look at.

mod accounts;
mod aria;
mod axe;
mod phones;
mod plain;
mod receipts;

use std::fs;

use base64ct::{Base64, Encoding};
use farthing_journeys::{
    browser::Look,
    card::{ASKS, Card, DECLINED, FAILS, NO_FUNDS, PAYS, SILENT_THEN_PAID},
    checkout::Checkout,
    engine::Capability,
    journey::{Setup, World, journey_with},
    merchant::new_reference,
    project, wait,
};
use serde_json::json;

const NARROW: Look = Look {
    width: 320,
    height: 1250,
    ..Look::USUAL
};
const WIDE: Look = Look {
    width: 1280,
    height: 900,
    ..NARROW
};

#[test]
fn narrow_and_light() {
    // A window has its own idea of how narrow it can be. On engines that can't say otherwise, `keyboard` has
    // a page that is narrow.
    walk(NARROW, &[Capability::DevTools]);
}

#[test]
fn narrow_and_dark() {
    walk(Look { dark: true, ..NARROW }, &[Capability::DevTools]);
}

#[test]
fn wide_and_light() {
    walk(WIDE, &[]);
}

#[test]
fn wide_and_dark() {
    walk(Look { dark: true, ..WIDE }, &[]);
}

/// The look at accessibility, at a form that is spoilt.
#[test]
fn what_is_not_accessible_is_found() {
    journey_with(Setup::default(), async |world| {
        let (order, _) = world.kiosk.order().await;
        world.open_kiosk(&order).await;
        axe::must_be_accessible(world, "the form").await;
        axe::must_find_what_is_wrong(world).await;
    });
}

fn walk(look: Look, needs: &'static [Capability]) {
    journey_with(
        Setup {
            look,
            wire: true,
            needs,
            ..Setup::default()
        },
        async |world| {
            if world.browser.engine.has(Capability::DevTools) {
                let size = json!({ "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false });
                world
                    .browser
                    .devtools("Emulation.setDeviceMetricsOverride", size)
                    .await;
            }
            let looks = async |name: &str| picture(world, look, name).await;
            failures(world, &looks).await;
            plain::walk(world, &looks).await;
            form(world, &looks).await;
            ends(world, &looks).await;
            refusals(world, &looks).await;
            receipts::walk(world, &looks).await;
            accounts::walk(world, &looks).await;
            phones::walk(world, &looks).await;
        },
    );
}

/// First, while the browser has nothing in its cache.
async fn failures(world: &World, looks: &impl AsyncFn(&str)) {
    let (order, _) = world.kiosk.order().await;
    world
        .wire()
        .has(|request, answer| (!request.ends_with(".wasm")).then_some(answer));
    world.show_kiosk(&order).await;
    Checkout::new(&world.browser).must_show("boot-failure").await;
    looks("boot-failure").await;
    world.wire().has(|_, answer| Some(answer));
}

async fn form(world: &World, looks: &impl AsyncFn(&str)) {
    world.browser.client.goto(&world.shop.origin).await.unwrap();
    looks("shop").await;
    let checkout = in_shop(world).await;
    looks("form-empty").await;
    checkout.click("#pay").await;
    looks("form-missing").await;
    checkout
        .fill(&Card {
            number: "4242424242424241",
            expiry: "13/34",
            security_code: "12",
            name: "Ada",
        })
        .await;
    checkout.consent().await;
    checkout.click("#pay").await;
    looks("form-wrong").await;

    let checkout = in_shop(world).await;
    checkout.fill(&PAYS).await;
    checkout.consent().await;
    looks("form-filled").await;
    // The answer is lost again and again: a while of working, and then no answer.
    world
        .wire()
        .has(|request, answer| (request != "POST /v1/tokens").then_some(answer));
    checkout.click("#pay").await;
    wait::until("the form works", async || {
        let busy = checkout
            .run("return !!document.querySelector('#pay[aria-disabled]')")
            .await;
        (busy == true).then_some(())
    })
    .await;
    looks("form-working").await;
    checkout.must_say("No answer yet").await;
    looks("form-no-answer").await;
    world.wire().has(|_, answer| Some(answer));
    checkout.click("#cancel").await;
    checkout.must_show("cancelled").await;
    looks("cancelled").await;
}

async fn ends(world: &World, looks: &impl AsyncFn(&str)) {
    for (card, screen, name) in [
        (PAYS, "completed", "paid"),
        (DECLINED, "refused", "declined"),
        (NO_FUNDS, "refused", "no-funds"),
        (FAILS, "refused", "failed"),
        (SILENT_THEN_PAID, "unknown", "unknown"),
    ] {
        let checkout = in_shop(world).await;
        checkout.pay_with(&card).await;
        checkout.must_show(screen).await;
        looks(name).await;
    }
    confirmation(world, looks).await;
    let (order, _) = world.kiosk.order().await;
    let checkout = world.open_kiosk(&order).await;
    checkout.pay_with(&PAYS).await;
    checkout.must_show("delivered").await;
    looks("delivered").await;
    world
        .provider
        .books
        .make_time_pass("UPDATE tokens SET expires_at = expires_at - 900 WHERE charge IS NULL");
    checkout.must_show("expired").await;
    looks("expired").await;
}

/// The bank's question, and what is wrong with an answer, as the frame shows it and by itself.
async fn confirmation(world: &World, looks: &impl AsyncFn(&str)) {
    let checkout = in_shop(world).await;
    checkout.pay_with(&ASKS).await;
    checkout.must_show("challenged").await;
    checkout.enter_the_banks_page("#passcode").await;
    axe::must_be_accessible(world, "passcode").await;
    aria::must_be_as_written(world, "passcode").await;
    looks("challenged").await;
    let field = checkout.enter_the_banks_page("#passcode").await;
    world.browser.type_into(&field, "000000").await;
    checkout.click("button").await;
    checkout.enter_the_banks_page("#passcode-error").await;
    axe::must_be_accessible(world, "passcode-wrong").await;
    aria::must_be_as_written(world, "passcode-wrong").await;
    looks("challenged-wrong").await;
}

async fn refusals(world: &World, looks: &impl AsyncFn(&str)) {
    let checkout = Checkout::new(&world.browser);
    // Twenty lines, long words, large amounts.
    let line = |n: i64| json!({ "label": format!("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk no. {n}"), "amount": 1_000_000 + n });
    let long = json!({ "currency": "EUR", "lines": (0..20).map(line).collect::<Vec<_>>() });
    let order = world.kiosk.order_of(&new_reference(), long, 3600).await;
    world.open_kiosk(&order).await;
    looks("form-long").await;

    let changed = format!("{}AAAA", order.trim_end_matches(|c| c != '.'));
    world.show_kiosk(&changed).await;
    checkout.must_show("refused").await;
    looks("order-refused").await;

    world
        .wire()
        .has(|request, answer| (request != "POST /v1/quotes").then_some(answer));
    world.show_kiosk(&order).await;
    checkout.must_show("unreachable").await;
    looks("unreachable").await;

    world.show_kiosk("no.order.atall").await;
    wait::until("the page is told", async || world.told().await.pop()).await;
    looks("loader-refused").await;
}

/// The form for a new order of the shop.
async fn in_shop(world: &World) -> Checkout<'_> {
    world.shop.buy(&world.browser, "sticker").await;
    Checkout::with_form(&world.browser).await
}

/// Takes a picture, and looks whether all of it can be seen.
async fn picture(world: &World, look: Look, name: &str) {
    let checkout = Checkout::new(&world.browser);
    let client = &world.browser.client;
    let sideways =
        "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth - clientWidth";
    if checkout.enter().await.is_ok() {
        // The loader gives the frame the height that it asks for, a moment later.
        let hidden = "const { scrollHeight, clientHeight } = document.documentElement; return scrollHeight - clientHeight";
        wait::until(&format!("{name} is not cut off"), async || {
            (client.execute(hidden, vec![]).await.ok()?.as_i64()? <= 0).then_some(())
        })
        .await;
        assert_eq!(
            checkout.run(sideways).await,
            0,
            "{name}: the frame scrolls sideways"
        );
        let dark = checkout
            .run("return matchMedia('(prefers-color-scheme: dark)').matches")
            .await;
        assert_eq!(dark, look.dark);
        accessible(world, look, name).await;
        aria::must_be_as_written(world, name).await;
    }
    checkout.leave().await.unwrap();
    accessible(world, look, name).await;
    if name.starts_with("receipt") || name.starts_with("complaint") || name == "shop" {
        aria::must_be_as_written(world, name).await;
    }
    assert_eq!(
        client.execute(sideways, vec![]).await.unwrap(),
        0,
        "{name}: the page scrolls sideways"
    );

    if world.browser.engine.has(Capability::DevTools) {
        keep(world, look, name).await;
    }
    let _gone = checkout.enter().await;
}

/// As it is, and with the few colours that somebody chose for every page; Chromium emulates those in the page alone, and
/// `tests/theming` has a look at the frame in them.
async fn accessible(world: &World, look: Look, name: &str) {
    axe::must_be_accessible(world, name).await;
    if !world.browser.engine.has(Capability::DevTools) || look.width != WIDE.width {
        return;
    }
    let forced = |value: &str| json!({ "features": [{ "name": "forced-colors", "value": value }] });
    let emulate = async |value: &str| {
        let browser = &world.browser;
        browser
            .devtools("Emulation.setEmulatedMedia", forced(value))
            .await;
    };
    emulate("active").await;
    axe::must_be_accessible(world, &format!("{name}, in forced colours")).await;
    emulate("none").await;
}

async fn keep(world: &World, look: Look, name: &str) {
    let shot = world
        .browser
        .devtools("Page.captureScreenshot", json!({ "captureBeyondViewport": true }))
        .await;
    let png = Base64::decode_vec(shot["data"].as_str().unwrap()).unwrap();
    let folder = project::target().join("screens");
    fs::create_dir_all(&folder).unwrap();
    let scheme = if look.dark { "dark" } else { "light" };
    fs::write(folder.join(format!("{name}-{}-{scheme}.png", look.width)), png).unwrap();
}
