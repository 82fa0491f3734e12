//! Operations that wait for a thread, and what they are answered.

use std::sync::mpsc::{SyncSender, TrySendError};

use farthing_gateway::StoreError;
use farthing_store_sql::db::Connection;
use tokio::sync::oneshot;

/// An operation that somebody waits for.
pub(crate) trait Job: Send {
    /// Runs it, anew where it ran before: what it found then was of a transaction that came to nothing. Answers whether it
    /// went well, and what it did is to be kept.
    fn run(&mut self, db: &Connection<'_>) -> bool;

    /// From now on it is one that ended with `error`.
    fn fail(&mut self, error: StoreError);

    /// Answers whoever waits, once it is known what became of the transaction.
    fn tell(self: Box<Self>, committed: &Result<(), StoreError>);
}

/// Puts `operation` into `queue`, and waits for its answer.
pub(crate) async fn wait<T: Send + 'static>(
    queue: Option<&SyncSender<Box<dyn Job>>>,
    operation: impl Fn(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (answer, answered) = oneshot::channel();
    let job: Box<dyn Job> = Box::new(Asked {
        operation,
        found: Err(StoreError::Busy),
        answer,
    });
    queue
        .ok_or_else(ended)?
        .try_send(job)
        .map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => ended(),
        })?;
    answered.await.map_err(|_| ended())?
}

struct Asked<T, F> {
    operation: F,
    /// What came of it when it ran last.
    found: Result<T, StoreError>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Asked<T, F>
where
    T: Send,
    F: Fn(&Connection<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, db: &Connection<'_>) -> bool {
        self.found = (self.operation)(db);
        self.found.is_ok()
    }

    fn fail(&mut self, error: StoreError) {
        self.found = Err(error);
    }

    fn tell(self: Box<Self>, committed: &Result<(), StoreError>) {
        let Self { found, answer, .. } = *self;
        // Nobody waits any more when the request was dropped: the commit stands all the same.
        let _ = answer.send(found.and_then(|done| committed.clone().map(|()| done)));
    }
}

fn ended() -> StoreError {
    StoreError::Failed("the store has ended".to_owned())
}
