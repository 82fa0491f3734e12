//! A text with its caret is written with `|` where the caret stands.

use proptest::prelude::*;

use super::*;
use crate::{CardNumber, Expiry, Iban, Validity, YearMonth};

const FIELDS: [Field; 4] = [Field::Number, Field::Expiry, Field::SecurityCode, Field::Iban];

/// A field as the browser has it: the shopper's keys change text and caret, then it is formatted.
struct Input {
    field: Field,
    text: String,
    caret: usize,
}

impl Input {
    fn holding(marked: &str, field: Field) -> Self {
        let (left, right) = marked.split_once('|').expect("a caret");
        Self {
            field,
            text: format!("{left}{right}"),
            caret: left.encode_utf16().count(),
        }
    }

    fn format(&mut self) {
        self.show(&reformat(&self.text, self.caret, self.field));
    }

    fn show(&mut self, formatted: &Formatted) {
        self.text = formatted.text.as_str().to_owned();
        self.caret = formatted.caret;
    }

    fn insert(&mut self, typed: &str) {
        self.text.insert_str(self.caret, typed);
        self.caret += typed.encode_utf16().count();
        self.format();
    }

    fn backspace(&mut self) {
        if self.caret > 0 {
            self.caret -= 1;
            self.text.remove(self.caret);
            self.format();
        }
    }

    fn delete(&mut self) {
        if self.caret < self.text.len() {
            self.text.remove(self.caret);
            let formatted = reformat(&self.text, self.caret, self.field).past_separator();
            self.show(&formatted);
        }
    }

    fn marked(&self) -> String {
        format!("{}|{}", &self.text[..self.caret], &self.text[self.caret..])
    }
}

fn formatted(marked: &str, field: Field) -> String {
    let mut input = Input::holding(marked, field);
    input.format();
    input.marked()
}

/// What is shown after each key of `keys`: `<` is Backspace, `>` is Delete.
fn after(marked: &str, keys: &str, field: Field) -> Vec<String> {
    let mut input = Input::holding(marked, field);
    keys.chars()
        .map(|key| {
            match key {
                '<' => input.backspace(),
                '>' => input.delete(),
                _ => input.insert(key.encode_utf8(&mut [0; 4])),
            }
            input.marked()
        })
        .collect()
}

#[test]
fn numbers_stand_in_their_brands_groups() {
    for (raw, shown) in [
        ("|", "|"),
        ("4242|", "4242|"),
        ("42424|", "4242 4|"),
        ("4242424242424242|", "4242 4242 4242 4242|"),
        ("6799990100000000019|", "6799 9901 0000 0000 019|"),
        ("378282246310005|", "3782 822463 10005|"),
        ("3782822463100057|", "3782 822463 100057|"),
        ("30569309025904|", "3056 930902 5904|"),
        ("3056930902590423|", "3056 9309 0259 0423|"),
        ("4242-4242-4242-4242|", "4242 4242 4242 4242|"),
        ("|card: ４２４２\u{3000}４２４２", "|4242 4242"),
        ("４２４２４|２", "4242 4|2"),
        ("🪙🪙42424|2", "4242 4|2"),
        ("42x|", "42|"),
        // Too long is shown, not cut.
        ("424242424242424242424242|", "4242 4242 4242 4242 42424242|"),
    ] {
        assert_eq!(formatted(raw, Field::Number), shown, "{raw}");
    }
}

#[test]
fn numbers_can_be_edited_anywhere() {
    assert_eq!(after("42|42 4242", "9", Field::Number), ["429|4 2424 2"]);
    assert_eq!(
        after("424|2 4242", "98", Field::Number),
        ["4249| 2424 2", "4249 8|242 42"]
    );
    assert_eq!(
        after("4242 |4242", "<<<", Field::Number),
        ["4242| 4242", "424|4 242", "42|42 42"]
    );
    assert_eq!(
        after("4242| 4242", ">>", Field::Number),
        ["4242 |4242", "4242 |242"]
    );
    assert_eq!(after("4242 4|", "<<", Field::Number), ["4242|", "424|"]);
    assert_eq!(after("|4242 4", ">", Field::Number), ["|2424"]);
    // The groups follow the brand as it changes.
    assert_eq!(
        after("|4282 8224 6310 005", ">3", Field::Number),
        ["|2828 2246 3100 05", "3|282 8224 6310 005"]
    );
    assert_eq!(
        after("3|282 8224 6310 005", ">7", Field::Number)[1],
        "37|82 822463 10005"
    );
}

