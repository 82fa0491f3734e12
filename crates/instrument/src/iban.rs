//! IBANs by the registry that SWIFT keeps for ISO 13616: of each country its structure, and with it its length.

use farthing_protocol::LastFour;
use zeroize::Zeroizing;

use crate::{Validity, digits};

/// Characters that are looked at and kept: what is too long stays too long, and a pasted book is cut.
const TYPED: usize = 64;

/// Each country with `+` where a direct debit in euro reaches its accounts, in the countries of the SEPA schemes (EPC409-09),
/// and what follows the two check digits: `n` digits, `a` capital letters, `c` either, each with how many. Bytes of one
/// width: a pointer for each would weigh more, in what a shopper downloads, than what it points to.
#[rustfmt::skip]
static COUNTRIES: [[u8; 11]; 89] = [
    *b"AD+n8c12   ", *b"AE-n19     ", *b"AL+n8c16   ", *b"AT+n16     ", *b"AZ-a4c20   ", *b"BA-n16     ",
    *b"BE+n12     ", *b"BG+a4n6c8  ", *b"BH-a4c14   ", *b"BI-n23     ", *b"BR-n23a1c1 ", *b"BY-c4n4c16 ",
    *b"CH+n5c12   ", *b"CR-n18     ", *b"CY+n8c16   ", *b"CZ+n20     ", *b"DE+n18     ", *b"DJ-n23     ",
    *b"DK+n14     ", *b"DO-c4n20   ", *b"EE+n16     ", *b"EG-n25     ", *b"ES+n20     ", *b"FI+n14     ",
    *b"FK-a2n12   ", *b"FO-n14     ", *b"FR+n10c11n2", *b"GB+a4n14   ", *b"GE-a2n16   ", *b"GI+a4c15   ",
    *b"GL-n14     ", *b"GR+n7c16   ", *b"GT-c24     ", *b"HN-a4n20   ", *b"HR+n17     ", *b"HU+n24     ",
    *b"IE+a4n14   ", *b"IL-n19     ", *b"IQ-a4n15   ", *b"IS+n22     ", *b"IT+a1n10c12", *b"JO-a4n4c18 ",
    *b"KW-a4c22   ", *b"KZ-n3c13   ", *b"LB-n4c20   ", *b"LC-a4c24   ", *b"LI+n5c12   ", *b"LT+n16     ",
    *b"LU+n3c13   ", *b"LV+a4c13   ", *b"LY-n21     ", *b"MC+n10c11n2", *b"MD+c20     ", *b"ME+n18     ",
    *b"MK+n3c10n2 ", *b"MN-n16     ", *b"MR-n23     ", *b"MT+a4n5c18 ", *b"MU-a4n19a3 ", *b"NI-a4n20   ",
    *b"NL+a4n10   ", *b"NO+n11     ", *b"OM-n3c16   ", *b"PK-a4c16   ", *b"PL+n24     ", *b"PS-a4c21   ",
    *b"PT+n21     ", *b"QA-a4c21   ", *b"RO+a4c16   ", *b"RS+n18     ", *b"RU-n14c15  ", *b"SA-n2c18   ",
    *b"SC-a4n20a3 ", *b"SD-n14     ", *b"SE+n20     ", *b"SI+n15     ", *b"SK+n20     ", *b"SM+a1n10c12",
    *b"SO-n19     ", *b"ST-n21     ", *b"SV-a4n20   ", *b"TL-n19     ", *b"TN-n20     ", *b"TR-n6c16   ",
    *b"UA-n6c19   ", *b"VA+n18     ", *b"VG-a4n16   ", *b"XK-n16     ", *b"YE-a4n4c18 ",
];

/// What is wrong with an IBAN.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IbanError {
    /// It holds something other than letters of A to Z, digits, and what people put between them.
    Character,
    /// It begins with no country that has IBANs.
    Country,
    /// It has more characters than the country's have.
    TooLong,
    /// A letter stands where the country has a digit, or the reverse.
    Structure,
    /// Its characters don't fit together (ISO 7064, MOD 97-10): one of them was mistyped.
    Checksum,
}

/// An IBAN: a country's length and structure, with check digits that hold.
///
/// It is a secret: no `Debug`, no `Clone`; wiped on drop.
pub struct Iban {
    text: Zeroizing<String>,
    last_four: LastFour,
}

impl Iban {
    /// Reads what a shopper typed: in small letters or capitals, in digits of any script, grouped in any way.
    ///
    /// # Errors
    /// How the text stands instead; never `Complete`.
    pub fn parse(text: &str) -> Result<Self, Validity<IbanError>> {
        if digits::is_blank(text) {
            return Err(Validity::Empty);
        }
        if !is_clean(text) {
            return Err(Validity::Wrong(IbanError::Character));
        }
        Self::judge(keep(text))
    }

    /// Reads what the frame sealed, or the provider kept: capitals and ASCII digits, and nothing else.
    ///
    /// # Errors
    /// As [`Iban::parse`].
    pub fn from_sealed(text: &str) -> Result<Self, Validity<IbanError>> {
        let as_sealed = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        if text.bytes().all(as_sealed) {
            Self::parse(text)
        } else {
            Err(Validity::Wrong(IbanError::Character))
        }
    }

