//! The transactions of one thread.

use std::{
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use farthing_gateway::StoreError;
use farthing_store_sql::Watch;
use tokio_postgres::Config;

use crate::{
    again::{Crowd, TRIES, pause},
    connect::{OpenError, connect, said},
    db::Transaction,
    errors::{Verdict, failed},
    link::{Driver, Link},
    queue::Job,
};

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

    pub(crate) fn work(mut self, queue: &Receiver<Box<dyn Job>>, watch: &Watch) {
        let mut crowd = Crowd::new();
        loop {
            if crowd.is_empty() {
                let Ok(first) = queue.recv() else { return };
                crowd.join(first);
            }
            if let Err(pause) = self.run(&mut crowd, queue, watch) {
                wait(pause);
            }
        }
    }

    /// Runs one transaction, and tells those who share it what became of it; or says how long to wait before they are run
    /// again.
    fn run(
        &mut self,
        crowd: &mut Crowd,
        queue: &Receiver<Box<dyn Job>>,
        watch: &Watch,
    ) -> Result<(), Duration> {
        let db = match self.begin() {
            Ok(db) => db,
            Err(_) if self.has_clashed() => return self.again(crowd, 0),
            Err(error) => {
                crowd.tell(usize::MAX, &Err(error));
                return Ok(());
            }
        };
        let mut at = 0;
        while !db.is_broken() {
            if crowd.wants(at)
                && let Ok(next) = queue.try_recv()
            {
                crowd.join(next);
            }
            let Some(job) = crowd.nth(at) else { break };
            run(&db, job);
            if db.verdict() == Verdict::Clashed {
                let _ = db.batch("ROLLBACK");
                self.keep(db);
                return self.again(crowd, at + 1);
            }
            at += 1;
        }
        let committed = watch.commit(at, || self.commit(db));
        if committed.is_err() && self.has_clashed() {
            return self.again(crowd, at);
        }
        crowd.tell(at, &committed);
        Ok(())
    }

    /// Whether the last transaction was ended by the database because it met with another.
    fn has_clashed(&self) -> bool {
        let db = self.db.as_ref();
        db.is_some_and(|db| db.verdict() == Verdict::Clashed)
    }

    fn again(&self, crowd: &mut Crowd, run: usize) -> Result<(), Duration> {
        crowd.clashed(run, self.writer).map_or(Ok(()), Err)
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
        // Only one who still answers has said so itself: a proxy that lost the server says that something failed, too. And
        // one that is made of many may answer that it does not know.
        if db.verdict() != Verdict::Unknown && db.batch("ROLLBACK").is_ok() {
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
fn run(db: &Transaction, job: &mut dyn Job) {
    if !job.run(db) {
        db.undo();
    } else if let Err(error) = db.keep() {
        db.undo();
        job.fail(error);
    }
}

/// The queries of one thread that reads: each operation of one moment.
pub(crate) fn read(config: &Config, driver: &Driver, next: impl Fn() -> Option<Box<dyn Job>>) {
    let mut db: Option<Transaction> = None;
    while let Some(mut job) = next() {
        let mut tries = 1;
        db = loop {
            let begun = db.take().map_or(Err(StoreError::Busy), begin_reading);
            // A connection that was idle is found lost when it is used.
            let begun = begun.or_else(|_| {
                let link = connect(config, driver).map_err(|error| failed(&error))?;
                begin_reading(Transaction::new(link))
            });
            let Ok(open) = begun else {
                job.tell(&Err(StoreError::Busy));
                break None;
            };
            job.run(&open);
            let clashed = open.verdict() == Verdict::Clashed;
            if clashed {
                job.fail(StoreError::Busy);
            }
            if clashed && tries < TRIES {
                db = open.batch("ROLLBACK").is_ok().then_some(open);
                wait(pause(0, tries));
                tries += 1;
                continue;
            }
            job.tell(&Ok(()));
            let ended = open.batch("COMMIT").or_else(|_| open.batch("ROLLBACK"));
            break ended.is_ok().then_some(open);
        };
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "there is no thing to wait for: whom it met is unknown, and may not be at work any more"
)]
fn wait(pause: Duration) {
    std::thread::sleep(pause);
}

fn begin_reading(db: Transaction) -> Result<Transaction, StoreError> {
    db.begin_reading()?;
    Ok(db)
}
