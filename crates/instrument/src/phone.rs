//! Phone numbers by E.164: a country calling code, and what is dialled behind it.

use zeroize::Zeroizing;

use crate::{
    Validity,
    digits::{self, Typed},
};

/// Digits that are looked at: a number of E.164 has at most 15, `00` or a trunk prefix before it a few more.
const TYPED: usize = 24;

/// Of each country calling code, how many digits a mobile number has behind it, at least and at most: by libphonenumber's
/// metadata, which keeps what the countries publish (ITU-T E.164.3), compared in `tests/others`. Two bytes each, for a
/// shopper downloads them.
#[rustfmt::skip]
static LENGTHS: [u16; 206] = [
    of(1, 10, 10), of(7, 10, 10), of(20, 10, 10), of(27, 5, 9), of(30, 10, 10), of(31, 9, 11), of(32, 9, 9),
    of(33, 9, 9), of(34, 9, 9), of(36, 9, 9), of(39, 9, 10), of(40, 9, 9), of(41, 9, 9), of(43, 7, 13),
    of(44, 10, 10), of(45, 8, 8), of(46, 9, 9), of(47, 8, 8), of(48, 9, 9), of(49, 10, 11), of(51, 9, 9),
    of(52, 10, 10), of(53, 8, 8), of(54, 10, 11), of(55, 10, 11), of(56, 9, 9), of(57, 10, 10), of(58, 10, 10),
    of(60, 9, 10), of(61, 9, 9), of(62, 9, 12), of(63, 10, 10), of(64, 8, 10), of(65, 8, 8), of(66, 9, 9),
    of(81, 10, 10), of(82, 9, 10), of(84, 9, 9), of(86, 11, 11), of(90, 10, 10), of(91, 10, 10), of(92, 10, 10),
    of(93, 9, 9), of(94, 9, 9), of(95, 7, 10), of(98, 10, 10), of(211, 9, 9), of(212, 9, 9), of(213, 9, 9),
    of(216, 8, 8), of(218, 9, 9), of(220, 7, 9), of(221, 9, 9), of(222, 8, 8), of(223, 8, 8), of(224, 9, 9),
    of(225, 10, 10), of(226, 8, 8), of(227, 8, 8), of(228, 8, 8), of(229, 10, 10), of(230, 8, 8), of(231, 7, 9),
    of(232, 8, 8), of(233, 9, 9), of(234, 10, 10), of(235, 8, 8), of(236, 8, 8), of(237, 9, 9), of(238, 7, 7),
    of(239, 7, 7), of(240, 9, 9), of(241, 7, 8), of(242, 9, 9), of(243, 7, 9), of(244, 9, 9), of(245, 9, 9),
    of(246, 7, 7), of(247, 5, 5), of(248, 7, 7), of(249, 9, 9), of(250, 9, 9), of(251, 9, 9), of(252, 7, 9),
    of(253, 8, 8), of(254, 9, 9), of(255, 9, 9), of(256, 9, 9), of(257, 8, 8), of(258, 9, 9), of(260, 9, 9),
    of(261, 9, 9), of(262, 9, 9), of(263, 9, 9), of(264, 9, 9), of(265, 9, 9), of(266, 8, 8), of(267, 8, 8),
    of(268, 8, 8), of(269, 7, 7), of(290, 4, 5), of(291, 7, 7), of(297, 7, 7), of(298, 6, 6), of(299, 6, 6),
    of(350, 8, 8), of(351, 9, 9), of(352, 9, 9), of(353, 9, 9), of(354, 7, 9), of(355, 9, 9), of(356, 8, 8),
    of(357, 8, 8), of(358, 6, 10), of(359, 8, 9), of(370, 8, 8), of(371, 8, 8), of(372, 7, 8), of(373, 8, 8),
    of(374, 8, 8), of(375, 9, 9), of(376, 6, 9), of(377, 8, 9), of(378, 8, 8), of(380, 9, 9), of(381, 8, 10),
    of(382, 8, 8), of(383, 8, 8), of(385, 8, 9), of(386, 8, 8), of(387, 8, 9), of(389, 8, 8), of(420, 9, 9),
    of(421, 9, 9), of(423, 7, 9), of(500, 5, 5), of(501, 7, 7), of(502, 8, 8), of(503, 8, 8), of(504, 8, 8),
    of(505, 8, 8), of(506, 8, 8), of(507, 7, 8), of(508, 6, 9), of(509, 8, 8), of(590, 9, 9), of(591, 8, 8),
    of(592, 7, 7), of(593, 9, 9), of(594, 9, 9), of(595, 9, 9), of(596, 9, 9), of(597, 7, 7), of(598, 8, 8),
    of(599, 7, 8), of(670, 8, 8), of(672, 6, 6), of(673, 7, 7), of(674, 7, 7), of(675, 8, 8), of(676, 7, 7),
    of(677, 5, 7), of(678, 7, 7), of(679, 7, 7), of(680, 7, 7), of(681, 6, 6), of(682, 5, 5), of(683, 4, 7),
    of(685, 7, 10), of(686, 8, 8), of(687, 6, 6), of(688, 6, 7), of(689, 8, 8), of(690, 4, 7), of(691, 7, 7),
    of(692, 7, 7), of(850, 10, 10), of(852, 8, 8), of(853, 8, 8), of(855, 8, 9), of(856, 9, 10), of(880, 10, 10),
    of(886, 9, 9), of(960, 7, 7), of(961, 7, 8), of(962, 9, 9), of(963, 9, 9), of(964, 10, 10), of(965, 8, 8),
    of(966, 9, 9), of(967, 9, 9), of(968, 8, 8), of(970, 9, 9), of(971, 9, 9), of(972, 9, 9), of(973, 8, 8),
    of(974, 8, 8), of(975, 8, 8), of(976, 8, 8), of(977, 10, 10), of(992, 9, 9), of(993, 8, 8), of(994, 9, 9),
    of(995, 9, 9), of(996, 9, 9), of(998, 9, 9),
];

