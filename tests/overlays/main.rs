//! What lies over the frame: where the browser tells, nothing is paid through it; where it does not, a button that
//! slips under the pointer is not pressed; and what means no harm is no hindrance.

mod harmless;

use std::{fs, path::Path};

use farthing_journeys::{
    browser::Look,
    card::PAYS,
    checkout::Checkout,
    engine::{Capability, Engine},
    journey::{Setup, World, journey, journey_with},
    wait,
};

/// A press by a pointer, wherever that is: WebDriver's own would first be led to what lies over the button.
const PRESS: &str = "document.getElementById('pay').dispatchEvent(
    new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }))";
/// What the frame says of a press that it does not take.
const REFUSED: &str = "Something may cover this form";

/// Ways to cover the frame: what is laid over it, how, and the clicks go through.
const OVERLAYS: [(&str, &str); 9] = [
    ("an opaque sheet", "inset: 0; background: white"),
    (
        "a sheet that is hardly there",
        "inset: 0; background: red; opacity: 0.01",
    ),
    ("a transparent sheet with words on it", "inset: 0; color: black"),
    (
        "a word over the amount",
        "top: 150px; left: 0; width: 90%; height: 60px; background: white",
    ),
    (
        "a line over the button",
        "bottom: 0; top: 0; left: 50%; width: 2px; background: black",
    ),
    (
        "a shadow",
        "top: -60px; left: 0; width: 100%; height: 50px; box-shadow: 0 100px 300px 300px black",
    ),
    (
        "a sheet that is blended in",
        "inset: 0; background: white; mix-blend-mode: difference",
    ),
    (
        "a sheet that is turned",
        "inset: 0; background: white; transform: rotate(1deg)",
    ),
    ("a blur of what is behind", "inset: 0; backdrop-filter: blur(9px)"),
];

/// Ways to disguise the frame itself.
const DISGUISES: [(&str, &str); 5] = [
    ("half transparent", "opacity: 0.5"),
    ("all but transparent", "opacity: 0.001"),
    ("blurred", "filter: blur(3px)"),
    ("shrunk", "transform: scale(0.5)"),
    ("blended in", "mix-blend-mode: multiply"),
];

fn where_overlays_are_seen(steps: impl AsyncFnOnce(&mut World)) {
    let needs = &[Capability::SeesOverlays];
    let look = Look {
        height: 1400,
        ..Look::default()
    };
    journey_with(
        Setup {
            needs,
            look,
            ..Setup::default()
        },
        steps,
    );
}

#[test]
fn nothing_is_paid_through_an_overlay() {
    where_overlays_are_seen(async |world| {
        let laid = OVERLAYS.map(|(name, style)| (name, over(style)));
        let disguised = DISGUISES.map(|(name, style)| (name, disguise(style)));
        for (name, script) in laid.iter().chain(&disguised) {
            println!("{name}");
            ready_to_pay(world).await;
            in_page(world, script).await;
            must_be_covered(world).await;
            refuses(world).await;
            // It is told apart by nothing but what covers it: the same press without that pays.
            in_page(world, "undo()").await;
            pays(world).await;
        }
    });
}

/// The loader has put the frame before all else after the first press; this one comes before that, again.
#[test]
fn nor_through_one_that_stays_on_top() {
    where_overlays_are_seen(async |world| {
        ready_to_pay(world).await;
        let again = "const over = document.createElement('div');
            over.popover = 'manual';
            over.style.cssText = 'inset: 0; width: 100%; height: 100%; opacity: 0.01; pointer-events: none';
            document.body.append(over);
            setInterval(() => { over.hidePopover(); over.showPopover(); }, 50);";
        in_page(world, again).await;
        must_be_covered(world).await;
        for _ in 0..3 {
            refuses(world).await;
        }
    });
}

/// Taken away in the moment of the press, it is still not seen what was pressed.
#[test]
fn nor_in_the_moment_when_one_goes() {
    where_overlays_are_seen(async |world| {
        ready_to_pay(world).await;
        in_page(world, &over("inset: 0; background: white")).await;
        must_be_covered(world).await;
        in_page(world, "undo()").await;
        let checkout = Checkout::new(&world.browser);
        checkout.enter().await.unwrap();
        // In one script with the news that it is clear, as no hand is.
        let press = "const done = arguments[0];
            const look = () => {
              if (!(globalThis.farthing.sight() > 0)) return setTimeout(look);
              document.getElementById('pay').click();
              done();
            };
            look();";
        world.browser.client.execute_async(press, vec![]).await.unwrap();
        checkout.must_say(REFUSED).await;
        assert_eq!(world.provider.answered("POST", "/v1/tokens"), 0);
    });
}

/// In every engine: a button that the page moves under the pointer is not pressed by who meant something else.
#[test]
fn a_button_that_slips_under_the_pointer_is_not_pressed() {
    journey(async |world| {
        ready_to_pay(world).await;
        out_of_sight(world).await;
        let checkout = Checkout::new(&world.browser);
        in_page(
            world,
            "document.querySelector('farthing-checkout').style.marginTop = ''",
        )
        .await;
        checkout.enter().await.unwrap();
        // Not `Checkout::click`, which looks before it presses.
        let press = "const done = arguments[0];
            const look = () => {
              if (!(globalThis.farthing.sight() > 0)) return setTimeout(look);
              const button = document.getElementById('pay');
              button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }));
              done();
            };
            look();";
        world.browser.client.execute_async(press, vec![]).await.unwrap();
        checkout.must_say(REFUSED).await;
        assert_eq!(world.provider.answered("POST", "/v1/tokens"), 0);
        // The next one, of who has seen it, pays.
        pays(world).await;
    });
}

