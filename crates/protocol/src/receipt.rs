use serde::{Deserialize, Serialize};

use crate::{
    ChargeId, ConsentId, Hint, Label, Money, OrderLine, Origin, Payee, ReceiptId, Reference, UnixSeconds,
};

/// A receipt: the payload of a JWS (ES256) that anyone can verify with the provider's JWKS.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The receipt's id.
    pub id: ReceiptId,
    /// The provider that issued it.
    pub iss: Origin,
    /// The provider's name.
    pub provider: Label,
    /// Whether no real money moved.
    pub sandbox: bool,
    /// The charge.
    pub charge: ChargeId,
    /// The merchant's reference of the order.
    pub order: Reference,
    /// Who was paid.
    pub payee: Payee,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// What was charged: the sum of the lines, and what the shopper agreed to.
    pub total: Money,
    /// Brand and last four of the card.
    pub hint: Hint,
    /// The consent that it rests on.
    pub consent: ConsentId,
    /// When the money moved, by the provider's clock.
    pub paid_at: UnixSeconds,
}

/// `GET /v1/receipts/{id}` as JSON.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ReceiptReply {
    /// The receipt, to read.
    pub receipt: Receipt,
    /// The same, signed: JWS compact.
    pub jws: String,
}
