use farthing_protocol::{CardBrand, LastFour};
use zeroize::Zeroizing;

use crate::{Validity, brand, digits, luhn, rules};

/// What is wrong with a card number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NumberError {
    /// It holds something other than digits and what people put between them.
    Character,
    /// It has more digits than the brand's numbers have.
    TooLong,
    /// Its digits don't fit together (Luhn): one of them was mistyped.
    Checksum,
}

/// A card number (PAN): digits of an allowed length with a valid check digit. Its brand may be unknown.
///
/// It is a secret: no `Debug`, no `Clone`; wiped on drop.
pub struct CardNumber {
    digits: Zeroizing<String>,
    brand: Option<CardBrand>,
    last_four: LastFour,
}

impl CardNumber {
    /// Reads what a shopper typed: digits of any script, grouped in any way.
    ///
    /// # Errors
    /// How the text stands instead; never `Complete`.
    pub fn parse(text: &str) -> Result<Self, Validity<NumberError>> {
        if digits::is_blank(text) {
            return Err(Validity::Empty);
        }
        if !digits::is_clean(text) {
            return Err(Validity::Wrong(NumberError::Character));
        }
        Self::judge(digits::keep(text))
    }

    /// Reads what the frame sealed, or the provider kept: ASCII digits and nothing else.
    ///
    /// # Errors
    /// As [`CardNumber::parse`].
    pub fn from_digits(text: &str) -> Result<Self, Validity<NumberError>> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::parse(text)
        } else {
            Err(Validity::Wrong(NumberError::Character))
        }
    }

    /// How the text of the field stands.
    #[must_use]
    pub fn validity(text: &str) -> Validity<NumberError> {
        Validity::of(Self::parse(text))
    }

    /// The brand, where the first digits tell it.
    #[must_use]
    pub fn brand(&self) -> Option<CardBrand> {
        self.brand
    }

    /// The last four digits, which may be shown.
    #[must_use]
    pub fn last_four(&self) -> LastFour {
        self.last_four
    }

    /// The digits, in ASCII: for sealing, for encryption, for the connector.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.digits
    }

    fn judge(digits: Zeroizing<String>) -> Result<Self, Validity<NumberError>> {
        let brand = brand::of_digits(&digits);
        let rules = rules(brand);
        let length = digits.len();
        if length > rules.max_length() {
            return Err(Validity::Wrong(NumberError::TooLong));
        }
        if !rules.lengths.contains(&length) {
            return Err(Validity::Incomplete);
        }
        if !luhn::holds(&digits) {
            // Below the usual length more digits are on their way, and the check digit is the last of them.
            let half_typed = length < rules.usual_length;
            return Err(if half_typed {
                Validity::Incomplete
            } else {
                Validity::Wrong(NumberError::Checksum)
            });
        }
        let last_four = LastFour::of(&digits).ok_or(Validity::Incomplete)?;
        Ok(Self {
            digits,
            brand,
            last_four,
        })
    }
}

#[cfg(test)]
mod tests {
    use farthing_protocol::CardBrand::{Amex, Diners, Discover, Jcb, Maestro, Mastercard, Unionpay, Visa};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn test_numbers_of_every_brand() {
        let numbers = [
            ("4242424242424242", Some(Visa)),
            ("4000056655665556", Some(Visa)),
            ("4000000000000002", Some(Visa)),
            ("4000000000009995", Some(Visa)),
            ("4000000000000119", Some(Visa)),
            ("4111111111111111", Some(Visa)),
            ("5555555555554444", Some(Mastercard)),
            ("2223003122003222", Some(Mastercard)),
            ("5200828282828210", Some(Mastercard)),
            ("5105105105105100", Some(Mastercard)),
            ("378282246310005", Some(Amex)),
            ("371449635398431", Some(Amex)),
            ("6011111111111117", Some(Discover)),
            ("6011000990139424", Some(Discover)),
            ("6011981111111113", Some(Discover)),
            ("30569309025904", Some(Diners)),
            ("36227206271667", Some(Diners)),
            ("3056930009020004", Some(Diners)),
            ("3566002020360505", Some(Jcb)),
            ("3530111333300000", Some(Jcb)),
            ("6200000000000005", Some(Unionpay)),
            ("6205500000000000004", Some(Unionpay)),
            ("6759649826438453", Some(Maestro)),
            ("6304000000000000", Some(Maestro)),
            ("6799990100000000019", Some(Maestro)),
            // Mir's test number: whole, and of no brand that Farthing knows.
            ("2200000000000004", None),
        ];
        for (text, brand) in numbers {
            let number = CardNumber::from_digits(text);
            let number = number.unwrap_or_else(|why| panic!("{text}: {why:?}"));
            assert_eq!(number.brand(), brand, "{text}");
            assert_eq!(number.expose(), text);
            assert!(text.ends_with(number.last_four().as_str()));
        }
    }

    #[test]
    fn incomplete_is_not_wrong() {
        use Validity::{Complete, Empty, Incomplete, Wrong};
        for (text, expected) in [
            ("", Empty),
            (" \u{A0}", Empty),
            ("-", Incomplete),
            ("4", Incomplete),
            ("4242 4242 4242 424", Incomplete),
            ("4242 4242 4242 4242", Complete),
            ("４２４２-4242.4242 4242", Complete),
            ("4242 4242 4242 4243", Wrong(NumberError::Checksum)),
            ("4242 4242 4242 4242 4", Incomplete),
            ("4242 4242 4242 4242 4242", Wrong(NumberError::TooLong)),
            ("3782 822463 1000", Incomplete),
            ("3782 822463 10006", Wrong(NumberError::Checksum)),
            ("3782 822463 100050", Wrong(NumberError::TooLong)),
            ("5555 5555 5555 4444 0", Wrong(NumberError::TooLong)),
            ("6759 6498 2643", Incomplete),
            ("9999 9999 9999 9999", Wrong(NumberError::Checksum)),
            ("9999 9999 9999 9995", Complete),
            ("4242 4242 4242 424l", Wrong(NumberError::Character)),
            ("4242/4242/4242/4242", Wrong(NumberError::Character)),
        ] {
            assert_eq!(CardNumber::validity(text), expected, "{text}");
        }
    }

    #[test]
    fn what_was_sealed_is_digits_alone() {
        for loose in [
            "4242 4242 4242 4242",
            "４２４２４２４２４２４２４２４２",
            "4242-424242424242",
            "+4242",
        ] {
            assert_eq!(
                CardNumber::from_digits(loose).err(),
                Some(Validity::Wrong(NumberError::Character))
            );
        }
        assert_eq!(CardNumber::from_digits("").err(), Some(Validity::Empty));
    }

    #[test]
    fn the_digits_do_not_move_on_the_heap() {
        let number = CardNumber::from_digits("6799990100000000019").expect("a test number");
        assert_eq!(number.digits.capacity(), digits::TYPED_DIGITS);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_whole_numbers_are_whole(text in "\\PC{0,40}|[0-9 ]{0,40}") {
            if let Ok(number) = CardNumber::parse(&text) {
                prop_assert!((12..=19).contains(&number.expose().len()));
                prop_assert!(luhn::holds(number.expose()));
                prop_assert!(CardNumber::from_digits(number.expose()).is_ok());
            }
        }
    }
}
