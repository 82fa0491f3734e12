//! The shop, as a merchant would copy it.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::{
    browser::Browser,
    http,
    process::{Running, free_port},
    project, wait,
};

/// A running shop.
pub struct Shop {
    /// Its origin.
    pub origin: String,
    running: Running,
}

impl Shop {
    /// An address for a shop.
    #[must_use]
    pub fn address() -> String {
        format!("http://localhost:{}", free_port())
    }

    /// Starts it with the configuration that is in `folder`.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start(folder: &Path, origin: &str) -> Self {
        let program = project::program("FARTHING_SHOP_BIN", "farthing-shop");
        let mut command = Command::new(program);
        command.arg("--config").arg(folder.join("shop.toml"));
        let mut running = Running::start("shop", &mut command, folder);
        let health = format!("{origin}/healthz");
        wait::until("the shop is up", async || {
            running.must_be_alive();
            http::get(&health).await.filter(|answer| answer.status == 200)
        })
        .await;
        Self {
            origin: origin.to_owned(),
            running,
        }
    }

    /// Opens the page of a new order for `item`. Returns the order's reference.
    ///
    /// # Panics
    /// If there is none.
    pub async fn buy(&self, browser: &Browser, item: &str) -> String {
        browser
            .client
            .goto(&format!("{}/buy/{item}", self.origin))
            .await
            .unwrap();
        let address = browser.client.current_url().await.unwrap();
        address.path().strip_prefix("/orders/").unwrap().to_owned()
    }

    /// How the order stands, by the shop's own books.
    ///
    /// # Panics
    /// If the shop does not answer.
    pub async fn order(&self, reference: &str) -> Value {
        http::get(&format!("{}/orders/{reference}", self.origin))
            .await
            .unwrap()
            .json()
    }

    /// # Panics
    /// If the order does not come to stand like this: `paid`, `failed`, `checking`. Returns all that is known.
    pub async fn must_come_to(&self, reference: &str, status: &str) -> Value {
        wait::until(&format!("the shop's order is {status}"), async || {
            Some(self.order(reference).await).filter(|order| order["status"] == status)
        })
        .await
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.running.log()
    }
}