    /// How the text of the field stands.
    #[must_use]
    pub fn validity(text: &str) -> Validity<IbanError> {
        Validity::of(Self::parse(text))
    }

    /// The country, ISO 3166-1 alpha-2, which may be shown.
    #[must_use]
    pub fn country(&self) -> &str {
        self.text.get(..2).unwrap_or_default()
    }

    /// Whether a direct debit in euro reaches this account.
    #[must_use]
    pub fn is_in_sepa(&self) -> bool {
        known(self.country()).is_some_and(|country| country[2] == b'+')
    }

    /// The last four digits, which may be shown.
    #[must_use]
    pub fn last_four(&self) -> LastFour {
        self.last_four
    }

    /// Capitals and ASCII digits without blanks: for sealing, for encryption, for the connector.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    fn judge(text: Zeroizing<String>) -> Result<Self, Validity<IbanError>> {
        let (country, rest) = text.split_at_checked(2).ok_or_else(|| begun(&text))?;
        let country = known(country).ok_or(Validity::Wrong(IbanError::Country))?;
        let length = fits(rest, &country[3..])?;
        if rest.len() < length {
            return Err(Validity::Incomplete);
        }
        // 00, 01 and 99 would fit as well as 97, 98 and 02, and nobody gives them out: one account has one IBAN.
        if matches!(rest.get(..2), Some("00" | "01" | "99")) || remainder(&text) != 1 {
            return Err(Validity::Wrong(IbanError::Checksum));
        }
        // On paper a few countries could have fewer than four digits; no bank gives such an account out.
        let last_four = LastFour::of(&text).ok_or(Validity::Wrong(IbanError::Structure))?;
        Ok(Self { text, last_four })
    }
}

/// How a text stands that is shorter than a country.
fn begun(text: &str) -> Validity<IbanError> {
    match known(text) {
        Some(_) => Validity::Incomplete,
        None => Validity::Wrong(IbanError::Country),
    }
}

/// The first country that begins like this.
fn known(begin: &str) -> Option<&'static [u8; 11]> {
    COUNTRIES
        .iter()
        .find(|country| country.starts_with(begin.as_bytes()))
}

/// Whether `rest`, from the check digits on, is or can become what the country has: how long that is.
fn fits(rest: &str, structure: &[u8]) -> Result<usize, Validity<IbanError>> {
    let (mut place, mut bytes) = (0, rest.bytes());
    for (kind, count) in [(b'n', 2)].into_iter().chain(parts(structure)) {
        for byte in bytes.by_ref().take(count) {
            let right = match kind {
                b'n' => byte.is_ascii_digit(),
                b'a' => byte.is_ascii_uppercase(),
                _ => true,
            };
            if !right {
                return Err(Validity::Wrong(IbanError::Structure));
            }
        }
        place += count;
    }
    if rest.len() > place {
        Err(Validity::Wrong(IbanError::TooLong))
    } else {
        Ok(place)
    }
}

/// The parts of a structure, `n8c12`; what fills it up are parts of no length.
fn parts(structure: &[u8]) -> impl Iterator<Item = (u8, usize)> {
    let mut bytes = structure.iter().copied().peekable();
    std::iter::from_fn(move || {
        let kind = bytes.next()?;
        let mut count = 0;
        while let Some(digit) = bytes.next_if(u8::is_ascii_digit) {
            count = count * 10 + usize::from(digit - b'0');
        }
        Some((kind, count))
    })
}

/// The whole number modulo 97, with the first four characters at the end and letters as 10 to 35.
fn remainder(text: &str) -> u32 {
    let (front, rest) = text.split_at_checked(4).unwrap_or((text, ""));
    rest.chars().chain(front.chars()).fold(0, |rest, c| {
        let value = c.to_digit(36).unwrap_or_default();
        let shift = if value < 10 { 10 } else { 100 };
        (rest * shift + value) % 97
    })
}

/// The character as an IBAN has it, if it can stand in one.
fn letter_or_digit(c: char) -> Option<char> {
    let wide = u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32);
    let narrow = if c.is_ascii() { Some(c) } else { wide };
    let letter = narrow.filter(char::is_ascii_alphabetic);
    letter
        .map(|c| c.to_ascii_uppercase())
        .or_else(|| digits::digit(c))
}

fn is_clean(text: &str) -> bool {
    text.chars()
        .all(|c| letter_or_digit(c).is_some() || digits::is_clean(c.encode_utf8(&mut [0; 4])))
}

/// The first [`TYPED`] letters and digits of `text`; everything else is left out.
pub(crate) fn keep(text: &str) -> Zeroizing<String> {
    // The capacity is there from the start: growing would leave a copy behind that nobody wipes.
    let mut kept = Zeroizing::new(String::with_capacity(TYPED));
    kept.extend(text.chars().filter_map(letter_or_digit).take(TYPED));
    kept
}

#[cfg(test)]
#[path = "iban_tests.rs"]
mod tests;
