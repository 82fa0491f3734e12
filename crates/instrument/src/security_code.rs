use farthing_protocol::CardBrand;
use zeroize::Zeroizing;

use crate::{Validity, digits, rules};

/// What is wrong with a security code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecurityCodeError {
    /// It holds something other than digits.
    Character,
    /// It has more digits than the brand's codes have.
    TooLong,
}

/// A card's security code (CVV, CVC, CID): four digits on American Express, three on other cards.
///
/// It is a secret, and is never stored: no `Debug`, no `Clone`; wiped on drop.
pub struct SecurityCode(Zeroizing<String>);

impl SecurityCode {
    /// Reads what a shopper typed. Without a brand, three digits and four are both right.
    ///
    /// # Errors
    /// How the text stands instead; never `Complete`.
    pub fn parse(text: &str, brand: Option<CardBrand>) -> Result<Self, Validity<SecurityCodeError>> {
        if digits::is_blank(text) {
            return Err(Validity::Empty);
        }
        if !digits::is_clean(text) {
            return Err(Validity::Wrong(SecurityCodeError::Character));
        }
        let code = digits::keep(text);
        let (least, most) = rules(brand).security_code_digits;
        if code.len() > most {
            Err(Validity::Wrong(SecurityCodeError::TooLong))
        } else if code.len() < least {
            Err(Validity::Incomplete)
        } else {
            Ok(Self(code))
        }
    }

    /// Reads what the frame sealed: ASCII digits and nothing else.
    ///
    /// # Errors
    /// As [`SecurityCode::parse`].
    pub fn from_digits(text: &str, brand: Option<CardBrand>) -> Result<Self, Validity<SecurityCodeError>> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::parse(text, brand)
        } else {
            Err(Validity::Wrong(SecurityCodeError::Character))
        }
    }

    /// How the text of the field stands.
    #[must_use]
    pub fn validity(text: &str, brand: Option<CardBrand>) -> Validity<SecurityCodeError> {
        Validity::of(Self::parse(text, brand))
    }

    /// The digits, in ASCII: for sealing, and for the connector.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use farthing_protocol::CardBrand::{Amex, Visa};

    use super::*;

    #[test]
    fn length_goes_by_brand() {
        use Validity::{Complete, Empty, Incomplete, Wrong};
        let too_long = Wrong(SecurityCodeError::TooLong);
        for (text, visa, amex, unknown) in [
            ("", Empty, Empty, Empty),
            ("12", Incomplete, Incomplete, Incomplete),
            ("123", Complete, Incomplete, Complete),
            ("1234", too_long, Complete, Complete),
            ("12345", too_long, too_long, too_long),
            ("０1 2", Complete, Incomplete, Complete),
        ] {
            assert_eq!(SecurityCode::validity(text, Some(Visa)), visa, "{text}");
            assert_eq!(SecurityCode::validity(text, Some(Amex)), amex, "{text}");
            assert_eq!(SecurityCode::validity(text, None), unknown, "{text}");
        }
        let letters = SecurityCode::validity("12a", None);
        assert_eq!(letters, Wrong(SecurityCodeError::Character));
    }

    #[test]
    fn zeros_in_front_stay() {
        let code = SecurityCode::parse("００7", Some(Visa));
        assert_eq!(code.expect("three digits").expose(), "007");
    }

    #[test]
    fn what_was_sealed_is_digits_alone() {
        for loose in ["1 23", "１２３", "12-3"] {
            let wrong = Validity::Wrong(SecurityCodeError::Character);
            assert_eq!(SecurityCode::from_digits(loose, Some(Visa)).err(), Some(wrong));
        }
        assert!(SecurityCode::from_digits("123", Some(Visa)).is_ok());
    }
}
