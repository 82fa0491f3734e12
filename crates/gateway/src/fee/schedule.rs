use farthing_protocol::{Currency, Money, MoneyError, limits};
use serde::{Deserialize, Serialize};

use super::{Bearer, Fee, MethodKind, Remainder};
use crate::currency;

/// Basis points in the whole.
const WHOLE_BP: u32 = 10_000;

/// A fee schedule as it is written and published. Amounts are minor units of `currency`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// For which way to pay.
    pub method: MethodKind,
    /// For payments in this currency, and the currency of every amount here.
    pub currency: Currency,
    /// Who pays the fee.
    pub bearer: Bearer,
    /// What every payment costs.
    pub fixed: i64,
    /// What it costs on top, in basis points (hundredths of a percent) of the subtotal.
    pub rate_bp: u32,
    /// The fee is at least this.
    #[serde(default)]
    pub floor: i64,
    /// The fee is at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
    /// Other terms for small payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small: Option<Small>,
}

/// What small payments cost, where the whole fixed part would eat the sale. Floor and cap are not for these.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Small {
    /// A payment is small when its subtotal is below this.
    pub below: i64,
    /// As [`Terms::fixed`].
    pub fixed: i64,
    /// As [`Terms::rate_bp`].
    pub rate_bp: u32,
}

/// A fee schedule that is in order: [`Terms`] within their bounds, which say one thing.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct FeeSchedule {
    terms: Terms,
    decimals: u8,
}

/// Why a schedule, or a merchant's list of them, was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ScheduleError {
    /// Not in force in ISO 4217, or without minor units.
    #[error("the currency is not one in force in ISO 4217")]
    Currency,
    /// The named amount is out of bounds.
    #[error("{0} is not between 0 and 100,000,000 minor units")]
    Amount(&'static str),
    /// The named rate is out of bounds.
    #[error("{0} is more than 10000 basis points, which are the whole payment")]
    Rate(&'static str),
    /// No fee is both.
    #[error("floor and fixed are at most cap")]
    Cap,
    /// A bound on what does not vary.
    #[error("floor and cap bound a rate; without one, write what a payment costs as fixed")]
    Unrated,
    /// A tier for no payment, or one that takes the whole of each.
    #[error("small.below is more than 1, and more than small.fixed")]
    Small,
    /// Two schedules for one method in this currency.
    #[error("there are two schedules for one method in {0}; leave one")]
    Twice(Currency),
    /// More than [`SCHEDULES`](super::SCHEDULES).
    #[error("there are more than 64 schedules")]
    TooMany,
    /// A law forbids it.
    #[error("the shopper may not be charged for this method: {0}. Let the merchant bear the fee")]
    SurchargeForbidden(&'static str),
    /// No law is recorded that allows it.
    #[error(
        "it is not known that the shopper may be charged for this method where the merchant is registered: \
         let the merchant bear the fee"
    )]
    SurchargeUnknown,
}

impl FeeSchedule {
    /// What is published.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How many decimals its currency has.
    pub(super) fn decimals(&self) -> u8 {
        self.decimals
    }

    pub(super) fn is_for(&self, method: MethodKind, currency: Currency) -> bool {
        self.terms.method == method && self.terms.currency == currency
    }

    /// What a payment of `subtotal` costs: computed exactly, then rounded once, half to even, to a minor
    /// unit.
    pub fn fee(&self, subtotal: Money) -> Result<Fee, MoneyError> {
        let terms = &self.terms;
        if subtotal.currency() != terms.currency {
            return Err(MoneyError::Mixed);
        }
        // Reading Money from JSON checks no bound.
        let paid = Money::new(subtotal.minor(), subtotal.currency())?.minor();
        let small = terms.small.filter(|small| paid < small.below);
        let exact = match small {
            Some(small) => exact(paid, small.fixed, small.rate_bp),
            None => exact(paid, terms.fixed, terms.rate_bp)
                .max(units(terms.floor))
                .min(units(terms.cap.unwrap_or(paid))),
        }
        .min(units(paid));
        let booked = half_even(exact);
        Ok(Fee {
            amount: i64::try_from(booked).map_err(|_| MoneyError::Amount)?,
            bearer: terms.bearer,
            remainder: Remainder(
                i64::try_from(exact - booked * i128::from(WHOLE_BP)).map_err(|_| MoneyError::Amount)?,
            ),
        })
    }
}

/// Minor units in ten-thousandths. A basis point of a minor unit is one of them, so nothing here divides.
fn units(minor: i64) -> i128 {
    i128::from(minor) * i128::from(WHOLE_BP)
}

fn exact(paid: i64, fixed: i64, rate_bp: u32) -> i128 {
    units(fixed) + i128::from(paid) * i128::from(rate_bp)
}

/// Ten-thousandths rounded to whole minor units; of two that are equally near, to the even one.
fn half_even(exact: i128) -> i128 {
    let whole = i128::from(WHOLE_BP);
    let (down, rest) = (exact.div_euclid(whole), exact.rem_euclid(whole));
    let up = 2 * rest > whole || (2 * rest == whole && down % 2 != 0);
    down + i128::from(up)
}

impl TryFrom<Terms> for FeeSchedule {
    type Error = ScheduleError;

    fn try_from(terms: Terms) -> Result<Self, ScheduleError> {
        let decimals = currency::decimals(terms.currency).ok_or(ScheduleError::Currency)?;
        amount("fixed", terms.fixed)?;
        rate("rate_bp", terms.rate_bp)?;
        amount("floor", terms.floor)?;
        if let Some(cap) = terms.cap {
            amount("cap", cap)?;
            if terms.floor > cap || terms.fixed > cap {
                return Err(ScheduleError::Cap);
            }
        }
        if terms.rate_bp == 0 && (terms.floor > 0 || terms.cap.is_some()) {
            return Err(ScheduleError::Unrated);
        }
        if let Some(small) = terms.small {
            amount("small.below", small.below)?;
            amount("small.fixed", small.fixed)?;
            rate("small.rate_bp", small.rate_bp)?;
            if small.below < 2 || small.below <= small.fixed {
                return Err(ScheduleError::Small);
            }
        }
        Ok(Self { terms, decimals })
    }
}

impl From<FeeSchedule> for Terms {
    fn from(schedule: FeeSchedule) -> Self {
        schedule.terms
    }
}

fn amount(field: &'static str, minor: i64) -> Result<(), ScheduleError> {
    if (0..=limits::AMOUNT_MINOR).contains(&minor) {
        Ok(())
    } else {
        Err(ScheduleError::Amount(field))
    }
}

fn rate(field: &'static str, bp: u32) -> Result<(), ScheduleError> {
    if bp <= WHOLE_BP {
        Ok(())
    } else {
        Err(ScheduleError::Rate(field))
    }
}
