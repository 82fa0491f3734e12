//! What the rules need from the outside: time, randomness, a store, a connector.

pub mod connector;
pub mod store;

use farthing_protocol::UnixSeconds;

/// Tells the time. A parameter, so that a test can say when things happen.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> UnixSeconds;
}

/// A cryptographic source of randomness. A parameter, so that a test can repeat what happened.
pub trait Rng: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}
