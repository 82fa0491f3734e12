//! Fee schedules: what they accept, what they say, what the law says of them. The arithmetic is in `exact`.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod exact;

use farthing_gateway::fee::{
    Bearer, Country, FeeSchedule, FeeSchedules, MethodKind, SCHEDULES, ScheduleError, Small, Surcharge,
    Terms, surcharge,
};
use farthing_protocol::{Currency, Money, MoneyError, limits};
use serde_json::{Value, json};

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn eur(minor: i64) -> Money {
    Money::new(minor, currency("EUR")).unwrap()
}

fn country(code: &str) -> Option<Country> {
    Some(Country::parse(code).unwrap())
}

/// €0.05 + 1.4 %, between €0.07 and €2.00; below €5.00 €0.02 + 1.9 %.
fn usual() -> Terms {
    Terms {
        method: MethodKind::Card,
        currency: currency("EUR"),
        bearer: Bearer::Merchant,
        fixed: 5,
        rate_bp: 140,
        floor: 7,
        cap: Some(200),
        small: Some(Small {
            below: 500,
            fixed: 2,
            rate_bp: 190,
        }),
    }
}

fn plain(fixed: i64, rate_bp: u32) -> Terms {
    Terms {
        fixed,
        rate_bp,
        floor: 0,
        cap: None,
        small: None,
        ..usual()
    }
}

fn schedule(terms: Terms) -> FeeSchedule {
    FeeSchedule::try_from(terms).unwrap()
}

#[test]
fn numbers_are_bounded_and_agree() {
    let beyond = limits::AMOUNT_MINOR + 1;
    let small = |below, fixed, rate_bp| Terms {
        small: Some(Small {
            below,
            fixed,
            rate_bp,
        }),
        ..usual()
    };
    for (terms, error) in [
        (Terms { fixed: -1, ..usual() }, ScheduleError::Amount("fixed")),
        (plain(beyond, 0), ScheduleError::Amount("fixed")),
        (Terms { floor: -1, ..usual() }, ScheduleError::Amount("floor")),
        (
            Terms {
                cap: Some(-1),
                ..usual()
            },
            ScheduleError::Amount("cap"),
        ),
        (
            Terms {
                cap: Some(beyond),
                ..usual()
            },
            ScheduleError::Amount("cap"),
        ),
        (plain(0, 10_001), ScheduleError::Rate("rate_bp")),
        (plain(0, u32::MAX), ScheduleError::Rate("rate_bp")),
        (
            Terms {
                floor: 201,
                ..usual()
            },
            ScheduleError::Cap,
        ),
        (
            Terms {
                fixed: 201,
                ..usual()
            },
            ScheduleError::Cap,
        ),
        (
            Terms {
                rate_bp: 0,
                cap: None,
                ..usual()
            },
            ScheduleError::Unrated,
        ),
        (
            Terms {
                rate_bp: 0,
                floor: 0,
                ..usual()
            },
            ScheduleError::Unrated,
        ),
        (small(beyond, 0, 0), ScheduleError::Amount("small.below")),
        (small(500, -1, 0), ScheduleError::Amount("small.fixed")),
        (small(500, 0, 10_001), ScheduleError::Rate("small.rate_bp")),
        (small(1, 0, 0), ScheduleError::Small),
        (small(500, 500, 0), ScheduleError::Small),
        (
            Terms {
                currency: currency("XXX"),
                ..usual()
            },
            ScheduleError::Currency,
        ),
        (
            Terms {
                currency: currency("XAU"),
                ..usual()
            },
            ScheduleError::Currency,
        ),
    ] {
        assert_eq!(FeeSchedule::try_from(terms).err(), Some(error), "{terms:?}");
    }
    for good in [
        usual(),
        plain(0, 0),
        plain(limits::AMOUNT_MINOR, 10_000),
        small(2, 1, 10_000),
    ] {
        assert!(FeeSchedule::try_from(good).is_ok(), "{good:?}");
    }
}

