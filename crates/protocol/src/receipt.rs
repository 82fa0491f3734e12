use serde::{Deserialize, Serialize};

use crate::{
    Accreditation, Bearer, ChargeId, ConsentId, DisputeReason, DisputeStatus, Hint, Label, MethodKind, Money,
    OperationId, OrderLine, Origin, Payee, ReceiptId, Reference, UnixSeconds,
};

/// A receipt: the payload of a JWS (ES256) that anyone can verify with the provider's JWKS.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Who vouched for the payee when the shopper agreed.
    pub accreditation: Accreditation,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// What the provider took for moving the money, and who bore it.
    pub fee: ReceiptFee,
    /// What was charged: the lines and a fee that the shopper bore; less, where the merchant took a part alone.
    pub total: Money,
    /// The way it was paid.
    pub method: MethodKind,
    /// Brand and last four of the card.
    pub hint: Hint,
    /// The consent that it rests on.
    pub consent: ConsentId,
    /// When the money moved, by the provider's clock.
    pub paid_at: UnixSeconds,
    /// How to object, and until when.
    pub objection: Objection,
}

/// A fee on a receipt.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptFee {
    /// Minor units of the receipt's currency.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = crate::limits::AMOUNT_MINOR)))]
    pub amount: i64,
    /// Who bore it: a merchant's fee is no part of the total, a shopper's is.
    pub bearer: Bearer,
}

/// How to object to a payment.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    /// The page with the button.
    pub address: String,
    /// Until when the button is there.
    pub until: UnixSeconds,
}

/// `GET /v1/receipts/{id}` as JSON: the receipt as it was signed, and what came after it by the books.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ReceiptReply {
    /// The receipt, to read.
    pub receipt: Receipt,
    /// The same, signed: JWS compact.
    pub jws: String,
    /// What went back to the shopper, oldest first.
    pub refunds: Vec<Refunded>,
    /// The dispute, if the shopper opened one.
    pub dispute: Option<ReceiptDispute>,
}

/// Money that went back to the shopper.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Refunded {
    /// The refund, or the return by a dispute.
    pub id: OperationId,
    /// How much.
    pub amount: Money,
    /// When, by the provider's clock.
    pub at: UnixSeconds,
    /// Whether it was a dispute that brought it back.
    pub by_dispute: bool,
}

/// A dispute, as the shopper sees it on the receipt.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ReceiptDispute {
    /// What it is about.
    pub reason: DisputeReason,
    /// How much of the payment.
    pub amount: Money,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// How it stands.
    #[serde(flatten)]
    pub status: DisputeStatus,
}
