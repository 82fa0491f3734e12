//! Which store, which connector, which clock, which randomness: the one place that names them.

mod connector;
mod system;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use farthing_connectors::{
    ApiKey, Beside, BooksError, Camara, CamaraAddresses, CamaraError, CamaraTerms, Sandbox, Stripe,
    StripeError,
};
use farthing_gateway::{
    Challenged, Gateway, LowValue,
    registrar::{AccreditorEntry, LeftOut, MerchantEntry, Registrar, RegistryError},
};
use farthing_outbound::{Guard, NoTls, Outbound};
use farthing_store_postgres::{OpenError as PostgresError, Postgres};
use farthing_store_sql::{Either, SqlStore};
use farthing_store_sqlite::{OpenError, SqliteStore, Writer};
use tokio_util::task::TaskTracker;

use crate::{
    commands::CommandError,
    config::{Acquirer, Config, Database, PhoneCarriers},
    http::{Pace, Paces},
    mail::Mail,
    metrics::Metrics,
    release::{Frame, Loaders},
    theme::Themes,
};

pub use connector::AnyConnector;
pub use system::{AnyClock, AnyRng, SystemClock, SystemRng};

/// The code that the sandbox bank would send.
pub use farthing_connectors::PASSCODE as SANDBOX_PASSCODE;
/// What a backup is made with, and a database of one.
pub use farthing_store_sqlite::{
    Replayed, copy as copy_database, logged as logged_in, needed as segment_needed,
    restore as restore_database,
};

/// The rules, on the store and the connector that the provider uses.
pub type Rules = Gateway<AnyStore, Beside<AnyConnector>, AnyClock, AnyRng>;

/// The store: on SQLite, or on PostgreSQL.
pub type AnyStore = SqlStore<Either<Writer, Postgres>>;

