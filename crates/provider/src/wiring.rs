//! Which store, which connector, which clock, which randomness: the one place that names them.

use std::{
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use farthing_connectors::{BooksError, Sandbox};
use farthing_gateway::{
    Clock, Gateway, Rng,
    registrar::{AccreditorEntry, LeftOut, MerchantEntry, Registrar, RegistryError},
};
use farthing_outbound::{Guard, NoTls, Outbound};
use farthing_protocol::UnixSeconds;
use farthing_store_sqlite::{OpenError, SqliteStore};
use tokio_util::task::TaskTracker;

use crate::{
    commands::CommandError,
    config::{Config, Database},
    http::{Pace, Paces},
    metrics::Metrics,
    release::Frame,
};

/// What a backup is made with, and a database of one.
pub use farthing_store_sqlite::copy as copy_database;

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
    /// The way out.
    #[error(transparent)]
    Outbound(#[from] NoTls),
    /// An accreditor or a merchant of the configuration.
    #[error("{of}: {error}")]
    Import {
        /// Whose entry it is.
        of: String,
        /// What is wrong.
        error: RegistryError,
    },
}

/// Everything that a route may need.
pub struct App {
    /// The rules.
    pub rules: Rules,
    /// For request ids.
    pub rng: AnyRng,
    /// Where the frame comes from.
    pub frame: Frame,
    /// The way out, for webhooks.
    pub outbound: Outbound,
    /// How often anybody may ask.
    pub paces: Paces,
    /// What it measures of itself.
    pub metrics: Metrics,
    /// Work that goes on when its connection is gone, and that a shutdown waits for.
    pub tasks: TaskTracker,
}

impl App {
    /// Opens the store, puts the parts together, and registers whom the configuration names and the store does not
    /// know.
    pub async fn new(
        config: Config,
        frame: Frame,
        clock: AnyClock,
        rng: AnyRng,
    ) -> Result<Arc<Self>, StartError> {
        let (store, bank) = match config.database {
            Database::Memory => (SqliteStore::memory()?, Sandbox::memory()?),
            Database::File(path) => on_file(&path)?,
        };
        let outbound = Outbound::new(guard(config.settings.sandbox))?;
        let rules = Gateway::new(store, bank, clock, rng.clone(), config.settings, config.keys);
        import(rules.registrar(), config.accreditors, config.merchants).await?;
        Ok(Arc::new(Self {
            rules,
            rng,
            frame,
            outbound,
            paces: Paces {
                address: Pace::new(config.limits.address_per_minute),
                merchant: Pace::new(config.limits.merchant_per_minute),
                behind_proxy: config.limits.behind_proxy,
            },
            metrics: Metrics::default(),
            tasks: TaskTracker::new(),
        }))
    }
}

/// The rules and the registry, for commands: beside a provider that runs, on the same database.
pub struct Desk {
    rules: Rules,
    clock: AnyClock,
}

impl Desk {
    /// Opens the database, and registers whom the configuration names and it does not know.
    pub async fn open(config: Config, clock: AnyClock, rng: AnyRng) -> Result<Self, CommandError> {
        let Database::File(path) = config.database else {
            return Err(CommandError::Memory);
        };
        let (store, bank) = on_file(&path)?;
        let desk = Self {
            rules: Gateway::new(store, bank, clock.clone(), rng, config.settings, config.keys),
            clock,
        };
        import(desk.registrar(), config.accreditors, config.merchants).await?;
        Ok(desk)
    }

    /// What can be done with payments.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What can be done with who is paid.
    #[must_use]
    pub fn registrar(&self) -> Registrar<'_, SqliteStore, AnyClock, AnyRng> {
        self.rules.registrar()
    }

    /// What there is.
    #[must_use]
    pub fn store(&self) -> &SqliteStore {
        self.rules.store()
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &AnyClock {
        &self.clock
    }

    /// Whether no real money moves.
    #[must_use]
    pub fn sandbox(&self) -> bool {
        self.rules.settings().sandbox
    }
}

/// The store, and the bank's own books beside it.
fn on_file(path: &Path) -> Result<(SqliteStore, Sandbox), StartError> {
    Ok((
        SqliteStore::open(path)?,
        Sandbox::open(&path.with_extension("bank"))?,
    ))
}

/// Where the provider's own requests may go: on one machine, to that machine too.
#[must_use]
pub fn guard(sandbox: bool) -> Guard {
    if sandbox { Guard::Sandbox } else { Guard::Public }
}

/// The store is the truth: an entry is read at the first sight of its id, and never again.
async fn import(
    registrar: Registrar<'_, SqliteStore, AnyClock, AnyRng>,
    accreditors: Vec<AccreditorEntry>,
    merchants: Vec<MerchantEntry>,
) -> Result<(), StartError> {
    let mut left_out = Vec::new();
    for entry in accreditors {
        let of = entry.accreditor.id.to_string();
        let imported = registrar.import_accreditor(entry).await;
        left_out.extend(imported.map_err(|error| StartError::Import { of, error })?);
    }
    for entry in merchants {
        let of = entry.payee.id.to_string();
        let imported = registrar.import_merchant(entry).await;
        left_out.extend(imported.map_err(|error| StartError::Import { of, error })?);
    }
    for LeftOut { of, why } in left_out {
        tracing::warn!(of, why = why.as_str(), "left out of the configuration's entry");
    }
    Ok(())
}
