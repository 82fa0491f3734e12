//! Transactions that the database ended because they met with another, and that are run again.
//!
//! A database that scales out says so often (`40001`), as it finds at the end that two transactions can't have been one
//! after the other; any says so of a deadlock (`40P01`). Nothing of such a transaction was done, and those who wait have
//! been told nothing. What is run again is the whole of it, from its turn on: it sees what the other one wrote.

use std::{collections::VecDeque, mem, time::Duration};

use farthing_gateway::StoreError;

use crate::queue::Job;

/// Operations that share one commit, at the most.
const BATCH: usize = 128;
/// How often one operation is run by itself, at the most. Of many it can't be said because of which one a transaction
/// ended; as fewer share each next one, every one of them comes to be alone where it must.
pub(crate) const TRIES: u32 = 8;
/// Transactions that end so one after the other, at the most, until all who wait are told that they were not done. With
/// all pauses they take less than two seconds.
const IN_VAIN: u32 = 24;
/// What is waited before the next one, at the most, in milliseconds, and half as much again.
const LONGEST: u64 = 48;

/// Those whose turn it is: the first of them share the next transaction.
pub(crate) struct Crowd {
    jobs: VecDeque<Taken>,
    /// How many share one: half as many after each that the database ended, twice as many after each that was made.
    most: usize,
    /// Transactions that it ended since the last one that was made.
    in_vain: u32,
}

struct Taken {
    job: Box<dyn Job>,
    /// Transactions that ended when it was the only one in them.
    clashes: u32,
}

