//! Every language: a payment, from the form to the receipt's link, in which no sentence of another is seen.

use std::fs;

use base64ct::{Base64, Encoding};
use farthing_journeys::{
    browser::Look,
    card::PAYS,
    checkout::Checkout,
    engine::{Capability, Engine},
    journey::{Setup, World, journey, journey_with},
    project, wait,
};
use farthing_protocol::Language;
use farthing_text::frame;
use serde_json::json;

#[path = "../screens/axe.rs"]
#[expect(dead_code, reason = "what it finds in a wrong form is for another test")]
mod axe;

/// Of a language that is read from the left and one that is read from the right: for engines on which all would take long.
const TWO: [Language; 2] = [Language::De, Language::Ar];

#[test]
fn pays_in_every_language() {
    journey(async |world| {
        let all = Language::ALL.into_iter();
        let chosen = |language: &Language| Engine::chosen() == Engine::Chromium || TWO.contains(language);
        for language in all.filter(chosen) {
            println!("{language:?}");
            pays_in(world, language).await;
        }
    });
}

#[test]
fn the_language_is_changed_and_nothing_typed_is_lost_and_nothing_stays_agreed() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        must_speak(&checkout, Language::En).await;
        checkout.fill(&PAYS).await;
        checkout.consent().await;
        let typed = checkout.typed().await;
        for language in [Language::Ar, Language::De] {
            choose(&checkout, language).await;
            let unticked = "return !document.getElementById('consent').checked";
            wait::until("consent is asked for anew", async || {
                let lang = checkout
                    .run("return document.getElementById('consent-text').lang")
                    .await;
                (lang == language.as_str() && checkout.run(unticked).await == true).then_some(())
            })
            .await;
            must_speak(&checkout, language).await;
            assert_eq!(checkout.typed().await, typed, "{language:?}");
            // Without consent to these words there is no payment.
            checkout.click("#pay").await;
            checkout
                .must_say(frame::words(language).get(frame::CONSENT_MISSING))
                .await;
            assert_eq!(world.provider.answered("POST", "/v1/tokens"), 0);
            checkout.consent().await;
        }
        checkout.click("#pay").await;
        checkout.must_show("delivered").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        checkout.must_show("completed").await;
        must_speak(&checkout, Language::De).await;
        assert_eq!(world.provider.books.paid(&reference), 1);
    });
}

/// A language whose sentences do not arrive: the frame goes on in the one that it has, and says so in the list.
#[test]
fn a_language_that_does_not_arrive_changes_nothing() {
    let setup = Setup {
        wire: true,
        ..Setup::default()
    };
    journey_with(setup, async |world| {
        let (order, _) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.fill(&PAYS).await;
        checkout.consent().await;
        let typed = checkout.typed().await;
        world
            .wire()
            .has(|request, answer| (!request.ends_with("/ja.txt")).then_some(answer));
        select(&checkout, Language::Ja).await;
        wait::until("the list says English again", async || {
            let chosen = checkout
                .run("return document.getElementById('language').value")
                .await;
            (chosen == "en").then_some(())
        })
        .await;
        must_speak(&checkout, Language::En).await;
        assert_eq!(checkout.typed().await, typed);
    });
}

/// Pictures for people to look at, in `target/screens`: the longest words, the other direction, other letters.
#[test]
fn nothing_is_cut_off_in_any_language() {
    for (width, height) in [(320, 1250), (1280, 900)] {
        for dark in [false, true] {
            let look = Look {
                width,
                height,
                dark,
                ..Look::USUAL
            };
            let setup = Setup {
                look,
                needs: &[Capability::DevTools],
                ..Setup::default()
            };
            journey_with(setup, async |world| {
                let size =
                    json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                world
                    .browser
                    .devtools("Emulation.setDeviceMetricsOverride", size)
                    .await;
                world.offer_accounts();
                for language in Language::ALL {
                    let checkout = open_in(world, language).await.0;
                    checkout.click("#pay").await;
                    let shade = if dark { "dark" } else { "light" };
                    let name = format!("{}.{width}.{shade}", language.as_str());
                    must_fit(&checkout, &name).await;
                    axe::must_be_accessible(world, &name).await;
                    picture(world, &name).await;
                }
            });
        }
    }
}

