//! The provider's store on PostgreSQL, for when one machine is outgrown: several providers on one database.
//!
//! The statements are `farthing-store-sql`'s. What is said here is who may run them when: a thread that writes takes one
//! row of the database for the length of its transaction, so that whoever writes sees all that was written before; it runs
//! whatever has queued up, each in a savepoint of its own, commits once, and only then answers. Threads that read do so
//! beside it, each query of one moment.
//!
//! Used of PostgreSQL is what others that speak its protocol have too: row locks, savepoints, triggers in PL/pgSQL. No
//! advisory locks, no notifications, no extension.

mod again;
mod commits;
mod connect;
mod db;
mod engine;
mod errors;
mod link;
mod migrate;
mod queue;

use farthing_store_sql::SqlStore;

pub use connect::OpenError;
pub use engine::Postgres;
pub use migrate::{Migrated, migrate};

/// The store. Dropping it ends its threads, once everything that is queued is committed.
pub type PostgresStore = SqlStore<Postgres>;

/// Opens the database at `url` (`postgres://user@host/name`), brings its schema up to date, and checks that the settings
/// that durability rests on are in force.
///
/// It waits for the database: call it where waiting is allowed.
pub fn open(url: &str) -> Result<PostgresStore, OpenError> {
    Ok(SqlStore::new(Postgres::start(url)?))
}
