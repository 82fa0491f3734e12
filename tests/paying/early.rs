//! The form is there before its code is: what is typed into it meanwhile is what is paid with, and where the code does not
//! come, it goes nowhere.

use fantoccini::Locator;
use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    journey::{Setup, World, journey_with},
    wait,
};

/// The shop's page with a checkout that begins once the page is there: a driver waits for a page and for all that is in it.
async fn show(world: &World, order: &str) {
    let page = world.kiosk_page(order);
    let late = "<script>const checkout = document.querySelector('farthing-checkout'); checkout.remove();
        addEventListener('load', () => setTimeout(() => document.body.append(checkout)));</script>";
    world.site.put("/", format!("{page}{late}"));
    world
        .browser
        .client
        .goto(&format!("{}/", world.kiosk.origin))
        .await
        .unwrap();
}

/// Looks into the frame once its first form is there.
async fn early(world: &World) -> Checkout<'_> {
    let checkout = Checkout::new(&world.browser);
    wait::until("the first form is there", async || {
        checkout.enter().await.ok()?;
        world
            .browser
            .client
            .find(Locator::Css("#first #number"))
            .await
            .ok()
    })
    .await;
    checkout
}

fn setup() -> Setup {
    Setup {
        wire: true,
        ..Setup::default()
    }
}

#[test]
fn what_is_typed_before_the_code_is_there_is_what_is_paid_with() {
    for held in [".wasm", "/v1/quotes"] {
        journey_with(setup(), async |world| {
            let (order, reference) = world.kiosk.order().await;
            world.wire().hold(held);
            show(world, &order).await;
            let checkout = early(world).await;
            for (field, text) in [
                ("#expiry", PAYS.expiry),
                ("#security-code", PAYS.security_code),
                ("#name", PAYS.name),
                ("#number", PAYS.number),
            ] {
                checkout.type_into(field, text).await;
            }
            // Nothing to agree to and nothing to press, before it is known what.
            for not_yet in ["#consent", "#pay", "button:not(#boot-retry)"] {
                assert!(
                    world.browser.client.find(Locator::Css(not_yet)).await.is_err(),
                    "{not_yet}"
                );
            }
            let caret = "const field = document.activeElement; field.setSelectionRange(4, 6);
                return [field.id, field.getBoundingClientRect().top]";
            let before = checkout.run(caret).await;
            assert_eq!(before[0], "number");
            world.wire().let_go();
            checkout.must_show("form").await;
            assert_eq!(
                checkout
                    .run("return document.querySelectorAll('#number').length")
                    .await,
                1
            );
            assert_eq!(
                checkout.typed().await,
                [&group(PAYS.number), "12 / 34", PAYS.security_code, PAYS.name]
            );
            let after = checkout
                .run("const field = document.activeElement; return [field.id, field.selectionStart]")
                .await;
            // Behind the fourth digit there is a blank now.
            assert_eq!(
                (after[0].as_str(), after[1].as_u64() >= Some(4)),
                (Some("number"), true),
                "{after}"
            );
            checkout.consent().await;
            checkout.click("#pay").await;
            let token = world.token().await;
            assert_eq!(world.redeem(&token, &reference).await, 201);
            checkout.must_show("completed").await;
        });
    }
}

#[test]
fn where_the_code_does_not_come_nothing_of_it_stays() {
    journey_with(setup(), async |world| {
        let (order, _) = world.kiosk.order().await;
        world
            .wire()
            .has(|request, answer| (!request.ends_with(".wasm")).then_some(answer));
        world.wire().hold(".wasm");
        show(world, &order).await;
        let checkout = early(world).await;
        checkout.type_into("#number", PAYS.number).await;
        world.wire().let_go();
        checkout.must_show("boot-failure").await;
        assert_eq!(
            checkout
                .run("return document.querySelectorAll('input').length")
                .await,
            0
        );
    });
}

/// In fours, as the form shows it.
fn group(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(|sign| *sign != ' ').collect();
    let fours = digits.chunks(4).map(|four| four.iter().collect::<String>());
    fours.collect::<Vec<_>>().join(" ")
}
