//! The frame speaks to its own origin alone, and keeps nothing in the browser.

use std::{fs, path::Path};

use fantoccini::Locator;
use farthing_journeys::{
    account::Account,
    browser::Request,
    canary::{Canary, search},
    card::{Card, DECLINED, PAYS},
    checkout::Checkout,
    journey::{Setup, World, journey, journey_with},
    wait,
};
use serde_json::{Value, json};

/// Everything that a page can leave in a browser, as [how, what].
const KEPT: &str = "
    const done = arguments[arguments.length - 1];
    (async () => ({
      cookie: document.cookie,
      localStorage: { ...localStorage },
      sessionStorage: { ...sessionStorage },
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
      bytes: (await navigator.storage.estimate()).usage,
      name: window.name,
      history: history.state,
    }))().then(done, (error) => done('' + error))";

fn nothing() -> Value {
    json!({
        "cookie": "", "localStorage": {}, "sessionStorage": {}, "databases": [], "caches": [], "workers": 0,
        "files": [], "bytes": 0, "name": "", "history": null
    })
}

#[test]
fn the_frame_asks_its_own_origin_alone_and_leaves_nothing() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        assert_eq!(kept(world).await, nothing());
        checkout.pay_with(&DECLINED).await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 402);
        checkout.must_show("refused").await;
        checkout.click("#again").await;
        checkout.must_show("form").await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("delivered").await;
        let told = world.told().await;
        let token = told.iter().rev().find(|(what, _)| what == "token").unwrap().1["token"]
            .as_str()
            .unwrap();
        assert_eq!(
            world
                .kiosk
                .redeem(&world.kiosk.redemption(token, &reference))
                .await
                .status,
            201
        );
        checkout.must_show("completed").await;
        assert_eq!(kept(world).await, nothing());
        // Cookies that scripts can't see, too; of all sites.
        let cookies = world.browser.devtools("Network.getAllCookies", json!({})).await;
        assert_eq!(cookies["cookies"], json!([]));

        let requests = world.browser.end().await;
        let of_frame = of(&world.provider.origin, &requests);
        assert!(
            of_frame.iter().any(|url| url.ends_with("/v1/tokens")),
            "{requests:?}"
        );
        assert_eq!(elsewhere(world, &of_frame), [""; 0]);
        // The loader, which runs in the page, asks for the frame and for nothing else.
        let of_page = of(&world.kiosk.origin, &requests);
        let of_loader: Vec<&&str> = of_page
            .iter()
            .filter(|url| !url.starts_with(&world.kiosk.origin))
            .collect();
        assert_eq!(of_loader.len(), 2, "{of_loader:?}");
        assert!(
            of_loader[0].ends_with("/v1/farthing.js") && of_loader[1].contains("/v1/frame/mer_"),
            "{of_loader:?}"
        );
    });
}

/// Browsers write down what stands in the fields of open pages, to bring it back after a crash.
#[test]
fn nothing_that_is_typed_is_in_a_file_of_the_browser() {
    journey(async |world| {
        type_and_wait_until_remembered(world).await;
        for (file, bytes) in world.browser.profile() {
            assert_eq!(search(&bytes, &TYPED), [], "in {file}");
            assert_eq!(search(&bytes, &TYPED_OF_ACCOUNT), [], "in {file}");
        }
    });
}

const TYPED: Canary = Canary {
    number: "4929184730562818",
    expiry_month: 8,
    expiry_year: 2041,
    security_code: "073",
    name: "Quillon Vexworth",
};

/// The digits of an IBAN, and who holds the account.
const TYPED_OF_ACCOUNT: Canary = Canary {
    number: "11492918473056281573",
    name: "Ottoline Drakenfeld",
    ..TYPED
};