/// Why the provider can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The database.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// The sandbox's bank.
    #[error(transparent)]
    Bank(#[from] BooksError),
    /// Stripe.
    #[error("connector: {0}")]
    Stripe(#[from] StripeError),
    /// The phone carrier.
    #[error("camara: {0}")]
    Camara(#[from] CamaraError),
    /// What was asked of an acquirer has to outlive the process.
    #[error(
        "with a [connector] or [camara], database has to name a file: what was asked of it is kept beside it"
    )]
    NoFile,
    /// Opening the database ended in a fault of this program.
    #[error("opening the database failed within this program")]
    Panicked,
    /// The way out.
    #[error(transparent)]
    Outbound(#[from] NoTls),
    /// Earlier loaders.
    #[error("{}: the loader can't be kept there: {error}", .folder.display())]
    Loaders {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
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
    /// The loaders of earlier releases.
    pub loaders: Loaders,
    /// The way out, for webhooks.
    pub outbound: Outbound,
    /// Where mail to merchants is put, if anywhere.
    pub mail: Option<Mail>,
    /// How merchants' checkouts look.
    pub themes: Themes,
    /// How often anybody may ask.
    pub paces: Paces,
    /// What it measures of itself.
    pub metrics: Metrics,
    /// Work that goes on when its connection is gone, and that a shutdown waits for.
    pub tasks: TaskTracker,
    /// Whether phone bills are a carrier's, and not the main connector's.
    carrier: bool,
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
        let loaders = match (config.loaders, &frame) {
            (Some(folder), Frame::Built(release)) => Loaders::keep(&folder, release.loader())
                .map_err(|error| StartError::Loaders { folder, error })?,
            _ => Loaders::default(),
        };
        let carrier = config.carrier.is_some();
        let (store, bank) = open(
            config.database,
            config.log.as_deref(),
            config.acquirer,
            config.carrier,
            config.low_value,
        )
        .await?;
        let metrics = Metrics::of(store.watch());
        let outbound = Outbound::new(guard(config.settings.sandbox))?;
        let rules = Gateway::new(store, bank, clock, rng.clone(), config.settings, config.keys);
        import(rules.registrar(), config.accreditors, config.merchants).await?;
        Ok(Arc::new(Self {
            rules,
            rng,
            frame,
            loaders,
            outbound,
            mail: config.mail,
            themes: Themes::new(config.themes),
            paces: Paces {
                address: Pace::new(config.limits.address_per_minute),
                merchant: Pace::new(config.limits.merchant_per_minute),
                behind_proxy: config.limits.behind_proxy,
            },
            metrics,
            tasks: TaskTracker::new(),
            carrier,
        }))
    }

    /// Whether the passcode that is asked for is the sandbox's own, which nobody sends. A carrier's tests send one.
    #[must_use]
    pub fn tells_passcode(&self, challenged: &Challenged) -> bool {
        self.rules.settings().sandbox && !(self.carrier && challenged.carrier.is_some())
    }
}

/// The rules and the registry, for commands: beside a provider that runs, on the same database.
pub struct Desk {
    rules: Rules,
    clock: AnyClock,
    mails: bool,
}

impl Desk {
    /// Opens the database, and registers whom the configuration names and it does not know.
    pub async fn open(config: Config, clock: AnyClock, rng: AnyRng) -> Result<Self, CommandError> {
        if matches!(config.database, Database::Memory) {
            return Err(CommandError::Memory);
        }
        let (store, bank) = open(
            config.database,
            config.log.as_deref(),
            config.acquirer,
            config.carrier,
            config.low_value,
        )
        .await?;
        let desk = Self {
            rules: Gateway::new(store, bank, clock.clone(), rng, config.settings, config.keys),
            clock,
            mails: config.mail.is_some(),
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
    pub fn registrar(&self) -> Registrar<'_, AnyStore, AnyClock, AnyRng> {
        self.rules.registrar()
    }

    /// What there is.
    #[must_use]
    pub fn store(&self) -> &AnyStore {
        self.rules.store()
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &AnyClock {
        &self.clock
    }

    /// Whether merchants can be told by mail.
    #[must_use]
    pub fn mails(&self) -> bool {
        self.mails
    }

    /// Whether no real money moves.
    #[must_use]
    pub fn sandbox(&self) -> bool {
        self.rules.settings().sandbox
    }
}

/// The store, and who moves the money, whose own books are files beside it.
async fn open(
    database: Database,
    log: Option<&Path>,
    acquirer: Acquirer,
    carrier: Option<PhoneCarriers>,
    low_value: Option<LowValue>,
) -> Result<(AnyStore, Beside<AnyConnector>), StartError> {
    let (engine, books) = match database {
        Database::Memory => (Either::One(farthing_store_sqlite::memory()?.into_engine()), None),
        Database::File(path) => {
            let store = match log {
                Some(folder) => logged(&path, folder)?,
                None => farthing_store_sqlite::open(&path)?,
            };
            let engine = Either::One(store.into_engine());
            (engine, Some(path.with_extension("bank")))
        }
        Database::Postgres { url, bank } => {
            // It waits for the server, on a thread that may wait.
            let opened = tokio::task::spawn_blocking(move || farthing_store_postgres::open(&url));
            let opened = opened.await.map_err(|_| StartError::Panicked)??;
            (Either::Other(opened.into_engine()), Some(bank))
        }
    };
    let carrier = match (carrier, &books) {
        (None, _) => None,
        (Some(_), None) => return Err(StartError::NoFile),
        (Some(carrier), Some(books)) => Some(beside(carrier, &books.with_extension("camara"))?),
    };
    let connector = match (acquirer, books) {
        (Acquirer::Sandbox, None) => AnyConnector::Sandbox(Sandbox::memory()?.exempting(low_value)),
        (Acquirer::Sandbox, Some(books)) => {
            AnyConnector::Sandbox(Sandbox::open(&books)?.exempting(low_value))
        }
        (Acquirer::Stripe { .. }, None) => return Err(StartError::NoFile),
        (Acquirer::Stripe { address, key }, Some(books)) => {
            let key = ApiKey::parse(&key).map_err(StripeError::from)?;
            AnyConnector::Stripe(Stripe::open(&address, &key, &books.with_extension("stripe"))?)
        }
    };
    Ok((SqlStore::new(engine), Beside::new(connector, carrier)))
}

fn beside(carrier: PhoneCarriers, books: &Path) -> Result<Camara, CamaraError> {
    let addresses = CamaraAddresses {
        payments: carrier.payments,
        refunds: carrier.refunds,
        token: carrier.token,
    };
    let terms = CamaraTerms {
        carriers: carrier.carriers,
        currency: carrier.currency,
        conditions: carrier.conditions,
    };
    Camara::open(addresses, terms, books)
}

fn logged(path: &Path, folder: &Path) -> Result<SqliteStore, OpenError> {
    let (store, cut) = farthing_store_sqlite::open_logged(path, folder)?;
    if let Some(entry) = cut {
        tracing::warn!(
            entry,
            "cut off the log's last entry, which was never acknowledged"
        );
    }
    Ok(store)
}

/// Brings the schema of a database up to date: its version before, which is 0 where there was none, and now. It waits
/// for the database: call it where waiting is allowed.
pub fn migrate(database: &Database) -> Result<(i64, i64), CommandError> {
    let failed = |error: StartError| CommandError::from(error);
    match database {
        Database::Memory => Err(CommandError::Memory),
        Database::File(path) => {
            let (from, to) = farthing_store_sqlite::migrate(path).map_err(|error| failed(error.into()))?;
            Ok((from.into(), to.into()))
        }
        Database::Postgres { url, .. } => {
            let done = farthing_store_postgres::migrate(url).map_err(|error| failed(error.into()))?;
            Ok((done.from, done.to))
        }
    }
}

/// Where the provider's own requests may go: on one machine, to that machine too.
#[must_use]
pub fn guard(sandbox: bool) -> Guard {
    if sandbox { Guard::Sandbox } else { Guard::Public }
}

/// The store is the truth: an entry is read at the first sight of its id, and never again.
async fn import(
    registrar: Registrar<'_, AnyStore, AnyClock, AnyRng>,
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
