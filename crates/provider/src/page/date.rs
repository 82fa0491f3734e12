use farthing_protocol::{Civil, UnixSeconds};

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
pub(super) fn date(time: UnixSeconds) -> (String, String) {
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        ..
    } = time.civil();
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|month| MONTHS.get(month))
        .copied()
        .unwrap_or_default();
    (
        format!("{day} {name} {year}, {hour:02}:{minute:02} UTC"),
        time.rfc3339(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_for_people_and_for_machines() {
        assert_eq!(
            date(UnixSeconds(1_795_448_947)),
            (
                "23 November 2026, 15:49 UTC".to_owned(),
                "2026-11-23T15:49:07Z".to_owned()
            )
        );
    }
}
