use farthing_protocol::UnixSeconds;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `23 November 2026, 15:49 UTC`, and the same for machines, `2026-11-23T15:49:07Z` (RFC 3339).
pub(crate) fn date(time: UnixSeconds) -> (String, String) {
    let (days, second) = (time.0.div_euclid(86_400), time.0.rem_euclid(86_400));
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let (year, month, day) = civil(days);
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|month| MONTHS.get(month))
        .copied()
        .unwrap_or_default();
    (
        format!("{day} {name} {year}, {hour:02}:{minute:02} UTC"),
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
    )
}

/// Days since 1970-01-01 as a date of the Gregorian calendar. Years are counted from March, so that the leap
/// day is a year's last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, machine, human) in [
            (0, "1970-01-01T00:00:00Z", "1 January 1970, 00:00 UTC"),
            (951_782_400, "2000-02-29T00:00:00Z", "29 February 2000, 00:00 UTC"),
            (
                1_795_448_947,
                "2026-11-23T15:49:07Z",
                "23 November 2026, 15:49 UTC",
            ),
            (
                4_107_542_399,
                "2100-02-28T23:59:59Z",
                "28 February 2100, 23:59 UTC",
            ),
            (4_107_542_400, "2100-03-01T00:00:00Z", "1 March 2100, 00:00 UTC"),
            (-1, "1969-12-31T23:59:59Z", "31 December 1969, 23:59 UTC"),
        ] {
            assert_eq!(date(UnixSeconds(seconds)), (human.to_owned(), machine.to_owned()));
        }
    }
}