impl Crowd {
    pub(crate) fn new() -> Self {
        Self {
            jobs: VecDeque::new(),
            most: BATCH,
            in_vain: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    pub(crate) fn join(&mut self, job: Box<dyn Job>) {
        self.jobs.push_back(Taken { job, clashes: 0 });
    }

    /// Whether one more may be in a transaction of so many, and would have to come first.
    pub(crate) fn wants(&self, at: usize) -> bool {
        at == self.jobs.len() && at < self.most
    }

    /// The one at this place of the transaction.
    pub(crate) fn nth(&mut self, at: usize) -> Option<&mut dyn Job> {
        if at >= self.most {
            return None;
        }
        let taken = self.jobs.get_mut(at)?;
        Some(&mut *taken.job)
    }

    /// Tells the first `count` what became of the transaction.
    pub(crate) fn tell(&mut self, count: usize, committed: &Result<(), StoreError>) {
        self.in_vain = 0;
        self.most = (self.most * 2).min(BATCH);
        for taken in self.jobs.drain(..count.min(self.jobs.len())) {
            taken.job.tell(committed);
        }
    }

    /// After a transaction that the database ended when so many had `run` in it. Those who have used up their tries are told
    /// that they were not done; the others are to be run again after this pause.
    pub(crate) fn clashed(&mut self, run: usize, who: i64) -> Option<Duration> {
        self.in_vain += 1;
        self.most = (self.most / 2).max(1);
        let all = self.in_vain >= IN_VAIN;
        for (at, mut taken) in mem::take(&mut self.jobs).into_iter().enumerate() {
            taken.clashes += u32::from(at == 0 && run <= 1);
            taken.job.fail(StoreError::Busy);
            if all || taken.clashes >= TRIES {
                taken.job.tell(&Ok(()));
            } else {
                self.jobs.push_back(taken);
            }
        }
        let pause = pause(who, self.in_vain);
        if self.jobs.is_empty() {
            self.in_vain = 0;
            return None;
        }
        Some(pause)
    }
}

/// What `who` waits before the next try, after so many. Two that meet wait differently long, as each has another number:
/// it needs no chance.
pub(crate) fn pause(who: i64, tries: u32) -> Duration {
    let grown = 2_u64.saturating_pow(tries).min(LONGEST);
    // Fibonacci hashing: numbers that lie side by side fall far apart.
    let spread = (who.unsigned_abs() + u64::from(tries)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    Duration::from_millis(grown + spread % grown / 2)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use farthing_store_sql::db::{Connection, Db, Params, Row};

    use super::*;

    /// Who was told that it was done, or that it was not.
    type Told = Arc<Mutex<Vec<(usize, bool)>>>;

    struct Fake(usize, bool, Told);

    impl Job for Fake {
        fn run(&mut self, _: &Connection<'_>) -> bool {
            self.1 = true;
            true
        }

        fn fail(&mut self, error: StoreError) {
            assert!(matches!(error, StoreError::Busy));
            self.1 = false;
        }

        fn tell(self: Box<Self>, _: &Result<(), StoreError>) {
            self.2.lock().unwrap().push((self.0, self.1));
        }
    }

    /// What runs no statement.
    struct Nothing;

    impl Db for Nothing {
        fn change(&self, _: &'static str, _: Params<'_>) -> Result<usize, StoreError> {
            Err(StoreError::Busy)
        }

        fn query(
            &self,
            _: &'static str,
            _: Params<'_>,
            _: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
        ) -> Result<(), StoreError> {
            Err(StoreError::Busy)
        }
    }

    fn crowd(count: usize) -> (Crowd, Told) {
        let (mut crowd, told) = (Crowd::new(), Told::default());
        for number in 0..count {
            crowd.join(Box::new(Fake(number, true, Arc::clone(&told))));
        }
        (crowd, told)
    }

    /// Runs them as the thread that writes does, where each transaction ends that `spoils` says of.
    fn live(crowd: &mut Crowd, spoils: impl Fn(usize) -> bool) -> Duration {
        let mut waited = Duration::ZERO;
        let mut first = 0;
        while !crowd.is_empty() {
            let run = crowd.jobs.len().min(crowd.most);
            if (first..first + run).any(&spoils) {
                let before = crowd.jobs.len();
                waited += crowd.clashed(run, 7).unwrap_or_default();
                first += before - crowd.jobs.len();
            } else {
                for at in 0..run {
                    crowd.nth(at).unwrap().run(&Nothing);
                }
                assert!(crowd.nth(run).is_none());
                crowd.tell(run, &Ok(()));
                first += run;
            }
        }
        waited
    }

    #[test]
    fn who_always_clashes_takes_nobody_with_it() {
        for culprit in [0, 1, 50, 127] {
            let (mut crowd, told) = crowd(BATCH);
            let waited = live(&mut crowd, |number| number == culprit);
            assert!(waited < Duration::from_secs(1), "{waited:?}");
            let told = told.lock().unwrap();
            assert_eq!(told.iter().filter(|(_, done)| *done).count(), BATCH - 1);
            assert!(told.contains(&(culprit, false)));
        }
    }

    #[test]
    fn it_ends_when_all_clash() {
        let (mut crowd, told) = crowd(BATCH);
        let waited = live(&mut crowd, |_| true);
        let told = told.lock().unwrap();
        assert_eq!(told.iter().filter(|(_, done)| !done).count(), BATCH);
        assert!(waited < Duration::from_secs(2), "{waited:?}");
        drop(told);
        assert_eq!(crowd.in_vain, 0, "whoever comes next has as many tries");
    }

    #[test]
    fn one_alone_has_its_tries_and_no_more() {
        let (mut crowd, told) = crowd(1);
        for _ in 1..TRIES {
            assert!(crowd.clashed(1, 1).is_some());
        }
        assert!(told.lock().unwrap().is_empty());
        assert!(crowd.clashed(1, 1).is_none());
        assert_eq!(*told.lock().unwrap(), [(0, false)]);
    }

    #[test]
    fn two_that_meet_part() {
        for who in 1..50 {
            let part = (1..TRIES).filter(|tries| pause(who, *tries) != pause(who + 1, *tries));
            assert!(part.count() >= 2, "{who} and the next one wait equally long");
        }
    }
}
