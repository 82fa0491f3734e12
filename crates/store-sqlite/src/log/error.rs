use std::{io, path::PathBuf};

/// Why the log can't be used, or does not go on.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database's own reason.
    #[error("the log's place in the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The system said no.
    #[error("the log: {}: {error}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// The database says that it has a log, and none is there.
    #[error(
        "the log: {} holds none, and the database has one: is the disk there that it is on? \
         Without it, follow \"The log is lost\" in docs/OPERATING.md", .0.display()
    )]
    Missing(PathBuf),
    /// The database knows of no log, and one is there.
    #[error(
        "the log: {} holds a log of which the database knows nothing: to bring the database to its end, `farthing restore` \
         a backup with it; to begin a new one, name another folder", .0.display()
    )]
    Foreign(PathBuf),
    /// The database's last entry is another one in the log.
    #[error("the log: entry {seq} in {} is not the one of this database: is it another database's log?", .path.display())]
    Other {
        /// The entry.
        seq: i64,
        /// The segment.
        path: PathBuf,
    },
    /// More than one entry is not in the database.
    #[error(
        "the log goes on after entry {0}, where the database ends: the database is older than its log. Move it away, and \
         `farthing restore` a backup with the log"
    )]
    Ahead(i64),
    /// The database has what the log lacks.
    #[error(
        "the log ends at entry {last}, and the database has entry {committed}: a part of the log is lost. \
         Follow \"The log is lost\" in docs/OPERATING.md"
    )]
    Behind {
        /// The last entry there.
        last: i64,
        /// The last entry whose commit is in the database.
        committed: i64,
    },
    /// A byte is not what was written.
    #[error("the log: entry {seq} in {} is damaged", .path.display())]
    Damaged {
        /// The entry.
        seq: i64,
        /// The segment.
        path: PathBuf,
    },
    /// A segment or an entry is not there.
    #[error("the log: entry {0} is missing: a segment was taken away, or is from another log")]
    Gap(i64),
    /// The backup is of a database without a log.
    #[error(
        "the backup was made before the log was begun, and holds no number of an entry: a later one is needed"
    )]
    NoNumber,
    /// The database has a log, and this program was not told where.
    #[error(
        "the database is kept with a log, and the configuration has no `log`: name its folder there, or every backup and \
         the log would be of no use together"
    )]
    NotNamed,
    /// The database says no longer that there is a log.
    #[error("the database has no log any more: was it replaced? Start the provider again")]
    Left,
    /// There is an entry that nobody was told of.
    #[error("the log's last entry was not committed")]
    Unsettled,
    /// More than an entry can hold.
    #[error("a commit is too large for the log")]
    TooLarge,
    /// What an entry says can't be done again.
    #[error("the log: entry {seq} can't be replayed: {problem}")]
    Replay {
        /// The entry.
        seq: i64,
        /// Why.
        problem: String,
    },
}
