//! What crosses a boundary in Farthing: ids, money, order claims, HTTP bodies, host⇄frame messages and
//! error codes. The browser half and the server half meet here (and in `instrument`), so this crate
//! depends on serde alone, reads no clock, draws no randomness and does no IO.
//!
//! Everything here is parsed once, at the edge: a value of one of these types is well-formed.

mod charge;
mod consent;
mod id;
pub mod limits;
mod message;
mod money;
mod object;
mod order;
mod origin;
mod problem;
mod quote;
mod receipt;
mod text;
mod time;
mod token;

pub use charge::{Charge, ChargeRequest, ChargeStatus, DeclineReason, QuoteOutcome};
pub use consent::{ConsentGiven, ConsentRecord, ConsentText, ConsentVersion};
pub use id::{ChargeId, ConsentId, IdError, MerchantId, PlainToken, QuoteId, ReceiptId};
pub use message::{Connect, FrameMessage, HostMessage, HostOutcome};
pub use money::{Currency, Money, MoneyError};
pub use object::object;
pub use order::{OrderBody, OrderClaims, OrderLine, OrderReply, OrderRequest};
pub use origin::{Origin, OriginError};
pub use problem::{Code, Problem};
pub use quote::{CardBrand, Method, Payee, Quote, QuoteRequest, VaultKey};
pub use receipt::{Receipt, ReceiptReply};
pub use text::{Label, Reference, TextError};
pub use time::UnixSeconds;
pub use token::{Hint, LastFour, TokenReply, TokenRequest};
