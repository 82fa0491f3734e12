//! Ten thousand hostile messages, from a sibling frame, from the page, and on the port itself, change
//! nothing: not what is typed, not the screen, not what the page is told. Then the shopper pays.

use std::{fs, path::Path};

use fantoccini::Locator;
use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    engine::Engine,
    journey::{Setup, World, journey, journey_with},
    project, wait,
};
use serde_json::{Value, json};

const FLOOD: &str = include_str!("flood.js");
/// A frame beside the checkout, as powerful as one can be: it has the page's own origin.
const SIBLING: &str = "
    const checkout = () => parent.document.querySelector('farthing-checkout')?.shadowRoot?.querySelector('iframe')?.contentWindow;
    window.early = (async () => {
      // From the first moment that there is a frame, until its form is ready.
      while (!parent.told?.some(({ what }) => what === 'ready')) {
        const frame = checkout();
        if (frame) await FLOOD.flood(100, (message, ports) => frame.postMessage(message, '*', ports));
        else await new Promise((resolve) => setTimeout(resolve));
      }
      return FLOOD.told();
    })();";

#[test]
fn ten_thousand_hostile_messages_change_nothing() {
    journey(async |world| {
        let reference = open(world).await;
        let checkout = Checkout::with_form(&world.browser).await;
        let early = in_sibling(world, "return early").await;
        assert!(early["posted"].as_u64().unwrap() >= 100, "{early}");
        assert_eq!(
            early["heard"], 0,
            "a hostile message was taken for the page's: {early}"
        );

        checkout.enter().await.unwrap();
        checkout.fill(&PAYS).await;
        checkout.consent().await;
        let before = picture(&checkout).await;

        for (from, post) in [
            (
                "sibling to frame",
                "(message, ports) => checkout().postMessage(message, '*', ports)",
            ),
            (
                "sibling to loader",
                "(message, ports) => parent.postMessage(message, '*', ports)",
            ),
        ] {
            let told = in_sibling(world, &flood(count(world), post)).await;
            must_be_unheard(from, &told, count(world));
        }
        let frame =
            "document.querySelector('farthing-checkout').shadowRoot.querySelector('iframe').contentWindow";
        for (from, post) in [
            (
                "page to frame",
                format!("(message, ports) => {frame}.postMessage(message, '*', ports)"),
            ),
            (
                "page to itself",
                "(message, ports) => postMessage(message, '*', ports)".to_owned(),
            ),
            // What the loader itself would say is the page's right: only what the frame must refuse.
            (
                "page on the port",
                "(message, ports) => { if (!FLOOD.isOrder(message)) grabbed.postMessage(message, ports); }"
                    .to_owned(),
            ),
        ] {
            checkout.leave().await.unwrap();
            let told = later(world, &flood(count(world), &post)).await;
            must_be_unheard(from, &told, count(world));
        }

        checkout.enter().await.unwrap();
        assert_eq!(picture(&checkout).await, before);
        let told: Vec<String> = world.told().await.into_iter().map(|(what, _)| what).collect();
        assert_eq!(told, ["ready"]);
        assert_eq!(world.provider.books.count("quotes"), 1);

        checkout.enter().await.unwrap();
        checkout.click("#pay").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        world.provider.books.must_balance();
    });
}

/// The same flood, at a frame that does not look at who speaks, is heard.
#[test]
fn a_frame_that_listens_to_anybody_is_found_out() {
    let deaf_to_nobody = |frame: &Path| {
        // The source, whose words are known; what is served is minified.
        let good = fs::read_to_string(project::root().join("www/boot.js")).unwrap();
        let bad = good.replace("event.source !== window.parent || ", "");
        assert_ne!(good, bad, "boot.js looks at who speaks in another way by now");
        fs::write(frame.join("boot.js"), bad).unwrap();
    };
    journey_with(
        Setup {
            frame: Some(deaf_to_nobody),
            ..Setup::default()
        },
        async |world| {
            // It is a race with the loader's own message: not every load is lost.
            wait::until("a hostile message is taken for the page's", async || {
                open(world).await;
                in_sibling(world, "return FLOOD.told()").await["heard"]
                    .as_u64()
                    .filter(|heard| *heard > 0)
            })
            .await;
        },
    );
}

