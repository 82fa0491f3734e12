//! What a payment costs: published schedules, one a method and currency, and exact arithmetic on them.
//!
//! A method without a schedule in the order's currency is not on offer in that currency. The other two
//! readings would surprise somebody: no fee, the provider; a schedule in another currency, the shopper,
//! because it needs a rate that nobody has agreed to. A method that is free has a schedule that says so.

mod law;
mod schedule;
mod words;

pub use law::{Country, CountryError, Surcharge, surcharge};
pub use schedule::{FeeSchedule, ScheduleError, Small, Terms};

use farthing_protocol::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

/// The most schedules that one merchant has.
pub const SCHEDULES: usize = 64;

/// A way to pay, as far as fees tell ways apart. Others come beside `card`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// A payment card.
    Card,
}

/// Who pays the fee.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// The merchant: it is taken from what the merchant is owed.
    Merchant,
    /// The shopper: it is added to what the shopper agrees to. Only where the law allows it: [`surcharge`].
    Shopper,
}

/// What one payment costs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Minor units of the payment's currency: at least 0, at most the subtotal, whoever bears it. A sale
    /// never leaves its merchant in debt, and a shopper never pays more than twice the price.
    pub amount: i64,
    /// Who pays it.
    pub bearer: Bearer,
    /// What rounding to whole minor units left over.
    pub remainder: Remainder,
}

impl Fee {
    /// What the shopper pays: the subtotal, with the fee where the shopper bears it. More than
    /// [`AMOUNT_MINOR`](farthing_protocol::limits::AMOUNT_MINOR) is refused.
    pub fn total(self, subtotal: Money) -> Result<Money, MoneyError> {
        match self.bearer {
            Bearer::Merchant => Ok(subtotal),
            Bearer::Shopper => {
                let total = subtotal.minor().saturating_add(self.amount);
                Money::new(total, subtotal.currency())
            }
        }
    }

    /// What the merchant is owed, in minor units: the subtotal, less the fee where the merchant bears it.
    /// At least 0.
    #[must_use]
    pub fn due_to_merchant(self, subtotal: Money) -> i64 {
        match self.bearer {
            Bearer::Merchant => subtotal.minor().saturating_sub(self.amount),
            Bearer::Shopper => subtotal.minor(),
        }
    }
}

/// The exact fee less the booked one, in ten-thousandths of a minor unit; negative where more was booked than
/// was owed. −5000 to 5000 for one payment. It is no money, since nobody can be paid it, but the sum over a
/// merchant's payments says to the last ten-thousandth what rounding has cost whom.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Remainder(pub i64);

/// A merchant's schedules: at most one for a method and currency, each lawful where the merchant is.
#[derive(Clone, Debug, Default)]
pub struct FeeSchedules(Vec<FeeSchedule>);

impl FeeSchedules {
    /// Takes `schedules` together, for a merchant who is registered in `country`.
    pub fn new(schedules: Vec<FeeSchedule>, country: Option<Country>) -> Result<Self, ScheduleError> {
        if schedules.len() > SCHEDULES {
            return Err(ScheduleError::TooMany);
        }
        for (index, schedule) in schedules.iter().enumerate() {
            let Terms { method, currency, .. } = *schedule.terms();
            let before = schedules.iter().take(index);
            if before.into_iter().any(|other| other.is_for(method, currency)) {
                return Err(ScheduleError::Twice(currency));
            }
            if schedule.terms().bearer == Bearer::Shopper {
                match surcharge(method, country) {
                    Surcharge::Allowed => {}
                    Surcharge::Forbidden(law) => return Err(ScheduleError::SurchargeForbidden(law)),
                    Surcharge::Unknown => return Err(ScheduleError::SurchargeUnknown),
                }
            }
        }
        Ok(Self(schedules))
    }

    /// The schedule for `method` in `currency`; `None` where the method is not on offer in it.
    #[must_use]
    pub fn find(&self, method: MethodKind, currency: Currency) -> Option<&FeeSchedule> {
        self.0.iter().find(|schedule| schedule.is_for(method, currency))
    }

    /// Every schedule, as it is published.
    pub fn iter(&self) -> impl Iterator<Item = &FeeSchedule> {
        self.0.iter()
    }
}
