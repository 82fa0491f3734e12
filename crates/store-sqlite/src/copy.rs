//! Whole copies of a database: for a backup, and back from one.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, params};

use crate::{
    LogError, OpenError, Replayed,
    log::{self, position},
    open,
};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Something is in the place where it was to be.
    #[error("{} is there already: nothing was written", .0.display())]
    Exists(PathBuf),
    /// What was to be copied is no database of this program.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A page of it, or a reference.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The system said no.
    #[error("{}: {error}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

impl From<LogError> for CopyError {
    fn from(error: LogError) -> Self {
        Self::Open(error.into())
    }
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Open(error.into())
    }
}

/// Copies the database at `from` to the new file `to`, as it is at one moment, also while a provider writes. What is
/// copied is checked page by page and the copy reference by reference, before it is there under its name; then it is
/// on the disk. It is for the owner's eyes alone, and holds nothing that was erased.
pub fn copy(from: &Path, to: &Path) -> Result<(), CopyError> {
    write(from, to, |_| Ok(()))
}

/// As [`copy`], and then brings the copy to the end of the log in `log`, as far as that is whole. Without a log the copy has
/// none either.
pub fn restore(from: &Path, to: &Path, log: Option<&Path>) -> Result<Option<Replayed>, CopyError> {
    write(from, to, |part| {
        let mut db = Connection::open_with_flags(part, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // Whatever goes wrong, there is no copy: it is synced once, as a whole.
        db.execute_batch(
            "PRAGMA journal_mode = MEMORY;
             PRAGMA synchronous = OFF;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON;
             PRAGMA trusted_schema = OFF;",
        )?;
        match log {
            Some(folder) => Ok(Some(log::replay(&mut db, folder)?)),
            None => {
                if logged(part)?.is_some() {
                    position::remove(&db)?;
                }
                Ok(None)
            }
        }
    })
}

/// The last entry of the log whose commit the database at `path` holds; `None` where it has no log.
pub fn logged(path: &Path) -> Result<Option<i64>, OpenError> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let there = "SELECT count(*) FROM sqlite_schema WHERE name = 'logged'";
    if db.query_row(there, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(None);
    }
    Ok(position::read(&db)?.map(|position| position.seq))
}

/// The first segment of the log in `folder` that a backup needs which holds the entries up to `seq`; those before it can go,
/// if no earlier backup is kept.
pub fn needed(folder: &Path, seq: i64) -> Result<Option<PathBuf>, OpenError> {
    Ok(log::needed(folder, seq)?)
}

fn write<T>(
    from: &Path,
    to: &Path,
    then: impl FnOnce(&Path) -> Result<T, CopyError>,
) -> Result<T, CopyError> {
    // A log that was left beside a file would be played into the new one.
    for suffix in ["", "-wal", "-shm"] {
        let place = with_suffix(to, suffix);
        if place.exists() {
            return Err(CopyError::Exists(place));
        }
    }
    let part = with_suffix(to, ".part");
    let at = |path: &Path, error| CopyError::Io {
        path: path.to_owned(),
        error,
    };
    let new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part);
    let new = new.map_err(|error| at(&part, error))?;
    let filled = fill(from, &part).and_then(|()| then(&part));
    let copied = filled.and_then(|done| {
        check_references(&part)?;
        new.sync_all().map_err(|error| at(&part, error))?;
        // Unlike a rename, it overwrites nothing that has come in the meantime.
        fs::hard_link(&part, to).map_err(|error| at(to, error))?;
        Ok(done)
    });
    let removed = fs::remove_file(&part).map_err(|error| at(&part, error));
    let done = copied?;
    removed?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| at(folder, error))?;
    Ok(done)
}

fn fill(from: &Path, part: &Path) -> Result<(), CopyError> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 5000;")?;
    if open::must_be_known(&source)? == 0 {
        return Err(CopyError::Damaged(
            "it holds no tables of this program".to_owned(),
        ));
    }
    let said: String = source.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Err(CopyError::Damaged(said));
    }
    source.execute("VACUUM INTO ?1", params![part.to_string_lossy()])?;
    Ok(())
}

fn check_references(part: &Path) -> Result<(), CopyError> {
    let copy = Connection::open_with_flags(part, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let astray = copy
        .prepare("PRAGMA foreign_key_check")?
        .query_map([], |row| row.get::<_, String>(0))?
        .next()
        .transpose()?;
    match astray {
        Some(table) => Err(CopyError::Damaged(format!("a row of {table} refers to nothing"))),
        None => Ok(()),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
