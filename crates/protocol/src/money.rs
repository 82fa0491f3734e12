use std::fmt;

use serde::{Deserialize, Serialize, de};

use crate::limits;

/// Why an amount or a currency was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MoneyError {
    /// Zero, negative, or more than [`limits::AMOUNT_MINOR`].
    Amount,
    /// Not three capital letters.
    Currency,
    /// Two amounts in different currencies were put together.
    Mixed,
}

/// An ISO 4217 code: three capital letters. That the code is in force is for the provider to check.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Accepts three capital ASCII letters.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(MoneyError::Currency),
        }
    }

    /// The code, `EUR`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Three ASCII letters by construction, so the empty text is never returned.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| de::Error::custom("a currency is three capital letters (ISO 4217)"))
    }
}

/// A positive amount of one currency, in its minor units: 150 EUR is €1.50, 150 JPY is ¥150.
///
/// Reading JSON does not check the bound: it comes with [`Money::new`], which every edge calls.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = crate::limits::AMOUNT_MINOR)))]
    amount: i64,
    currency: Currency,
}

impl Money {
    /// `minor` units of `currency`: at least 1, at most [`limits::AMOUNT_MINOR`].
    pub fn new(minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        if (1..=limits::AMOUNT_MINOR).contains(&minor) {
            Ok(Self {
                amount: minor,
                currency,
            })
        } else {
            Err(MoneyError::Amount)
        }
    }

    /// The sum of amounts in `currency`, within the same bound; an empty sum is refused as zero is.
    pub fn sum(currency: Currency, minors: impl IntoIterator<Item = i64>) -> Result<Self, MoneyError> {
        let mut total: i64 = 0;
        for minor in minors {
            total = total
                .checked_add(Self::new(minor, currency)?.amount)
                .ok_or(MoneyError::Amount)?;
        }
        Self::new(total, currency)
    }

    /// Minor units.
    #[must_use]
    pub fn minor(self) -> i64 {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur() -> Currency {
        Currency::parse("EUR").unwrap()
    }

    #[test]
    fn currencies_are_three_capitals() {
        for bad in ["", "EU", "EURO", "eur", "E R", "€uro", "123"] {
            assert_eq!(Currency::parse(bad), Err(MoneyError::Currency), "{bad}");
        }
    }

    #[test]
    fn amounts_are_positive_and_bounded() {
        for bad in [0, -1, i64::MIN, i64::MAX, limits::AMOUNT_MINOR + 1] {
            assert_eq!(Money::new(bad, eur()), Err(MoneyError::Amount), "{bad}");
        }
        assert_eq!(Money::sum(eur(), []), Err(MoneyError::Amount));
        assert_eq!(
            Money::sum(eur(), [limits::AMOUNT_MINOR, 1]),
            Err(MoneyError::Amount)
        );
    }

    proptest! {
        #[test]
        fn a_sum_is_the_sum_or_an_error(minors in proptest::collection::vec(any::<i64>(), 0..20)) {
            let exact: i128 = minors.iter().map(|m| i128::from(*m)).sum();
            match Money::sum(eur(), minors.iter().copied()) {
                Ok(total) => prop_assert_eq!(i128::from(total.minor()), exact),
                Err(error) => {
                    prop_assert_eq!(error, MoneyError::Amount);
                    let bound = i128::from(limits::AMOUNT_MINOR);
                    let bad_part = minors.iter().any(|m| *m < 1 || i128::from(*m) > bound);
                    prop_assert!(bad_part || exact < 1 || exact > bound);
                }
            }
        }
    }
}
