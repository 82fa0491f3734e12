use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use farthing_protocol::Code;
use tokio::{sync::Semaphore, time::timeout};

use super::Failure;

/// Requests at work at once. One more is told to come again, rather than made to wait.
const REQUESTS: usize = 256;
/// How long one request may be at work. A charge goes on beyond it, as a task of its own.
const REQUEST: Duration = Duration::from_secs(30);

/// How much is done at once.
#[derive(Clone)]
pub struct Bounds {
    requests: Arc<Semaphore>,
    time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self::new(REQUESTS, REQUEST)
    }
}

impl Bounds {
    /// `requests` at once, each at work for `time` at most.
    #[must_use]
    pub fn new(requests: usize, time: Duration) -> Self {
        Self {
            requests: Arc::new(Semaphore::new(requests)),
            time,
        }
    }
}

/// Sheds what is beyond the bounds, quickly and in so many words.
pub async fn bounded(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let Ok(_permit) = bounds.requests.try_acquire() else {
        return Failure::from(Code::Busy).into_response();
    };
    match timeout(bounds.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::from(Code::Busy).into_response(),
    }
}
