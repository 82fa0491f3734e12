use serde::{Deserialize, Serialize};

use crate::{ChallengeId, TokenReply, UnixSeconds};

/// What has to be met before a token is given: the bank or the carrier wants to know that it is the shopper.
///
/// It is met on the provider's own page, `/v1/challenges/{id}`, which the frame shows within itself. The page says again
/// who is paid and how much, which the challenge is bound to (Commission Delegated Regulation (EU) 2018/389, Art. 5).
/// Whether it is met, the frame learns by sending its request for the token again.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// Names it. Who holds it may answer it: known to the frame and the provider alone.
    pub id: ChallengeId,
    /// From when on it can't be met any more.
    pub expires_at: UnixSeconds,
}

/// The answer to [`crate::TokenRequest`].
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, untagged)]
pub enum TokenAnswer {
    /// The token.
    Token(TokenReply),
    /// Something to meet first.
    Challenged {
        /// What.
        challenge: Challenge,
    },
}

/// A one-time passcode: 4 to 10 digits. A secret: no `Debug`, no `Clone`, no `Serialize`.
pub struct Passcode(String);

impl Passcode {
    /// Accepts ASCII digits; spaces and hyphens are left out, for codes are written in groups.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let fits = (4..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then_some(Self(digits))
    }

    /// The digits, for comparing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}