#[test]
fn expiry_dates_are_typed_without_surprises() {
    let typed = |keys| after("|", keys, Field::Expiry);
    assert_eq!(typed("0527"), ["0|", "05|", "05 / 2|", "05 / 27|"]);
    assert_eq!(typed("527"), ["5|", "05 / 2|", "05 / 27|"]);
    assert_eq!(typed("5/27"), ["5|", "05 / |", "05 / 2|", "05 / 27|"]);
    assert_eq!(typed("1/27"), ["1|", "01 / |", "01 / 2|", "01 / 27|"]);
    assert_eq!(typed("12/2027").last().unwrap(), "12 / 2027|");
    assert_eq!(typed("12 / 27").last().unwrap(), "12 / 27|");
    assert_eq!(typed("１２２７").last().unwrap(), "12 / 27|");
    assert_eq!(typed("13"), ["1|", "13|"]);
    assert_eq!(typed("12273").last().unwrap(), "12 / 273|");
    assert_eq!(typed("/"), ["|"]);
}

#[test]
fn expiry_dates_are_filled_in_at_once() {
    for (raw, shown) in [
        ("05/27|", "05 / 27|"),
        ("05/2027|", "05 / 2027|"),
        ("5-27|", "05 / 27|"),
        ("2027-05|", "05 / 2027|"),
        ("|2027-05", "05 / 2027|"),
        ("|05/27", "|05 / 27"),
        ("|5/27", "|5 / 27"),
        ("０５／２７|", "05 / 27|"),
        ("1227|", "12 / 27|"),
        ("05 / |", "05 / |"),
    ] {
        assert_eq!(formatted(raw, Field::Expiry), shown, "{raw}");
    }
}

#[test]
fn expiry_dates_can_be_edited_anywhere() {
    let after = |marked, keys| after(marked, keys, Field::Expiry);
    assert_eq!(
        after("05 / 27|", "<<<<<<"),
        ["05 / 2|", "05 / |", "05|", "0|", "|", "|"],
    );
    assert_eq!(after("12 / |27", "<<<"), ["12| / 27", "1| / 27", "| / 27"]);
    // The month is typed again, and the year has stayed.
    assert_eq!(after("12| / 27", "<1"), ["1| / 27", "11| / 27"]);
    assert_eq!(after("| / 27", "05"), ["0| / 27", "05| / 27"]);
    assert_eq!(after("|05 / 27", ">>>>"), ["|5 / 27", " / |27", " / |7", "|"]);
    assert_eq!(after("05| / 27", ">>>"), ["05 / |27", "05 / |7", "05 / |"]);
    // One digit too many in the month goes over to the year, and is not lost.
    assert_eq!(after("12| / 27", "3"), ["12 / 3|27"]);
}

#[test]
fn codes_are_digits_alone() {
    assert_eq!(formatted("1 2-3|x4", Field::SecurityCode), "123|4");
    assert_eq!(after("1|3", "2<", Field::SecurityCode), ["12|3", "1|3"]);
}

#[test]
fn ibans_stand_in_fours() {
    for (raw, shown) in [
        ("|", "|"),
        ("de8|", "DE8|"),
        ("DE89|", "DE89|"),
        ("DE893|", "DE89 3|"),
        ("de89-3704 0044|0532013000", "DE89 3704 0044| 0532 0130 00"),
        ("ＤＥ８９３７０４|００", "DE89 3704| 00"),
        ("gb29 nwbk.6016|", "GB29 NWBK 6016|"),
        ("|ß DE", "|DE"),
    ] {
        assert_eq!(formatted(raw, Field::Iban), shown, "{raw}");
    }
    assert_eq!(
        after("DE89 |3704", "<<<", Field::Iban),
        ["DE89| 3704", "DE8|3 704", "DE|37 04"]
    );
    assert_eq!(
        after("DE89| 3704", ">>", Field::Iban),
        ["DE89 |3704", "DE89 |704"]
    );
    assert_eq!(after("DE|89 3704", "x", Field::Iban), ["DEX|8 9370 4"]);
}

#[test]
fn a_book_pasted_into_a_field_stays_too_long() {
    let book = "4242 ".repeat(50_000);
    let shown = reformat(&book, usize::MAX, Field::Number);
    assert!(shown.text.len() < 100 && shown.caret == shown.text.len());
    assert_eq!(
        CardNumber::validity(&shown.text),
        Validity::Wrong(crate::NumberError::TooLong)
    );
}

