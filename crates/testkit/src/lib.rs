//! For tests alone: the contract that every store must keep.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

pub mod contract;
