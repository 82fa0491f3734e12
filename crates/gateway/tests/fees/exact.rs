use farthing_gateway::fee::{Bearer, Fee, FeeSchedule, MethodKind, Remainder, Small, Terms};
use farthing_protocol::limits;
use proptest::prelude::*;

use super::{currency, eur, plain, schedule, usual};

/// A fraction, in lowest terms: the model's own arithmetic, which shares nothing with the code's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Fraction {
    over: i128,
    under: i128,
}

impl Fraction {
    fn new(over: i128, under: i128) -> Self {
        let (mut a, mut b) = (over.abs(), under);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let common = a.max(1);
        Self {
            over: over / common,
            under: under / common,
        }
    }

    fn whole(minor: i64) -> Self {
        Self::new(i128::from(minor), 1)
    }

    fn plus(self, other: Self) -> Self {
        Self::new(
            self.over * other.under + other.over * self.under,
            self.under * other.under,
        )
    }

    fn less(self, other: Self) -> Self {
        self.plus(Self::new(-other.over, other.under))
    }

    fn is_below(self, other: Self) -> bool {
        self.over * other.under < other.over * self.under
    }
}

/// The fee as the terms say it in words, exactly.
fn model(terms: &Terms, paid: i64) -> Fraction {
    let (fixed, rate_bp, bounded) = match terms.small {
        Some(small) if paid < small.below => (small.fixed, small.rate_bp, false),
        _ => (terms.fixed, terms.rate_bp, true),
    };
    let share = Fraction::new(i128::from(rate_bp) * i128::from(paid), 10_000);
    let mut fee = Fraction::whole(fixed).plus(share);
    if bounded {
        let floor = Fraction::whole(terms.floor);
        if fee.is_below(floor) {
            fee = floor;
        }
        if let Some(cap) = terms.cap.map(Fraction::whole)
            && cap.is_below(fee)
        {
            fee = cap;
        }
    }
    let all = Fraction::whole(paid);
    if all.is_below(fee) { all } else { fee }
}

/// Of the whole numbers around `exact`, the one with the smallest distance; of two, the even one.
fn nearest(exact: Fraction) -> i64 {
    let around = i64::try_from(exact.over / exact.under).unwrap();
    let distance = |candidate: i64| {
        let gap = exact.less(Fraction::whole(candidate));
        Fraction::new(gap.over.abs(), gap.under)
    };
    let mut best = around - 1;
    for candidate in [around, around + 1] {
        let (new, old) = (distance(candidate), distance(best));
        if new.is_below(old) || (new == old && candidate % 2 == 0) {
            best = candidate;
        }
    }
    best
}

/// Small numbers and large ones, so that every bound is met.
fn minor() -> impl Strategy<Value = i64> {
    prop_oneof![0i64..=300, 0i64..=100_000, 0i64..=limits::AMOUNT_MINOR]
}

fn paid() -> impl Strategy<Value = i64> {
    prop_oneof![1i64..=300, 1i64..=100_000, 1i64..=limits::AMOUNT_MINOR]
}

fn terms() -> impl Strategy<Value = Terms> {
    let rate = || prop_oneof![0u32..=300, 0u32..=10_000];
    let small = proptest::option::of(
        (minor(), minor(), rate()).prop_map(|(below, fixed, rate_bp)| Small {
            below,
            fixed,
            rate_bp,
        }),
    );
    let bearer = prop_oneof![Just(Bearer::Merchant), Just(Bearer::Shopper)];
    (
        minor(),
        rate(),
        minor(),
        proptest::option::of(minor()),
        small,
        bearer,
    )
        .prop_map(|(fixed, rate_bp, floor, cap, small, bearer)| Terms {
            method: MethodKind::Card,
            currency: currency("EUR"),
            bearer,
            fixed,
            rate_bp,
            floor,
            cap,
            small,
        })
        .prop_filter("terms that are in order", |terms| {
            FeeSchedule::try_from(*terms).is_ok()
        })
}

