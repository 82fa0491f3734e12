//! Judges from outside for our JOSE code (`src/jose`): the examples of the RFCs, the vectors of Wycheproof, and
//! another implementation, jwcrypto, in both directions.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

mod encryption;
mod jwcrypto;
mod other;
mod rfc;
mod signatures;
mod text;
