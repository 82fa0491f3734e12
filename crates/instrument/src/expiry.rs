use zeroize::Zeroizing;

use crate::digits::{self, Typed};
use crate::{Validity, YearMonth};

/// How far ahead an expiry date may lie. Cards are issued for ten years at most; a date beyond twice that
/// is a slip, `12/72` for `12/27`.
const YEARS_AHEAD: u16 = 20;

/// What is wrong with an expiry date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ExpiryError {
    /// It holds something other than digits and what people put between them.
    Character,
    /// There is no such month.
    Month,
    /// The year has too many digits: two or four are right.
    TooLong,
    /// The month is over: the card has expired.
    Past,
    /// The year lies more than twenty years ahead.
    TooFar,
}

/// When a card expires: it is good through the last day of this month. No `Debug`, no `Clone`.
pub struct Expiry {
    month: u8,
    year: u16,
}

impl Expiry {
    /// Reads what a shopper typed or a browser filled in: `05/27`, `0527`, `5/27`, `05 / 2027`, `2027-05`,
    /// in digits of any script.
    ///
    /// # Errors
    /// How the text stands instead; never `Complete`.
    pub fn parse(text: &str, today: YearMonth) -> Result<Self, Validity<ExpiryError>> {
        if digits::is_blank(text) {
            return Err(Validity::Empty);
        }
        if text.chars().any(|c| Typed::of(c) == Typed::Other) {
            return Err(Validity::Wrong(ExpiryError::Character));
        }
        let typed = TypedExpiry::read(text);
        let (month, year) = typed.parts();
        if month.len() == 2 && !matches!(number(month), 1..=12) {
            return Err(Validity::Wrong(ExpiryError::Month));
        }
        match year.len() {
            0..=2 | 4 => {}
            3 if year.starts_with("20") => {}
            _ => return Err(Validity::Wrong(ExpiryError::TooLong)),
        }
        let year = match year.len() {
            2 => 2000 + number(year),
            4 => number(year),
            _ => return Err(Validity::Incomplete),
        };
        match u8::try_from(number(month)) {
            Ok(month @ 1..) => Self::new(month, year, today).map_err(Validity::Wrong),
            _ => Err(Validity::Incomplete),
        }
    }

    /// The last day of `month`, 1 to 12, of `year`, four digits, unless that lies before `today`.
    ///
    /// # Errors
    /// [`ExpiryError::Month`], [`ExpiryError::Past`] or [`ExpiryError::TooFar`].
    pub fn new(month: u8, year: u16, today: YearMonth) -> Result<Self, ExpiryError> {
        let expiry = YearMonth::new(year, month).ok_or(ExpiryError::Month)?;
        if expiry < today {
            return Err(ExpiryError::Past);
        }
        if year > today.year().saturating_add(YEARS_AHEAD) {
            return Err(ExpiryError::TooFar);
        }
        Ok(Self { month, year })
    }

    /// How the text of the field stands.
    #[must_use]
    pub fn validity(text: &str, today: YearMonth) -> Validity<ExpiryError> {
        Validity::of(Self::parse(text, today))
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(&self) -> u8 {
        self.month
    }

    /// The year, in four digits.
    #[must_use]
    pub fn year(&self) -> u16 {
        self.year
    }
}

/// The value of at most four ASCII digits; of none, 0.
fn number(digits: &str) -> u16 {
    digits.parse().unwrap_or(0)
}

/// An expiry date as typed so far, taken apart. Parsing and formatting both go by this one reading, so the
/// shopper sees the date that is meant.
pub(crate) struct TypedExpiry {
    digits: Zeroizing<String>,
    month_digits: usize,
    /// A separator was typed and no year yet.
    pub(crate) open: bool,
    /// A separator stands somewhere behind the first digit.
    pub(crate) separated: bool,
    /// It was the year first, as HTML's own month fields and some browsers' autofill have it.
    pub(crate) year_first: bool,
}

impl TypedExpiry {
    pub(crate) fn read(text: &str) -> Self {
        let digits = digits::keep(text);
        let first_run = digits_before_separator(text);
        if first_run == Some(4) && digits.len() == 6 && digits.starts_with("20") {
            let (year, month) = digits.split_at_checked(4).unwrap_or_default();
            let mut turned = digits::keep(month);
            turned.push_str(year);
            return Self {
                digits: turned,
                month_digits: 2,
                open: false,
                separated: true,
                year_first: true,
            };
        }

        let is_digit = |c| digits::digit(c).is_some();
        let head = text.split(is_digit).next().unwrap_or_default();
        let tail = text.rsplit(is_digit).next().unwrap_or_default();
        let is_mark = |c| matches!(Typed::of(c), Typed::Slash | Typed::Mark);
        // The month was deleted and is about to be typed again: the year stays where it is.
        let no_month = head.contains(is_slash);
        // A tail of " /" is our own " / " after Backspace: put back, it could never be deleted.
        let open = matches!(first_run, Some(1..=2))
            && first_run == Some(digits.len())
            && !no_month
            && tail.contains(is_mark)
            && tail != " /";
        let month_digits = match first_run {
            _ if no_month => 0,
            Some(run @ 1..=2) if open || run < digits.len() => run,
            // No month begins with 2 to 9, so such a digit is the whole month.
            _ if digits.starts_with(|digit| digit > '1') => 1,
            _ => digits.len().min(2),
        };
        Self {
            digits,
            month_digits,
            open,
            separated: first_run.is_some(),
            year_first: false,
        }
    }

