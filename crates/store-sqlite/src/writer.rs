use std::{
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::JoinHandle,
};

use farthing_gateway::StoreError;
use rusqlite::Connection;
use tokio::sync::oneshot;

/// Operations that may wait at once; one more is told that the store is busy.
const QUEUE: usize = 4_096;
/// Operations that share one commit, at the most.
const BATCH: usize = 512;

/// Runs the operation, or fails it without running it.
type Job = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Answer + Send>;
/// Answers whoever waits, once the commit has succeeded or failed.
type Answer = Box<dyn FnOnce(&Result<(), StoreError>) + Send>;

/// The thread that owns the connection.
pub(crate) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Result<Self, std::io::Error> {
        let (jobs, queue) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || Commits::on(&connection).work(&queue))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Runs `operation` in a transaction and answers after the commit. An operation that fails leaves no
    /// trace; the others of the same commit are not touched by it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
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
    db: &'a Connection,
    /// Whether what this connection reads is what a power cut would leave. At first nobody knows: the log may
    /// hold commits of an earlier process that were written and not yet on the disk.
    settled: bool,
}

impl<'a> Commits<'a> {
    fn on(db: &'a Connection) -> Self {
        Self { db, settled: false }
    }

    fn work(mut self, queue: &Receiver<Job>) {
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
            let committed = self.commit();
            for answer in answers {
                answer(&committed);
            }
        }
    }

    /// A commit that fails can be in the log all the same, and come true when the file is opened again. So it
    /// is called a failure only when that can't happen any more.
    fn commit(&mut self) -> Result<(), StoreError> {
        if self.db.is_autocommit() {
            return Err(StoreError::Failed(
                "another operation of the same commit took it with it".to_owned(),
            ));
        }
        let Err(error) = self.db.execute_batch("COMMIT") else {
            return Ok(());
        };
        roll_back(self.db);
        self.settled = false;
        Err(match self.settle() {
            Ok(()) => failed(error),
            Err(_) => StoreError::InDoubt(error.to_string()),
        })
    }

    /// Commits something of no meaning. It lands in the log where a failed commit would be, which thereby is
    /// none; and its sync makes durable all that comes before it.
    fn settle(&mut self) -> Result<(), StoreError> {
        if !self.settled {
            begin(self.db)?;
            rewrite_version(self.db).map_err(|error| {
                roll_back(self.db);
                failed(error)
            })?;
            self.settled = true;
        }
        Ok(())
    }
}

fn begin(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch("BEGIN IMMEDIATE").map_err(failed)
}

fn rewrite_version(db: &Connection) -> Result<(), rusqlite::Error> {
    let version: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    db.pragma_update(None, "user_version", version)?;
    db.execute_batch("COMMIT")
}

/// Ignores an error: SQLite may have rolled back by itself, and then there is nothing to roll back.
fn roll_back(db: &Connection) {
    let _ = db.execute_batch("ROLLBACK");
}

fn in_savepoint<T>(
    db: &Connection,
    operation: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    db.execute_batch("SAVEPOINT operation").map_err(failed)?;
    let result = operation(db);
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

fn ended() -> StoreError {
    StoreError::Failed("the store has ended".to_owned())
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
