//! A shopper whose browser runs no script pays all the same, on the provider's own page; and one whose page leads there; in
//! whatever language.

use fantoccini::Locator;
use farthing_journeys::{
    browser::Browser,
    card::{Card, PAYS},
    engine::Capability,
    journey::{Setup, World, journey_with},
    wait,
};
use farthing_protocol::Language;
use farthing_text::frame;
use serde_json::json;

/// The sandbox bank asks for a passcode.
const ASKS: Card = Card {
    number: "4000002500003155",
    ..PAYS
};

fn journey(steps: impl AsyncFnOnce(&mut World)) {
    let needs = &[Capability::DevTools];
    journey_with(
        Setup {
            needs,
            ..Setup::default()
        },
        steps,
    );
}

#[test]
fn without_script_the_shop_s_button_leads_to_a_form_and_back() {
    journey(async |world| {
        let off = json!({"value": true});
        world
            .browser
            .devtools("Emulation.setScriptExecutionDisabled", off)
            .await;
        let reference = world.shop.buy(&world.browser, "sticker").await;
        click(&world.browser, "noscript button").await;
        must_be_at(&world.browser, &format!("{}/v1/pay", world.provider.origin)).await;

        let slip = Card {
            number: "4242424242424241",
            ..PAYS
        };
        fill(&world.browser, &slip).await;
        click(&world.browser, "#consent").await;
        click(&world.browser, "form.pay button").await;
        must_read(
            &world.browser,
            "#number-error",
            "Check the number: a digit is wrong",
        )
        .await;
        assert_eq!(value(&world.browser, "#number").await, "");
        assert_eq!(value(&world.browser, "#security_code").await, "");
        assert_eq!(value(&world.browser, "#name").await, PAYS.name);

        fill(&world.browser, &ASKS).await;
        click(&world.browser, "#consent").await;
        click(&world.browser, "form.pay button").await;
        type_into(&world.browser, "#passcode", "123456").await;
        click(&world.browser, "form button").await;
        must_read(&world.browser, "h1", "One more step").await;
        assert_eq!(world.shop.order(&reference).await["status"], "open");
        click(&world.browser, "form button").await;
        must_be_at(
            &world.browser,
            &format!("{}/orders/{reference}", world.shop.origin),
        )
        .await;
        must_read(&world.browser, "#status", "Thank you. Your payment has arrived.").await;
        assert_eq!(world.shop.order(&reference).await["status"], "paid");

        // What was typed is in no address that the browser was at.
        let requests = world.browser.end().await;
        let told = requests.iter().any(|request| {
            ["4242", "3155", "Lovelace", "eyJ", "tok_"]
                .iter()
                .any(|secret| request.url.contains(secret))
        });
        assert!(!told, "{requests:?}");
    });
}

#[test]
fn redirect_mode_is_a_button_that_leads_there() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let loader = format!("{}/v1/farthing.js", world.provider.origin);
        world.site.put(
            "/redirect",
            format!(
                "<!doctype html><title>Kiosk</title>\
                 <script src=\"{loader}\" data-order=\"{order}\" data-mode=\"redirect\" data-return=\"/taken\"></script>"
            ),
        );
        let page = format!("{}/redirect", world.kiosk.origin);
        world.browser.client.goto(&page).await.unwrap();
        let pressed = "const root = document.querySelector('farthing-checkout').shadowRoot;
            const button = root.querySelector('form button');
            if (root.querySelector('iframe') || button.textContent !== 'Pay') return 'no';
            button.click();
            return 'pressed'";
        assert_eq!(world.browser.read(pressed).await, "pressed");
        must_be_at(&world.browser, &format!("{}/v1/pay", world.provider.origin)).await;
        fill(&world.browser, &PAYS).await;
        click(&world.browser, "#consent").await;
        click(&world.browser, "form.pay button").await;
        let action = "return document.querySelector('form').action";
        let taken = format!("{}/taken", world.kiosk.origin);
        wait::until("the page leads back", async || {
            (world.browser.read(action).await == taken).then_some(())
        })
        .await;
    });
}

