use proptest::prelude::*;

use super::*;

/// From the registry's own examples, and from where a country's structure is not digits alone.
const EXAMPLES: [&str; 12] = [
    "AD1200012030200359100100",
    "BR1800360305000010009795493C1",
    "CH9300762011623852957",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "IT60X0542811101000000123456",
    "MT84MALT011000012345MTLCAST001S",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "PL61109010140000071219812874",
    "RU0204452560040702810412345678901",
];

fn wrong(error: IbanError) -> Validity<IbanError> {
    Validity::Wrong(error)
}

#[test]
fn the_registrys_examples_are_ibans() {
    for text in EXAMPLES {
        let iban = Iban::parse(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
        assert_eq!(iban.expose(), text);
        assert_eq!(iban.country(), &text[..2]);
    }
    let iban = Iban::parse("fr14 2004 1010 0505 0001 3m02 606").unwrap_or_else(|why| panic!("{why:?}"));
    assert_eq!(iban.last_four().as_str(), "2606", "digits alone");
}

#[test]
fn what_is_wrong_is_told() {
    for (text, told) in [
        ("", Validity::Empty),
        (" \u{A0}\u{200B}", Validity::Empty),
        ("D", Validity::Incomplete),
        ("DE", Validity::Incomplete),
        ("DE8", Validity::Incomplete),
        ("DE89 3704 0044 0532 0130 0", Validity::Incomplete),
        ("DE89 3704 0044 0532 0130 00", Validity::Complete),
        ("ＤＥ８９３７０４００４４０５３２０１３０００", Validity::Complete),
        ("DE89 3704 0044 0532 0130 001", wrong(IbanError::TooLong)),
        ("DE89 3704 0044 0532 0130 01", wrong(IbanError::Checksum)),
        ("DE89 3704 0044 0532 013O 00", wrong(IbanError::Structure)),
        ("DEX", wrong(IbanError::Structure)),
        ("GB29 1234", wrong(IbanError::Structure)),
        ("US", wrong(IbanError::Country)),
        ("W", wrong(IbanError::Country)),
        ("4242 4242 4242 4242", wrong(IbanError::Country)),
        ("DE89_3704", wrong(IbanError::Character)),
        ("DE89 37ß4", wrong(IbanError::Character)),
    ] {
        assert_eq!(Iban::validity(text), told, "{text}");
    }
}

#[test]
fn the_provider_takes_one_form_only() {
    assert!(Iban::from_sealed("DE89370400440532013000").is_ok());
    for loose in [
        "de89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "DE８９370400440532013000",
    ] {
        assert_eq!(
            Iban::from_sealed(loose).err(),
            Some(wrong(IbanError::Character)),
            "{loose}"
        );
    }
}

#[test]
fn the_table_is_in_order() {
    assert!(COUNTRIES.is_sorted_by(|one, next| one[..2] < next[..2]));
    for entry in &COUNTRIES {
        let country = std::str::from_utf8(entry).unwrap();
        assert!(matches!(entry[2], b'+' | b'-'), "{country}");
        let length: usize = 4 + parts(&entry[3..]).map(|(_, count)| count).sum::<usize>();
        assert!((15..=34).contains(&length), "{country}");
    }
    let in_sepa = COUNTRIES.iter().filter(|entry| entry[2] == b'+');
    assert_eq!(in_sepa.count(), 42);
}

/// An IBAN of some country, with check digits as ISO 13616 makes them.
fn iban() -> impl Strategy<Value = String> {
    (0..COUNTRIES.len(), any::<u64>())
        .prop_map(|(place, seed)| {
            let country = std::str::from_utf8(&COUNTRIES[place][..2]).unwrap();
            let mut state = seed;
            let bban: String = parts(&COUNTRIES[place][3..])
                .flat_map(|(kind, count)| std::iter::repeat_n(kind, count))
                .map(|kind| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    let drawn = u32::try_from(state >> 40).unwrap();
                    let digit = match kind {
                        b'n' => drawn % 10,
                        b'a' => 10 + drawn % 26,
                        _ => drawn % 36,
                    };
                    char::from_digit(digit, 36).unwrap().to_ascii_uppercase()
                })
                .collect();
            let check = 98 - remainder(&format!("{country}00{bban}"));
            format!("{country}{check:02}{bban}")
        })
        // Where letters may stand everywhere, banks still give out numbers.
        .prop_filter("four digits", |text| LastFour::of(text).is_some())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_iban_is_one_however_it_is_grouped(text in iban(), gaps in any::<u64>(), small: bool) {
        let mut typed = String::new();
        for (place, c) in text.chars().enumerate() {
            if gaps >> place & 1 == 1 {
                typed.push_str([" ", "-", "\u{A0}", "\u{200B}"][place % 4]);
            }
            typed.push(if small { c.to_ascii_lowercase() } else { c });
        }
        let parsed = Iban::parse(&typed).unwrap_or_else(|why| panic!("{typed}: {why:?}"));
        prop_assert_eq!(parsed.expose(), text);
    }

    #[test]
    fn one_wrong_character_and_two_swapped_are_seen(text in iban(), place in 0usize..34, other in 0u32..36) {
        let place = place % text.len();
        let other = char::from_digit(other, 36).unwrap().to_ascii_uppercase();
        let changed: String = text.chars().enumerate().map(|(n, c)| if n == place { other } else { c }).collect();
        // A letter counts as two digits: in the place of a digit it may fit by chance.
        let alike = changed.chars().zip(text.chars()).all(|(a, b)| a.is_ascii_digit() == b.is_ascii_digit());
        if changed != text && alike {
            prop_assert!(Iban::parse(&changed).is_err(), "{} for {}", changed, text);
        }
        let mut swapped: Vec<char> = text.chars().collect();
        if place + 1 < swapped.len() {
            swapped.swap(place, place + 1);
            let swapped: String = swapped.into_iter().collect();
            let alike = text[place..=place + 1].chars().all(|c| c.is_ascii_digit());
            if swapped != text && alike && place > 3 {
                prop_assert!(Iban::parse(&swapped).is_err(), "{} for {}", swapped, text);
            }
        }
    }

    #[test]
    fn any_text_is_judged(text: String) {
        let typed = Iban::validity(&text);
        prop_assert!(typed != Validity::Complete || text.chars().any(char::is_alphanumeric));
    }

    #[test]
    fn what_begins_an_iban_is_incomplete(text in iban(), cut in 1usize..34) {
        let cut = cut.min(text.len() - 1);
        prop_assert_eq!(Iban::validity(&text[..cut]), Validity::Incomplete);
    }
}
