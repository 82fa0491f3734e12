//! Brands by the first digits of a number, as the schemes publish them.
//!
//! - UnionPay has all of 62. Discover's 622126–622925 are UnionPay's own cards, which Discover's network
//!   carries abroad: UnionPay is what stands on them, so UnionPay wins.
//! - Local schemes that Farthing does not name (Elo, Verve, Troy, RuPay, Mir …) have no brand, except where
//!   they sit inside a range of an international brand, as Elo does in 4 and 65: those count as that brand.
//! - Maestro has no claim on the rest of 6, as some tables say: a guess there would be wrong too often.

use farthing_protocol::CardBrand::{
    self, Amex, CartesBancaires, Dankort, Diners, Discover, Jcb, Maestro, Mastercard, Unionpay, Visa,
};

use crate::digits;

/// How many digits decide about the brand.
const PREFIX_DIGITS: usize = 6;

/// First and last prefix of six digits, both included; ascending, without overlap. Neighbours of one brand
/// are one row, so that a shorter prefix is decided exactly when one row holds all that it can become.
const RANGES: &[(u32, u32, CardBrand)] = &[
    (222_100, 272_099, Mastercard),
    (300_000, 305_999, Diners),
    (309_500, 309_599, Diners),
    (340_000, 349_999, Amex),
    (352_800, 358_999, Jcb),
    (360_000, 369_999, Diners),
    (370_000, 379_999, Amex),
    (380_000, 399_999, Diners),
    (400_000, 499_999, Visa),
    // The gaps in 50 are Elo (504175, 506699–506778, 509) and Verve (506099–506198, 507865–507964).
    (500_000, 504_174, Maestro),
    (504_176, 506_098, Maestro),
    (506_199, 506_698, Maestro),
    (506_779, 507_864, Maestro),
    (507_965, 508_999, Maestro),
    (510_000, 559_999, Mastercard),
    (560_000, 599_999, Maestro),
    (601_100, 601_199, Discover),
    (620_000, 629_999, Unionpay),
    (630_400, 630_499, Maestro),
    (644_000, 659_999, Discover),
    (670_000, 679_999, Maestro),
    (810_000, 819_999, Unionpay),
];

/// What a brand asks of its numbers and codes.
pub struct BrandRules {
    /// How many digits a number may have, ascending.
    pub lengths: &'static [usize],
    /// How many it nearly always has: where a wrong checksum is a slip and not a number half typed.
    pub usual_length: usize,
    /// How many digits stand before each space, for numbers up to the usual length.
    pub gaps: &'static [usize],
    /// How many digits the security code has, at least and at most.
    pub security_code_digits: (usize, usize),
}

const FOURS: &[usize] = &[4, 8, 12, 16];

const fn brand_rules(
    lengths: &'static [usize],
    usual_length: usize,
    gaps: &'static [usize],
    code: usize,
) -> BrandRules {
    BrandRules {
        lengths,
        usual_length,
        gaps,
        security_code_digits: (code, code),
    }
}

const TWELVE_TO_NINETEEN: &[usize] = &[12, 13, 14, 15, 16, 17, 18, 19];

static VISA: BrandRules = brand_rules(&[16, 18, 19], 16, FOURS, 3);
static MASTERCARD: BrandRules = brand_rules(&[16], 16, FOURS, 3);
static AMEX: BrandRules = brand_rules(&[15], 15, &[4, 10], 4);
static DISCOVER: BrandRules = brand_rules(&[16, 19], 16, FOURS, 3);
static DINERS: BrandRules = brand_rules(&[14, 16, 19], 14, &[4, 10], 3);
static JCB: BrandRules = brand_rules(&[16, 17, 18, 19], 16, FOURS, 3);
static UNIONPAY: BrandRules = brand_rules(&[14, 15, 16, 17, 18, 19], 16, FOURS, 3);
static MAESTRO: BrandRules = brand_rules(TWELVE_TO_NINETEEN, 16, FOURS, 3);
/// Any card of ISO/IEC 7812, with a code of either length.
static UNKNOWN: BrandRules = BrandRules {
    lengths: TWELVE_TO_NINETEEN,
    usual_length: 16,
    gaps: FOURS,
    security_code_digits: (3, 4),
};

/// The rules of a brand, or of a card whose brand is not known (yet).
#[must_use]
pub fn rules(brand: Option<CardBrand>) -> &'static BrandRules {
    match brand {
        Some(Visa | CartesBancaires | Dankort) => &VISA,
        Some(Mastercard) => &MASTERCARD,
        Some(Amex) => &AMEX,
        Some(Discover) => &DISCOVER,
        Some(Diners) => &DINERS,
        Some(Jcb) => &JCB,
        Some(Unionpay) => &UNIONPAY,
        Some(Maestro) => &MAESTRO,
        None => &UNKNOWN,
    }
}

