//! Text that a merchant chooses and a shopper, or a log, will read.

use std::fmt;

use serde::{Deserialize, Serialize, de};

use crate::limits;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TextError {
    /// Nothing, or white space alone.
    Empty,
    /// Longer than its bound.
    TooLong,
    /// A control character, a line break, or a character that changes the direction of what follows it:
    /// each can make a line say something else than what is charged.
    Forbidden,
}

impl TextError {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "the text is empty",
            Self::TooLong => "the text is too long",
            Self::Forbidden => "the text holds a character that is not allowed",
        }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One line of visible text: 1 to [`limits::LABEL_CHARS`] characters, none of them invisible.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Label(String);

impl Label {
    /// Accepts `text` as it stands; nothing is trimmed, so what was signed is what is shown.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().count() > limits::LABEL_CHARS {
            return Err(TextError::TooLong);
        }
        if text.chars().any(is_forbidden) {
            return Err(TextError::Forbidden);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody writes in a dispute: 1 to [`limits::WORDS_CHARS`] characters, line breaks allowed, nothing else
/// that is invisible.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Words(String);

impl Words {
    /// Accepts `text` as it stands, but for the line breaks of other systems, which become `\n`.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        let text = text.replace("\r\n", "\n");
        if text.chars().count() > limits::WORDS_CHARS {
            return Err(TextError::TooLong);
        }
        if text.chars().any(|c| c != '\n' && is_forbidden(c)) {
            return Err(TextError::Forbidden);
        }
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A merchant's own name for an order: 1 to [`limits::REFERENCE_BYTES`] of `A–Z a–z 0–9 . _ : -`.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// Accepts `text` as it stands.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > limits::REFERENCE_BYTES {
            return Err(TextError::TooLong);
        }
        if !text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b))
        {
            return Err(TextError::Forbidden);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Controls, line and paragraph separators, directional formatting (UAX #9), zero-width characters.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

macro_rules! deserialize_by_parse {
    ($($type:ty),*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(|error| de::Error::custom(error.as_str()))
            }
        }
    )*};
}
deserialize_by_parse!(Label, Reference, Words);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_one_visible_line() {
        assert!(Label::parse("Sticker, “Farthing” 🪙").is_ok());
        assert!(Label::parse(&"é".repeat(limits::LABEL_CHARS)).is_ok());
        assert_eq!(
            Label::parse(&"é".repeat(limits::LABEL_CHARS + 1)),
            Err(TextError::TooLong)
        );
        assert_eq!(Label::parse(" \u{A0}"), Err(TextError::Empty));
        for hidden in [
            "a\nb",
            "a\u{202E}b",
            "a\u{200B}b",
            "a\u{2066}b",
            "a\0",
            "a\u{85}b",
        ] {
            assert_eq!(Label::parse(hidden), Err(TextError::Forbidden), "{hidden:?}");
        }
    }

    #[test]
    fn words_may_have_several_lines() {
        assert_eq!(Words::parse("a\r\nb").unwrap().as_str(), "a\nb");
        assert_eq!(Words::parse(" \n"), Err(TextError::Empty));
        assert_eq!(Words::parse("a\tb"), Err(TextError::Forbidden));
        assert_eq!(
            Words::parse(&"é".repeat(limits::WORDS_CHARS + 1)),
            Err(TextError::TooLong)
        );
    }

    #[test]
    fn references_are_plain() {
        assert!(Reference::parse("2026-11.order:7_a").is_ok());
        assert_eq!(Reference::parse(""), Err(TextError::Empty));
        assert_eq!(Reference::parse("a b"), Err(TextError::Forbidden));
        assert_eq!(Reference::parse(&"a".repeat(65)), Err(TextError::TooLong));
    }
}
