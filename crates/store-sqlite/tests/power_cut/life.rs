//! The life of one database file: opened, written to by many, cut off, found again.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use farthing_gateway::{Store, StoreError};
use farthing_power_cut::{Fault, Kept, PowerCut};
use fastrand::Rng;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::load::{STEPS, booked, seen, step};

/// Who ask the store for something at the same time.
const HANDS: usize = 8;
/// Rounds in which there is something new.
const ROUNDS: usize = 8;
/// Payments that each round adds.
const NEW: u32 = 16;
/// Operations on the disk within which a round ends: about as many as it takes.
const MOMENTS: u64 = 450;

/// How a round ends.
#[derive(Clone, Copy, Debug)]
enum Ends {
    /// The power is cut.
    Cut(Kept),
    /// The process is killed.
    Kill,
}

const ENDS: [Ends; 5] = [
    Ends::Cut(Kept::Nothing),
    Ends::Cut(Kept::Prefix),
    Ends::Kill,
    Ends::Cut(Kept::Scattered),
    Ends::Cut(Kept::Everything),
];

/// A payment, and what is known about it.
#[derive(Clone, Copy)]
struct Payment {
    n: u32,
    /// Steps that the store acknowledged or showed to a reader.
    done: usize,
    /// Whether one more may have been taken: the store said that it does not know.
    doubt: bool,
}

/// What the store says of each payment after each step, when nothing goes wrong.
pub(crate) struct Reference(pub(crate) Vec<Vec<String>>);

impl Reference {
    /// On an empty store.
    pub(crate) async fn on<S: Store>(store: S) -> Self {
        let mut payments = Vec::new();
        for n in 0..NEW * u32::try_from(ROUNDS).unwrap() {
            let mut after = Vec::new();
            for done in 0..STEPS {
                after.push(seen(&store, n, &[]).await.unwrap());
                assert!(step(&store, n, done).await.unwrap());
            }
            payments.push(after);
        }
        let ledger = store.ledger().await.unwrap();
        for (n, after) in (0..).zip(&mut payments) {
            after.push(seen(&store, n, &ledger).await.unwrap());
        }
        Self(payments)
    }
}

/// Eight rounds on one file that is not there yet, each with another end, and one in which nothing goes wrong.
/// Returns how many steps were acknowledged before that one; the error says what was lost, half there, or undead.
pub(crate) async fn live<S: Store>(
    seed: u32,
    reference: &Reference,
    open: impl Fn(&Path) -> Result<S, String>,
) -> Result<usize, String> {
    let dir = tempfile::tempdir().unwrap();
    let mut life = Life {
        power: PowerCut::over(dir.path()).unwrap(),
        dir,
        rng: Rng::with_seed(seed.into()),
        open,
        reference,
        payments: Vec::new(),
    };
    let ends = ENDS.iter().cycle().skip(seed as usize % ENDS.len());
    for (round, ends) in ends.take(ROUNDS).enumerate() {
        let lived = life.round(*ends).await;
        lived.map_err(|error| format!("file {seed}, after round {round}, {ends:?}: {error}"))?;
    }
    let acknowledged = life.payments.iter().map(|payment| payment.done).sum();
    let lived = life.last_round().await;
    lived.map_err(|error| format!("file {seed}, last round: {error}"))?;
    Ok(acknowledged)
}

struct Life<'a, O> {
    dir: TempDir,
    power: PowerCut,
    rng: Rng,
    open: O,
    reference: &'a Reference,
    payments: Vec<Payment>,
}

