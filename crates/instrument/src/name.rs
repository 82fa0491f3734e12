use zeroize::Zeroizing;

use crate::{Validity, digits};

/// The longest name, in characters.
pub const NAME_CHARS: usize = 80;
/// From how many digits on a name is a number that went into the wrong field.
const NUMBER_DIGITS: usize = 12;

/// What is wrong with a cardholder's name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NameError {
    /// It looks like a card number.
    CardNumber,
    /// More than [`NAME_CHARS`] characters.
    TooLong,
    /// It holds a control character, a line break, or a character that turns the direction of writing.
    Forbidden,
    /// It has no letter.
    NoLetter,
}

/// The name on a card, or of who holds a bank account: 1 to [`NAME_CHARS`] characters of any script, at least one of them a letter.
///
/// It is a secret: no `Debug`, no `Clone`; wiped on drop.
pub struct CardholderName(Zeroizing<String>);

impl CardholderName {
    /// Reads what a shopper typed; blanks around it are left out.
    ///
    /// # Errors
    /// How the text stands instead; never `Complete`, nor `Incomplete`: no name is too short.
    pub fn parse(text: &str) -> Result<Self, Validity<NameError>> {
        let name = text.trim();
        if digits::is_blank(name) {
            return Err(Validity::Empty);
        }
        match fault(name) {
            Some(error) => Err(Validity::Wrong(error)),
            None => Ok(Self(Zeroizing::new(name.to_owned()))),
        }
    }

    /// Reads what the frame sealed: nothing that it would have put into another form.
    ///
    /// # Errors
    /// As [`CardholderName::parse`].
    pub fn from_sealed(text: &str) -> Result<Self, Validity<NameError>> {
        let name = Self::parse(text)?;
        if name.expose() == text {
            Ok(name)
        } else {
            Err(Validity::Wrong(NameError::Forbidden))
        }
    }

    /// How the text of the field stands.
    #[must_use]
    pub fn validity(text: &str) -> Validity<NameError> {
        Validity::of(Self::parse(text))
    }

    /// The name: for sealing, for encryption, for the connector.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn fault(name: &str) -> Option<NameError> {
    // First, so that a number pasted here is told as that, whatever stands around it.
    if name
        .chars()
        .filter_map(digits::digit)
        .nth(NUMBER_DIGITS - 1)
        .is_some()
    {
        Some(NameError::CardNumber)
    } else if name.chars().nth(NAME_CHARS).is_some() {
        Some(NameError::TooLong)
    } else if name.chars().any(is_forbidden) {
        Some(NameError::Forbidden)
    } else if !name.chars().any(is_letter) {
        Some(NameError::NoLetter)
    } else {
        None
    }
}

/// Controls, separators, and what reorders or hides the text around it. The joiners U+200C and U+200D are
/// letters' business in Persian and in India's scripts, and allowed.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        )
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Whether `c` can be a letter. By blocks, because `char::is_alphabetic` brings a table into the frame that
/// outweighs this crate: all letters are in, and so are some marks and rare signs.
fn is_letter(c: char) -> bool {
    let symbol = matches!(c, '×' | '÷' | '\u{2000}'..='\u{2BFF}' | '\u{3000}'..='\u{3004}')
        || matches!(c, '\u{3008}'..='\u{3020}' | '\u{E000}'..='\u{F8FF}' | '\u{FE10}'..='\u{FE6F}')
        || matches!(c, '\u{FF00}'..='\u{FF20}' | '\u{FFF0}'..='\u{FFFF}' | '\u{1F000}'..='\u{1FBFF}');
    c.is_ascii_alphabetic() || (c >= '\u{C0}' && !symbol && digits::digit(c).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_sorts_are_names() {
        for name in [
            "J",
            "Ada Lovelace",
            "O’Brien-Smith",
            "Jr. Martin Luther King",
            "李小龍",
            "Владимир",
            "محمد علی",
            "می\u{200C}خواهم",
            "श्री",
            "Ñandú",
            "José 2nd",
            "1st Bank Ltd",
            "X Æ A-12",
            &"é".repeat(NAME_CHARS),
        ] {
            assert_eq!(CardholderName::validity(name), Validity::Complete, "{name}");
        }
        let trimmed = CardholderName::parse(" Ada  Lovelace \n").expect("a name");
        assert_eq!(trimmed.expose(), "Ada  Lovelace");
    }

    #[test]
    fn other_texts_are_not() {
        use NameError::{CardNumber, Forbidden, NoLetter, TooLong};
        for (text, why) in [
            ("4242 4242 4242 4242", CardNumber),
            ("４２４２４２４２４２４２", CardNumber),
            ("Ada 4242-4242-4242-4242", CardNumber),
            ("424242424242", CardNumber),
            ("42424242424", NoLetter),
            ("— … 12", NoLetter),
            ("🪙", NoLetter),
            ("Ada\nLovelace", Forbidden),
            ("Ada\0", Forbidden),
            ("Ada\u{202E}ecalevoL", Forbidden),
            (&"a".repeat(NAME_CHARS + 1), TooLong),
        ] {
            assert_eq!(CardholderName::validity(text), Validity::Wrong(why), "{text:?}");
        }
        for blank in ["", "  ", "\u{A0}\u{200B}"] {
            assert_eq!(CardholderName::validity(blank), Validity::Empty, "{blank:?}");
        }
    }

    #[test]
    fn no_letter_of_a_living_script_is_missed() {
        // In the blocks of symbols: letter-like and circled signs, with which nobody writes a name.
        let missed = ('\u{C0}'..=char::MAX).filter(|c| c.is_alphabetic() && !is_letter(*c));
        for c in missed {
            let sign = matches!(c, '\u{2000}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FBFF}');
            assert!(sign, "{c:?} {:x}", u32::from(c));
        }
    }
}