fn digit_count(text: &str) -> usize {
    digits::keep(text).len()
}

/// What a field keeps of a text.
fn kept(text: &str, field: Field) -> String {
    match field {
        Field::Iban => iban::keep(text).to_string(),
        _ => digits::keep(text).to_string(),
    }
}

/// Texts near to what fields hold, and any text at all.
fn raw() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9 /-]{0,24}",
        "[0-9]{0,4} ?/? ?[0-9]{0,5}",
        "[0-9０-９٠-٩ \u{A0}/\u{200E}x🪙]{0,24}",
        "[a-zA-Z]{2}[0-9a-zＡ-Ｚ -]{0,30}",
        "\\PC{0,24}",
        any::<String>(),
    ]
}

fn field() -> impl Strategy<Value = Field> {
    (0..FIELDS.len()).prop_map(|place| FIELDS[place])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn formatting_twice_is_formatting_once(raw in raw(), caret in 0usize..30, field in field()) {
        let once = reformat(&raw, caret, field);
        let twice = reformat(&once.text, once.caret, field);
        prop_assert_eq!((once.text.as_str(), once.caret), (twice.text.as_str(), twice.caret));
        let past = reformat(&raw, caret, field).past_separator();
        prop_assert!(once.caret <= past.caret && past.caret <= past.text.len() && once.text.is_ascii());
    }

    #[test]
    fn what_is_kept_and_what_is_left_of_the_caret_stay(raw in raw(), caret in 0usize..30, field in field()) {
        let shown = reformat(&raw, caret, field);
        prop_assume!(field != Field::Expiry || !TypedExpiry::read(&raw).year_first);
        let before = kept(&raw, field);
        let after = kept(&shown.text, field);
        let left = kept(left_of(&raw, caret), field).len();
        let left_shown = kept(&shown.text[..shown.caret], field).len();
        if field == Field::Expiry && after.len() > before.len() {
            prop_assert_eq!(after.strip_prefix('0'), Some(before.as_str()));
            prop_assert_eq!(left_shown, left + 1);
        } else {
            prop_assert_eq!(&after, &before);
            prop_assert_eq!(left_shown, left);
        }
    }

    #[test]
    fn what_is_shown_means_what_was_typed(raw in raw(), caret in 0usize..30) {
        let today = YearMonth::new(2026, 11).unwrap();
        // Without a digit, what was typed is not kept: the field is empty again.
        let has_digits = digit_count(&raw) > 0;
        if has_digits && digits::is_clean(&raw) {
            let shown = reformat(&raw, caret, Field::Number);
            prop_assert_eq!(CardNumber::validity(&raw), CardNumber::validity(&shown.text));
        }
        if !kept(&raw, Field::Iban).is_empty() && Iban::validity(&raw) != Validity::Wrong(crate::IbanError::Character) {
            let shown = reformat(&raw, caret, Field::Iban);
            prop_assert_eq!(Iban::validity(&raw), Iban::validity(&shown.text));
        }
        let typed = Expiry::validity(&raw, today);
        if has_digits && typed != Validity::Wrong(crate::ExpiryError::Character) {
            let shown = reformat(&raw, caret, Field::Expiry);
            prop_assert_eq!(typed, Expiry::validity(&shown.text, today));
        }
    }

    #[test]
    fn deleting_gets_to_the_end(raw in raw(), caret in 0usize..30, field in field()) {
        let shown = reformat(&raw, caret, field);
        let mut input = Input { field, text: shown.text.as_str().to_owned(), caret: shown.caret };
        let keys = 2 * input.text.len() + 4;
        for _ in 0..keys {
            input.backspace();
        }
        prop_assert_eq!(input.caret, 0, "Backspace is stuck at {}", input.marked());
        for _ in 0..keys {
            input.delete();
        }
        prop_assert_eq!(kept(&input.text, field).len(), 0, "Delete is stuck at {}", input.marked());
    }

    #[test]
    fn a_date_is_typed_over_whatever_was_there(raw in raw(), caret in 0usize..30) {
        let shown = reformat(&raw, caret, Field::Expiry);
        let text = shown.text.as_str().to_owned();
        let mut input = Input { field: Field::Expiry, caret: text.len(), text };
        for _ in 0..2 * input.text.len() {
            input.backspace();
        }
        for key in ["0", "5", "2", "7"] {
            input.insert(key);
        }
        prop_assert_eq!(input.marked(), "05 / 27|");
    }
}
