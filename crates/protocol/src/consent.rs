use serde::{Deserialize, Serialize};

use crate::{Accreditation, ConsentId, MethodKind, Money, OrderLine, Payee, QuoteId, Reference, UnixSeconds};

/// Which wording of the consent: every version that was ever shown stays in the code, so that a record
/// can be reproduced to the letter.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum ConsentVersion {
    /// The first wording, for one card payment, in English.
    #[serde(rename = "card-once-1/en")]
    CardOnce1En,
    /// The same, where paying by card costs the shopper a fee.
    #[serde(rename = "card-once-fee-1/en")]
    CardOnceFee1En,
}

impl ConsentVersion {
    /// Every wording there ever was.
    pub const ALL: [Self; 2] = [Self::CardOnce1En, Self::CardOnceFee1En];

    /// The version as it is stored and signed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CardOnce1En => "card-once-1/en",
            Self::CardOnceFee1En => "card-once-fee-1/en",
        }
    }

    /// The wording, to the letter. `amount` is the total as the shopper reads it, `€1.50`; `fee` what of it is a
    /// fee, for the wordings that name one.
    #[must_use]
    pub fn text(self, payee: &str, provider: &str, amount: &str, fee: &str) -> String {
        match self {
            Self::CardOnce1En => format!(
                "I agree to pay {amount} to {payee}, once. Nothing else will be charged. \
                 My card details go to {provider}, which makes the payment; {payee} does not get them."
            ),
            Self::CardOnceFee1En => format!(
                "I agree to pay {amount} to {payee}, once. {fee} of it is a fee for paying by card. \
                 Nothing else will be charged. \
                 My card details go to {provider}, which makes the payment; {payee} does not get them."
            ),
        }
    }
}

/// The sentence to agree to, as the provider worded it for one quote.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentText {
    /// Which wording.
    pub version: ConsentVersion,
    /// The wording, filled in; shown to the letter.
    #[cfg_attr(feature = "schema", schemars(length(max = crate::limits::CONSENT_TEXT_CHARS)))]
    pub text: String,
}

/// What the shopper agreed to, as the frame reports it: the very text that stood on the screen.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    /// Which wording.
    pub version: ConsentVersion,
    /// The text that was shown. The provider compares it, to the letter, with its own.
    #[cfg_attr(feature = "schema", schemars(length(max = crate::limits::CONSENT_TEXT_CHARS)))]
    pub text: String,
}

/// The record of a consent, as it is signed (JWS) and kept, and as the shopper may download it.
/// Fields after ISO/IEC TS 27560.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentRecord {
    /// The record's own id.
    pub id: ConsentId,
    /// The quote that was agreed to.
    pub quote: QuoteId,
    /// The merchant's reference of the order.
    pub order: Reference,
    /// Who is paid.
    pub payee: Payee,
    /// What is bought.
    pub lines: Vec<OrderLine>,
    /// Who vouched for the payee then.
    pub accreditation: Accreditation,
    /// The way to pay.
    pub method: MethodKind,
    /// What of the total is a fee, in minor units.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = crate::limits::AMOUNT_MINOR)))]
    pub fee: i64,
    /// The agreed total: nothing is charged beyond it.
    pub total: Money,
    /// Which wording.
    pub version: ConsentVersion,
    /// The text that was agreed to.
    #[cfg_attr(feature = "schema", schemars(length(max = crate::limits::CONSENT_TEXT_CHARS)))]
    pub text: String,
    /// SHA-256 of the text, in lower-case hex.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-f]{64}$")))]
    pub text_sha256: String,
    /// When, by the provider's clock.
    pub given_at: UnixSeconds,
}
