use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use farthing_protocol::UnixSeconds;

use crate::resolve::ASKING_S;

/// How many broken-off works are remembered, at the most. One that is forgotten is looked into a minute later.
const LET_GO: usize = 10_000;

/// What this process is doing with the connector at the moment, and what it broke off. A request that comes again
/// must wait for the first, but not for one that has stopped: that one it takes up.
#[derive(Default)]
pub(crate) struct AtWork(Mutex<Works>);

#[derive(Default)]
struct Works {
    doing: HashSet<String>,
    let_go: HashSet<String>,
    oldest_first: VecDeque<String>,
}

/// Work on one charge or operation. Dropped before it is [`Self::done`], it was let go.
pub(crate) struct Working<'a> {
    all: &'a AtWork,
    id: Option<String>,
}

impl AtWork {
    /// Begins work on what `id` names.
    pub(crate) fn begin(&self, id: &str) -> Working<'_> {
        self.lock().doing.insert(id.to_owned());
        Working {
            all: self,
            id: Some(id.to_owned()),
        }
    }

    /// Whether nobody is working on `id`, which was begun at `begun_at`: this process let it go, or so much time has
    /// passed that no process can still be waiting for an answer.
    pub(crate) fn is_let_go(&self, id: &str, begun_at: UnixSeconds, now: UnixSeconds) -> bool {
        let works = self.lock();
        !works.doing.contains(id) && (works.let_go.contains(id) || now.since(begun_at) > ASKING_S)
    }

    /// A panic elsewhere leaves the sets whole: every change is a single call on one of them.
    fn lock(&self) -> MutexGuard<'_, Works> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Working<'_> {
    /// It is at its end.
    pub(crate) fn done(mut self) {
        if let Some(id) = self.id.take() {
            self.all.lock().doing.remove(&id);
        }
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let mut works = self.all.lock();
        works.doing.remove(&id);
        if works.oldest_first.len() >= LET_GO
            && let Some(oldest) = works.oldest_first.pop_front()
        {
            works.let_go.remove(&oldest);
        }
        if works.let_go.insert(id.clone()) {
            works.oldest_first.push_back(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_let_go_can_be_taken_up() {
        let (all, now) = (AtWork::default(), UnixSeconds(1_800_000_000));
        let later = now.plus(ASKING_S + 1);
        let working = all.begin("a");
        assert!(!all.is_let_go("a", now, later), "it is being done");
        working.done();
        assert!(!all.is_let_go("a", now, now), "it was done");
        assert!(!all.is_let_go("b", now, now), "another process may be doing it");
        assert!(all.is_let_go("b", now, later), "nobody waits that long");
        drop(all.begin("c"));
        assert!(all.is_let_go("c", now, now));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let all = AtWork::default();
        for n in 0..=LET_GO {
            drop(all.begin(&n.to_string()));
        }
        assert_eq!(all.lock().let_go.len(), LET_GO);
        assert_eq!(all.lock().doing.len(), 0);
    }
}
