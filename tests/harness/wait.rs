//! Waiting for the thing, not for a time.
#![expect(
    clippy::disallowed_methods,
    reason = "the one place that looks again after a pause, and gives up by the clock"
)]

use std::time::{Duration, Instant};

/// How long a journey waits for something that should be there in a moment, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(25);

/// Looks until there is something to see.
///
/// # Panics
/// After [`PATIENCE`], with `what`.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look).await
}

/// [`until`], with a patience of its own.
///
/// # Panics
/// After `patience`, with `what`.
pub async fn until_within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(
            since.elapsed() < patience,
            "waited {} s in vain: {what}",
            patience.as_secs()
        );
        tokio::time::sleep(PAUSE).await;
    }
}

/// What `action` comes to, and how long it took.
pub async fn timed<T>(action: impl Future<Output = T>) -> (T, Duration) {
    let since = Instant::now();
    let value = action.await;
    (value, since.elapsed())
}
