//! The provider's store on SQLite: one file, one writing thread, one commit for all who wait.
//!
//! Every operation is a closure that runs on the thread that owns the connection. The thread takes whatever
//! has queued up, runs each operation in a savepoint of its own, commits once, and only then answers: what
//! was acknowledged is on disk (`synchronous=FULL`), and a full disk flush is shared by all who waited.

mod checkpoint;
mod copy;
mod db;
mod log;
mod open;
#[cfg(test)]
mod weak_tests;
mod writer;

use std::path::Path;

use checkpoint::{BOUNDS, Checkpoints};
use farthing_store_sql::SqlStore;

pub use copy::{CopyError, copy, logged, needed, restore};
pub use log::{LogError, Replayed};
pub use open::OpenError;
pub use writer::Writer;

/// The store. Dropping it ends the thread, once everything that is queued is committed.
pub type SqliteStore = SqlStore<Writer>;

/// Opens the database file at `path`, or makes it; brings its schema up to date and checks that the settings that
/// durability rests on are in force.
pub fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    let mut db = open::file(path)?;
    if log::position::read(&db)?.is_some() {
        return Err(LogError::NotNamed.into());
    }
    let checkpoints = Checkpoints::beside(&mut db, path, BOUNDS)?;
    start(db, None, Some(checkpoints))
}

/// As [`open`], with a log in `folder`, which should be on another disk: whatever is acknowledged is on both. Where the
/// last entry of the log was never acknowledged, it is cut off, and its number returned.
pub fn open_logged(path: &Path, folder: &Path) -> Result<(SqliteStore, Option<i64>), OpenError> {
    let mut db = open::file(path)?;
    let (log, cut) = writer::with_log(&db, folder)?;
    let checkpoints = Checkpoints::beside(&mut db, path, BOUNDS)?;
    Ok((start(db, Some(log), Some(checkpoints))?, cut))
}

/// Brings the schema of the database at `path` up to date, or makes it: its version before, which is 0 where there was
/// none, and now.
pub fn migrate(path: &Path) -> Result<(u32, u32), OpenError> {
    open::migrate_file(path)
}

/// A database in memory, gone with the process: for a demo or a test.
pub fn memory() -> Result<SqliteStore, OpenError> {
    start(open::memory()?, None, None)
}

fn start(
    connection: rusqlite::Connection,
    log: Option<log::Log>,
    checkpoints: Option<Checkpoints>,
) -> Result<SqliteStore, OpenError> {
    Ok(SqlStore::new(Writer::start(connection, log, checkpoints)?))
}
