//! What crosses a boundary in Farthing: ids, money, order claims, HTTP bodies, host⇄frame messages and
//! error codes. The browser half and the server half meet here (and in `instrument`), so this crate
//! depends on serde alone (on schemars too for tests, with the feature `schema`), reads no clock, draws no
//! randomness and does no IO.
//!
//! Everything here is parsed once, at the edge: a value of one of these types is well-formed.

mod challenge;
mod charge;
mod consent;
mod dispute;
mod event;
mod fee;
mod id;
mod language;
pub mod limits;
mod message;
mod money;
mod object;
mod operation;
mod order;
mod origin;
mod price;
mod problem;
mod quote;
mod receipt;
#[cfg(feature = "schema")]
mod schema;
mod text;
mod time;
mod token;

pub use challenge::{Challenge, Passcode, TokenAnswer};
pub use charge::{Charge, ChargeRequest, ChargeStatus, DeclineReason, QuoteOutcome};
pub use consent::{ConsentGiven, ConsentRecord, ConsentText, ConsentVersion, Wording};
pub use dispute::{Dispute, DisputeAnswer, DisputeReason, DisputeRequest, DisputeStatus};
pub use event::EventKind;
pub use fee::Bearer;
pub use id::{
    ChallengeId, ChargeId, ConsentId, DisputeId, EndpointId, EventId, IdError, KeyId, MerchantId,
    OperationId, PlainToken, PriceId, QuoteId, ReceiptId,
};
pub use language::Language;
pub use message::{Connect, FrameMessage, HostMessage, HostOutcome};
pub use money::{Currency, Money, MoneyError};
pub use object::object;
pub use operation::{CaptureRequest, Operation, OperationKind, OperationStatus, RefundRequest, VoidRequest};
pub use order::{OrderBody, OrderClaims, OrderLine, OrderReply, OrderRequest};
pub use origin::{Origin, OriginError};
pub use price::{Purchase, PurchaseRequest};
pub use problem::{Code, Problem};
pub use quote::{
    Accreditation, CardBrand, Carrier, Conditions, Method, MethodKind, Offer, Payee, Quote, QuoteReply,
    QuoteRequest, VaultKey,
};
pub use receipt::{Objection, Receipt, ReceiptDispute, ReceiptFee, ReceiptReply, Refunded};
pub use text::{Label, Reference, TextError, Words};
pub use time::{Civil, UnixSeconds};
pub use token::{Hint, LastFour, TokenReply, TokenRequest};
