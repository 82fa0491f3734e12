//! Digits as people type, paste and dictate them: in the digits of their own script, with spaces, dashes
//! and dots between, and with the invisible marks that phones put around a copied number.

use zeroize::Zeroizing;

/// Digits of one field that are looked at and kept. No valid field has nearly as many, so what is too
/// long stays too long, and a whole book pasted into a field does not.
pub(crate) const TYPED_DIGITS: usize = 64;

/// The zero of each script whose digits are in everyday use; its nine others follow it (Unicode `Nd`).
const ZEROS: [char; 20] = [
    '0', '\u{660}', '\u{6F0}', '\u{7C0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{B66}', '\u{BE6}',
    '\u{C66}', '\u{CE6}', '\u{D66}', '\u{E50}', '\u{ED0}', '\u{F20}', '\u{1040}', '\u{17E0}', '\u{1810}',
    '\u{FF10}',
];

/// What one typed character means to a field of digits.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Typed {
    /// A digit, as ASCII.
    Digit(char),
    /// White space.
    Blank,
    /// A dash or a dot.
    Mark,
    /// A slash.
    Slash,
    /// Takes no space and has no meaning here: zero-width, directional, soft hyphen.
    Invisible,
    /// Nothing that belongs into a field of digits.
    Other,
}

impl Typed {
    pub(crate) fn of(c: char) -> Self {
        match c {
            '/' | '\u{2044}' | '\u{2215}' | '\u{FF0F}' => Self::Slash,
            '-' | '.' | '\u{B7}' | '\u{2010}'..='\u{2015}' | '\u{2024}' | '\u{2027}' | '\u{2212}' => {
                Self::Mark
            }
            '\u{30FB}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' | '\u{FF0E}' | '\u{FF65}' => Self::Mark,
            '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' => Self::Invisible,
            '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => Self::Invisible,
            _ if c.is_whitespace() => Self::Blank,
            _ => digit(c).map_or(Self::Other, Self::Digit),
        }
    }
}

/// `c` as an ASCII digit, if it is a decimal digit of any script in [`ZEROS`].
pub(crate) fn digit(c: char) -> Option<char> {
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    })
}

/// The first [`TYPED_DIGITS`] digits of `text`, as ASCII; everything else is left out.
pub(crate) fn keep(text: &str) -> Zeroizing<String> {
    // The capacity is there from the start: growing would leave a copy behind that nobody wipes.
    let mut kept = Zeroizing::new(String::with_capacity(TYPED_DIGITS));
    let digits = text.chars().filter_map(digit);
    kept.extend(digits.take(TYPED_DIGITS));
    kept
}

/// Whether `text` is digits, in groups or not, and nothing else.
pub(crate) fn is_clean(text: &str) -> bool {
    !text
        .chars()
        .any(|c| matches!(Typed::of(c), Typed::Slash | Typed::Other))
}

/// Whether nothing can be seen in `text`.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(Typed::of(c), Typed::Blank | Typed::Invisible))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digits_of_other_scripts_are_digits() {
        for text in [
            "０１２３４５６７８９",
            "٠١٢٣٤٥٦٧٨٩",
            "۰۱۲۳۴۵۶۷۸۹",
            "०१२३४५६७८९",
            "๐๑๒๓๔๕๖๗๘๙",
        ] {
            assert_eq!(keep(text).as_str(), "0123456789");
        }
        for other in ['a', 'Ａ', '²', '½', 'Ⅷ', '十', '/', '\u{0}', '\u{10FFFF}', '🄌'] {
            assert_eq!(digit(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_stands_between_digits_is_left_out() {
        let spoken = "\u{202A}4242\u{A0}4242-4242.4242\u{202C} 4–2—4‑2\u{3000}4\u{202F}2\u{200B}";
        assert!(is_clean(spoken));
        assert_eq!(keep(spoken).as_str(), "4242424242424242424242");
        assert!(!is_clean("4242/4242") && !is_clean("4242x") && !is_clean("4,2"));
        assert!(is_blank(" \u{A0}\u{FEFF}") && !is_blank("-") && !is_blank("1"));
    }

    proptest! {
        #[test]
        fn every_digit_known_to_unicode_as_ascii_is_itself(c: char) {
            prop_assert_eq!(c.is_ascii_digit(), digit(c) == Some(c));
            if let Some(ascii) = digit(c) {
                prop_assert!(ascii.is_ascii_digit() && c.is_numeric());
            }
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        assert_eq!(keep(&"7 ".repeat(100_000)).len(), TYPED_DIGITS);
        assert!(keep(&"7".repeat(100)).capacity() >= TYPED_DIGITS);
    }
}
