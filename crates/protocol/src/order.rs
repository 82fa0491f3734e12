use serde::{Deserialize, Serialize};

use crate::{
    Currency, Label, MerchantId, Money, MoneyError, Origin, Reference, UnixSeconds, limits,
    object::{object, objects},
};

/// The claims of an order: a JWT (RFC 7519) signed with ES256 or EdDSA by the merchant's server, or by
/// the provider for a merchant who asks `POST /v1/orders`. No other claim is accepted.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OrderClaims {
    /// The merchant.
    pub iss: MerchantId,
    /// The provider's origin: an order for one provider is no order for another.
    pub aud: Origin,
    /// The merchant's own reference. One reference is one order, paid once.
    pub jti: Reference,
    /// When the order was signed.
    pub iat: UnixSeconds,
    /// From when on it can no longer be paid; at most [`limits::ORDER_LIFETIME_S`] after `iat`.
    pub exp: UnixSeconds,
    /// What is bought.
    #[serde(deserialize_with = "object")]
    pub order: OrderBody,
}

/// What is bought: one currency, 1 to [`limits::ORDER_LINES`] lines.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    /// The currency of every line.
    pub currency: Currency,
    /// The lines, in the order in which the shopper sees them.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::ORDER_LINES)))]
    #[serde(deserialize_with = "objects")]
    pub lines: Vec<OrderLine>,
}

impl OrderBody {
    /// The sum of the lines: what the shopper is asked to pay. Refuses an empty order, too many lines,
    /// and any amount or sum outside the bounds of [`Money`].
    pub fn total(&self) -> Result<Money, MoneyError> {
        if self.lines.len() > limits::ORDER_LINES {
            return Err(MoneyError::Amount);
        }
        Money::sum(self.currency, self.lines.iter().map(|line| line.amount))
    }
}

/// One line of an order.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// What it is, as the shopper reads it.
    pub label: Label,
    /// What it costs, in minor units of the order's currency.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = crate::limits::AMOUNT_MINOR)))]
    pub amount: i64,
}

/// `POST /v1/orders`: the provider signs an order for a merchant who would rather not.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// The merchant's own reference.
    pub reference: Reference,
    /// What is bought.
    #[serde(deserialize_with = "object")]
    pub order: OrderBody,
    /// How long it can be paid, at most [`limits::ORDER_LIFETIME_S`].
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = limits::ORDER_LIFETIME_S)))]
    pub expires_in_s: i64,
}

/// The answer to [`OrderRequest`].
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct OrderReply {
    /// The signed order, for `data-order`.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::ORDER_JWT_BYTES)))]
    pub order: String,
    /// When it expires.
    pub expires_at: UnixSeconds,
}
