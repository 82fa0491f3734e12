//! Small payments of which a bank need not ask whether it is the shopper: Regulation (EU) 2018/389 (the technical standards
//! to PSD2), Article 16. Who decides is the bank's side of a payment: this is the rule that it decides by.

use farthing_protocol::{Currency, Money};

/// The bounds within which it does not ask.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LowValue {
    currency: Currency,
    /// A payment's amount at the most, in minor units.
    each: i64,
    since: SinceAsked,
}

/// What is counted since the shopper last showed that it is them. The law lets the bank choose one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SinceAsked {
    /// The payments' sum, at the most, in minor units.
    Sum(i64),
    /// How many payments, at the most.
    Count(u32),
}

/// What was paid by one instrument without being asked, since it was last asked and answered.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Unasked {
    /// The payments' sum, in minor units of the bounds' currency.
    pub sum: i64,
    /// How many.
    pub count: u32,
}

/// The law's bounds, in euro cents.
const EACH: i64 = 3_000;
const SUM: i64 = 10_000;
const COUNT: u32 = 5;

/// Bounds that are none, or wider than the law's.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LowValueError {
    /// One of them is less than one, or the sum is less than one payment may be.
    #[error("each bound must be at least 1, and the sum at least what each payment may be")]
    Narrow,
    /// In euro there is a limit to them, and to how many in any currency.
    #[error("the law allows at most 3000 for each in EUR, and 10000 for all or 5 payments")]
    Wide,
}

impl LowValue {
    /// Bounds for payments in `currency`; in another no payment is exempt.
    pub fn new(currency: Currency, each: i64, since: SinceAsked) -> Result<Self, LowValueError> {
        let (narrow, wide) = match since {
            SinceAsked::Sum(sum) => (sum < each, sum > SUM),
            SinceAsked::Count(count) => (count < 1, count > COUNT),
        };
        let in_euro = currency.as_str() == "EUR";
        if each < 1 || narrow {
            Err(LowValueError::Narrow)
        } else if (in_euro && (each > EACH || wide)) || matches!(since, SinceAsked::Count(_)) && wide {
            Err(LowValueError::Wide)
        } else {
            Ok(Self {
                currency,
                each,
                since,
            })
        }
    }

    /// What is unasked for once a payment of `total` is made without asking; `None` where the bank has to ask. The payment
    /// itself counts: the law looks at those before it alone, and allows one more.
    #[must_use]
    pub fn exempt(self, unasked: Unasked, total: Money) -> Option<Unasked> {
        if total.currency() != self.currency || total.minor() > self.each {
            return None;
        }
        let then = Unasked {
            sum: unasked.sum.checked_add(total.minor())?,
            count: unasked.count.checked_add(1)?,
        };
        let within = match self.since {
            SinceAsked::Sum(most) => then.sum <= most,
            SinceAsked::Count(most) => then.count <= most,
        };
        within.then_some(then)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn bounds() -> impl Strategy<Value = LowValue> {
        let since = prop_oneof![
            (3_000..=SUM).prop_map(SinceAsked::Sum),
            (1..=COUNT).prop_map(SinceAsked::Count),
        ];
        (1..=EACH, since).prop_map(|(each, since)| LowValue::new(currency("EUR"), each, since).unwrap())
    }

    /// A payment, and whether the shopper answers where they are asked.
    fn payments() -> impl Strategy<Value = Vec<(i64, bool, bool)>> {
        prop::collection::vec((1..4_000_i64, any::<bool>(), prop::bool::weighted(0.1)), 1..200)
    }

    proptest! {
        /// Computed by hand from the whole history, and not from what is carried along.
        #[test]
        fn between_two_answers_no_more_goes_unasked_than_the_bounds_say(
            bounds in bounds(),
            payments in payments(),
        ) {
            let (mut unasked, mut since) = (Unasked::default(), Vec::new());
            for (minor, answers, dollars) in payments {
                let total = Money::new(minor, currency(if dollars { "USD" } else { "EUR" })).unwrap();
                match bounds.exempt(unasked, total) {
                    Some(then) => {
                        unasked = then;
                        since.push(minor);
                        prop_assert!(!dollars && minor <= bounds.each);
                        match bounds.since {
                            SinceAsked::Sum(most) => prop_assert!(since.iter().sum::<i64>() <= most),
                            SinceAsked::Count(most) => {
                                prop_assert!(since.len() <= usize::try_from(most).unwrap());
                            }
                        }
                    }
                    None => {
                        // It asks only where it has to.
                        let one_more = since.iter().sum::<i64>() + minor;
                        let full = match bounds.since {
                            SinceAsked::Sum(most) => one_more > most,
                            SinceAsked::Count(most) => since.len() >= usize::try_from(most).unwrap(),
                        };
                        prop_assert!(dollars || minor > bounds.each || full);
                        if answers {
                            (unasked, since) = (Unasked::default(), Vec::new());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_laws_bounds_are_the_widest() {
        let eur = |each, since| LowValue::new(currency("EUR"), each, since);
        for since in [SinceAsked::Sum(10_000), SinceAsked::Count(5)] {
            assert!(eur(3_000, since).is_ok());
            assert_eq!(eur(3_001, since), Err(LowValueError::Wide));
            assert_eq!(eur(0, since), Err(LowValueError::Narrow));
        }
        assert_eq!(eur(3_000, SinceAsked::Sum(10_001)), Err(LowValueError::Wide));
        assert_eq!(eur(3_000, SinceAsked::Sum(2_999)), Err(LowValueError::Narrow));
        assert_eq!(eur(3_000, SinceAsked::Count(6)), Err(LowValueError::Wide));
        assert_eq!(eur(3_000, SinceAsked::Count(0)), Err(LowValueError::Narrow));
        // What the law's euros are in another currency is for who configures it.
        assert!(LowValue::new(currency("JPY"), 5_000, SinceAsked::Sum(16_000)).is_ok());
        let many = LowValue::new(currency("JPY"), 5_000, SinceAsked::Count(6));
        assert_eq!(many, Err(LowValueError::Wide));
    }
}
