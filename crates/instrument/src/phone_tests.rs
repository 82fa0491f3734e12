use proptest::prelude::*;

use super::*;

const GERMANY: u16 = 49;

fn wrong(error: PhoneError) -> Validity<PhoneError> {
    Validity::Wrong(error)
}

fn read_as(text: &str, code: u16) -> String {
    let number = PhoneNumber::parse(text, code).unwrap_or_else(|why| panic!("{text}: {why:?}"));
    number.expose().to_owned()
}

#[test]
fn a_number_is_one_however_it_is_typed() {
    for text in [
        "+491713920000",
        "+49 171 3920000",
        "0049 171 / 392 00-00",
        "0171 3920000",
        "(0171) 39.200.00",
        "+49 (0) 171 3920000",
        "491713920000",
        "171 3920000",
        "\u{202A}+49\u{A0}171\u{2011}3920000\u{202C}",
        "\u{FF0B}４９　１７１３９２００００",
        "\u{FF08}０１７１\u{FF09}３９２００００",
        "٠١٧١٣٩٢٠٠٠٠",
    ] {
        assert_eq!(read_as(text, GERMANY), "+491713920000", "{text}");
    }
    for (text, code, number) in [
        ("(201) 555-0123", 1, "+12015550123"),
        ("1 201 555 0123", 1, "+12015550123"),
        ("8 (912) 345-67-89", 7, "+79123456789"),
        ("800 123 45 67", 7, "+78001234567"),
        ("06 20 123 4567", 36, "+36201234567"),
        ("312 345 6789", 39, "+393123456789"),
        ("01 23 45 67 89", 225, "+2250123456789"),
        ("090-1234-5678", 81, "+819012345678"),
        ("06 12 34 56 78", 33, "+33612345678"),
    ] {
        assert_eq!(read_as(text, code), number, "{text}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    for (text, told) in [
        ("", Validity::Empty),
        (" \u{A0}\u{200B}", Validity::Empty),
        ("+", Validity::Incomplete),
        ("0", Validity::Incomplete),
        ("00", Validity::Incomplete),
        ("+4", Validity::Incomplete),
        ("+49 171 39200", Validity::Incomplete),
        ("0171 3920000", Validity::Complete),
        ("0171 392000011", wrong(PhoneError::TooLong)),
        ("+43 664 1234567", wrong(PhoneError::Beginning)),
        ("0043 664 1234567", wrong(PhoneError::Beginning)),
        ("+49 00171 3920000", wrong(PhoneError::Beginning)),
        ("000", wrong(PhoneError::Beginning)),
        ("0171 39200 ext. 5", wrong(PhoneError::Character)),
        ("0171+3920000", wrong(PhoneError::Character)),
        ("++49", wrong(PhoneError::Character)),
        ("*100#", wrong(PhoneError::Character)),
        ("O171 3920000", wrong(PhoneError::Character)),
    ] {
        assert_eq!(PhoneNumber::validity(text, GERMANY), told, "{text}");
    }
    let book = "7 ".repeat(100_000);
    assert_eq!(PhoneNumber::validity(&book, GERMANY), wrong(PhoneError::TooLong));
}

#[test]
fn the_provider_takes_one_form_only() {
    assert!(PhoneNumber::from_sealed("+491713920000", GERMANY).is_ok());
    for loose in [
        "491713920000",
        "01713920000",
        "+49 1713920000",
        "+4901713920000",
        "+４91713920000",
        "+436641234567",
        "+49171392",
        "",
    ] {
        assert!(PhoneNumber::from_sealed(loose, GERMANY).is_err(), "{loose}");
    }
    for (kept, is_one) in [
        ("+491713920000", true),
        ("491713920000", false),
        ("+0491713920000", false),
        ("+4917", false),
        ("+1234567890123456", false),
        ("+49171392000a", false),
    ] {
        assert_eq!(PhoneNumber::from_kept(kept).is_some(), is_one, "{kept}");
    }
}

#[test]
fn the_table_is_in_order_and_within_e164() {
    assert!(LENGTHS.is_sorted_by(|one, next| one >> 6 < next >> 6));
    for entry in LENGTHS {
        let code = Code::of(entry >> 6);
        assert!((1..=999).contains(&(entry >> 6)), "{}", code.text);
        assert!(code.text.len() + code.most <= 15, "{}", code.text);
    }
    // What no entry is for has E.164's bounds.
    let unknown = Code::of(888);
    assert_eq!((unknown.least, unknown.most), (4, 12));
}

/// A number of some country, as it is written with its calling code.
fn number() -> impl Strategy<Value = (u16, String)> {
    (0..LENGTHS.len(), any::<u64>(), any::<prop::sample::Index>()).prop_map(|(place, seed, length)| {
        let code = Code::of(LENGTHS[place] >> 6);
        let length = code.least + length.index(code.most - code.least + 1);
        // Not beginning with what could be a trunk prefix or the code itself.
        let national: String = (0..length)
            .map(|place| char::from(b'2' + u8::try_from(seed >> (place * 4) & 3).unwrap()))
            .collect();
        (LENGTHS[place] >> 6, format!("+{}{national}", code.text))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_number_is_one_however_it_is_grouped((code, text) in number(), gaps: u64, wide: bool) {
        let mut typed = String::new();
        for (place, c) in text.chars().enumerate() {
            if gaps >> place & 1 == 1 {
                typed.push_str([" ", "-", "\u{A0}", "\u{200B}", "(", ")", "/"][place % 7]);
            }
            let wider = char::from_u32(u32::from(c) + 0xFEE0).filter(|_| wide);
            typed.push(wider.unwrap_or(c));
        }
        let parsed = PhoneNumber::parse(&typed, code).unwrap_or_else(|why| panic!("{typed}: {why:?}"));
        prop_assert_eq!(parsed.expose(), text);
    }

    #[test]
    fn what_is_read_is_sealed_and_kept_as_it_is(text in "[+0-9 ()/-]{0,20}", code in 1u16..1000) {
        if let Ok(number) = PhoneNumber::parse(&text, code) {
            prop_assert!(PhoneNumber::from_sealed(number.expose(), code).is_ok(), "{}", number.expose());
            prop_assert!(PhoneNumber::from_kept(number.expose()).is_some(), "{}", number.expose());
            prop_assert!(number.expose().len() <= 16);
        }
    }

    #[test]
    fn what_begins_a_number_is_no_fault((code, text) in number(), cut in 1usize..16) {
        let cut = cut.min(text.len() - 1);
        let stands = PhoneNumber::validity(&text[..cut], code);
        prop_assert!(matches!(stands, Validity::Incomplete | Validity::Complete), "{:?}", stands);
    }

    #[test]
    fn any_text_is_judged(text: String, code: u16) {
        let typed = PhoneNumber::validity(&text, code);
        prop_assert!(typed != Validity::Complete || text.chars().any(char::is_numeric));
    }
}