fn fee(terms: &Terms, paid: i64) -> Fee {
    schedule(*terms).fee(eur(paid)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        max_global_rejects: 100_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_fee_is_the_exact_one_rounded_once(terms in terms(), paid in paid()) {
        let fee = fee(&terms, paid);
        let exact = model(&terms, paid);
        prop_assert_eq!(fee.amount, nearest(exact));
        prop_assert_eq!(fee.bearer, terms.bearer);
        let rest = exact.less(Fraction::whole(fee.amount));
        prop_assert_eq!(Fraction::new(i128::from(fee.remainder.0), 10_000), rest);
        prop_assert!((-5_000..=5_000).contains(&fee.remainder.0));
    }

    #[test]
    fn a_fee_is_never_more_than_the_sale(terms in terms(), paid in paid()) {
        let fee = fee(&terms, paid);
        prop_assert!((0..=paid).contains(&fee.amount));
        prop_assert!(fee.due_to_merchant(eur(paid)) >= 0);
        if let Ok(total) = fee.total(eur(paid)) {
            // Whoever bears it: what comes in is what the merchant is owed and the fee.
            prop_assert_eq!(total.minor(), fee.due_to_merchant(eur(paid)) + fee.amount);
        }
    }

    #[test]
    fn floor_and_cap_hold(terms in terms(), paid in paid()) {
        prop_assume!(terms.small.is_none_or(|small| paid >= small.below));
        let fee = fee(&terms, paid);
        prop_assert!(fee.amount >= terms.floor.min(paid));
        prop_assert!(terms.cap.is_none_or(|cap| fee.amount <= cap));
    }

    #[test]
    fn within_a_tier_more_costs_no_less(terms in terms(), one in paid(), other in paid()) {
        let (less, more) = (one.min(other), one.max(other));
        prop_assume!(terms.small.is_none_or(|small| (less < small.below) == (more < small.below)));
        let (less, more) = (fee(&terms, less), fee(&terms, more));
        prop_assert!(less.amount <= more.amount);
    }

    #[test]
    fn nothing_is_lost_over_many_payments(
        terms in terms(),
        payments in proptest::collection::vec(paid(), 1..50),
    ) {
        let exact = payments.iter().fold(Fraction::whole(0), |sum, paid| sum.plus(model(&terms, *paid)));
        let fees: Vec<Fee> = payments.iter().map(|paid| fee(&terms, *paid)).collect();
        let booked: i64 = fees.iter().map(|fee| fee.amount).sum();
        let rest: i64 = fees.iter().map(|fee| fee.remainder.0).sum();
        let accounted = Fraction::whole(booked).plus(Fraction::new(i128::from(rest), 10_000));
        prop_assert_eq!(accounted, exact);
    }
}

#[test]
fn halves_go_to_the_even_unit() {
    // 50 basis points of a whole hundred are a half.
    for (paid, booked, remainder) in [
        (100, 0, 5_000),
        (300, 2, -5_000),
        (500, 2, 5_000),
        (700, 4, -5_000),
        (99, 0, 4_950),
        (101, 1, -4_950),
    ] {
        let fee = fee(&plain(0, 50), paid);
        assert_eq!(
            (fee.amount, fee.remainder),
            (booked, Remainder(remainder)),
            "{paid}"
        );
    }
    // As many up as down: what rounding costs does not grow.
    let rests: i64 = (1..=400).map(|paid| fee(&plain(0, 50), paid).remainder.0).sum();
    assert_eq!(rests, 0);
}

#[test]
fn each_part_of_a_schedule_is_met() {
    for (paid, booked, remainder) in [
        (1, 1, 0),        // the whole sale, of 2.019
        (2, 2, 0),        // the whole sale, of 2.038
        (100, 4, -1_000), // small: 2 + 1.9
        (499, 11, 4_810), // small: 2 + 9.481
        (500, 12, 0),     // 5 + 7
        (1_000, 19, 0),   // 5 + 14
        (1_234, 22, 2_760),
        (13_928, 200, -80), // 5 + 194.992
        (13_929, 200, 0),   // the cap, of 200.006
        (limits::AMOUNT_MINOR, 200, 0),
    ] {
        let fee = fee(&usual(), paid);
        assert_eq!(
            (fee.amount, fee.remainder),
            (booked, Remainder(remainder)),
            "{paid}"
        );
    }
    let floor = Terms {
        small: None,
        ..usual()
    };
    for (paid, booked) in [(1, 1), (6, 6), (7, 7), (142, 7), (143, 7), (250, 8)] {
        assert_eq!(fee(&floor, paid).amount, booked, "{paid}");
    }
}
