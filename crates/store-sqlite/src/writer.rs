use std::{
    cell::RefCell,
    ops::Deref,
    path::Path,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::JoinHandle,
};

use farthing_gateway::StoreError;
use farthing_store_sql::{Engine, Watch, db};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{
    checkpoint::Checkpoints,
    db::Transaction,
    log::{Log, LogError, Written},
};

/// Operations that may wait at once; one more is told that the store is busy.
const QUEUE: usize = 4_096;
/// Operations that share one commit, at the most.
const BATCH: usize = 512;

/// Runs the operation, or fails it without running it.
type Job = Box<dyn FnOnce(Result<&Session, StoreError>) -> Answer + Send>;
/// Answers whoever waits, once the commit has succeeded or failed.
type Answer = Box<dyn FnOnce(&Result<(), StoreError>) + Send>;

/// The thread that owns the connection.
pub struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    watch: Watch,
}

/// The connection, and what was written on it since its last commit.
pub(crate) struct Session {
    db: Connection,
    log: Option<RefCell<Log>>,
    written: RefCell<Vec<Written>>,
}

impl Session {
    pub(crate) fn logs(&self) -> bool {
        self.log.is_some()
    }

    pub(crate) fn wrote(&self, written: Option<Written>) {
        self.written.borrow_mut().extend(written);
    }

    /// Puts what was written into the log.
    fn log(&self) -> Result<(), StoreError> {
        let written = self.written.take();
        match &self.log {
            Some(log) if !written.is_empty() => {
                log.borrow_mut().append(&self.db, &written).map_err(not_logged)
            }
            _ => Ok(()),
        }
    }

    /// Takes out of the log what was not committed.
    fn settle_log(&self) -> Result<(), StoreError> {
        let Some(log) = &self.log else { return Ok(()) };
        let mut log = log.borrow_mut();
        log.forget();
        in_turn(&self.db, |db| log.reconcile(db)).map_err(not_logged)?;
        Ok(())
    }
}

#[cfg(test)]
impl Session {
    /// From now on the log's disk has room for so many bytes.
    pub(crate) fn fill_up(&self, room: usize) {
        if let Some(log) = &self.log {
            log.borrow_mut().fill_up(room);
        }
    }

    pub(crate) fn new_segment_after(&self, bytes: u64) {
        if let Some(log) = &self.log {
            log.borrow_mut().segment_bytes = bytes;
        }
    }
}

impl Deref for Session {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.db
    }
}

impl Writer {
    /// Without `checkpoints`, as in memory, SQLite copies its own log after a commit.
    pub(crate) fn start(
        connection: Connection,
        log: Option<Log>,
        checkpoints: Option<Checkpoints>,
    ) -> Result<Self, std::io::Error> {
        let (jobs, queue) = sync_channel(QUEUE);
        let watch = Watch::default();
        let told = watch.clone();
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || {
                let session = Session {
                    db: connection,
                    log: log.map(RefCell::new),
                    written: RefCell::default(),
                };
                Commits::on(&session).work(&queue, &told, checkpoints.as_ref());
                // Whoever closes the file last copies all of its log.
                drop(checkpoints);
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            watch,
        })
    }

    /// Runs `operation` in a transaction and answers after the commit. An operation that fails leaves no
    /// trace; the others of the same commit are not touched by it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Session) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            let result = db.and_then(|db| in_savepoint(db, operation));
            Box::new(move |committed| {
                // Nobody waits any more when the request was dropped: the commit stands all the same.
                let _ = answer.send(result.and_then(|done| committed.clone().map(|()| done)));
            })
        });
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => ended(),
        })?;
        answered.await.map_err(|_| ended())?
    }
}

impl Engine for Writer {
    async fn run<T: Send + 'static>(
        &self,
        operation: impl Fn(&db::Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        Self::run(self, move |db| operation(&Transaction(db))).await
    }

    fn watch(&self) -> &Watch {
        &self.watch
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing more to commit.
            let _ = thread.join();
        }
    }
}

/// The commits of one connection.
struct Commits<'a> {
    db: &'a Session,
    /// Whether what this connection reads is what a power cut would leave. At first nobody knows: the log may
    /// hold commits of an earlier process that were written and not yet on the disk.
    settled: bool,
}

impl<'a> Commits<'a> {
    fn on(db: &'a Session) -> Self {
        Self { db, settled: false }
    }