/// The form of the kiosk, in `language`; the reference of its order.
async fn open_in(world: &World, language: Language) -> (Checkout<'_>, String) {
    let (order, reference) = world.kiosk.order().await;
    let page = world.kiosk_page(&order);
    let locale = format!("data-locale='{}' data-order", language.as_str());
    world.site.put("/", page.replace("data-order", &locale));
    world
        .browser
        .client
        .goto(&format!("{}/", world.kiosk.origin))
        .await
        .unwrap();
    (Checkout::with_form(&world.browser).await, reference)
}

async fn pays_in(world: &World, language: Language) {
    let (checkout, reference) = open_in(world, language).await;
    must_speak(&checkout, language).await;
    let words = frame::words(language);
    assert_eq!(
        checkout.text_of("label[for=number]").await,
        words.get(frame::LABEL_NUMBER)
    );
    let consent = checkout
        .run("return document.getElementById('consent-text').lang")
        .await;
    assert_eq!(consent, language.as_str());
    // The sentence and the button name one amount in one way.
    let total = checkout.text_of(".total").await;
    let agreed = checkout.text_of("#consent-text").await;
    assert!(agreed.contains(&total), "{total} is not in {agreed}");
    checkout.pay_with(&PAYS).await;
    checkout.must_show("delivered").await;
    must_speak(&checkout, language).await;
    let token = world.token().await;
    assert_eq!(world.redeem(&token, &reference).await, 201);
    checkout.must_show("completed").await;
    must_speak(&checkout, language).await;
    assert_eq!(
        checkout.text_of("#receipt").await.split('\n').next(),
        Some(words.get(frame::RECEIPT))
    );
    assert_eq!(world.provider.books.paid(&reference), 1);
}

/// The document says what it is, and what is seen holds no sentence of English, unless it is that.
async fn must_speak(checkout: &Checkout<'_>, language: Language) {
    let document = "return document.documentElement.lang + ' ' + document.documentElement.dir";
    let dir = if language.is_rtl() { "rtl" } else { "ltr" };
    checkout
        .must_show_one_of(&["form", "delivered", "completed"])
        .await;
    assert_eq!(
        checkout.run(document).await,
        format!("{} {dir}", language.as_str())
    );
    if language == Language::En {
        return;
    }
    let said = checkout.text().await;
    let (english, own) = (frame::words(Language::En), frame::words(language));
    for line in 0..frame::LINES {
        // What stands between the places; a word can be of both languages, and two are none by chance.
        let same = english.line(line) == own.line(line);
        let pieces = english.line(line).split(['{', '}']).map(str::trim);
        for piece in pieces.filter(|piece| !same && piece.contains(' ')) {
            assert!(!said.contains(piece), "{language:?}: “{piece}” is in {said}");
        }
    }
}

async fn select(checkout: &Checkout<'_>, language: Language) {
    let list = checkout.find("#language").await;
    list.select_by_value(language.as_str()).await.unwrap();
}

async fn choose(checkout: &Checkout<'_>, language: Language) {
    select(checkout, language).await;
    wait::until("the frame speaks it", async || {
        let lang = checkout.run("return document.documentElement.lang").await;
        (lang == language.as_str()).then_some(())
    })
    .await;
}

/// # Panics
/// If the frame scrolls sideways, or cuts a word off.
async fn must_fit(checkout: &Checkout<'_>, name: &str) {
    let wide = "const root = document.documentElement;
        const out = [...document.querySelectorAll('#app *')].filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          return width > 1 && (left < -0.5 || right > root.clientWidth + 0.5) && !element.closest('.unseen');
        });
        return [root.scrollWidth - root.clientWidth, ...out.map((element) => element.outerHTML.slice(0, 200))]";
    assert_eq!(checkout.run(wide).await, json!([0]), "{name}");
}

async fn picture(world: &World, name: &str) {
    Checkout::new(&world.browser).leave().await.unwrap();
    let shot = world
        .browser
        .devtools("Page.captureScreenshot", json!({ "captureBeyondViewport": true }))
        .await;
    let png = Base64::decode_vec(shot["data"].as_str().unwrap()).unwrap();
    let folder = project::root().join("target/screens");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("language.{name}.png")), png).unwrap();
}
