//! Where checkouts are put, and how they are moved.

use fantoccini::Locator;
use farthing_journeys::{
    browser::Look,
    card::{Card, PAYS},
    checkout::Checkout,
    journey::{Setup, World, journey, journey_with},
    wait,
};
use serde_json::{Value, json};

#[test]
fn in_a_dialog_it_pays() {
    // As high as the dialog: WebDriver does not scroll one to what is to be clicked in a frame.
    let look = Look {
        height: 1400,
        ..Look::default()
    };
    let setup = Setup {
        look,
        ..Setup::default()
    };
    journey_with(setup, async |world| {
        let (order, reference) = world.kiosk.order().await;
        open(world).await;
        run(
            world,
            "const dialog = document.createElement('dialog');
             dialog.append(make(arguments[0]));
             document.body.append(dialog);
             dialog.showModal();",
            json!([order]),
        )
        .await;
        pay(world, &reference).await;
    });
}

#[test]
fn in_a_shadow_root_it_pays() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        open(world).await;
        run(
            world,
            "const host = document.createElement('shop-basket');
             document.body.append(host);
             host.attachShadow({ mode: 'open' }).append(make(arguments[0]));",
            json!([order]),
        )
        .await;
        // WebDriver looks into one shadow root at a time.
        let root = world
            .browser
            .client
            .find(Locator::Css("shop-basket"))
            .await
            .unwrap();
        let inner = root.shadow_root().await.unwrap();
        let host = inner.find(Locator::Css("farthing-checkout")).await.unwrap();
        let frame = host.shadow_root().await.unwrap();
        let frame = frame.find(Locator::Css("iframe")).await.unwrap();
        frame.enter_frame().await.unwrap();
        let checkout = Checkout::new(&world.browser);
        wait::until("the form is there", async || {
            let found = checkout.run("return document.querySelector('[data-screen=form] #number') !== null");
            (found.await == true).then_some(())
        })
        .await;
        checkout.pay_with(&PAYS).await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
    });
}

/// What is typed before the loader is there is paid with.
#[test]
fn with_its_frame_in_the_markup_it_pays() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        let page = world.kiosk_page("");
        let (page, _) = page.split_once("<script src").unwrap();
        let (provider, merchant) = (&world.kiosk.provider, &world.kiosk.id);
        world.site.put(
            "/",
            format!(
                "{page}<farthing-checkout order=\"{order}\">
                   <iframe src=\"{provider}/v1/frame/{merchant}\" title=\"Payment form\"></iframe>
                 </farthing-checkout>"
            ),
        );
        world
            .browser
            .client
            .goto(&format!("{}/", world.kiosk.origin))
            .await
            .unwrap();
        let checkout = Checkout::new(&world.browser);
        checkout.enter().await.unwrap();
        checkout.type_into("#number", PAYS.number).await;
        run(
            world,
            "const script = document.createElement('script');
             script.src = arguments[0];
             document.body.append(script);",
            json!([format!("{provider}/v1/farthing.js")]),
        )
        .await;
        let checkout = Checkout::with_form(&world.browser).await;
        assert_eq!(checkout.typed().await[0], "4242 4242 4242 4242");
        // The frame is the one that was typed into.
        let frames =
            "return document.querySelector('farthing-checkout').shadowRoot.querySelectorAll('iframe').length";
        assert_eq!(run(world, frames, json!([])).await, 0);
        Checkout::with_form(&world.browser)
            .await
            .pay_with(&Card { number: "", ..PAYS })
            .await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
    });
}

/// Each with its own order, frame and token.
#[test]
fn two_on_a_page_pay_each_for_itself() {
    journey(async |world| {
        let (first, first_reference) = world.kiosk.order().await;
        let (second, second_reference) = world.kiosk.order().await;
        open(world).await;
        run(
            world,
            "document.body.append(make(arguments[0]), make(arguments[1]))",
            json!([first, second]),
        )
        .await;
        pay(world, &first_reference).await;
        // `Checkout` looks at the first on the page.
        run(
            world,
            "document.querySelector('farthing-checkout').remove(); told.length = 0",
            json!([]),
        )
        .await;
        pay(world, &second_reference).await;
        assert_eq!(world.provider.books.count("charges"), 2);
    });
}

#[test]
fn moved_as_it_is_it_keeps_what_was_typed() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        open(world).await;
        run(world, "document.body.append(make(arguments[0]))", json!([order])).await;
        Checkout::with_form(&world.browser).await.fill(&PAYS).await;
        run(
            world,
            "const place = document.createElement('section');
             document.body.append(place);
             place.moveBefore(document.querySelector('farthing-checkout'), null);",
            json!([]),
        )
        .await;
        let checkout = Checkout::with_form(&world.browser).await;
        assert_eq!(checkout.typed().await[0], "4242 4242 4242 4242");
        assert_eq!(frames(world), 1);
    });
}

#[test]
fn moved_by_hand_it_begins_again_and_pays_once() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        open(world).await;
        run(world, "document.body.append(make(arguments[0]))", json!([order])).await;
        Checkout::with_form(&world.browser).await.fill(&PAYS).await;
        run(
            world,
            "const place = document.createElement('section');
             document.body.append(place);
             place.append(document.querySelector('farthing-checkout'));",
            json!([]),
        )
        .await;
        let checkout = Checkout::with_form(&world.browser).await;
        assert_eq!(checkout.typed().await, ["", "", "", ""]);
        // On a busy machine the loader may ask for a frame again.
        assert!(frames(world) >= 2);
        pay(world, &reference).await;
    });
}

