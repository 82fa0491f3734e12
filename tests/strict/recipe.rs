//! What docs/EMBEDDING.md tells merchants to write.

use std::fs;

use farthing_journeys::{http::get, journey::World, project};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// New for each answer of a real server.
pub const NONCE: &str = "Zm9yIHRoaXMgdGVzdA";

/// The blocks of the document, filled in for a world.
pub struct Recipe {
    document: String,
    filled: Vec<(&'static str, String)>,
}

impl Recipe {
    /// Reads the document, and from the provider what its newest loader is.
    pub async fn read(world: &World) -> Self {
        let document = fs::read_to_string(project::root().join("docs/EMBEDDING.md")).unwrap();
        let provider = &world.provider.origin;
        let sri = get(&format!("{provider}/v1/sri.json")).await.unwrap().json();
        let text = |name: &str| sri[name].as_str().unwrap().to_owned();
        let mut recipe = Self {
            document,
            filled: vec![
                ("https://pay.example", provider.clone()),
                ("NONCE", NONCE.to_owned()),
                ("RELEASE", text("release")),
                ("LOADER-HASH", text("integrity")),
            ],
        };
        let shop = recipe.block("js strict");
        recipe.filled.push(("SHOP-HASH", integrity(&shop)));
        recipe
    }

    /// The page, with `order` in it.
    pub fn page(&self, order: &str) -> String {
        self.block("html strict").replace("ORDER", order)
    }

    /// Serves `page` at `/`, under the headers of the blocks `named`, with its script and its server, which charges
    /// for the order `reference`.
    pub fn serve(&self, world: &World, named: &[&str], page: &str, reference: &str) {
        let headers: String = named
            .iter()
            .map(|name| self.block(&format!("http {name}")))
            .collect();
        let headers: Vec<(&str, &str)> = headers
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .collect();
        self.serve_under(world, &headers, page, reference);
    }

    /// As [`Self::serve`], with what is blocked told to `/reports`.
    pub fn serve_reporting(&self, world: &World, page: &str, reference: &str) {
        let headers = self.block("http strict");
        let policy = "Content-Security-Policy: ";
        let headers = headers.lines().map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            let more = if line.starts_with(policy) {
                "; report-uri /reports"
            } else {
                ""
            };
            (name, format!("{value}{more}"))
        });
        let headers: Vec<_> = headers.collect();
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.serve_under(world, &headers, page, reference);
    }

    fn serve_under(&self, world: &World, headers: &[(&str, &str)], page: &str, reference: &str) {
        world.site.put_with("/", page, headers);
        world.site.put("/shop.js", self.block("js strict"));
        world.site.put("/icon.svg", "");
        let (kiosk, reference) = (world.kiosk.clone(), reference.to_owned());
        world.site.answer("/charge", move |asked: Value| {
            let token = asked["token"].as_str().unwrap_or_default();
            let (kiosk, redemption) = (kiosk.clone(), kiosk.redemption(token, &reference));
            async move {
                let paid = kiosk.redeem(&redemption).await.status == 201;
                json!({ "outcome": if paid { "paid" } else { "failed" } })
            }
        });
    }

    /// The block that is fenced as `name`.
    fn block(&self, name: &str) -> String {
        let (_, rest) = self
            .document
            .split_once(&format!("\n```{name}\n"))
            .unwrap_or_else(|| panic!("docs/EMBEDDING.md has no block “{name}”"));
        let (block, _) = rest.split_once("```").unwrap();
        self.filled
            .iter()
            .fold(block.to_owned(), |text, (word, value)| text.replace(word, value))
    }
}

/// All that the consoles complain of, but for what this browser does not have in the first place.
pub fn complaints(world: &World) -> Vec<String> {
    let harmless = [
        "Permissions-Policy header: Unrecognized feature",
        "`integrity` attribute is currently ignored for preload destinations",
    ];
    let mut lines = world.browser.console();
    lines.retain(|line| !harmless.iter().any(|words| line.contains(words)));
    lines
}

fn integrity(text: &str) -> String {
    use base64ct::{Base64, Encoding};
    format!("sha256-{}", Base64::encode_string(&Sha256::digest(text)))
}
