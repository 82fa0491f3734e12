use farthing_protocol::UnixSeconds;

const DAY_S: i64 = 24 * 60 * 60;
/// How far the last place on Earth to see a day end is behind UTC.
const LAST_DAY_ENDS_S: i64 = 12 * 60 * 60;

/// A month of a year, in the Gregorian calendar.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct YearMonth {
    year: u16,
    month: u8,
}

impl YearMonth {
    /// A month, 1 to 12, of a year; `None` for other months.
    #[must_use]
    pub fn new(year: u16, month: u8) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self { year, month })
    }

    /// The earliest month that it still is somewhere on Earth at `now`, by the clock of UTC−12.
    ///
    /// A card is good through the last day of its month, and that day ends for the shopper in Honolulu
    /// hours after it ended in UTC. Years outside 0 to 9999 stay at the nearer end.
    #[must_use]
    pub fn at(now: UnixSeconds) -> Self {
        let (year, month) = civil(now.plus(-LAST_DAY_ENDS_S).0.div_euclid(DAY_S));
        Self {
            year: u16::try_from(year.clamp(0, 9999)).unwrap_or_default(),
            month,
        }
    }

    /// The year, 2026.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }
}

/// Year and month of a day counted from 1970-01-01, after Howard Hinnant's `civil_from_days`: years that
/// begin in March put the leap day last, and an era of 400 years always has 146,097 days.
fn civil(day: i64) -> (i64, u8) {
    let day = day + 719_468;
    let day_of_era = day.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = day.div_euclid(146_097) * 400 + year_of_era + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_of_eight_centuries_begins_where_it_should() {
        let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let mut day = -135_140; // 1600-01-01
        for year in 1600..2400 {
            for (month, days) in (1..).zip([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
                let days = if month == 2 && leap(year) { 29 } else { days };
                assert_eq!(civil(day), (year, month));
                assert_eq!(civil(day + days - 1), (year, month));
                day += days;
            }
        }
    }

    #[test]
    fn a_month_ends_when_it_has_ended_everywhere() {
        let december = 1_796_083_200; // 2026-12-01T00:00:00Z
        assert_eq!(
            YearMonth::at(UnixSeconds(december)),
            YearMonth {
                year: 2026,
                month: 11
            }
        );
        let everywhere = december + 12 * 60 * 60;
        assert_eq!(
            YearMonth::at(UnixSeconds(everywhere - 1)),
            YearMonth {
                year: 2026,
                month: 11
            }
        );
        assert_eq!(
            YearMonth::at(UnixSeconds(everywhere)),
            YearMonth {
                year: 2026,
                month: 12
            }
        );
    }

    #[test]
    fn months_are_twelve_and_in_order() {
        assert!(YearMonth::new(2026, 0).is_none() && YearMonth::new(2026, 13).is_none());
        assert!(YearMonth::new(2026, 12) < YearMonth::new(2027, 1));
        assert_eq!(YearMonth::at(UnixSeconds(i64::MAX)).year(), 9999);
        assert_eq!(YearMonth::at(UnixSeconds(i64::MIN)).year(), 0);
    }
}
