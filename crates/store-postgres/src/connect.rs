//! Connections, and what the database must promise.

use std::{str::FromStr, time::Duration};

use tokio_postgres::{Config, Error};

use crate::link::{Driver, Link};

/// A server that does not answer in this time is not there.
const CONNECT: Duration = Duration::from_secs(3);
/// A machine that has not even acknowledged what was sent to it in this time is gone. Longer than any statement takes.
const UNANSWERED: Duration = Duration::from_secs(15);

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address. What it holds may be a password, and is not repeated.
    #[error("DATABASE_URL is not an address like postgres://user@host/name")]
    Url,
    /// The server's reason, or the network's.
    #[error("the database could not be opened: {0}")]
    Postgres(String),
    /// A setting that durability rests on.
    #[error("the database runs with {name} = {found}, and must run with {wanted}")]
    Setting {
        /// Which.
        name: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// It was written by a newer version of this program.
    #[error("the database's schema has version {0}, newer than this program knows; use the newer program")]
    Newer(i64),
    /// A thread could not be started.
    #[error("the store's thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Postgres(said(&error))
    }
}

/// What the database said, without what was to be stored: that stands in an error's details, never in its message.
pub(crate) fn said(error: &Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), |db| db.message().to_owned())
}

/// Reads an address, and gives every connection its bounds.
pub(crate) fn config(url: &str) -> Result<Config, OpenError> {
    let mut config = Config::from_str(url).map_err(|_| OpenError::Url)?;
    config.application_name("farthing").connect_timeout(CONNECT);
    config.keepalives_idle(Duration::from_secs(10));
    config.tcp_user_timeout(UNANSWERED);
    Ok(config)
}

/// Opens a connection on which nothing waits for ever: a process that hangs in a transaction gives up its turn.
pub(crate) fn connect(config: &Config, driver: &Driver) -> Result<Link, Error> {
    let link = Link::open(config, driver)?;
    link.batch(
        "SET client_encoding = 'UTF8';
         SET default_transaction_isolation = 'read committed';
         SET statement_timeout = '10s';
         SET idle_in_transaction_session_timeout = '10s';",
    )?;
    Ok(link)
}

/// An answered commit is on the disk, of the server and of whom it waits for.
pub(crate) fn check(link: &Link) -> Result<(), OpenError> {
    for (name, wanted, allowed) in [
        ("fsync", "on", &["on"][..]),
        ("full_page_writes", "on", &["on"]),
        (
            "synchronous_commit",
            "on, remote_apply or remote_write",
            &["on", "remote_apply", "remote_write"],
        ),
        ("server_encoding", "UTF8", &["UTF8"]),
    ] {
        let row = link.wait(link.client.query_one(&format!("SHOW {name}"), &[]))?;
        let found: String = row.try_get(0)?;
        if !allowed.contains(&found.as_str()) {
            return Err(OpenError::Setting { name, wanted, found });
        }
    }
    Ok(())
}
