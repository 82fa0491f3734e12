//! What all routes have in common: how a body, a key and an id are read, how a failure is told, which headers
//! go with every answer, what is logged, and how much is done at once.

mod bounds;
mod client;
mod encoding;
mod failure;
mod finish;
mod json;
mod key;
mod language;
mod pace;
mod path;
mod return_address;
mod same_origin;

pub use bounds::{Bounds, bounded};
pub use client::{Paces, Peer, paced};
pub use encoding::{asset, html, prefers_html};
pub use failure::Failure;
pub use finish::{finish, panicked};
pub use json::{FormBody, Json, JsonBody, is_form};
pub use key::{Charges, Disputes, IdempotencyHeader, Merchant, Orders, Read, ReadFees, Refunds};
pub use language::{language, locale};
pub use pace::Pace;
pub use path::Id;
pub use return_address::ReturnAddress;
pub use same_origin::SameOrigin;
