//! The provider's way out: requests to addresses that merchants name, which can't be turned against the inside.
//!
//! A merchant decides where its webhooks go. Without care that is a way to make the provider ask its own cloud's
//! metadata, a database beside it, or itself. So [`Target::parse`] takes HTTPS alone; [`Outbound`] resolves a name
//! once, checks each address that came back, and connects to one of those and nothing else; it follows no redirect;
//! and what comes back is bounded in size and in time.

mod address;
mod client;
mod dial;
mod exchange;
mod failed;
mod resolve;
mod target;
#[cfg(test)]
mod tests;
mod tls;

pub use address::Guard;
pub use client::{ANSWER_BYTES, Answer, Outbound};
pub use failed::Failed;
pub use resolve::{Resolve, System};
pub use target::{TARGET_BYTES, Target, TargetError};
pub use tls::NoTls;
