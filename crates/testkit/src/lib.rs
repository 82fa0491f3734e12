//! For tests alone: the contract that every store must keep, a merchant and a shopper, a clock to
//! set, randomness to repeat, and a bank that answers as it is told.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

mod bank;
pub mod contract;
mod ports;
mod shopper;

pub use bank::{Account, Bank};
pub use ports::{SeededRng, SetClock};
pub use shopper::{NOW, Shop, card, seal, seal_with_header, sealed_header};
