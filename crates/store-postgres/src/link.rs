//! A connection, driven by the thread that waits for its answers.

use std::{future::Future, sync::Arc};

use tokio::runtime::Runtime;
use tokio_postgres::{Client, Config, Error, NoTls};

/// What drives the connections of one thread.
pub(crate) type Driver = Arc<Runtime>;

/// A driver for one thread.
pub(crate) fn driver() -> Result<Driver, std::io::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(Arc::new(runtime))
}

/// An open connection. Dropped, it ends when its thread waits for another, or ends itself.
pub(crate) struct Link {
    driver: Driver,
    /// What can be asked; the asking itself happens in [`Self::wait`].
    pub client: Client,
}

impl Link {
    /// Opens one.
    pub(crate) fn open(config: &Config, driver: &Driver) -> Result<Self, Error> {
        let (client, connection) = driver.block_on(config.connect(NoTls))?;
        driver.spawn(async move {
            // Whoever waits for an answer is told as well.
            let _ = connection.await;
        });
        let driver = Arc::clone(driver);
        Ok(Self { driver, client })
    }

    /// Waits for what the client was asked. All that is asked before the first answer is there goes to the server in
    /// one piece.
    pub(crate) fn wait<T>(&self, asked: impl Future<Output = T>) -> T {
        self.driver.block_on(asked)
    }

    /// Runs statements that have no parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), Error> {
        self.wait(self.client.batch_execute(sql))
    }
}
