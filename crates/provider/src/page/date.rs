use farthing_protocol::{Civil, Language, UnixSeconds};
use farthing_text::{
    Key,
    pages::{self, Pages},
};

const MONTHS: [Key<Pages>; 12] = [
    pages::MONTH_01,
    pages::MONTH_02,
    pages::MONTH_03,
    pages::MONTH_04,
    pages::MONTH_05,
    pages::MONTH_06,
    pages::MONTH_07,
    pages::MONTH_08,
    pages::MONTH_09,
    pages::MONTH_10,
    pages::MONTH_11,
    pages::MONTH_12,
];

/// `23 November 2026, 15:49 UTC` as readers of `language` write it (CLDR's long date and short time, with 24 hours), and the
/// same for machines, `2026-11-23T15:49:07Z` (RFC 3339).
pub(crate) fn date(time: UnixSeconds, language: Language) -> (String, String) {
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        ..
    } = time.civil();
    let words = pages::words(language);
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|month| MONTHS.get(month))
        .map(|month| words.get(*month))
        .unwrap_or_default();
    let clock = format!("{hour:02}:{minute:02}");
    (
        words.date(&day.to_string(), name, &clock, &year.to_string()),
        time.rfc3339(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_for_people_and_for_machines() {
        assert_eq!(
            date(UnixSeconds(1_795_448_947), Language::En),
            (
                "23 November 2026, 15:49 UTC".to_owned(),
                "2026-11-23T15:49:07Z".to_owned()
            )
        );
    }

    /// What ICU 78 writes (`Intl.DateTimeFormat` with a long month, 24 hours and UTC), but for English, which has been written
    /// like this before there were others, and the place of Chinese's “UTC”.
    #[test]
    fn a_date_is_written_as_each_language_does() {
        for (language, written) in [
            (Language::Ko, "2026년 11월 23일 15:49 UTC"),
            (Language::Ja, "2026年11月23日 15:49 UTC"),
            (Language::ZhHans, "2026年11月23日 15:49 UTC"),
            (Language::De, "23. November 2026 um 15:49 UTC"),
            (Language::Fr, "23 novembre 2026 à 15:49 UTC"),
            (Language::Es, "23 de noviembre de 2026 a las 15:49 UTC"),
            (Language::PtBr, "23 de novembro de 2026 às 15:49 UTC"),
            (Language::It, "23 novembre 2026 alle ore 15:49 UTC"),
            (Language::Pl, "23 listopada 2026 15:49 UTC"),
            (Language::Tr, "23 Kasım 2026 15:49 UTC"),
            (Language::Ar, "23 نوفمبر 2026 في 15:49 UTC"),
        ] {
            let (human, _) = date(UnixSeconds(1_795_448_947), language);
            assert_eq!(human.replace(['\u{2068}', '\u{2069}'], ""), written);
        }
    }

    #[test]
    fn the_first_month_is_the_first() {
        for language in Language::ALL {
            let (january, _) = date(UnixSeconds(1_767_225_600), language);
            let (december, _) = date(UnixSeconds(1_767_225_599), language);
            assert!(
                january.contains(pages::words(language).get(pages::MONTH_01)),
                "{january}"
            );
            assert!(
                december.contains(pages::words(language).get(pages::MONTH_12)),
                "{december}"
            );
        }
    }
}
