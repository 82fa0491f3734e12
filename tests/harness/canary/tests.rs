use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use proptest::prelude::*;

use super::*;

const CANARY: Canary = Canary {
    number: "4929184730562815",
    expiry_month: 8,
    expiry_year: 2041,
    security_code: "0739",
    name: "Quillon Vexworth",
};

fn details(text: impl AsRef<[u8]>) -> Vec<&'static str> {
    let mut found: Vec<_> = search(text.as_ref(), &CANARY)
        .into_iter()
        .map(|find| find.detail)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

type Encode = fn(&str) -> Vec<u8>;

/// Every encoding, as a function from the plain text to the bytes that would leak it.
fn encodings() -> Vec<(&'static str, Encode)> {
    vec![
        ("plain", |text| text.into()),
        ("quoted", |text| {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('\0', "\\u0000")).into()
        }),
        ("percent", |text| {
            text.bytes()
                .map(|b| format!("%{b:02X}"))
                .collect::<String>()
                .into()
        }),
        ("json", |text| {
            text.encode_utf16()
                .map(|u| format!("\\u{u:04x}"))
                .collect::<String>()
                .into()
        }),
        ("js", |text| {
            text.bytes()
                .map(|b| format!("\\x{b:02x}"))
                .collect::<String>()
                .into()
        }),
        ("entities", |text| {
            text.bytes().map(|b| format!("&#{b};")).collect::<String>().into()
        }),
        ("entities in hex", |text| {
            text.bytes()
                .map(|b| format!("&#x{b:x};"))
                .collect::<String>()
                .into()
        }),
        ("utf-16le", |text| utf16(text, u16::to_le_bytes)),
        ("utf-16be", |text| utf16(text, u16::to_be_bytes)),
        ("hex", |text| hex(text.as_bytes()).into()),
        ("hex, upper case", |text| {
            hex(text.as_bytes()).to_uppercase().into()
        }),
        ("hex, odd", |text| format!("a{}", hex(text.as_bytes())).into()),
        ("hex, byte by byte", |text| {
            text.bytes()
                .map(|b| format!("0x{b:02x}, "))
                .collect::<String>()
                .into()
        }),
        ("hex, with colons", |text| {
            text.bytes()
                .map(|b| format!("{b:02x}:"))
                .collect::<String>()
                .into()
        }),
        ("base64", |text| Base64::encode_string(text.as_bytes()).into()),
        ("base64 at 1", |text| {
            Base64::encode_string(format!("?{text}").as_bytes()).into()
        }),
        ("base64 at 2", |text| {
            Base64::encode_string(format!("??{text}??").as_bytes()).into()
        }),
        ("base64url in a word", |text| {
            format!("x_{}", Base64UrlUnpadded::encode_string(text.as_bytes())).into()
        }),
        ("base64 in lines", |text| {
            let encoded = Base64::encode_string(text.as_bytes());
            let lines: Vec<&str> = encoded
                .as_bytes()
                .chunks(5)
                .map(|l| std::str::from_utf8(l).unwrap())
                .collect();
            lines.join("\r\n").into()
        }),
        ("character codes", |text| format!("{:?}", text.as_bytes()).into()),
        ("a typed array", |text| {
            let items: Vec<String> = text
                .bytes()
                .enumerate()
                .map(|(i, b)| format!("\"{i}\":{b}"))
                .collect();
            format!("{{{}}}", items.join(",")).into()
        }),
    ]
}

#[test]
fn finds_every_detail_in_every_encoding() {
    for (name, encode) in encodings() {
        for (text, detail) in [
            (CANARY.number, "number"),
            (CANARY.security_code, "security code"),
            (CANARY.name, "name"),
            ("08/41", "expiry"),
            ("2041-08", "expiry"),
        ] {
            assert!(details(encode(text)).contains(&detail), "{detail} in {name}");
        }
    }
}

