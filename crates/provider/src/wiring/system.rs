use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use farthing_gateway::{Clock, Rng};
use farthing_protocol::UnixSeconds;

/// A clock that a test can replace.
#[derive(Clone)]
pub struct AnyClock(Arc<dyn Clock>);

impl AnyClock {
    /// Wraps `clock`.
    pub fn new(clock: impl Clock) -> Self {
        Self(Arc::new(clock))
    }
}

impl Clock for AnyClock {
    fn now(&self) -> UnixSeconds {
        self.0.now()
    }
}

/// A source of randomness that a test can replace.
#[derive(Clone)]
pub struct AnyRng(Arc<dyn Rng>);

impl AnyRng {
    /// Wraps `rng`.
    pub fn new(rng: impl Rng) -> Self {
        Self(Arc::new(rng))
    }
}

impl Rng for AnyRng {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixSeconds {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where the clock is the real one"
        )]
        let now = SystemTime::now();
        let seconds = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |passed| passed.as_secs());
        UnixSeconds(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}

/// The system's random source.
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "the one place where randomness is real")]
        let filled = getrandom::fill(bytes);
        if filled.is_err() {
            // Keys and tokens out of anything less would be guessable: there is no way on.
            std::process::abort();
        }
    }
}
