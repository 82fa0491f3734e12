use serde::{Deserialize, Serialize};

use crate::{
    ChargeId, Code, ConsentId, Currency, DisputeId, Hint, Money, PlainToken, QuoteId, ReceiptId, Reference,
    UnixSeconds,
};

/// `POST /v1/charges`: the merchant's server redeems a token. Amount, currency and order repeat what the
/// merchant believes it charges; where they differ from the token's, nothing is charged.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChargeRequest {
    /// The token that the frame handed to the page.
    pub token: PlainToken,
    /// The merchant's reference of the order.
    pub order: Reference,
    /// The sum of the order's lines, in minor units. A fee that the shopper bears comes on top, as agreed.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = crate::limits::AMOUNT_MINOR)))]
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
    /// Whether to take the money at once. Otherwise it is reserved, and waits for a capture.
    #[serde(default = "at_once")]
    pub capture: bool,
}

const fn at_once() -> bool {
    true
}

/// A charge, as the merchant sees it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Charge {
    /// The charge's id.
    pub id: ChargeId,
    /// How it stands.
    #[serde(flatten)]
    pub status: ChargeStatus,
    /// The merchant's reference of the order.
    pub order: Reference,
    /// What the shopper agreed to: the most that can be taken.
    pub total: Money,
    /// What of the total is a fee that the shopper bears, in minor units.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = crate::limits::AMOUNT_MINOR)))]
    pub fee: i64,
    /// What was taken, in minor units: at most the total.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = crate::limits::AMOUNT_MINOR)))]
    pub captured: i64,
    /// What went back, in minor units: at most what was taken.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = crate::limits::AMOUNT_MINOR)))]
    pub refunded: i64,
    /// The dispute about it, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute: Option<DisputeId>,
    /// Brand and last four of the card.
    pub hint: Hint,
    /// When the charge was asked for.
    pub created_at: UnixSeconds,
}

/// How a charge stands. What is known only in one stage is held by that stage.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum ChargeStatus {
    /// The connector's answer is awaited, or never came. Neither paid nor failed: the provider goes on
    /// asking, and the order can't be charged again until it knows.
    Unknown {},
    /// The money is reserved and waits for a capture.
    Authorised {
        /// When the reservation ends by itself.
        expires_at: UnixSeconds,
    },
    /// The money moved.
    Paid {
        /// The receipt.
        receipt: ReceiptId,
    },
    /// The money did not move, and this charge never will.
    Declined {
        /// Why.
        reason: DeclineReason,
    },
    /// The merchant let the reservation go. No money moved.
    Voided {},
    /// Nobody took the reserved money in time. No money moved.
    Expired {},
}

/// Why a charge ended without money.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// The card's issuer said no, and no more than that.
    CardDeclined,
    /// The issuer said that the money is not there.
    InsufficientFunds,
    /// It failed on the way; the issuer was not asked, or could not say.
    ProcessingFailed,
}

impl DeclineReason {
    /// The error code that says the same.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::CardDeclined => Code::CardDeclined,
            Self::InsufficientFunds => Code::InsufficientFunds,
            Self::ProcessingFailed => Code::ProcessingFailed,
        }
    }
}

/// `GET /v1/quotes/{id}/outcome`: how the payment of a quote stands, for the frame, by the provider's own
/// books. The frame shows this, and not what the merchant's page says.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "outcome")]
pub enum QuoteOutcome {
    /// Nothing was charged: no token was made, or the one that was made is not redeemed yet.
    Open {
        /// From when on it can't be charged any more.
        until: UnixSeconds,
    },
    /// Nothing was charged, and nothing will be: the time ran out.
    Lapsed {},
    /// A charge is on its way, or its answer never came.
    Unknown {
        /// The charge, for asking about it.
        charge: ChargeId,
    },
    /// Reserved: the merchant takes the money later, or lets it go.
    Authorised {
        /// The consent record.
        consent: ConsentId,
        /// The most that can be taken.
        total: Money,
    },
    /// Paid.
    Paid {
        /// The receipt.
        receipt: ReceiptId,
        /// The consent record.
        consent: ConsentId,
        /// What was charged.
        total: Money,
        /// The proof of purchase for the merchant's page, where a price was bought: JWS compact.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<String>,
    },
    /// Not paid.
    Declined {
        /// Why.
        reason: DeclineReason,
    },
}

impl QuoteOutcome {
    /// The address at which `quote`'s outcome is asked for, below the provider's origin.
    #[must_use]
    pub fn path(quote: &QuoteId) -> String {
        format!("/v1/quotes/{quote}/outcome")
    }

    /// The address at which the provider is told to charge `quote`.
    #[must_use]
    pub fn charge_path(quote: &QuoteId) -> String {
        format!("/v1/quotes/{quote}/charge")
    }
}