#[test]
fn finds_encodings_within_encodings() {
    let all = encodings();
    for (outer_name, outer) in &all {
        for (inner_name, inner) in &all {
            // What isn't text can't be put into everything.
            let Ok(text) = String::from_utf8(inner(CANARY.number)) else {
                continue;
            };
            let both = outer(&text);
            assert!(
                details(&both).contains(&"number"),
                "{inner_name} within {outer_name}"
            );
        }
    }
}

#[test]
fn finds_numbers_however_they_are_spread() {
    let digits = || CANARY.number.chars();
    let spread = |between: &str| digits().map(String::from).collect::<Vec<_>>().join(between);
    for text in [
        "4929 1847 3056 2815".to_owned(),
        "4929-1847-3056-2815".to_owned(),
        "4929\u{a0}1847\u{2009}3056.2815".to_owned(),
        spread(" "),
        spread("\",\""),
        spread("\n"),
        digits()
            .enumerate()
            .map(|(i, d)| format!("\"{i}\":\"{d}\","))
            .collect(),
        digits().rev().collect(),
        digits()
            .map(|d| char::from_u32(0xFF10 + d.to_digit(10).unwrap()).unwrap())
            .collect(),
    ] {
        assert!(details(&text).contains(&"number"), "{text}");
    }
}

#[test]
fn finds_numbers_that_are_no_text() {
    let number: u64 = CANARY.number.parse().unwrap();
    let packed: Vec<u8> = CANARY
        .number
        .as_bytes()
        .chunks(2)
        .map(|pair| (pair[0] - 48) << 4 | (pair[1] - 48))
        .collect();
    for (name, bytes) in [
        ("an integer in SQLite", number.to_be_bytes()[1..].to_vec()),
        ("an integer in memory", number.to_le_bytes().to_vec()),
        ("a float", (number as f64).to_be_bytes().to_vec()),
        ("base 16", format!("n={number:x}").into_bytes()),
        ("packed", packed),
        ("digits as bytes", CANARY.number.bytes().map(|b| b - 48).collect()),
        (
            "its hash",
            sha2::Digest::finalize(sha2::Digest::chain_update(
                <sha2::Sha256 as sha2::Digest>::new(),
                CANARY.number,
            ))
            .to_vec(),
        ),
    ] {
        let surrounded = [b"\x01\xfe", bytes.as_slice(), b"\xff\x02"].concat();
        assert_eq!(details(&surrounded), ["number"], "{name}");
    }
}

#[test]
fn a_piece_of_seven_is_found_and_brand_and_last_four_are_not() {
    assert_eq!(details("…1847305…"), ["number"]);
    assert_eq!(
        details("Visa 2815; visa •••• 2815; 492918; 562815; 4929 18"),
        [""; 0]
    );
}

#[test]
fn a_number_of_zeros_is_not_seen_in_every_zero() {
    let declined = Canary {
        number: "4000000000000002",
        ..CANARY
    };
    assert_eq!(search(b"2026-01-01T00:00:00.000000000Z 40000000", &declined), []);
    assert!(!search(b"4000 0000 0000 0002", &declined).is_empty());
    assert!(!search(b"NDAwMDAwMDAwMDAwMDAwMg==", &declined).is_empty());
}