async fn type_and_wait_until_remembered(world: &World) {
    world.offer_accounts();
    let (order, _) = world.kiosk.order().await;
    world.site.put("/", world.kiosk_page(&order) + "<input id='own'>");
    world
        .browser
        .client
        .goto(&format!("{}/", world.kiosk.origin))
        .await
        .unwrap();
    let checkout = Checkout::with_form(&world.browser).await;
    let card = Card {
        number: TYPED.number,
        expiry: "08/41",
        security_code: TYPED.security_code,
        name: TYPED.name,
    };
    checkout.fill(&card).await;
    checkout.choose("bank_account").await;
    let account = Account {
        iban: "DE11492918473056281573",
        holder: TYPED_OF_ACCOUNT.name,
    };
    checkout.fill_account(&account).await;
    // What is typed into the page after that is remembered no earlier.
    checkout.leave().await.unwrap();
    let own = world.browser.client.find(Locator::Css("#own")).await.unwrap();
    own.send_keys("Rememberthisword").await.unwrap();
    let marker = Canary {
        name: "Rememberthisword",
        ..TYPED
    };
    wait::until("the browser remembers the page", async || {
        let files = world.browser.profile();
        let mut sessions = files.iter().filter(|(file, _)| file.contains("/Sessions/"));
        sessions
            .any(|(_, bytes)| search(bytes, &marker).iter().any(|find| find.detail == "name"))
            .then_some(())
    })
    .await;
}

/// The same look, at a frame whose fields stay open to the browser's memory.
#[test]
fn a_field_that_the_browser_remembers_is_found_out() {
    let open = |frame: &Path| {
        let boot = frame.join("boot.js");
        let mut script = fs::read_to_string(&boot).unwrap();
        // What the application says of its fields goes nowhere.
        script += "\nObject.defineProperty(HTMLInputElement.prototype, 'autocomplete', { set() {} });\n";
        fs::write(boot, script).unwrap();
    };
    journey_with(
        Setup {
            frame: Some(open),
            ..Setup::default()
        },
        async |world| {
            type_and_wait_until_remembered(world).await;
            let files = world.browser.profile();
            let finds = files.iter().flat_map(|(_, bytes)| search(bytes, &TYPED));
            let found: Vec<_> = finds.map(|find| find.detail).collect();
            for detail in ["number", "security code", "expiry", "name"] {
                assert!(found.contains(&detail), "{detail} is not among {found:?}");
            }
            let mut of_account = files
                .iter()
                .flat_map(|(_, bytes)| search(bytes, &TYPED_OF_ACCOUNT));
            assert!(of_account.any(|find| find.detail == "name"));
        },
    );
}

/// The same look, at a frame that keeps and tells things.
#[test]
fn a_frame_that_keeps_or_tells_is_found_out() {
    let tell = |frame: &Path| {
        let boot = frame.join("boot.js");
        let mut script = fs::read_to_string(&boot).unwrap();
        script += "\nlocalStorage.seen = 1; document.cookie = 'seen=1; SameSite=None; Secure'; window.name = 'seen';
            indexedDB.open('seen'); fetch('http://127.0.0.1:9/beacon').catch(() => {});\n";
        fs::write(boot, script).unwrap();
    };
    journey_with(
        Setup {
            frame: Some(tell),
            wire: true,
            ..Setup::default()
        },
        async |world| {
            // The policy alone would keep it from telling: this frame's is gone.
            world.wire().has(|request, mut answer| {
                if request.starts_with("GET /v1/frame/") {
                    answer.headers.remove("content-security-policy");
                }
                Some(answer)
            });
            let (order, _) = world.kiosk.order().await;
            world.open_kiosk(&order).await;
            let (kept, nothing) = (kept(world).await, nothing());
            for what in ["localStorage", "databases", "name"] {
                assert_ne!(kept[what], nothing[what], "{what}: {kept}");
            }
            let requests = world.browser.end().await;
            assert_eq!(
                elsewhere(world, &of(&world.provider.origin, &requests)),
                ["http://127.0.0.1:9/beacon"]
            );
        },
    );
}

/// What the frame has left in the browser so far.
async fn kept(world: &World) -> Value {
    Checkout::new(&world.browser).enter().await.unwrap();
    world.browser.client.execute_async(KEPT, vec![]).await.unwrap()
}

/// The addresses that documents of `origin` asked for.
fn of<'a>(origin: &str, requests: &'a [Request]) -> Vec<&'a str> {
    requests
        .iter()
        .filter(|request| request.initiator.as_deref() == Some(origin))
        .map(|request| request.url.as_str())
        .collect()
}

fn elsewhere<'a>(world: &World, urls: &[&'a str]) -> Vec<&'a str> {
    let own = format!("{}/", world.provider.origin);
    urls.iter()
        .copied()
        .filter(|url| !url.starts_with(&own) && !url.starts_with("data:"))
        .collect()
}
