//! How far the log goes, as the database says.

use rusqlite::{Connection, OptionalExtension, params};

/// An entry: its number, and the hash that chains it to all before it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Position {
    /// Its number. The first entry is 1.
    pub seq: i64,
    /// SHA-256.
    pub hash: [u8; 32],
}

/// The last entry whose commit is in the database; `None` where it has no log.
pub(crate) fn read(db: &Connection) -> Result<Option<Position>, rusqlite::Error> {
    db.prepare_cached("SELECT seq, hash FROM logged")?
        .query_row([], |row| {
            Ok(Position {
                seq: row.get(0)?,
                hash: row.get(1)?,
            })
        })
        .optional()
}

pub(crate) fn write(db: &Connection, position: &Position) -> Result<(), rusqlite::Error> {
    db.prepare_cached(
        "INSERT INTO logged (one, seq, hash) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
    )?
    .execute(params![position.seq, position.hash])?;
    Ok(())
}

/// From now on the database has no log.
pub(crate) fn remove(db: &Connection) -> Result<(), rusqlite::Error> {
    db.execute("DELETE FROM logged", [])?;
    Ok(())
}

/// What stands before the first entry of a log: never the same twice, so that no log fits another's database.
pub(crate) fn origin(db: &Connection) -> Result<Position, rusqlite::Error> {
    let hash = db.query_row("SELECT randomblob(32)", [], |row| row.get(0))?;
    Ok(Position { seq: 0, hash })
}
