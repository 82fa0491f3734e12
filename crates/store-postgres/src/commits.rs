//! The transactions of one thread.

use std::{
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use farthing_gateway::StoreError;
use farthing_store_sql::Watch;
use tokio_postgres::Config;

use crate::{
    connect::{OpenError, connect, said},
    db::{Transaction, failed},
    link::{Driver, Link},
    queue::{Answer, Job},
};

/// Operations that share one commit, at the most.
const BATCH: usize = 128;
/// How long it is tried to find out what became of a commit.
const IN_DOUBT: Duration = Duration::from_secs(10);

/// The commits of one process.
pub(crate) struct Commits {
    config: Config,
    driver: Driver,
    db: Option<Transaction>,
    /// The row by which this process knows its own commits.
    writer: i64,
    /// The number of its last attempt to commit, which that commit leaves in the row.
    attempt: i64,
}

impl Commits {
    pub(crate) fn on(config: Config, driver: Driver, link: Link) -> Result<Self, OpenError> {
        // Those of processes that are long gone tell nobody anything.
        link.batch("DELETE FROM writers WHERE since < now() - INTERVAL '30 days'")?;
        let new = "INSERT INTO writers DEFAULT VALUES RETURNING id";
        let row = link.wait(link.client.query_one(new, &[]))?;
        Ok(Self {
            config,
            driver,
            writer: row.try_get(0)?,
            attempt: 0,
            db: Some(Transaction::new(link)),
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
            let mut answers = Vec::new();
            run(&db, first, &mut answers);
            let mut taken = 1;
            while taken < BATCH
                && !db.is_broken()
                && let Ok(next) = queue.try_recv()
            {
                run(&db, next, &mut answers);
                taken += 1;
            }
            let committed = watch.commit(taken, || self.commit(db));
            for answer in answers {
                answer.send(&committed);
            }
        }
    }

    /// A transaction whose turn it is.
    fn begin(&mut self) -> Result<Transaction, StoreError> {
        // Each attempt has a number of its own, so that one whose end was never learnt vouches for no other.
        self.attempt += 1;
        let db = match self.db.take() {
            Some(db) => db,
            None => self.reconnect()?,
        };
        match self.begin_on(&db) {
            Ok(()) => Ok(db),
            Err(error) if !db.is_lost() => {
                let _ = db.batch("ROLLBACK");
                self.db = Some(db);
                Err(error)
            }
            // An idle connection is found lost when it is used: that of a server that was started again.
            Err(_) => {
                let db = self.reconnect()?;
                self.begin_on(&db)?;
                Ok(db)
            }
        }
    }

    fn begin_on(&mut self, db: &Transaction) -> Result<(), StoreError> {
        self.writer = db.begin(self.writer, self.attempt)?;
        Ok(())
    }

    fn reconnect(&self) -> Result<Transaction, StoreError> {
        connect(&self.config, &self.driver)
            .map(Transaction::new)
            .map_err(|_| StoreError::Busy)
    }

    fn commit(&mut self, db: Transaction) -> Result<(), StoreError> {
        if db.is_broken() {
            // It was never to be committed.
            let lost = db.batch("ROLLBACK").is_err();
            self.keep(db);
            return Err(if lost {
                StoreError::Busy
            } else {
                StoreError::Failed("an operation could not be undone by itself".to_owned())
            });
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
            let found = connect(&self.config, &self.driver).and_then(|link| {
                link.batch("SELECT one FROM turn WHERE one = 1 FOR UPDATE")?;
                let last = "SELECT commits FROM writers WHERE id = $1";
                let row = link.wait(link.client.query_opt(last, &[&self.writer]))?;
                let last: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
                Ok((last == Some(self.attempt), link))
            });
            match found {
                Ok((made, link)) => {
                    self.db = Some(Transaction::new(link));
                    return if made { Ok(()) } else { Err(StoreError::Busy) };
                }
                Err(error) if since.elapsed() > IN_DOUBT => return Err(StoreError::InDoubt(said(&error))),
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }
}

/// An operation that fails leaves no trace; the others of the same commit are not touched by it.
fn run(db: &Transaction, job: Job, answers: &mut Vec<Answer>) {
    let answer = job(Ok(db));
    if !answer.keep {
        db.undo();
    } else if let Err(error) = db.keep() {
        db.undo();
        answer.send(&Err(error));
        return;
    }
    answers.push(answer);
}

/// The queries of one thread that reads: each operation of one moment.
pub(crate) fn read(config: &Config, driver: &Driver, next: impl Fn() -> Option<Job>) {
    let mut db: Option<Transaction> = None;
    while let Some(job) = next() {
        let begun = db.take().map_or(Err(StoreError::Busy), begin_reading);
        // A connection that was idle is found lost when it is used.
        let begun = begun.or_else(|_| {
            let link = connect(config, driver).map_err(|error| failed(&error))?;
            begin_reading(Transaction::new(link))
        });
        let Ok(open) = begun else {
            job(Err(StoreError::Busy)).send(&Ok(()));
            continue;
        };
        job(Ok(&open)).send(&Ok(()));
        let ended = open.batch("COMMIT").or_else(|_| open.batch("ROLLBACK"));
        db = ended.is_ok().then_some(open);
    }
}

fn begin_reading(db: Transaction) -> Result<Transaction, StoreError> {
    db.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    Ok(db)
}
