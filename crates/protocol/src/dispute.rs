use serde::{Deserialize, Serialize};

use crate::{ChargeId, DisputeId, Money, Reference, UnixSeconds, Words};

/// `POST /v1/receipts/{id}/disputes`: the shopper objects to a payment.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeRequest {
    /// What it is about.
    pub reason: DisputeReason,
    /// What the shopper has to say. No card number: a text with one in it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
}

/// What a dispute is about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeReason {
    /// What was bought never came.
    NotReceived,
    /// It is not what was described.
    NotAsDescribed,
    /// The same thing was paid for twice.
    ChargedTwice,
    /// The shopper did not make this payment.
    NotMine,
    /// Something else, in words.
    Other,
}

impl DisputeReason {
    /// Every reason, in the order in which a shopper sees them.
    pub const ALL: [Self; 5] = [
        Self::NotReceived,
        Self::NotAsDescribed,
        Self::ChargedTwice,
        Self::NotMine,
        Self::Other,
    ];

    /// As it is written, `not_received`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotReceived => "not_received",
            Self::NotAsDescribed => "not_as_described",
            Self::ChargedTwice => "charged_twice",
            Self::NotMine => "not_mine",
            Self::Other => "other",
        }
    }
}

/// `POST /v1/disputes/{id}/answer`: the merchant accepts, or says why not.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeAnswer {
    /// Whether the money goes back.
    pub accept: bool,
    /// The merchant's side. Needed where it is not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
}

/// A dispute, as the merchant sees it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Dispute {
    /// Its id.
    pub id: DisputeId,
    /// The charge that it is about.
    pub charge: ChargeId,
    /// The merchant's reference of the order.
    pub order: Reference,
    /// What it is about.
    pub reason: DisputeReason,
    /// What the shopper wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
    /// How much is held until it ends: all that was taken and not given back.
    pub amount: Money,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// How it stands.
    #[serde(flatten)]
    pub status: DisputeStatus,
}

/// How a dispute stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum DisputeStatus {
    /// The merchant has not answered.
    Open {
        /// With no answer by then, the money goes back.
        answer_by: UnixSeconds,
    },
    /// The merchant does not agree; the provider decides.
    Contested {
        /// What the merchant wrote.
        answer: Words,
        /// When.
        answered_at: UnixSeconds,
    },
    /// The money is on its way back.
    Returning {},
    /// The money is back with the shopper.
    Returned {
        /// When.
        at: UnixSeconds,
    },
    /// The payment stands.
    Rejected {
        /// When.
        at: UnixSeconds,
    },
}