impl BrandRules {
    /// The most digits that a number may have.
    #[must_use]
    pub fn max_length(&self) -> usize {
        self.lengths.last().copied().unwrap_or(self.usual_length)
    }

    /// Where the spaces stand in a number of `length` digits: how many digits precede each.
    pub(crate) fn gaps_at(&self, length: usize) -> &'static [usize] {
        // A Diners number of 14 digits is read 4-6-4; its longer ones in fours, like everybody's.
        if length > self.usual_length && self.max_length() > self.usual_length {
            FOURS
        } else {
            self.gaps
        }
    }
}

/// The brand of a number as typed so far, as soon as every number that begins so has the same brand.
#[must_use]
pub fn brand(text: &str) -> Option<CardBrand> {
    of_digits(&digits::keep(text))
}

/// As [`brand`], of ASCII digits.
pub(crate) fn of_digits(digits: &str) -> Option<CardBrand> {
    let (mut low, mut high) = (0, 0);
    let mut typed = digits.bytes();
    for _ in 0..PREFIX_DIGITS {
        let (least, most) = typed.next().map_or((0, 9), |byte| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            (digit, digit)
        });
        (low, high) = (low * 10 + least, high * 10 + most);
    }
    let (.., brand) = RANGES
        .iter()
        .find(|(first, last, _)| *first <= low && high <= *last)?;
    Some(*brand)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_ascend_and_neighbours_differ() {
        for pair in RANGES.windows(2) {
            let ((first, last, brand), (next, _, other)) = (pair[0], pair[1]);
            assert!(first <= last && last < next, "{last} {next}");
            assert!(last + 1 < next || brand != other, "{last} and {next} are one row");
        }
    }

    #[test]
    fn a_brand_is_known_as_soon_as_it_is_decided() {
        let known = [
            ("4", Some(Visa)),
            ("51", Some(Mastercard)),
            ("55", Some(Mastercard)),
            ("34", Some(Amex)),
            ("37", Some(Amex)),
            ("36", Some(Diners)),
            ("38", Some(Diners)),
            ("39", Some(Diners)),
            ("300", Some(Diners)),
            ("305", Some(Diners)),
            ("3095", Some(Diners)),
            ("3528", Some(Jcb)),
            ("353", Some(Jcb)),
            ("3589", Some(Jcb)),
            ("6011", Some(Discover)),
            ("644", Some(Discover)),
            ("65", Some(Discover)),
            ("62", Some(Unionpay)),
            ("622126", Some(Unionpay)),
            ("622925", Some(Unionpay)),
            ("81", Some(Unionpay)),
            ("2221", Some(Mastercard)),
            ("223", Some(Mastercard)),
            ("23", Some(Mastercard)),
            ("271", Some(Mastercard)),
            ("2720", Some(Mastercard)),
            ("501", Some(Maestro)),
            ("56", Some(Maestro)),
            ("6304", Some(Maestro)),
            ("6759", Some(Maestro)),
            ("676770", Some(Maestro)),
            ("", None),
            ("2", None),
            ("22", None),
            ("222", None),
            ("2220", None),
            ("27", None),
            ("272", None),
            ("2721", None),
            ("3", None),
            ("30", None),
            ("306", None),
            ("309", None),
            ("3096", None),
            ("35", None),
            ("352", None),
            ("3527", None),
            ("359", None),
            ("5", None),
            ("50", None),
            ("504175", None),
            ("509", None),
            ("6", None),
            ("60", None),
            ("6010", None),
            ("64", None),
            ("643", None),
            ("2200", None),
            ("9", None),
            ("0", None),
        ];
        for (typed, expected) in known {
            assert_eq!(brand(typed), expected, "{typed}");
        }
        assert_eq!(brand("３７８２ ８２"), Some(Amex));
        assert_eq!(brand("no number"), None);
    }

    #[test]
    fn the_table_of_lengths_is_in_order() {
        let all = [Visa, Mastercard, Amex, Discover, Diners, Jcb, Unionpay, Maestro].map(Some);
        for brand in all.into_iter().chain([None]) {
            let rules = rules(brand);
            assert!(rules.lengths.is_sorted() && rules.lengths.contains(&rules.usual_length));
            assert!(rules.lengths.iter().all(|length| (12..=19).contains(length)));
            assert!(rules.gaps.is_sorted());
            assert_eq!(
                rules.security_code_digits.1,
                if matches!(brand, Some(Amex) | None) { 4 } else { 3 }
            );
        }
    }

    proptest! {
        #[test]
        fn a_known_brand_stays(number in "[0-9]{1,19}", cut in 0usize..19) {
            let early = brand(&number[..cut.min(number.len())]);
            if early.is_some() {
                prop_assert_eq!(brand(&number), early);
            }
        }
    }
}