    fn work(mut self, queue: &Receiver<Job>, watch: &Watch, checkpoints: Option<&Checkpoints>) {
        while let Ok(first) = queue.recv() {
            if let Err(error) = self.settle().and_then(|()| begin(self.db)) {
                first(Err(error))(&Ok(()));
                continue;
            }
            let mut answers = vec![first(Ok(self.db))];
            // An operation can take the whole transaction with it; another must not run outside of one.
            while answers.len() < BATCH
                && !self.db.is_autocommit()
                && let Ok(next) = queue.try_recv()
            {
                answers.push(next(Ok(self.db)));
            }
            let committed = watch.commit(answers.len(), || self.commit());
            for answer in answers {
                answer(&committed);
            }
            if let Some(checkpoints) = checkpoints {
                checkpoints.after_commit(self.db);
            }
        }
    }

    /// A commit that fails can be in the log all the same, and come true when the file is opened again. So it
    /// is called a failure only when that can't happen any more.
    fn commit(&mut self) -> Result<(), StoreError> {
        if self.db.is_autocommit() {
            self.db.written.take();
            return Err(StoreError::Failed(
                "another operation of the same commit took it with it".to_owned(),
            ));
        }
        let committed = self
            .db
            .log()
            .and_then(|()| self.db.execute_batch("COMMIT").map_err(failed));
        let Err(error) = committed else {
            return Ok(());
        };
        roll_back(self.db);
        self.settled = false;
        Err(match self.settle() {
            Ok(()) => error,
            Err(_) => StoreError::InDoubt(error.to_string()),
        })
    }

    /// Commits something of no meaning. It lands in SQLite's own log where a failed commit would be, which thereby is
    /// none; and its sync makes durable all that comes before it. Only then can the log beside the database be cut to what
    /// was committed.
    fn settle(&mut self) -> Result<(), StoreError> {
        if !self.settled {
            settle(self.db)?;
            self.db.settle_log()?;
            self.settled = true;
        }
        Ok(())
    }
}

/// The log in `folder`, when it is certain what the database holds; and the number of the entry that was cut off.
pub(crate) fn with_log(db: &Connection, folder: &Path) -> Result<(Log, Option<i64>), LogError> {
    in_turn(db, rewrite_version)?;
    in_turn(db, |db| Log::open(db, folder))
}

/// Does `work` while nobody else writes.
fn in_turn<T, E: From<rusqlite::Error>>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    let done = work(db).and_then(|done| {
        db.execute_batch("COMMIT")?;
        Ok(done)
    });
    if done.is_err() {
        roll_back(db);
    }
    done
}

fn settle(db: &Connection) -> Result<(), StoreError> {
    in_turn(db, rewrite_version).map_err(failed)
}

fn begin(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch("BEGIN IMMEDIATE").map_err(failed)
}

fn rewrite_version(db: &Connection) -> Result<(), rusqlite::Error> {
    let version: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    db.pragma_update(None, "user_version", version)
}

/// Ignores an error: SQLite may have rolled back by itself, and then there is nothing to roll back.
fn roll_back(db: &Connection) {
    let _ = db.execute_batch("ROLLBACK");
}

fn in_savepoint<T>(
    db: &Session,
    operation: impl FnOnce(&Session) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    db.execute_batch("SAVEPOINT operation").map_err(failed)?;
    let before = db.written.borrow().len();
    let result = operation(db);
    if result.is_err() {
        db.written.borrow_mut().truncate(before);
    }
    let end = if result.is_ok() {
        "RELEASE operation"
    } else {
        "ROLLBACK TO operation; RELEASE operation"
    };
    if let Err(error) = db.execute_batch(end) {
        // What can't be kept or undone by itself is undone with all that would be committed with it.
        roll_back(db);
        return result.and(Err(failed(error)));
    }
    result
}

#[expect(clippy::needless_pass_by_value, reason = "its one use is map_err")]
/// SQLite's message names tables and constraints, never values.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => StoreError::Busy,
        _ => StoreError::Failed(error.to_string()),
    }
}

/// What is not in the log is not committed.
pub(crate) fn not_logged(error: LogError) -> StoreError {
    match error {
        LogError::Sqlite(error) => failed(error),
        // Another process ended before its commit, and left its entry: it is cut off before the next commit.
        LogError::Unsettled => StoreError::Busy,
        error => StoreError::Failed(error.to_string()),
    }
}

fn ended() -> StoreError {
    StoreError::Failed("the store has ended".to_owned())
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
