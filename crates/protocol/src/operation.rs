use serde::{Deserialize, Serialize};

use crate::{ChargeId, Money, OperationId, UnixSeconds};

/// `POST /v1/charges/{id}/capture`: takes what was authorised, whole or in part, once. What a part leaves is
/// released, and a fee that the shopper bears is less in proportion, rounded down.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureRequest {
    /// How much of the agreed total to take, in minor units; all where absent.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = crate::limits::AMOUNT_MINOR)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

/// `POST /v1/charges/{id}/void`: lets what was authorised go.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VoidRequest {}

/// `POST /v1/charges/{id}/refunds`: gives back what was taken, whole or in parts.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    /// How much, in minor units; all that is left where absent.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = crate::limits::AMOUNT_MINOR)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

/// Something that was done with a charge after it was made.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// What.
    pub kind: OperationKind,
    /// With which charge.
    pub charge: ChargeId,
    /// How much: what is taken, released or given back.
    pub amount: Money,
    /// How it stands.
    #[serde(flatten)]
    pub status: OperationStatus,
    /// When it was asked for.
    pub created_at: UnixSeconds,
}

/// What is done with a charge.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// The merchant takes what was authorised.
    Capture,
    /// The merchant lets it go.
    Void,
    /// Nobody took it in time: the provider lets it go.
    Expire,
    /// The merchant gives money back.
    Refund,
    /// A dispute brings money back.
    Return,
}

impl OperationKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Capture,
        Self::Void,
        Self::Expire,
        Self::Refund,
        Self::Return,
    ];

    /// As it is written, `refund`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Expire => "expire",
            Self::Refund => "refund",
            Self::Return => "return",
        }
    }
}

/// How an operation stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum OperationStatus {
    /// The connector's answer is awaited, or never came. The provider goes on asking.
    Unknown {},
    /// Done.
    Done {},
    /// Not done, and it never will be: ask anew.
    Failed {},
}