/// Opens a page with a checkout and a hostile sibling. Returns the order's reference.
async fn open(world: &World) -> String {
    let (order, reference) = world.kiosk.order().await;
    // As a text within a text: `__proto__` stays a member, and nothing ends the script.
    let messages = Value::from(golden().to_string())
        .to_string()
        .replace('<', "\\u003c");
    let golden = format!("<script>const golden = JSON.parse({messages});</script><script>{FLOOD}</script>");
    let page = world.kiosk_page(&order);
    // The page keeps the loader's port: nothing keeps it from that.
    let grab = "<script>
        const Native = MessageChannel;
        window.MessageChannel = function () { const made = new Native(); window.grabbed ??= made.port1; return made; };
        </script>";
    let page = page.replacen(
        "<h1>",
        &format!("{golden}{grab}<iframe id='sibling' src='/sibling'></iframe><h1>"),
        1,
    );
    world.site.put(
        "/sibling",
        format!("<!doctype html>{golden}<script>{SIBLING}</script>"),
    );
    world.site.put("/", page);
    world
        .browser
        .client
        .goto(&format!("{}/", world.kiosk.origin))
        .await
        .unwrap();
    reference
}

/// The golden messages of all kinds, as JavaScript.
fn golden() -> Value {
    let read = |kind: &str| -> Vec<Value> {
        let path = project::root().join(format!("tests/golden/{kind}_messages.json"));
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    };
    let texts = |kind: &str| -> Vec<Value> {
        read(kind)
            .into_iter()
            .map(|entry| entry["text"].clone())
            .collect()
    };
    let connect: Vec<Value> = read("connect")
        .into_iter()
        .map(|entry| entry["value"].clone())
        .collect();
    let taken: Vec<Value> = read("host")
        .into_iter()
        .filter(|entry| entry["accepted"] == true)
        .map(|entry| entry["text"].clone())
        .collect();
    json!({ "connect": connect, "host": texts("host"), "frame": texts("frame"), "taken": taken })
}

/// WebKit takes milliseconds for a message with ports: there it is a tenth of them.
fn count(world: &World) -> u32 {
    match world.browser.engine {
        Engine::Chromium | Engine::Firefox => 10_000,
        Engine::WebKit => 1_000,
    }
}

fn flood(count: u32, post: &str) -> String {
    format!("return FLOOD.flood({count}, {post}).then(() => FLOOD.told())")
}

fn must_be_unheard(from: &str, told: &Value, count: u32) {
    assert!(
        told["posted"].as_u64().unwrap() >= u64::from(count),
        "{from}: {told}"
    );
    assert_eq!(told["heard"], 0, "{from}: {told}");
}

/// What `script`'s promise comes to, in the window that the browser looks into. As a script of the page: what
/// Firefox's driver runs has globals of its own.
async fn later(world: &World, script: &str) -> Value {
    let own = format!(
        "(async () => {{ {script} }})().catch((error) => '' + error).then((value) => {{
           dispatchEvent(new CustomEvent('later', {{ detail: JSON.stringify(value) }}));
         }});"
    );
    let run = "const [own, done] = arguments;
         addEventListener('later', ({ detail }) => done(JSON.parse(detail)), { once: true });
         const script = document.createElement('script');
         script.textContent = own;
         document.documentElement.append(script);";
    let client = &world.browser.client;
    client.execute_async(run, vec![json!(own)]).await.unwrap()
}

async fn in_sibling(world: &World, script: &str) -> Value {
    let client = &world.browser.client;
    client.enter_parent_frame().await.unwrap();
    client
        .find(Locator::Css("#sibling"))
        .await
        .unwrap()
        .enter_frame()
        .await
        .unwrap();
    let value = later(world, script).await;
    client.enter_parent_frame().await.unwrap();
    value
}

/// All that the shopper sees in the frame.
async fn picture(checkout: &Checkout<'_>) -> (Option<String>, Vec<String>, Value) {
    let rest = "return [document.body.innerText, document.getElementById('consent').checked, document.body.innerHTML]";
    (
        checkout.screen().await,
        checkout.typed().await,
        checkout.run(rest).await,
    )
}
