//! The transactions of one thread.

use std::{
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use farthing_gateway::StoreError;
use farthing_store_sql::Watch;
use postgres::{Client, Config};

use crate::{
    connect::{OpenError, connect, said},
    db::{Transaction, failed},
    queue::{Answer, Job},
};

/// Operations that share one commit, at the most.
const BATCH: usize = 128;
/// How long it is tried to find out what became of a commit.
const IN_DOUBT: Duration = Duration::from_secs(10);
const TURN: &str = "BEGIN; SELECT one FROM turn WHERE one = 1 FOR UPDATE";

/// The commits of one process.
pub(crate) struct Commits {
    config: Config,
    db: Option<Transaction>,
    /// The row by which this process knows its own commits.
    writer: i64,
    /// The number of its last attempt to commit, which that commit leaves in the row.
    attempt: i64,
}

impl Commits {
    pub(crate) fn on(config: Config, mut client: Client) -> Result<Self, OpenError> {
        // Those of processes that are long gone tell nobody anything.
        client.execute(
            "DELETE FROM writers WHERE since < now() - INTERVAL '30 days'",
            &[],
        )?;
        let row = client.query_one("INSERT INTO writers DEFAULT VALUES RETURNING id", &[])?;
        Ok(Self {
            config,
            writer: row.try_get(0)?,
            attempt: 0,
            db: Some(Transaction::new(client)),
        })
    }

    pub(crate) fn work(mut self, queue: &Receiver<Job>, watch: &Watch) {
        while let Ok(first) = queue.recv() {
            let db = match self.begin() {
                Ok(db) => db,
                Err(error) => {
                    first(Err(error)).send(&Ok(()));
                    continue;
                }
            };
            let mut answers = vec![in_savepoint(&db, first)];
            while answers.len() < BATCH
                && !db.is_lost()
                && let Ok(next) = queue.try_recv()
            {
                answers.push(in_savepoint(&db, next));
            }
            let committed = watch.commit(answers.len(), || self.commit(db));
            for answer in answers {
                answer.send(&committed);
            }
        }
    }

    /// A transaction whose turn it is.
    fn begin(&mut self) -> Result<Transaction, StoreError> {
        let db = match self.db.take() {
            Some(db) => db,
            None => self.reconnect()?,
        };
        if let Err(error) = db.batch(TURN) {
            if !db.is_lost() {
                let _ = db.batch("ROLLBACK");
                self.db = Some(db);
                return Err(error);
            }
            // An idle connection is found lost when it is used: that of a server that was started again.
            let db = self.reconnect()?;
            db.batch(TURN)?;
            return Ok(db);
        }
        Ok(db)
    }

    fn reconnect(&self) -> Result<Transaction, StoreError> {
        connect(&self.config)
            .map(Transaction::new)
            .map_err(|_| StoreError::Busy)
    }

    fn commit(&mut self, db: Transaction) -> Result<(), StoreError> {
        // Each attempt has a number of its own, so that one whose end was never learnt vouches for no other.
        self.attempt += 1;
        match db.number_commit(self.writer, self.attempt) {
            Ok(writer) => self.writer = writer,
            Err(error) => {
                // Nothing was to be committed yet.
                let _ = db.batch("ROLLBACK");
                self.keep(db);
                return Err(error);
            }
        }
        let Err(error) = db.batch("COMMIT") else {
            self.keep(db);
            return Ok(());
        };
        // Only one who still answers has said so itself: a proxy that lost the server says that something failed, too.
        if db.batch("ROLLBACK").is_ok() {
            self.keep(db);
            return Err(error);
        }
        drop(db);
        self.find_out()
    }

    fn keep(&mut self, db: Transaction) {
        self.db = (!db.is_lost()).then_some(db);
    }

    /// Whether the commit whose answer was lost was made. The lost transaction, where it still lives, has its turn, and
    /// the question waits until that has ended.
    #[expect(
        clippy::disallowed_methods,
        reason = "a server that starts again says nothing meanwhile: there is no thing to wait for"
    )]
    fn find_out(&mut self) -> Result<(), StoreError> {
        let since = Instant::now();
        loop {
            let found = connect(&self.config).and_then(|mut client| {
                client.query_one("SELECT one FROM turn WHERE one = 1 FOR UPDATE", &[])?;
                let row = client.query_opt("SELECT commits FROM writers WHERE id = $1", &[&self.writer])?;
                let last: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
                Ok((last == Some(self.attempt), client))
            });
            match found {
                Ok((made, client)) => {
                    self.db = Some(Transaction::new(client));
                    return if made { Ok(()) } else { Err(StoreError::Busy) };
                }
                Err(error) if since.elapsed() > IN_DOUBT => return Err(StoreError::InDoubt(said(&error))),
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }
}

/// An operation that fails leaves no trace; the others of the same commit are not touched by it.
fn in_savepoint(db: &Transaction, job: Job) -> Answer {
    if let Err(error) = db.batch("SAVEPOINT operation") {
        return job(Err(error));
    }
    let answer = job(Ok(db));
    let end = if answer.keep {
        "RELEASE operation"
    } else {
        "ROLLBACK TO operation; RELEASE operation"
    };
    // Where this fails, so does the commit, and everybody is told.
    let _ = db.batch(end);
    answer
}

/// The queries of one thread that reads: each operation of one moment.
pub(crate) fn read(config: &Config, next: impl Fn() -> Option<Job>) {
    let mut db: Option<Transaction> = None;
    while let Some(job) = next() {
        let begun = db.take().map_or(Err(StoreError::Busy), begin_reading);
        // A connection that was idle is found lost when it is used.
        let begun = begun.or_else(|_| {
            let client = connect(config).map_err(|error| failed(&error))?;
            begin_reading(Transaction::new(client))
        });
        let Ok(open) = begun else {
            job(Err(StoreError::Busy)).send(&Ok(()));
            continue;
        };
        let answer = job(Ok(&open));
        let ended = open.batch("COMMIT").or_else(|_| open.batch("ROLLBACK"));
        answer.send(&Ok(()));
        db = ended.is_ok().then_some(open);
    }
}

fn begin_reading(db: Transaction) -> Result<Transaction, StoreError> {
    db.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    Ok(db)
}