#[test]
fn short_details_count_only_when_they_stand_alone() {
    assert_eq!(details("cvc=0739&"), ["security code"]);
    assert_eq!(details(r#"{"k":["0","7","3","9"]}"#), ["security code"]);
    assert_eq!(details("2026-11-23T15:47:52.07391Z a0739b 10739"), [""; 0]);
    assert_eq!(details("2041 bytes in 08:41"), [""; 0]);
    assert_eq!(details("17:45:17.0739 6035; 0739:12; 0739.5 s"), [""; 0]);
    assert_eq!(details("code: 0739. Next"), ["security code"]);
}

#[test]
fn pieces_are_put_together() {
    let keys: Vec<String> = CANARY.number.chars().map(String::from).collect();
    let mut pieces = vec!["a longer piece", "Tab"];
    pieces.extend(keys.iter().map(String::as_str));
    assert!(
        search_pieces(pieces, &CANARY)
            .iter()
            .any(|find| find.detail == "number")
    );
    assert!(
        search_pieces(["4929", "Shift", "1847"], &CANARY)
            .iter()
            .any(|find| find.detail == "number")
    );
    // Four digits in each message: a frame's height can carry them.
    let heights: Vec<String> = CANARY
        .number
        .as_bytes()
        .chunks(4)
        .map(|d| format!(r#"{{"type":"resize","height":{}}}"#, d.escape_ascii()))
        .collect();
    assert!(
        search_pieces(heights.iter().map(String::as_str), &CANARY)
            .iter()
            .any(|find| find.detail == "number")
    );
    assert_eq!(
        search_pieces(
            ["2815", "visa", "12", r#"{"height":4929}"#, r#"{"height":1847}"#],
            &CANARY
        ),
        []
    );
}

#[test]
fn a_find_says_where_and_how() {
    let finds = search(
        format!("GET /?n={}", Base64::encode_string(CANARY.number.as_bytes())).as_bytes(),
        &CANARY,
    );
    let told = finds
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(told.contains("number (base64)"), "{told}");
}

/// A code of three digits is in noise by chance, once in two hundred megabytes: these four are always the same.
#[test]
fn short_codes_are_not_seen_in_noise() {
    let short = Canary {
        security_code: "073",
        ..CANARY
    };
    for seed in 1..=64_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .take(64 * 1024)
        .collect();
        assert_eq!(
            search(Base64::encode_string(&noise).as_bytes(), &short),
            [],
            "{seed}"
        );
    }
}

/// Seen once: three digits in the compressed wasm, in the browser's cache. And what must be found all the same: a code
/// in a browser's session file, in a row between two encrypted columns, and in a sentence that is not English.
#[test]
fn a_code_in_what_is_compressed_is_none() {
    let short = Canary {
        security_code: "073",
        ..CANARY
    };
    let compressed = b"\x8b\x06\n:'\xf5\xf59\xbf\xc1\xb9\t\x07.nwN\x88%073\x10\xd2\x01\xf6\xd7[iJ\x1a\x18\xd1\xd1.U\xc5\xd9A}";
    assert_eq!(search(compressed, &short), []);
    let columns = [
        &compressed[..20],
        b"\x0d\x13cvc\0\0\0\x03073\0\0\0\x05false",
        &compressed[20..],
    ]
    .concat();
    let session = [
        b"\xb4\0\0\0\x03\0\0\0".to_vec(),
        utf16("073", u16::to_le_bytes),
        b"\x18\0\0\0".to_vec(),
    ]
    .concat();
    let sentence = "セキュリティコード: 073。カードの裏面".as_bytes();
    for text in [&columns, &session, sentence] {
        let finds = search(text, &short);
        assert!(
            finds.iter().any(|find| find.detail == "security code"),
            "{}",
            text.escape_ascii()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What the product writes, tokens, hashes, ciphertext, times, holds no canary by chance.
    #[test]
    fn noise_holds_nothing(bytes in prop::collection::vec(any::<u8>(), 0..4096), text in "[a-z0-9_.:T -]{0,2000}") {
        prop_assert_eq!(search(&bytes, &CANARY), []);
        prop_assert_eq!(search(text.as_bytes(), &CANARY), []);
        prop_assert_eq!(search(Base64::encode_string(&bytes).as_bytes(), &CANARY), []);
    }

    /// A number in the middle of noise is found whatever stands around it.
    #[test]
    fn noise_hides_nothing(
        before in prop::collection::vec(any::<u8>(), 0..200),
        after in prop::collection::vec(any::<u8>(), 0..200),
        which in any::<prop::sample::Index>(),
    ) {
        // Letters and digits right beside a short encoding become a part of it: noise keeps its distance.
        let (_, encode) = encodings()[which.index(encodings().len())];
        let text = [before.as_slice(), b"\n<", &encode(CANARY.number), b">\n", &after].concat();
        prop_assert!(details(&text).contains(&"number"));
    }
}