/// From the right and in other letters: the page's language is the merchant's word, then the shopper's, to the receipt.
#[test]
fn the_page_is_in_the_language_that_is_named_or_chosen() {
    journey_with(Setup::default(), async |world| {
        let kiosk = world.kiosk.id.as_str();
        let terms = ["--currency", "EUR", "--line", "Pattern:450"];
        let price = world
            .provider
            .operator(&[&["price", "create", "--merchant", kiosk][..], &terms].concat());
        begin_in(world, price.trim(), Language::Ar).await;
        must_speak(&world.browser, Language::Ar).await;
        let heading = frame::words(Language::Ar).heading("Test Kiosk");
        must_read(&world.browser, "h1", &heading).await;
        let list = world.browser.client.find(Locator::Css("#locale")).await.unwrap();
        list.select_by_value("ja").await.unwrap();
        click(&world.browser, "form.language button").await;
        wait::until("the page is in Japanese", async || {
            let lang = world.browser.read("return document.documentElement.lang").await;
            (lang == "ja").then_some(())
        })
        .await;
        must_speak(&world.browser, Language::Ja).await;
        let consent = "return document.querySelector('.agree span').lang";
        assert_eq!(world.browser.read(consent).await, "ja");

        for (number, asks) in [(ASKS.number, true), (PAYS.number, false)] {
            begin_in(world, price.trim(), Language::Ar).await;
            fill(&world.browser, &Card { number, ..PAYS }).await;
            click(&world.browser, "#consent").await;
            click(&world.browser, "form.pay button").await;
            if asks {
                type_into(&world.browser, "#passcode", "123456").await;
                must_speak(&world.browser, Language::Ar).await;
                click(&world.browser, "form button").await;
            }
            click(&world.browser, "a[href^='/v1/receipts/']").await;
            let receipt = frame::words(Language::Ar).get(frame::RECEIPT);
            must_read(&world.browser, "h1", receipt).await;
            must_speak(&world.browser, Language::Ar).await;
        }
    });
}

/// A shop's page leads there, and names the language.
async fn begin_in(world: &World, order: &str, language: Language) {
    let (provider, origin) = (&world.provider.origin, &world.kiosk.origin);
    let (locale, name) = (language.as_str(), "hidden name");
    world.site.put(
        "/plain",
        format!(
            "<!doctype html><form method=post action=\"{provider}/v1/pay\"><input type={name}=order value=\"{order}\">\
             <input type={name}=return value=\"{origin}/taken\"><input type={name}=locale value={locale}><button>Pay</button></form>"
        ),
    );
    let page = format!("{origin}/plain");
    world.browser.client.goto(&page).await.unwrap();
    click(&world.browser, "button").await;
    must_be_at(&world.browser, &format!("{provider}/v1/pay")).await;
}

/// # Panics
/// If the document says that it is in another language or direction, or is wider than the window.
async fn must_speak(browser: &Browser, language: Language) {
    let said = "const root = document.documentElement;
        return [root.lang, root.dir, getComputedStyle(root).direction, root.scrollWidth - root.clientWidth].join(' ')";
    let dir = if language.is_rtl() { "rtl" } else { "ltr" };
    let expected = format!("{} {dir} {dir} 0", language.as_str());
    assert_eq!(browser.read(said).await, expected);
}

async fn fill(browser: &Browser, card: &Card) {
    type_into(browser, "#number", card.number).await;
    type_into(browser, "#expiry", card.expiry).await;
    type_into(browser, "#security_code", card.security_code).await;
    type_into(browser, "#name", card.name).await;
}

async fn type_into(browser: &Browser, css: &str, text: &str) {
    let field = browser
        .client
        .wait()
        .for_element(Locator::Css(css))
        .await
        .unwrap();
    field.clear().await.unwrap();
    browser.type_into(&field, text).await;
}

/// Clicks it, on whichever page is there once it can be clicked: the one before may just be going.
async fn click(browser: &Browser, css: &str) {
    wait::until(&format!("{css} can be clicked"), async || {
        let found = browser.client.find(Locator::Css(css)).await.ok()?;
        found.click().await.ok()
    })
    .await;
}

async fn must_read(browser: &Browser, css: &str, words: &str) {
    wait::until(&format!("{css} says “{words}”"), async || {
        let found = browser.client.find(Locator::Css(css)).await.ok()?;
        (found.text().await.ok()? == words).then_some(())
    })
    .await;
}

async fn value(browser: &Browser, css: &str) -> String {
    let found = browser.client.wait().for_element(Locator::Css(css)).await;
    found.unwrap().prop("value").await.unwrap().unwrap_or_default()
}

async fn must_be_at(browser: &Browser, address: &str) {
    wait::until(&format!("the browser is at {address}"), async || {
        let at = browser.client.current_url().await.ok()?;
        at.as_str().starts_with(address).then_some(())
    })
    .await;
}
