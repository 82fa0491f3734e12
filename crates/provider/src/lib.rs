//! The provider: the gateway's rules behind HTTP, the frame and the loader embedded, one binary.
//!
//! [`router`] is the table of contents: one route a file. Only [`wiring`] names a store and a connector.
//!
//! Nothing of a request is ever logged but its method, the pattern of its route (addresses of receipts and
//! quotes are secrets), the status, the time and the code ([`http`]).

pub mod accreditor;
pub mod commands;
pub mod config;
mod file;
pub mod http;
pub mod init;
pub mod mail;
pub mod metrics;
mod page;
pub mod release;
mod router;
mod routes;
pub mod server;
mod theme;
pub mod wiring;
#[doc(hidden)]
pub mod workers;

pub use router::router;