/// Nobody needs a pointer, nor the button on the screen.
#[test]
fn the_keyboard_pays_with_the_button_out_of_sight() {
    journey(async |world| {
        ready_to_pay(world).await;
        // As in a low window at a high zoom, where the fields are on the screen and the button is not.
        out_of_sight(world).await;
        let checkout = Checkout::new(&world.browser);
        checkout.enter().await.unwrap();
        checkout
            .run("document.getElementById('number').focus({ preventScroll: true })")
            .await;
        world.browser.press('\u{E007}').await;
        checkout.must_show("delivered").await;
    });
}

/// The same press, in a frame that takes every one: it pays, so it is this that stops it everywhere else.
#[test]
fn a_frame_that_takes_every_press_is_found_out() {
    let blind = |frame: &Path| {
        let boot = frame.join("boot.js");
        let before = fs::read_to_string(&boot).unwrap();
        let (head, rest) = before.split_once("sight:").unwrap();
        let (_, tail) = rest.split_once('}').unwrap();
        fs::write(boot, format!("{head}sight:()=>1e9}}{tail}")).unwrap();
    };
    let setup = Setup {
        needs: &[Capability::SeesOverlays],
        frame: Some(blind),
        ..Setup::default()
    };
    journey_with(setup, async |world| {
        ready_to_pay(world).await;
        in_page(world, &over("inset: 0; background: white")).await;
        let checkout = Checkout::new(&world.browser);
        checkout.enter().await.unwrap();
        checkout.run(PRESS).await;
        checkout.must_show("delivered").await;
    });
}

/// Opens a form, fills it in and agrees.
async fn ready_to_pay(world: &World) {
    let (order, _) = world.kiosk.order().await;
    let checkout = world.open_kiosk(&order).await;
    checkout.fill(&PAYS).await;
    checkout.consent().await;
    checkout.look_at_pay().await;
}

/// Moves the checkout down the page until its button is off the screen.
async fn out_of_sight(world: &World) {
    let down = "document.querySelector('farthing-checkout').style.marginTop = '5000px'; scrollTo(0, 0)";
    in_page(world, down).await;
    let checkout = Checkout::new(&world.browser);
    checkout.enter().await.unwrap();
    if world.browser.engine == Engine::Firefox {
        // It tells the frame nothing, and draws it seldom: the frame finds that out when it is drawn again.
        let seldom = "const done = arguments[0];
            requestAnimationFrame((one) => requestAnimationFrame((two) => done(two - one > 500)));";
        wait::until("the frame is hardly drawn", async || {
            let seldom = world.browser.client.execute_async(seldom, vec![]).await.ok()?;
            (seldom == true).then_some(())
        })
        .await;
    } else {
        must_be_unseen(&checkout).await;
    }
}

/// Lays a sheet over the frame, through which clicks go, and can `undo()` it.
fn over(style: &str) -> String {
    format!(
        "const host = document.querySelector('farthing-checkout'), over = document.createElement('div');
         host.parentNode.style.position = host.style.position = 'relative';
         over.textContent = 'Pay €0.01 only';
         over.style.cssText = 'position: absolute; z-index: 9; pointer-events: none; {style}';
         host.shadowRoot.firstElementChild.append(over);
         window.undo = () => over.remove();"
    )
}

fn disguise(style: &str) -> String {
    format!(
        "const main = document.querySelector('main');
         main.style.cssText = '{style}';
         window.undo = () => (main.style.cssText = '');"
    )
}

async fn in_page(world: &World, script: &str) {
    Checkout::new(&world.browser).leave().await.unwrap();
    world.browser.client.execute(script, vec![]).await.unwrap();
}

/// The browser tells the frame within a few tenths of a second.
async fn must_be_covered(world: &World) {
    let checkout = Checkout::new(&world.browser);
    checkout.enter().await.unwrap();
    must_be_unseen(&checkout).await;
}

async fn must_be_unseen(checkout: &Checkout<'_>) {
    wait::until("the frame knows that it is not seen", async || {
        (checkout.run("return globalThis.farthing.sight() > 0").await == false).then_some(())
    })
    .await;
}

/// Presses, and is refused, with a sentence and a code; nothing was sent.
async fn refuses(world: &World) {
    let checkout = Checkout::new(&world.browser);
    let before = world.provider.answered("POST", "/v1/tokens");
    let told = world.told().await.len();
    checkout.enter().await.unwrap();
    checkout.run(PRESS).await;
    checkout.must_say(REFUSED).await;
    wait::until("the page is told", async || {
        let told = world.told().await.split_off(told);
        told.iter()
            .any(|(what, detail)| what == "failed" && detail["code"] == "frame_covered")
            .then_some(())
    })
    .await;
    assert_eq!(world.provider.answered("POST", "/v1/tokens"), before);
}

/// Looks at the button for long enough, and presses it.
async fn pays(world: &World) {
    let checkout = Checkout::new(&world.browser);
    checkout.enter().await.unwrap();
    if world.browser.engine == Engine::WebKit {
        // Its driver clicks beside a frame that is before everything else.
        checkout.look_at_pay().await;
        checkout.run(PRESS).await;
    } else {
        checkout.click("#pay").await;
    }
    checkout.must_show("delivered").await;
}
