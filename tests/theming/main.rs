//! A merchant's theme, in the frame: its colours, corners and room, light and dark, and what comes before it.

use farthing_journeys::{
    browser::Look,
    card::PAYS,
    checkout::Checkout,
    engine::Capability,
    journey::{Setup, World, journey_with},
};
use serde_json::{Value, json};

#[path = "../screens/axe.rs"]
#[expect(dead_code, reason = "what it finds in a wrong form is for another test")]
mod axe;

/// Nothing in it is as usual; the dark colours follow from the accent.
const PAPER: &str = "radius = \"none\"\nfont = \"serif\"\ndensity = \"compact\"\n\
                     light = { ground = \"#fff8ee\", ink = \"#2b1b12\", accent = \"#8a1c5b\" }";

/// What is seen of a theme.
const SEEN: &str = "
    const of = (css) => getComputedStyle(document.querySelector(css));
    const { backgroundColor, borderTopLeftRadius, color } = of('#pay');
    return [backgroundColor, color, borderTopLeftRadius, of('.card').backgroundColor, of('html').getPropertyValue('--room'),
      of('#number').minHeight, of('body').fontFamily.split(',')[0].replaceAll('\"', '')];";

#[test]
fn the_frame_wears_its_merchants_theme_and_pays() {
    themed(Look::default(), &[], async |world| {
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        let worn = json!([
            "rgb(138, 28, 91)",
            "rgb(255, 248, 238)",
            "0px",
            "rgb(255, 248, 238)",
            "0.88rem",
            "44px",
            "Iowan Old Style"
        ]);
        assert_eq!(checkout.run(SEEN).await, worn);
        checkout.click("#pay").await;
        axe::must_be_accessible(world, "a themed form with errors").await;
        let checkout = world.open_kiosk(&order).await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("delivered").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        checkout.must_show("completed").await;
        axe::must_be_accessible(world, "a themed end").await;
    });
}

#[test]
fn in_the_dark_it_wears_what_follows_from_the_accent() {
    let look = Look {
        dark: true,
        ..Look::default()
    };
    themed(look, &[], async |world| {
        let checkout = open(world).await;
        let seen = checkout.run(SEEN).await;
        // The usual ground, and an accent that is lighter than the light one; as the provider's own judge has them.
        assert_eq!(seen[3], "rgb(22, 27, 25)", "{seen}");
        assert_eq!(seen[1], seen[3], "{seen}");
        assert_eq!(seen[2], "0px");
        assert_ne!(seen[0], "rgb(138, 28, 91)", "{seen}");
        assert_ne!(seen[0], "rgb(95, 214, 172)", "{seen}");
        checkout.click("#pay").await;
        axe::must_be_accessible(world, "a themed form in the dark").await;
    });
}

/// Whoever chose colours for every page sees those; and paper is white.
#[test]
fn forced_colours_and_paper_come_before_it() {
    let look = Look {
        one_process: true,
        ..Look::default()
    };
    themed(look, &[Capability::DevTools], async |world| {
        let checkout = open(world).await;
        let usual = checkout.run(SEEN).await;
        emulate(
            world,
            json!({ "features": [{ "name": "forced-colors", "value": "active" }] }),
        )
        .await;
        assert_eq!(matches(&checkout, "(forced-colors: active)").await, true);
        let forced = checkout.run(SEEN).await;
        assert_ne!(forced[0], usual[0]);
        assert_ne!(forced[3], usual[3]);
        axe::must_be_accessible(world, "a themed form in forced colours").await;
        emulate(
            world,
            json!({ "media": "print", "features": [{ "name": "forced-colors", "value": "none" }] }),
        )
        .await;
        assert_eq!(matches(&checkout, "print").await, true);
        let printed = checkout.run(SEEN).await;
        assert_eq!(
            [&printed[0], &printed[3]],
            ["rgb(11, 95, 72)", "rgb(255, 255, 255)"]
        );
    });
}

fn themed(look: Look, needs: &'static [Capability], steps: impl AsyncFnOnce(&mut World)) {
    let setup = Setup {
        look,
        needs,
        theme: PAPER,
        ..Setup::default()
    };
    journey_with(setup, steps);
}

async fn open(world: &World) -> Checkout<'_> {
    let (order, _) = world.kiosk.order().await;
    world.open_kiosk(&order).await
}

async fn emulate(world: &World, media: Value) {
    world.browser.devtools("Emulation.setEmulatedMedia", media).await;
}

async fn matches(checkout: &Checkout<'_>, query: &str) -> Value {
    checkout
        .run(&format!("return matchMedia('{query}').matches"))
        .await
}
