use zeroize::Zeroizing;

use crate::digits;
use crate::expiry::TypedExpiry;
use crate::{brand, iban, rules};

/// A field that is formatted while it is typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Field {
    /// The card's number, in the groups of its brand.
    Number,
    /// The expiry date, `05 / 27`.
    Expiry,
    /// The security code: digits alone.
    SecurityCode,
    /// An IBAN, in fours.
    Iban,
}

/// What a field shows after an input, and where the caret stands in it.
///
/// It holds what the shopper typed: no `Debug`, no `Clone`; wiped on drop.
pub struct Formatted {
    /// The text: ASCII.
    pub text: Zeroizing<String>,
    /// The caret, in UTF-16 code units, as the DOM counts; never beyond the text.
    pub caret: usize,
}

/// Formats what stands in a field after any input event: a key, a paste, autofill, a deletion.
///
/// `raw` is the field's value and `caret` its `selectionStart`, in UTF-16 code units. Digits stay, and letters where
/// the field has some, in their order, however many there are (up to a bound far beyond any valid field); all else
/// gives way. The caret keeps what stays on its left, and stands before a separator rather than behind it, so that Backspace
/// always meets a digit next; for forward deletion see [`Formatted::past_separator`]. Not to be called
/// while an IME composes.
#[must_use]
pub fn reformat(raw: &str, caret: usize, field: Field) -> Formatted {
    let left = left_of(raw, caret);
    match field {
        Field::Number => number(raw, left),
        Field::Expiry => expiry(raw, left),
        Field::SecurityCode => {
            let caret = digits::keep(left).len();
            Formatted {
                text: digits::keep(raw),
                caret,
            }
        }
        Field::Iban => in_fours(raw, left),
    }
}

impl Formatted {
    /// With the caret behind the separator that it stands before, if any: where it belongs after a forward
    /// deletion (`inputType` `deleteContentForward`), so that Delete always meets a digit next.
    #[must_use]
    pub fn past_separator(mut self) -> Self {
        let rest = self.text.bytes().skip(self.caret);
        self.caret += rest.take_while(|byte| !byte.is_ascii_alphanumeric()).count();
        self
    }
}

fn number(raw: &str, left: &str) -> Formatted {
    let digits = digits::keep(raw);
    let gaps = rules(brand::of_digits(&digits)).gaps_at(digits.len());
    let mut text = blank(digits.len() + gaps.len());
    for (place, digit) in digits.chars().enumerate() {
        if gaps.contains(&place) {
            text.push(' ');
        }
        text.push(digit);
    }
    let caret = behind_digits(&text, digits::keep(left).len());
    Formatted { text, caret }
}

fn in_fours(raw: &str, left: &str) -> Formatted {
    let kept = iban::keep(raw);
    let mut text = blank(kept.len() + kept.len() / 4);
    for (place, c) in kept.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        text.push(c);
    }
    let before = iban::keep(left).len();
    let caret = before + before.saturating_sub(1) / 4;
    Formatted { text, caret }
}

fn expiry(raw: &str, left: &str) -> Formatted {
    let typed = TypedExpiry::read(raw);
    let (month, year) = typed.parts();
    let mut digits_left = digits::keep(left).len();
    let behind_separator = TypedExpiry::read(left).separated;
    let divided = typed.open || !year.is_empty();
    // Completed only once the shopper is past it: in "1 / 27" with the caret at the 1, another digit of
    // the month may be about to follow.
    let past_month = digits_left > month.len() || (digits_left == month.len() && behind_separator);
    let completed = divided && past_month && month.len() == 1 && month != "0";

    let mut text = blank(month.len() + year.len() + 4);
    if completed {
        text.push('0');
        digits_left += 1;
    }
    text.push_str(month);
    if divided {
        text.push_str(" / ");
    }
    text.push_str(year);
    let at_end = typed.year_first || (typed.open && behind_separator);
    let caret = if at_end {
        text.len()
    } else {
        behind_digits(&text, digits_left)
    };
    Formatted { text, caret }
}

/// A text that will hold `length` characters without growing: that would leave a copy behind.
fn blank(length: usize) -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(length))
}

/// What of `raw` is left of the caret.
fn left_of(raw: &str, caret: usize) -> &str {
    let mut units = 0;
    for (start, c) in raw.char_indices() {
        units += c.len_utf16();
        if units > caret {
            return raw.get(..start).unwrap_or(raw);
        }
    }
    raw
}

/// The place right behind the first `count` digits of `text`, which is ASCII.
fn behind_digits(text: &str, count: usize) -> usize {
    let digits = text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit());
    digits.take(count).last().map_or(0, |(place, _)| place + 1)
}

#[cfg(test)]
#[path = "caret_tests.rs"]
mod tests;
