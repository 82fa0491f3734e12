//! The hostile page.

use fantoccini::Locator;
use farthing_journeys::{
    canary::{Canary, Find, search, search_pieces},
    journey::World,
    wait,
};

/// The hooks that a page with a checkout has before anything else.
const HOOKS: &str = include_str!("hooks.js");
/// A service worker, for what the hooks can't reach.
const WORKER: &str = include_str!("worker.js");

/// What the page saw: where, and what.
#[derive(Default)]
pub struct Seen(Vec<(String, String)>);

/// Opens the hostile page with a checkout for `order`.
pub async fn open(world: &World, order: &str) {
    let page = world
        .kiosk_page(order)
        .replacen("<script>", &format!("<script>{HOOKS}</script><script>"), 1);
    assert!(page.contains("const seen"), "the page has no hooks");
    world.site.put("/", format!("{page}<input id='own'>"));
    world.site.put("/worker.js", WORKER);
    world
        .browser
        .client
        .goto(&format!("{}/", world.kiosk.origin))
        .await
        .unwrap();
}

/// Runs `script` in the page.
pub async fn run(world: &World, script: &str) -> serde_json::Value {
    world.browser.client.enter_parent_frame().await.unwrap();
    world.browser.client.execute(script, vec![]).await.unwrap()
}

impl Seen {
    /// Adds what the page saw since it was last asked.
    pub async fn take(&mut self, world: &World) {
        let taken = run(world, "return seen.take()").await;
        self.0
            .extend(serde_json::from_value::<Vec<(String, String)>>(taken["seen"].clone()).unwrap());
        std::fs::write(world.folder.join("seen.log"), self.text()).unwrap();
        assert_eq!(taken["full"], false, "the page saw more than it can keep");
    }

    /// All of it as one text.
    pub fn text(&self) -> String {
        self.0
            .iter()
            .map(|(place, text)| format!("{place}: {text}\n"))
            .collect()
    }

    /// What it gives away of `canary`: each entry, and the entries of each place put together.
    pub fn search(&self, canary: &Canary) -> Vec<Find> {
        let mut finds = search(self.text().as_bytes(), canary);
        let mut places: Vec<&str> = self.0.iter().map(|(place, _)| place.as_str()).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let pieces = self
                .0
                .iter()
                .filter(|(at, _)| at == place)
                .map(|(_, text)| text.as_str());
            finds.extend(search_pieces(pieces, canary));
        }
        finds
    }

    /// # Panics
    /// If the page did not see what a page of this kind does see: then its silence would prove nothing.
    pub async fn must_be_awake(&mut self, world: &World, token: &str) {
        // What is typed into the page itself, it knows in every way.
        world.browser.client.enter_parent_frame().await.unwrap();
        let own = world.browser.client.find(Locator::Css("#own")).await.unwrap();
        own.send_keys("5105105105105100").await.unwrap();
        let typed = Canary {
            number: "5105105105105100",
            expiry_month: 1,
            expiry_year: 2045,
            security_code: "0000",
            name: "Nobody-at-all",
        };
        wait::until("the page sees what is typed into it", async || {
            self.take(world).await;
            let finds = self.search(&typed);
            let whole = finds.iter().any(|find| !find.reading.starts_with("piece"));
            let pieces = finds
                .iter()
                .any(|find| find.reading.starts_with("piece by piece"));
            (whole && pieces).then_some(())
        })
        .await;
        let text = self.text();
        for (what, sign) in [
            ("the token", token),
            ("messages on the port", "MessagePort"),
            ("the way it is opened", "connect"),
            ("what the frame says", "\"type\":\"ready\""),
            ("the checkout's insides", "<iframe"),
            ("the addresses of what is loaded", "/v1/frame/"),
            ("events of the checkout", "event farthing-token"),
            ("JSON", "JSON.parse"),
            ("mutations", "mutation childList"),
        ] {
            assert!(text.contains(sign), "the page did not see {what}");
        }
    }
}
