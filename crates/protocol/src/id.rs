//! Ids that say what they name and notice a slip of the hand: `prefix_` + 26 characters that carry
//! 128 bits + 4 characters of checksum, in Crockford's base 32, lower case, without `i l o u`.

use std::fmt;

use serde::{Deserialize, Serialize, de};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BODY_CHARS: usize = 26;
const CHECK_CHARS: usize = 4;

/// Why a text is no id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IdError {
    /// It does not begin with the prefix of this kind of id.
    Prefix,
    /// Its length or a character is wrong.
    Malformed,
    /// It has the right form, but the checksum does not match: a character was changed.
    Checksum,
}

impl IdError {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Prefix => "the id is of another kind",
            Self::Malformed => "the id is malformed",
            Self::Checksum => "the id's checksum does not match: a character was changed",
        }
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Names something new: `random` is 128 bits from a cryptographic source.
            #[must_use]
            pub fn from_random(random: [u8; 16]) -> Self {
                Self(encode($prefix, random))
            }

            /// Accepts `text` if its prefix, form and checksum hold.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check($prefix, text).map(|()| Self(text.to_owned()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(|error| de::Error::custom(error.as_str()))
            }
        }
    )*};
}

ids! {
    /// A merchant, as registered with the provider. Public.
    MerchantId = "mer_";
    /// One quote. Known to the frame and the provider alone: who holds it may ask how the payment ended.
    QuoteId = "quo_";
    /// A price that a merchant registered. Public.
    PriceId = "prc_";
    /// One consent record. Who holds it may download the record.
    ConsentId = "con_";
    /// One challenge. Known to the frame and the provider alone: who holds it may answer it.
    ChallengeId = "chl_";
    /// One charge.
    ChargeId = "chg_";
    /// One receipt. Who holds it may read the receipt, and open a dispute from it.
    ReceiptId = "rcp_";
    /// One capture, void, refund, expiry or return of a charge.
    OperationId = "opr_";
    /// One dispute.
    DisputeId = "dsp_";
    /// One event, as webhooks tell it: the same id at each attempt.
    EventId = "evt_";
    /// One address that webhooks are sent to.
    EndpointId = "whk_";
    /// An API key's public name: what lists and revocations call it by.
    KeyId = "key_";
}

/// A one-time token as the shopper's browser and the merchant hold it. The provider keeps a hash only.
///
/// It is a secret: no `Debug`, no `Clone`, no `Serialize`. The two places that hand it over, the
/// provider's reply and the frame's message, name [`PlainToken::hand_over`] in so many words.
pub struct PlainToken(String);

impl PlainToken {
    /// What every token begins with.
    pub const PREFIX: &'static str = "tok_";

    /// A new token out of 128 bits from a cryptographic source.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        Self(encode(Self::PREFIX, random))
    }

    /// Accepts `text` if its prefix, form and checksum hold.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        check(Self::PREFIX, text).map(|()| Self(text.to_owned()))
    }

    /// Writes the token into the answer or message that hands it over.
    pub fn hand_over<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }

    /// The token's text, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for PlainToken {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| de::Error::custom(error.as_str()))
    }
}

fn encode(prefix: &str, random: [u8; 16]) -> String {
    let mut text = String::with_capacity(prefix.len() + BODY_CHARS + CHECK_CHARS);
    text.push_str(prefix);
    let value = u128::from_be_bytes(random);
    for place in (0..BODY_CHARS).rev() {
        text.push(digit(((value >> (5 * place)) & 31) as u8));
    }
    for c in checksum(text.as_bytes()) {
        text.push(c);
    }
    text
}

fn check(prefix: &str, text: &str) -> Result<(), IdError> {
    let body = text.strip_prefix(prefix).ok_or(IdError::Prefix)?;
    if body.len() != BODY_CHARS + CHECK_CHARS || !body.bytes().all(|b| ALPHABET.contains(&b)) {
        return Err(IdError::Malformed);
    }
    let (said, check) = text.split_at(text.len() - CHECK_CHARS);
    if check.chars().eq(checksum(said.as_bytes())) {
        Ok(())
    } else {
        Err(IdError::Checksum)
    }
}

/// The low 20 bits of CRC-32 (ISO-HDLC), as 4 characters.
fn checksum(bytes: &[u8]) -> [char; CHECK_CHARS] {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    let crc = !crc;
    [15, 10, 5, 0].map(|shift| digit(((crc >> shift) & 31) as u8))
}

fn digit(five_bits: u8) -> char {
    char::from(ALPHABET[usize::from(five_bits)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_reads_back() {
        let id = ChargeId::from_random([0xA5; 16]);
        assert_eq!(id.as_str().len(), 4 + 26 + 4);
        assert_eq!(ChargeId::parse(id.as_str()), Ok(id.clone()));
        assert_eq!(QuoteId::parse(id.as_str()), Err(IdError::Prefix));
        assert_eq!(ChargeId::parse(&id.as_str()[..33]), Err(IdError::Malformed));
        assert_eq!(ChargeId::parse(&id.as_str().to_uppercase()), Err(IdError::Prefix));
    }

    proptest! {
        #[test]
        fn any_one_changed_character_is_noticed(random: [u8; 16], place in 4usize..34, with in 0usize..32) {
            let id = ReceiptId::from_random(random);
            let mut bytes = id.as_str().as_bytes().to_vec();
            prop_assume!(bytes[place] != ALPHABET[with]);
            bytes[place] = ALPHABET[with];
            prop_assert_eq!(ReceiptId::parse(std::str::from_utf8(&bytes).unwrap()), Err(IdError::Checksum));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,64}") {
            let _ = ChargeId::parse(&text);
            let _ = ChargeId::parse(&format!("chg_{text}"));
        }
    }
}
