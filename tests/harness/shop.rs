//! The shop, as a merchant would copy it.

use std::{path::Path, process::Command};

use crate::{
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
        Self { origin: origin.to_owned(), running }
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.running.log()
    }
}