#[test]
fn another_order_of_the_merchant_keeps_the_frame_and_none_takes_it_away() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let dearer = world.kiosk.order_over("dearer", 990, 3600).await;
        open(world).await;
        run(world, "document.body.append(make(arguments[0]))", json!([order])).await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.fill(&PAYS).await;
        let typed = checkout.typed().await;
        assert_eq!(typed[0], "4242 4242 4242 4242");
        checkout.consent().await;
        let set = "document.querySelector('farthing-checkout').setAttribute('order', arguments[0])";
        run(world, set, json!([dearer])).await;
        let checkout = Checkout::new(&world.browser);
        wait::until("the other order is offered", async || {
            checkout.enter().await.ok()?;
            let words = "return document.getElementById('pay')?.textContent ?? ''";
            (checkout.run(words).await == "Pay €9.90").then_some(())
        })
        .await;
        // What was agreed to was the other amount.
        assert_eq!(
            checkout
                .run("return document.getElementById('consent').checked")
                .await,
            false
        );
        assert_eq!(frames(world), 1);
        // What was typed is still there, and pays for the other order, once that is agreed to.
        assert_eq!(checkout.typed().await, typed);
        checkout.click("#pay").await;
        checkout.must_say("Tick the box if you agree").await;
        checkout.consent().await;
        checkout.click("#pay").await;
        checkout.must_show("delivered").await;
        let token = world.token().await;
        let mut redemption = world.kiosk.redemption(&token, "dearer");
        redemption.amount = 990;
        assert_eq!(world.kiosk.redeem(&redemption).await.status, 201);
        let paid = "document.querySelector('farthing-checkout').complete('paid')";
        run(world, paid, json!([])).await;
        Checkout::new(&world.browser).must_show("completed").await;

        // Of another merchant: another frame, which this page is not one of.
        let (strange, _) = world.stranger.order().await;
        run(world, set, json!([strange])).await;
        wait::until("another frame is asked for", async || {
            (frames(world) > 1).then_some(())
        })
        .await;

        let left = "document.querySelector('farthing-checkout').removeAttribute('order');
                    return document.querySelector('farthing-checkout').shadowRoot.querySelectorAll('iframe').length";
        assert_eq!(run(world, left, json!([])).await, 0);
    });
}

/// A hundred times with the real frame: what the browser holds afterwards is what it held before.
#[test]
fn a_hundred_mounts_leave_nothing_behind() {
    journey(async |world| {
        let order = world.kiosk.order_over("many", 250, 3600).await;
        open(world).await;
        let mount = "const [order, times, done] = arguments;
            (async () => {
              for (let time = 0; time < times; time += 1) {
                const checkout = make(order);
                // Some are gone before their frame is there.
                const loaded = time % 10 ? new Promise((next) => (checkout.shadowRoot.addEventListener('load', next, { capture: true, once: true }))) : null;
                document.body.append(checkout);
                await loaded;
                checkout.remove();
              }
            })().then(done);";
        let mounted = async |times: u32| {
            let arguments = vec![json!(order), json!(times)];
            world
                .browser
                .client
                .execute_async(mount, arguments)
                .await
                .unwrap();
            memory(world).await
        };
        // What the browser makes once and keeps is made by then.
        let before = mounted(10).await;
        let after = mounted(100).await;
        for what in ["documents", "nodes", "jsEventListeners"] {
            let (before, after) = (&before[what], &after[what]);
            assert!(
                after.as_u64() <= before.as_u64(),
                "{what}: {before} before, {after} after"
            );
        }
        let bytes = |of: &Value| of["bytes"].as_u64().unwrap();
        let grown = bytes(&after).saturating_sub(bytes(&before));
        println!("memory: {before} before, {after} after 100 mounts");
        assert!(grown < 100 * 1024, "{grown} bytes more");
    });
}

/// What the page holds, after its garbage is gone.
async fn memory(world: &World) -> Value {
    for _ in 0..3 {
        world
            .browser
            .devtools("HeapProfiler.collectGarbage", json!({}))
            .await;
    }
    let mut held = world.browser.devtools("Memory.getDOMCounters", json!({})).await;
    let heap = world.browser.devtools("Runtime.getHeapUsage", json!({})).await;
    held["bytes"] = heap["usedSize"].clone();
    held["frames"] = json!(
        1 + run(world, "return frames.length", json!([]))
            .await
            .as_u64()
            .unwrap()
    );
    held
}

/// Opens a page of the kiosk with the loader and no checkout.
async fn open(world: &World) {
    let page = world.kiosk_page("");
    let (page, _) = page.split_once(" data-order=").unwrap();
    world.site.put(
        "/",
        format!(
            "{page}></script><script>
               window.make = (order) => {{
                 const checkout = document.createElement('farthing-checkout');
                 checkout.setAttribute('order', order);
                 return checkout;
               }};
             </script>"
        ),
    );
    let address = format!("{}/", world.kiosk.origin);
    world.browser.client.goto(&address).await.unwrap();
}

async fn run(world: &World, script: &str, arguments: Value) -> Value {
    Checkout::new(&world.browser).leave().await.unwrap();
    let Value::Array(arguments) = arguments else {
        panic!("a list")
    };
    world.browser.client.execute(script, arguments).await.unwrap()
}

async fn pay(world: &World, reference: &str) {
    Checkout::with_form(&world.browser).await.pay_with(&PAYS).await;
    let token = world.token().await;
    assert_eq!(world.redeem(&token, reference).await, 201);
}

fn frames(world: &World) -> usize {
    world.provider.answered("GET", "/v1/frame/{merchant}")
}