#[test]
fn a_schedule_is_published_as_it_is_read() {
    let text = concat!(
        r#"{"method":"card","currency":"EUR","bearer":"merchant","fixed":5,"rate_bp":140,"floor":7,"#,
        r#""cap":200,"small":{"below":500,"fixed":2,"rate_bp":190}}"#
    );
    let read: FeeSchedule = serde_json::from_str(text).unwrap();
    assert_eq!(*read.terms(), usual());
    assert_eq!(serde_json::to_string(&read).unwrap(), text);

    let least = json!({"method": "card", "currency": "JPY", "bearer": "shopper", "fixed": 0, "rate_bp": 0});
    assert!(serde_json::from_value::<FeeSchedule>(least.clone()).is_ok());
    let with = |key: &str, value: Value| {
        let mut changed = least.clone();
        changed[key] = value;
        changed
    };
    let without = |key: &str| {
        let mut changed = least.clone();
        changed.as_object_mut().unwrap().remove(key);
        changed
    };
    for bad in [
        with("tip", json!(1)),
        with("method", json!("cash")),
        with("bearer", json!("nobody")),
        with("fixed", json!(0.5)),
        with("fixed", json!("5")),
        with("fixed", json!(-1)),
        with("rate_bp", json!(-1)),
        with("rate_bp", json!(10_001)),
        with("currency", json!("jpy")),
        with("small", json!({"below": 9, "fixed": 0, "rate_bp": 0, "floor": 1})),
        without("bearer"),
        without("fixed"),
        without("rate_bp"),
        without("currency"),
    ] {
        assert!(
            serde_json::from_value::<FeeSchedule>(bad.clone()).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn a_schedule_reads_as_a_sentence() {
    let said = |terms: Terms| schedule(terms).in_english();
    assert_eq!(
        said(usual()),
        "€0.05 + 1.4 %, at least €0.07, at most €2.00; below €5.00: €0.02 + 1.9 %. Paid by the shop."
    );
    assert_eq!(said(plain(0, 0)), "No fee.");
    assert_eq!(said(plain(30, 0)), "€0.30. Paid by the shop.");
    assert_eq!(said(plain(0, 100)), "1 %. Paid by the shop.");
    assert_eq!(said(plain(0, 5)), "0.05 %. Paid by the shop.");
    assert_eq!(said(plain(0, 10_000)), "100 %. Paid by the shop.");
    let free_when_small = Small {
        below: 100,
        fixed: 0,
        rate_bp: 0,
    };
    assert_eq!(
        said(Terms {
            bearer: Bearer::Shopper,
            small: Some(free_when_small),
            ..plain(3, 125)
        }),
        "€0.03 + 1.25 %; below €1.00: no fee. Paid by the shopper."
    );
    assert_eq!(
        said(Terms {
            small: Some(Small {
                fixed: 1,
                ..free_when_small
            }),
            ..plain(0, 0)
        }),
        "No fee; below €1.00: €0.01. Paid by the shop."
    );
    assert_eq!(
        said(Terms {
            currency: currency("JPY"),
            ..plain(5, 300)
        }),
        "¥5 + 3 %. Paid by the shop."
    );
}

#[test]
fn a_method_is_on_offer_in_the_currencies_of_its_schedules_alone() {
    let yen = Terms {
        currency: currency("JPY"),
        ..plain(0, 0)
    };
    let schedules = FeeSchedules::new(vec![schedule(usual()), schedule(yen)], country("DE")).unwrap();
    let found = |code| {
        schedules
            .find(MethodKind::Card, currency(code))
            .map(|found| *found.terms())
    };
    assert_eq!(found("EUR"), Some(usual()));
    assert_eq!(found("JPY"), Some(yen));
    assert_eq!(found("USD"), None);
    assert_eq!(schedules.iter().count(), 2);
    assert!(
        FeeSchedules::default()
            .find(MethodKind::Card, currency("EUR"))
            .is_none()
    );

    let twice = vec![schedule(usual()), schedule(plain(0, 0))];
    assert_eq!(
        FeeSchedules::new(twice, country("DE")).err(),
        Some(ScheduleError::Twice(currency("EUR")))
    );
    let many = vec![schedule(usual()); SCHEDULES + 1];
    assert_eq!(
        FeeSchedules::new(many, country("DE")).err(),
        Some(ScheduleError::TooMany)
    );
}

#[test]
fn a_fee_is_for_its_currency_and_for_an_amount_within_bounds() {
    let schedule = schedule(usual());
    let yen = Money::new(100, currency("JPY")).unwrap();
    assert_eq!(schedule.fee(yen), Err(MoneyError::Mixed));
    // Reading JSON checks no bound.
    for minor in [0, -150, i64::MIN, i64::MAX] {
        let unchecked: Money = serde_json::from_value(json!({"amount": minor, "currency": "EUR"})).unwrap();
        assert_eq!(schedule.fee(unchecked), Err(MoneyError::Amount), "{minor}");
    }
}

#[test]
fn who_bears_the_fee_pays_it() {
    let merchant = schedule(usual()).fee(eur(1_000)).unwrap();
    assert_eq!(merchant.amount, 19);
    assert_eq!(merchant.total(eur(1_000)), Ok(eur(1_000)));
    assert_eq!(merchant.due_to_merchant(eur(1_000)), 981);

    let borne_by_shopper = Terms {
        bearer: Bearer::Shopper,
        ..usual()
    };
    let shopper = schedule(borne_by_shopper).fee(eur(1_000)).unwrap();
    assert_eq!(shopper.total(eur(1_000)), Ok(eur(1_019)));
    assert_eq!(shopper.due_to_merchant(eur(1_000)), 1_000);
    assert_eq!(
        shopper.total(eur(limits::AMOUNT_MINOR)),
        Err(MoneyError::Amount),
        "the total has the bound of every amount"
    );
}

#[test]
fn shoppers_are_charged_only_where_a_law_is_known_to_allow_it() {
    let eea = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";
    assert_eq!(eea.split(' ').count(), 30);
    let list = |country| {
        let terms = Terms {
            bearer: Bearer::Shopper,
            ..usual()
        };
        FeeSchedules::new(vec![schedule(terms)], country).err()
    };
    for code in eea.split(' ').chain(["GB", "TR", "KR", "US", "CA"]) {
        let error = list(country(code)).unwrap();
        assert!(
            matches!(error, ScheduleError::SurchargeForbidden(_)),
            "{code}: {error}"
        );
    }
    for code in eea.split(' ') {
        let Surcharge::Forbidden(law) = surcharge(MethodKind::Card, country(code)) else {
            unreachable!("{code}")
        };
        assert!(law.contains("2015/2366"), "{code}: {law}");
    }
    for unknown in [None, country("CH"), country("ZZ"), country("UK"), country("EL")] {
        assert_eq!(
            list(unknown),
            Some(ScheduleError::SurchargeUnknown),
            "{unknown:?}"
        );
    }
    for code in ["BR", "NZ"] {
        assert_eq!(list(country(code)), None, "{code}");
    }
    // What the merchant bears is nobody's surcharge.
    for country in [None, country("DE"), country("CH")] {
        assert!(FeeSchedules::new(vec![schedule(usual())], country).is_ok());
    }
}

#[test]
fn countries_are_two_capitals() {
    for bad in ["", "D", "de", "DEU", "D1", "Ö", "D "] {
        assert!(Country::parse(bad).is_err(), "{bad}");
        assert!(serde_json::from_value::<Country>(json!(bad)).is_err(), "{bad}");
    }
    let read: Country = serde_json::from_value(json!("NZ")).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), json!("NZ"));
}