/// Where a mobile number may itself begin with 0, so that it is no trunk prefix: Italy, Côte d'Ivoire, Benin, Gabon, Congo.
const KEEPS_ZERO: [u16; 5] = [39, 225, 229, 241, 242];

/// What is wrong with a phone number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PhoneError {
    /// It holds something other than digits, a leading `+`, and what people put between them.
    Character,
    /// It begins as no number of the carrier's country does.
    Beginning,
    /// It has more digits than the country's have.
    TooLong,
}

/// A phone number of a country whose length holds. That somebody has it, the carrier alone knows.
///
/// It is a secret: no `Debug`, no `Clone`; wiped on drop.
pub struct PhoneNumber(Zeroizing<String>);

impl PhoneNumber {
    /// Reads what a shopper typed, with or without the country's `calling_code`: in digits of any script, grouped in any
    /// way. What begins with neither `+` nor `00` is as it is dialled within the country.
    ///
    /// # Errors
    /// How the text stands instead; never `Complete`.
    pub fn parse(text: &str, calling_code: u16) -> Result<Self, Validity<PhoneError>> {
        if digits::is_blank(text) {
            return Err(Validity::Empty);
        }
        let (digits, abroad) = read(text).ok_or(Validity::Wrong(PhoneError::Character))?;
        let code = Code::of(calling_code);
        let national = if abroad {
            code.without(&digits)?
        } else {
            code.as_dialled(&digits)
        };
        let national = code.without_trunk(national);
        // In North America a number begins with neither 0 nor 1.
        let is_trunk = national.starts_with('0') || (calling_code == 1 && national.starts_with('1'));
        if is_trunk && !code.keeps_zero {
            return Err(Validity::Wrong(PhoneError::Beginning));
        }
        if national.len() > code.most {
            return Err(Validity::Wrong(PhoneError::TooLong));
        }
        if national.len() < code.least {
            return Err(Validity::Incomplete);
        }
        let mut number = Zeroizing::new(String::with_capacity(TYPED));
        number.push('+');
        number.push_str(&code.text);
        number.push_str(national);
        Ok(Self(number))
    }

    /// Reads what the frame sealed: `+`, the calling code, and the number behind it, in ASCII and nothing else.
    ///
    /// # Errors
    /// As [`PhoneNumber::parse`].
    pub fn from_sealed(text: &str, calling_code: u16) -> Result<Self, Validity<PhoneError>> {
        let number = Self::parse(text, calling_code)?;
        if number.expose() == text {
            Ok(number)
        } else {
            Err(Validity::Wrong(PhoneError::Character))
        }
    }