impl<S: Store, O: Fn(&Path) -> Result<S, String>> Life<'_, O> {
    /// One round. It ends so at some moment of opening, reading, writing and closing, or after it; and a sync
    /// fails at some moment, unless the end comes first.
    async fn round(&mut self, ends: Ends) -> Result<(), String> {
        let (from, seed) = (self.power.operations(), self.rng.u64(..));
        let kept = self
            .rng
            .choice([Kept::Nothing, Kept::Scattered, Kept::Everything])
            .unwrap();
        self.power
            .fail_from(from + self.rng.u64(..2 * MOMENTS), Fault::Sync(kept));
        let moment = from + self.rng.u64(1..=MOMENTS);
        match ends {
            Ends::Cut(kept) => self.power.cut_at(moment, kept, seed),
            Ends::Kill => self.power.kill_at(moment),
        }
        match (self.open)(&self.path()) {
            Ok(store) => {
                let store = Arc::new(store);
                if self.verify(&*store).await? {
                    self.load(&store).await?;
                }
            }
            Err(_) if self.power.has_failed() => {}
            Err(error) => return Err(format!("the file can't be opened: {error}")),
        }
        match ends {
            Ends::Cut(kept) => self.power.cut(kept, seed),
            Ends::Kill => self.power.kill(),
        }
        self.power.restore().unwrap();
        if matches!(ends, Ends::Cut(_)) {
            self.inspect()?;
        }
        Ok(())
    }

    /// Whatever was begun is brought to its end.
    async fn last_round(&mut self) -> Result<(), String> {
        let store = Arc::new((self.open)(&self.path())?);
        self.verify(&*store).await?;
        self.load(&store).await?;
        match self.payments.iter().find(|payment| payment.done < STEPS) {
            Some(payment) => Err(format!("payment {} could not be ended", payment.n)),
            None => Ok(()),
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("f.db")
    }

    /// Compares what the store says with what it acknowledged; whether it came to the end of it.
    async fn verify(&mut self, store: &S) -> Result<bool, String> {
        let out = |error: StoreError| {
            let failed = self.power.has_failed();
            if failed { Ok(false) } else { Err(error.to_string()) }
        };
        let ledger = match store.ledger().await {
            Ok(ledger) => ledger,
            Err(error) => return out(error),
        };
        for payment in &mut self.payments {
            let n = payment.n;
            let seen = match seen(store, n, &ledger).await {
                Ok(seen) => seen,
                Err(error) => return out(error),
            };
            let steps = &self.reference.0[n as usize];
            let Some(found) = steps.iter().position(|after| *after == seen) else {
                return Err(format!("payment {n} is half there: {seen}"));
            };
            let most = payment.done + usize::from(payment.doubt);
            if found < payment.done {
                return Err(format!(
                    "payment {n}: {} steps acknowledged, {found} kept",
                    payment.done
                ));
            }
            if found > most {
                return Err(format!("payment {n}: {most} steps at the most, {found} kept"));
            }
            (payment.done, payment.doubt) = (found, false);
        }
        let booked = |payment: &Payment| booked(&ledger, payment.n).len();
        if self.payments.iter().map(booked).sum::<usize>() != ledger.len() {
            return Err("the ledger has an entry of no payment".to_owned());
        }
        Ok(true)
    }

    /// Goes on with every payment, and with new ones, many at a time, until all are ended or the store fails.
    async fn load(&mut self, store: &Arc<S>) -> Result<(), String> {
        let first = u32::try_from(self.payments.len()).unwrap();
        if (first as usize) < self.reference.0.len() {
            let new = |n| Payment {
                n,
                done: 0,
                doubt: false,
            };
            self.payments.extend((first..first + NEW).map(new));
        }
        let mut hands = JoinSet::new();
        for hand in 0..HANDS {
            let mine: Vec<Payment> = self.payments.iter().skip(hand).step_by(HANDS).copied().collect();
            hands.spawn(work_through(Arc::clone(store), mine));
        }
        self.payments.clear();
        while let Some(worked) = hands.join_next().await {
            self.payments.extend(worked.unwrap()?);
        }
        self.payments.sort_unstable_by_key(|payment| payment.n);
        Ok(())
    }

    /// What another program, with SQLite as it comes, finds in a copy of the files.
    fn inspect(&self) -> Result<(), String> {
        let copy = tempfile::tempdir().unwrap();
        for name in ["f.db", "f.db-wal", "f.db-journal"] {
            let from = self.dir.path().join(name);
            if from.exists() {
                fs::copy(from, copy.path().join(name)).unwrap();
            }
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let db = Connection::open_with_flags_and_vfs(copy.path().join("f.db"), flags, c"unix").unwrap();
        for check in ["integrity_check", "foreign_key_check"] {
            let mut found = Vec::new();
            db.pragma_query(None, check, |row| {
                found.push(row.get_ref(0)?.as_str()?.to_owned());
                Ok(())
            })
            .map_err(|error| error.to_string())?;
            if found.iter().any(|line| line != "ok") {
                return Err(format!("{check}: {found:?}"));
            }
        }
        Ok(())
    }
}

/// Takes step after step of each payment. What was not done is tried again, once; what is in doubt is left.
async fn work_through<S: Store>(store: Arc<S>, mut mine: Vec<Payment>) -> Result<Vec<Payment>, String> {
    let mut again = true;
    'all: for payment in &mut mine {
        while payment.done < STEPS {
            match step(&*store, payment.n, payment.done).await {
                Ok(true) => payment.done += 1,
                Ok(false) => return Err(format!("payment {}: no step after {}", payment.n, payment.done)),
                Err(StoreError::Failed(_)) if again => again = false,
                Err(error) => {
                    payment.doubt = matches!(error, StoreError::InDoubt(_));
                    break 'all;
                }
            }
        }
    }
    Ok(mine)
}
