//! Which store, which connector, which clock, which randomness: the one place that names them.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use farthing_connectors::{BooksError, Sandbox};
use farthing_gateway::{Clock, Gateway, Rng};
use farthing_protocol::UnixSeconds;
use farthing_store_sqlite::{OpenError, SqliteStore};
use tokio_util::task::TaskTracker;

use crate::{
    config::{Config, Database},
    release::Frame,
};

/// The rules, on the store and the connector that the provider uses.
pub type Rules = Gateway<SqliteStore, Sandbox, AnyClock, AnyRng>;

/// A clock that a test can replace.
#[derive(Clone)]
pub struct AnyClock(Arc<dyn Clock>);

impl AnyClock {
    /// Wraps `clock`.
    pub fn new(clock: impl Clock) -> Self {
        Self(Arc::new(clock))
    }
}

impl Clock for AnyClock {
    fn now(&self) -> UnixSeconds {
        self.0.now()
    }
}

/// A source of randomness that a test can replace.
#[derive(Clone)]
pub struct AnyRng(Arc<dyn Rng>);

impl AnyRng {
    /// Wraps `rng`.
    pub fn new(rng: impl Rng) -> Self {
        Self(Arc::new(rng))
    }
}

impl Rng for AnyRng {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixSeconds {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where the clock is the real one"
        )]
        let now = SystemTime::now();
        let seconds = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |passed| passed.as_secs());
        UnixSeconds(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}

/// The system's random source.
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "the one place where randomness is real")]
        let filled = getrandom::fill(bytes);
        if filled.is_err() {
            // Keys and tokens out of anything less would be guessable: there is no way on.
            std::process::abort();
        }
    }
}

/// Why the provider can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The sandbox's bank.
    #[error(transparent)]
    Bank(#[from] BooksError),
}

/// Everything that a route may need.
pub struct App {
    /// The rules.
    pub rules: Rules,
    /// For request ids.
    pub rng: AnyRng,
    /// Where the frame comes from.
    pub frame: Frame,
    /// Work that goes on when its connection is gone, and that a shutdown waits for.
    pub tasks: TaskTracker,
}

impl App {
    /// Opens the store and puts the parts together.
    pub fn new(config: Config, frame: Frame, clock: AnyClock, rng: AnyRng) -> Result<Arc<Self>, StartError> {
        let (store, bank) = match config.database {
            Database::Memory => (SqliteStore::memory()?, Sandbox::memory()?),
            // The bank's own books, beside the provider's.
            Database::File(path) => (
                SqliteStore::open(&path)?,
                Sandbox::open(&path.with_extension("bank"))?,
            ),
        };
        let rules = Gateway::new(
            store,
            bank,
            clock,
            rng.clone(),
            config.settings,
            config.merchants,
            config.keys,
        );
        Ok(Arc::new(Self {
            rules,
            rng,
            frame,
            tasks: TaskTracker::new(),
        }))
    }
}
