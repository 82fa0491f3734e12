use serde::{Deserialize, Serialize};

use crate::{Label, Money, OrderLine, Origin, Payee, PriceId, ReceiptId, Reference, UnixSeconds};

/// `POST /v1/quotes/{id}/charge`: the frame lets the provider charge what was agreed to. For the quote of a price
/// alone: nobody but the merchant's server charges an order.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PurchaseRequest {}

/// A proof of purchase: the payload of a JWS (ES256), `typ` `farthing-purchase+jws`, that a page can verify with the
/// provider's JWKS and without anybody's server. It says what was paid then; what went back since, the receipt says.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    /// The provider that issued it.
    pub iss: Origin,
    /// The provider's name.
    pub provider: Label,
    /// Whether no real money moved.
    pub sandbox: bool,
    /// Who was paid.
    pub payee: Payee,
    /// What was bought, as the merchant registered it.
    pub price: PriceId,
    /// The provider's reference of this one purchase.
    pub order: Reference,
    /// What was bought, line by line.
    pub lines: Vec<OrderLine>,
    /// What was charged.
    pub total: Money,
    /// The receipt.
    pub receipt: ReceiptId,
    /// When the money moved, by the provider's clock.
    pub paid_at: UnixSeconds,
}