    /// The digits of the month, 0 to 2 of them, and those of the year, any number of them.
    pub(crate) fn parts(&self) -> (&str, &str) {
        self.digits
            .split_at_checked(self.month_digits)
            .unwrap_or_default()
    }
}

fn is_slash(c: char) -> bool {
    Typed::of(c) == Typed::Slash
}

/// How many digits precede the first separator that has a digit before it.
fn digits_before_separator(text: &str) -> Option<usize> {
    let mut count = 0;
    for c in text.chars() {
        match Typed::of(c) {
            Typed::Digit(_) => count += 1,
            Typed::Slash | Typed::Mark | Typed::Blank if count > 0 => return Some(count),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn november_2026() -> YearMonth {
        YearMonth::new(2026, 11).unwrap()
    }

    #[test]
    fn dates_in_every_usual_form() {
        for text in [
            "05/27",
            "0527",
            "5/27",
            "527",
            "05 / 2027",
            "05/2027",
            "052027",
            "52027",
            "5-27",
            "05.27",
            "05 27",
            "2027-05",
            "2027/05",
            "０５／２７",
            "٠٥/٢٧",
            " 05 / 27 ",
            "\u{200E}05/27",
            "05–27",
            "5 /2027",
        ] {
            let expiry = Expiry::parse(text, november_2026());
            let expiry = expiry.unwrap_or_else(|why| panic!("{text}: {why:?}"));
            assert_eq!((expiry.month(), expiry.year()), (5, 2027), "{text}");
        }
    }

    #[test]
    fn incomplete_is_not_wrong() {
        use Validity::{Complete, Empty, Incomplete, Wrong};
        for (text, expected) in [
            ("", Empty),
            (" ", Empty),
            ("0", Incomplete),
            ("1", Incomplete),
            ("5", Incomplete),
            ("12", Incomplete),
            ("12 / ", Incomplete),
            ("12 / 2", Incomplete),
            ("12 / 202", Incomplete),
            ("0 / 27", Incomplete),
            (" / 27", Incomplete),
            ("/", Incomplete),
            ("11 / 26", Complete),
            ("10 / 26", Wrong(ExpiryError::Past)),
            ("12 / 20", Wrong(ExpiryError::Past)),
            ("12 / 1999", Wrong(ExpiryError::Past)),
            ("12 / 0027", Wrong(ExpiryError::Past)),
            ("12 / 46", Complete),
            ("01 / 47", Wrong(ExpiryError::TooFar)),
            ("12 / 2127", Wrong(ExpiryError::TooFar)),
            ("00", Wrong(ExpiryError::Month)),
            ("13", Wrong(ExpiryError::Month)),
            ("20 / 27", Wrong(ExpiryError::Month)),
            ("2027-13", Wrong(ExpiryError::Month)),
            ("12 / 273", Wrong(ExpiryError::TooLong)),
            ("12 / 20271", Wrong(ExpiryError::TooLong)),
            ("12/27x", Wrong(ExpiryError::Character)),
            ("May 27", Wrong(ExpiryError::Character)),
        ] {
            assert_eq!(Expiry::validity(text, november_2026()), expected, "{text}");
        }
    }

    #[test]
    fn a_card_is_good_through_its_month() {
        let today = november_2026();
        assert!(Expiry::new(11, 2026, today).is_ok());
        assert_eq!(Expiry::new(10, 2026, today).err(), Some(ExpiryError::Past));
        assert_eq!(Expiry::new(0, 2027, today).err(), Some(ExpiryError::Month));
        assert_eq!(Expiry::new(13, 2027, today).err(), Some(ExpiryError::Month));
        assert_eq!(Expiry::new(1, u16::MAX, today).err(), Some(ExpiryError::TooFar));
    }

    proptest! {
        #[test]
        fn a_month_and_a_year_read_back(month in 1u8..=12, year in 2027u16..=2046, separator in "|/| / |-|\\.| ") {
            for text in [
                format!("{month:02}{separator}{year}"),
                format!("{month:02}{separator}{:02}", year % 100),
            ] {
                let expiry = Expiry::parse(&text, november_2026());
                prop_assert_eq!(expiry.map(|e| (e.month(), e.year())).ok(), Some((month, year)));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}|[0-9 /]{0,12}") {
            if let Ok(expiry) = Expiry::parse(&text, november_2026()) {
                prop_assert!((1..=12).contains(&expiry.month()) && (2026..=2046).contains(&expiry.year()));
            }
        }
    }
}
