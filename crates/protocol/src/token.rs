use std::fmt;

use serde::{Deserialize, Serialize, de};

use crate::{CardBrand, ConsentGiven, Label, MethodKind, PlainToken, QuoteId, UnixSeconds, object::object};

/// `POST /v1/tokens`: the sealed details and the consent, for one quote.
///
/// Sending the same request again is safe: the quote's token is made anew and the earlier one ends, so
/// that there is never more than one that works.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// The quote that the shopper saw.
    pub quote: QuoteId,
    /// The way to pay that the shopper chose, among the quote's.
    pub method: MethodKind,
    /// The details, sealed to the quote's vault key: JWE compact (RFC 7516), `ECDH-ES` on P-256 with
    /// `A256GCM`, the quote's id in the protected header.
    #[cfg_attr(feature = "schema", schemars(length(max = crate::limits::SEALED_BYTES)))]
    pub sealed: String,
    /// What the shopper agreed to.
    #[serde(deserialize_with = "object")]
    pub consent: ConsentGiven,
}

/// A token: the answer to [`TokenRequest`], unless something has to be met first.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TokenReply {
    /// The one-time token. A secret until it is redeemed.
    #[serde(serialize_with = "PlainToken::hand_over")]
    pub token: PlainToken,
    /// From when on it can no longer be redeemed.
    pub expires_at: UnixSeconds,
    /// What the shopper may see again.
    pub hint: Hint,
}

/// What may be seen of an instrument after it was sealed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, untagged)]
pub enum Hint {
    /// Of a card.
    Card {
        /// The network that the payment goes by.
        brand: CardBrand,
        /// The last four digits of the number.
        last_four: LastFour,
    },
    /// Of a bank account.
    BankAccount {
        /// The IBAN's country, ISO 3166-1 alpha-2.
        country: Label,
        /// The last four digits of the IBAN.
        last_four: LastFour,
    },
    /// Of a phone: of its number nothing, for it has few digits that others could not guess.
    PhoneBill {
        /// The carrier's name.
        carrier: Label,
    },
}

impl Hint {
    /// The way to pay that it is of.
    #[must_use]
    pub const fn method(&self) -> MethodKind {
        match self {
            Self::Card { .. } => MethodKind::Card,
            Self::BankAccount { .. } => MethodKind::BankAccount,
            Self::PhoneBill { .. } => MethodKind::PhoneBill,
        }
    }
}

/// The last four digits of a number, and never more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LastFour([u8; 4]);

impl LastFour {
    /// The last four of the ASCII digits in `number`; `None` where there are fewer.
    #[must_use]
    pub fn of(number: &str) -> Option<Self> {
        let mut digits = number.bytes().rev().filter(u8::is_ascii_digit);
        let mut last = [0; 4];
        for place in last.iter_mut().rev() {
            *place = digits.next()?;
        }
        Some(Self(last))
    }

    /// The four digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Four ASCII digits by construction, so the empty text is never returned.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for LastFour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for LastFour {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for LastFour {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match Self::of(&text) {
            Some(four) if text.len() == 4 => Ok(four),
            _ => Err(de::Error::custom("last_four is four digits")),
        }
    }
}
