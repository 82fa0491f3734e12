//! Operations that wait for a thread, and what they are answered.

use std::sync::mpsc::{SyncSender, TrySendError};

use farthing_gateway::StoreError;
use farthing_store_sql::db::Connection;
use tokio::sync::oneshot;

/// Runs the operation, or fails it without running it.
pub(crate) type Job = Box<dyn FnOnce(Result<&Connection<'_>, StoreError>) -> Answer + Send>;

type Told = Box<dyn FnOnce(&Result<(), StoreError>) + Send>;

/// Answers whoever waits, once it is known what became of the transaction.
pub(crate) struct Answer {
    /// Whether the operation itself went well: what it did is kept then.
    pub keep: bool,
    send: Told,
}

impl Answer {
    pub(crate) fn send(self, committed: &Result<(), StoreError>) {
        (self.send)(committed);
    }
}

/// Puts `operation` into `queue`, and waits for its answer.
pub(crate) async fn wait<T: Send + 'static>(
    queue: Option<&SyncSender<Job>>,
    operation: impl FnOnce(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (answer, answered) = oneshot::channel();
    let job: Job = Box::new(move |db| {
        let result = db.and_then(operation);
        Answer {
            keep: result.is_ok(),
            send: Box::new(move |committed| {
                // Nobody waits any more when the request was dropped: the commit stands all the same.
                let _ = answer.send(result.and_then(|done| committed.clone().map(|()| done)));
            }),
        }
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

fn ended() -> StoreError {
    StoreError::Failed("the store has ended".to_owned())
}