    /// Reads what was kept of one that was checked: `+` and 5 to 15 digits.
    #[must_use]
    pub fn from_kept(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let is_e164 = (5..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_e164.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// How the text of the field stands.
    #[must_use]
    pub fn validity(text: &str, calling_code: u16) -> Validity<PhoneError> {
        Validity::of(Self::parse(text, calling_code))
    }

    /// `+` and ASCII digits (E.164): for sealing, for encryption, for the connector.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A country calling code, and what numbers behind it are like.
struct Code {
    text: String,
    least: usize,
    most: usize,
    keeps_zero: bool,
}

impl Code {
    fn of(calling_code: u16) -> Self {
        let known = LENGTHS.iter().find(|entry| **entry >> 6 == calling_code);
        // Of what is not known: E.164's own bounds.
        let (least, most) = known.map_or((4, 12), |entry| {
            let least = usize::from(*entry >> 3 & 7) + LEAST;
            (least, least + usize::from(*entry & 7))
        });
        Self {
            // As amounts are written, which is code that the frame has.
            text: i64::from(calling_code).to_string(),
            least,
            most,
            keeps_zero: KEEPS_ZERO.contains(&calling_code),
        }
    }

    /// What follows the code in a number that begins with one.
    fn without<'a>(&self, digits: &'a str) -> Result<&'a str, Validity<PhoneError>> {
        match digits.strip_prefix(self.text.as_str()) {
            Some(rest) => Ok(rest),
            None if self.text.starts_with(digits) => Err(Validity::Incomplete),
            None => Err(Validity::Wrong(PhoneError::Beginning)),
        }
    }

    /// What is meant by digits that are dialled within the country; where they are too many and begin with its code,
    /// the `+` was left out.
    fn as_dialled<'a>(&self, digits: &'a str) -> &'a str {
        digits
            .strip_prefix(self.text.as_str())
            .filter(|_| digits.len() > self.most)
            .unwrap_or(digits)
    }

    /// Without what is dialled before a number within the country: 0 nearly everywhere, 06 in Hungary, 1 in North America and the
    /// Marshall Islands; 8 in Russia and Turkmenistan and 8 or 80 in Belarus, where a number may begin with 8 too.
    fn without_trunk<'a>(&self, digits: &'a str) -> &'a str {
        let trunk = match self.text.as_str() {
            _ if self.keeps_zero => return digits,
            "36" => "06",
            "1" | "692" => "1",
            "7" | "375" | "993" => "8",
            _ => "0",
        };
        match digits.strip_prefix(trunk) {
            Some(rest) if trunk != "8" => rest,
            Some(rest) if rest.len() >= self.least => rest.strip_prefix('0').unwrap_or(rest),
            _ => digits,
        }
    }
}

/// The digits, and whether a `+` or 00 stands before them. `None` where something else stands there.
fn read(text: &str) -> Option<(Zeroizing<String>, bool)> {
    // The capacity is there from the start: growing would leave a copy behind that nobody wipes.
    let mut digits = Zeroizing::new(String::with_capacity(TYPED));
    let mut abroad = false;
    for c in text.chars() {
        match Typed::of(c) {
            Typed::Digit(digit) if digits.len() < TYPED => digits.push(digit),
            Typed::Other if matches!(c, '+' | '\u{FF0B}') && digits.is_empty() && !abroad => abroad = true,
            Typed::Other if !matches!(c, '(' | ')' | '[' | ']' | '\u{FF08}' | '\u{FF09}') => return None,
            _ => {}
        }
    }
    if !abroad && digits.starts_with("00") {
        let rest = Zeroizing::new(digits.split_at(2).1.to_owned());
        return Some((rest, true));
    }
    Some((digits, abroad))
}

/// The fewest digits that an entry of [`LENGTHS`] can have.
const LEAST: usize = 4;

/// An entry of [`LENGTHS`].
const fn of(calling_code: u16, least: u16, most: u16) -> u16 {
    calling_code << 6 | (least - 4) << 3 | (most - least)
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
