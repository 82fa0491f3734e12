use std::path::Path;

use crate::log::LogError;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

/// The schema, one migration after the other, each with what `PRAGMA user_version` is after it.
const MIGRATIONS: [(u32, &str); 6] = [
    (2, include_str!("../migrations/0001_first.sql")),
    (3, include_str!("../migrations/0002_registry.sql")),
    (4, include_str!("../migrations/0003_verdicts.sql")),
    (5, include_str!("../migrations/0004_challenges.sql")),
    (6, include_str!("../migrations/0005_log.sql")),
    (7, include_str!("../migrations/0006_prices.sql")),
];
/// What it was in files that were made before anything was released: their schema was replaced, not migrated.
const PREVIEW: u32 = 1;
/// Statements that stay prepared: more than there are, so that none is parsed twice.
const STATEMENTS: usize = 128;

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite's own reason.
    #[error("the database could not be opened: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A setting that durability rests on did not take.
    #[error("the database runs with {pragma} = {found}, and must run with {wanted}")]
    Setting {
        /// Which.
        pragma: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// The file was made before the first release.
    #[error(
        "the database was made by a preview version of this program, whose files no release reads; name a file \
         that does not exist, and it will be made"
    )]
    Preview,
    /// The file was written by a newer version of this program.
    #[error("the database's schema has version {0}, newer than this program knows; use the newer program")]
    Newer(u32),
    /// The writing thread could not be started.
    #[error("the store's thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// The log beside it.
    #[error(transparent)]
    Log(#[from] LogError),
}

pub(crate) fn file(path: &Path) -> Result<Connection, OpenError> {
    let mut db = Connection::open(path)?;
    set(&db)?;
    // 2 is FULL: a commit that was answered survives a power cut.
    for (pragma, wanted) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("secure_delete", "1"),
    ] {
        check(&db, pragma, wanted)?;
    }
    migrate(&mut db)?;
    Ok(db)
}

pub(crate) fn migrate_file(path: &Path) -> Result<(u32, u32), OpenError> {
    let before = if path.exists() {
        must_be_known(&Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY,
        )?)?
    } else {
        0
    };
    Ok((before, must_be_known(&file(path)?)?))
}

pub(crate) fn memory() -> Result<Connection, OpenError> {
    let mut db = Connection::open_in_memory()?;
    set(&db)?;
    check(&db, "foreign_keys", "1")?;
    migrate(&mut db)?;
    Ok(db)
}

/// `secure_delete` overwrites what was deleted: encrypted details must not linger in free pages.
fn set(db: &Connection) -> Result<(), rusqlite::Error> {
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA busy_timeout = 5000;",
    )
}

fn check(db: &Connection, pragma: &'static str, wanted: &'static str) -> Result<(), OpenError> {
    let found: rusqlite::types::Value = db.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))?;
    let found = match found {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    };
    if found == wanted {
        Ok(())
    } else {
        Err(OpenError::Setting {
            pragma,
            wanted,
            found,
        })
    }
}

/// The version of the schema, where this program can read it or bring it up to date.
pub(crate) fn must_be_known(db: &Connection) -> Result<u32, OpenError> {
    let applied: u32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if applied == PREVIEW {
        return Err(OpenError::Preview);
    }
    if MIGRATIONS.last().is_some_and(|(newest, _)| applied > *newest) {
        return Err(OpenError::Newer(applied));
    }
    Ok(applied)
}

fn migrate(db: &mut Connection) -> Result<(), OpenError> {
    migrate_to(db, u32::MAX)
}

/// Brings the schema up to `newest`, if this program knows it, and not beyond.
pub(crate) fn migrate_to(db: &mut Connection, newest: u32) -> Result<(), OpenError> {
    let applied = must_be_known(db)?;
    let missing = applied + 1..=newest;
    for (version, migration) in MIGRATIONS
        .into_iter()
        .filter(|(version, _)| missing.contains(version))
    {
        let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // A provider and a command may open a new file at once: whoever is second finds it done.
        let applied: u32 = step.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if applied < version {
            step.execute_batch(migration)?;
            step.pragma_update(None, "user_version", version)?;
        }
        step.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_newer_program_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f.db");
        file(&path)
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        assert!(matches!(file(&path), Err(OpenError::Newer(99))));
    }

    #[test]
    fn a_file_of_a_preview_version_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f.db");
        let earlier = Connection::open(&path).unwrap();
        earlier
            .execute_batch("CREATE TABLE orders (merchant TEXT); PRAGMA user_version = 1;")
            .unwrap();
        let error = file(&path).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the database was made by a preview version of this program, whose files no release reads; \
             name a file that does not exist, and it will be made"
        );
        let tables = "SELECT count(*) FROM sqlite_schema";
        let left: i64 = earlier.query_row(tables, [], |row| row.get(0)).unwrap();
        assert_eq!(left, 1);
    }

    #[test]
    fn a_setting_that_does_not_hold_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let db = file(&dir.path().join("f.db")).unwrap();
        db.execute_batch("PRAGMA synchronous = OFF").unwrap();
        let error = check(&db, "synchronous", "2").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the database runs with synchronous = 0, and must run with 2"
        );
    }
}
