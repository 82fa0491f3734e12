//! The log beside the database: what every commit wrote, on a disk of its own, before it was committed. With a backup it
//! gives back all that was acknowledged.
//!
//! It is touched by whoever holds the database's write lock, and by nobody else: providers and commands on one database
//! take turns by that. An entry is on the disk before its commit, and the commit says in `logged` how far the log goes. So
//! the log is never behind the database, and at most one entry ahead: one that was never acknowledged.

mod entry;
mod error;
pub(crate) mod position;
mod replay;
mod segment;
mod tail;
#[cfg(test)]
mod torn_tests;
#[cfg(test)]
mod turn_tests;

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

pub(crate) use entry::Written;
pub use error::LogError;
pub use position::Position;
pub use replay::Replayed;
pub(crate) use replay::replay;
use segment::Header;
use tail::Tail;

/// A segment of this size is the last one no longer.
const SEGMENT_BYTES: u64 = 64 * 1024 * 1024;

/// The log in a folder, at its end.
pub(crate) struct Log {
    folder: PathBuf,
    /// The end as it was seen last; none where it has to be looked for.
    tail: Option<Tail>,
    pub(crate) segment_bytes: u64,
}

impl Log {
    /// Opens the log of `db` in `folder`, or begins one where neither knows of any. Its end is compared with what the database
    /// says: a last entry that was never acknowledged is cut off, and its number returned; anything else is an error.
    ///
    /// `db` holds the write lock, and what it reads is on the disk.
    pub(crate) fn open(db: &Connection, folder: &Path) -> Result<(Self, Option<i64>), LogError> {
        let mut log = Self {
            folder: folder.to_owned(),
            tail: None,
            segment_bytes: SEGMENT_BYTES,
        };
        if position::read(db)?.is_none() {
            let begun = tail::begun(folder, || position::origin(db), schema(db)?)?;
            position::write(db, &begun)?;
        }
        let cut = log.reconcile(db)?;
        Ok((log, cut))
    }

    /// Cuts off what was never acknowledged, if there is anything; the number of that entry. For `db`, see
    /// [`Self::open`].
    pub(crate) fn reconcile(&mut self, db: &Connection) -> Result<Option<i64>, LogError> {
        let committed = position::read(db)?.ok_or(LogError::Left)?;
        if self.is_at(&committed) {
            return Ok(None);
        }
        self.tail = None;
        let mut tail = Tail::find(&self.folder, &committed)?;
        let cut = tail.cut()?;
        self.tail = Some(tail);
        Ok(cut.then_some(committed.seq + 1))
    }

    /// Puts `written` behind the last entry, on the disk, and its number into `db`, whose transaction is to be committed
    /// next. After an error, or where that commit fails, [`Self::forget`] and [`Self::reconcile`] have to follow.
    pub(crate) fn append(&mut self, db: &Connection, written: &[Written]) -> Result<(), LogError> {
        let committed = position::read(db)?.ok_or(LogError::Left)?;
        if !self.is_at(&committed) {
            self.tail = None;
            let found = Tail::find(&self.folder, &committed)?;
            if found.is_ahead() {
                return Err(LogError::Unsettled);
            }
            self.tail = Some(found);
        }
        let schema = schema(db)?;
        let tail = self.tail.as_ref().ok_or(LogError::Unsettled)?;
        if tail.end() >= self.segment_bytes || tail.schema() != schema {
            let header = Header {
                schema,
                before: committed,
            };
            self.tail = Some(Tail::create(&self.folder, header)?);
        }
        let tail = self.tail.as_mut().ok_or(LogError::Unsettled)?;
        let position = tail.append(written)?;
        position::write(db, &position)?;
        Ok(())
    }

    /// Another commit, or none, may be at the end.
    pub(crate) fn forget(&mut self) {
        self.tail = None;
    }

    #[cfg(test)]
    pub(crate) fn fill_up(&mut self, room: usize) {
        if let Some(tail) = &mut self.tail {
            tail.room = Some(room);
        }
    }

    fn is_at(&self, committed: &Position) -> bool {
        let next = segment::path(&self.folder, committed.seq + 1);
        let tail = self.tail.as_ref();
        tail.is_some_and(|tail| tail.is_at(committed) && (tail.is_of(&next) || !next.exists()))
    }
}

/// The segment in `folder` that has the entry after `seq`, or will have it.
pub(crate) fn needed(folder: &Path, seq: i64) -> Result<Option<PathBuf>, LogError> {
    let segments = segment::all(folder)?;
    let last = segments.into_iter().rfind(|(first, _)| *first <= seq + 1);
    Ok(last.map(|(_, path)| path))
}

/// Which migrations there were.
fn schema(db: &Connection) -> Result<u32, rusqlite::Error> {
    db.prepare_cached("PRAGMA user_version")?
        .query_row([], |row| row.get(0))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> LogError {
    let path = path.to_owned();
    move |error| LogError::Io { path, error }
}
