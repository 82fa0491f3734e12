//! The provider as its callers see it: status, headers, body. On the real router, with a store in memory and
//! the sandbox; only the clock and the randomness are the tests' own.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

mod bad_input;
mod bounds;
mod camara;
mod challenges;
mod charges;
mod common;
mod complaints;
mod deciding;
mod failures;
mod frame;
mod idempotency;
mod keys;
mod limits;
mod loader;
mod logs;
mod metrics;
mod openapi;
mod plain;
mod prices;
mod problems;
mod receipts;
mod settings;
mod shutdown;
mod stripe;
mod tokens;
mod verify;
mod webhooks;
