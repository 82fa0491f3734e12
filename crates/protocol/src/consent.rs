mod words;

use std::fmt;

use serde::{Deserialize, Serialize, de};

use crate::{
    Accreditation, ConsentId, Language, MethodKind, Money, OrderLine, Payee, QuoteId, Reference, UnixSeconds,
};

/// Which wording of the consent, in which language: every version that was ever shown stays in the code, so that a
/// record can be reproduced to the letter. Written `card-once-1/en`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ConsentVersion {
    /// What is agreed to.
    pub wording: Wording,
    /// In which language.
    pub language: Language,
}

/// What is agreed to, and how it is said.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wording {
    /// One payment by card.
    CardOnce1,
    /// The same, where paying by card costs the shopper a fee.
    CardOnceFee1,
    /// One payment from a bank account, with the mandate for it.
    BankOnce1,
    /// The same, with a fee.
    BankOnceFee1,
    /// One payment on a phone bill.
    PhoneOnce1,
    /// The same, with a fee.
    PhoneOnceFee1,
}

impl Wording {
    /// Every wording there ever was.
    pub const ALL: [Self; 6] = [
        Self::CardOnce1,
        Self::CardOnceFee1,
        Self::BankOnce1,
        Self::BankOnceFee1,
        Self::PhoneOnce1,
        Self::PhoneOnceFee1,
    ];

    /// The newest wording for one payment by `method`.
    #[must_use]
    pub const fn once(method: MethodKind, with_fee: bool) -> Self {
        match (method, with_fee) {
            (MethodKind::Card, false) => Self::CardOnce1,
            (MethodKind::Card, true) => Self::CardOnceFee1,
            (MethodKind::BankAccount, false) => Self::BankOnce1,
            (MethodKind::BankAccount, true) => Self::BankOnceFee1,
            (MethodKind::PhoneBill, false) => Self::PhoneOnce1,
            (MethodKind::PhoneBill, true) => Self::PhoneOnceFee1,
        }
    }

    /// As it is stored and signed: `card-once-1`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CardOnce1 => "card-once-1",
            Self::CardOnceFee1 => "card-once-fee-1",
            Self::BankOnce1 => "bank-once-1",
            Self::BankOnceFee1 => "bank-once-fee-1",
            Self::PhoneOnce1 => "phone-once-1",
            Self::PhoneOnceFee1 => "phone-once-fee-1",
        }
    }
}

impl ConsentVersion {
    /// `wording` in `language`.
    #[must_use]
    pub const fn new(wording: Wording, language: Language) -> Self {
        Self { wording, language }
    }

    /// Reads what [`Self::fmt`](fmt::Display) writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (wording, language) = text.split_once('/')?;
        Some(Self {
            wording: Wording::ALL.into_iter().find(|known| known.as_str() == wording)?,
            language: Language::parse(language)?,
        })
    }

    /// The wording, to the letter. `amount` is the total as the shopper reads it, `€1.50`; `fee` what of it is a
    /// fee, for the wordings that name one; `creditor` the creditor's identifier, for those with a mandate.
    #[must_use]
    pub fn text(self, payee: &str, provider: &str, amount: &str, fee: &str, creditor: &str) -> String {
        words::fill(
            words::template(self),
            &[
                ("payee", payee),
                ("provider", provider),
                ("amount", amount),
                ("fee", fee),
                ("creditor", creditor),
            ],
        )
    }
}

impl fmt::Display for ConsentVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.wording.as_str(), self.language.as_str())
    }
}

impl Serialize for ConsentVersion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ConsentVersion {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("no such wording of the consent"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ConsentVersion {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ConsentVersion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let versions: Vec<_> = Wording::ALL
            .into_iter()
            .flat_map(|wording| Language::ALL.map(|language| Self::new(wording, language).to_string()))
            .collect();
        schemars::json_schema!({"description": "A wording of the consent, in a language.", "type": "string", "enum": versions})
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
