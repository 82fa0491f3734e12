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

/// Runs on the connection, or learns why nothing could be begun on it.
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
            .spawn(move || work(&connection, &queue))?;
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
                let _ = answer.send(committed.clone().and(result));
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

fn work(db: &Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        // Another process may have the file: whoever waited longer than `busy_timeout` is told that it is busy.
        if let Err(error) = begin(db) {
            first(Err(error.clone()))(&Err(error));
            continue;
        }
        let mut answers: Vec<Answer> = vec![first(Ok(db))];
        while answers.len() < BATCH
            && let Ok(next) = queue.try_recv()
        {
            answers.push(next(Ok(db)));
        }
        let committed = commit(db);
        for answer in answers {
            answer(&committed);
        }
    }
}

fn begin(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch("BEGIN IMMEDIATE").map_err(failed)
}

fn commit(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch("COMMIT").map_err(|error| {
        // Ignored: SQLite may have rolled back by itself, and then there is nothing to roll back.
        let _ = db.execute_batch("ROLLBACK");
        failed(error)
    })
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
    db.execute_batch(end).map_err(failed)?;
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
