//! The forms without a browser.

use farthing_protocol::{
    CardBrand::{Amex, Mastercard, Visa},
    Label, Reference,
};
use proptest::prelude::*;

use super::*;

fn today() -> YearMonth {
    YearMonth::new(2026, 11).unwrap()
}

fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

fn cards(brands: &[CardBrand]) -> Method {
    Method::Card {
        brands: brands.to_vec(),
        address: false,
    }
}

fn account(iban: &str, holder: &str) -> Judgement {
    typed_account(iban, holder).judge(today(), &creditor())
}

fn typed_account(iban: &str, holder: &str) -> Typed {
    Typed::read(MethodKind::BankAccount, |field| match field {
        Field::Iban => secret(iban),
        Field::Holder => secret(holder),
        other => panic!("{other:?} is looked at"),
    })
}

fn carriers() -> Method {
    let carrier = |id: &str, calling_code| Carrier {
        id: Reference::parse(id).unwrap(),
        name: Label::parse("Tele").unwrap(),
        calling_code,
    };
    Method::PhoneBill {
        carriers: vec![carrier("fern", 49), carrier("wren", 43)],
    }
}

fn typed_phone(carrier: &str, phone: &str) -> Typed {
    Typed::read(MethodKind::PhoneBill, |field| match field {
        Field::Carrier => secret(carrier),
        Field::Phone => secret(phone),
        other => panic!("{other:?} is looked at"),
    })
}

fn creditor() -> Method {
    Method::BankAccount {
        creditor: Label::parse("DE98ZZZ09999999999").unwrap(),
    }
}

fn typed(number: &str, expiry: &str, code: &str, name: &str) -> Typed {
    Typed::read(MethodKind::Card, |field| match field {
        Field::Number => secret(number),
        Field::Expiry => secret(expiry),
        Field::SecurityCode => secret(code),
        Field::Name => secret(name),
        other => panic!("{other:?} is looked at"),
    })
}

fn judged(number: &str) -> Judgement {
    typed(number, "", "", "").judge(today(), &cards(&[Visa, Mastercard]))
}

#[test]
fn nothing_is_wrong_while_it_is_typed() {
    let mut marks = Marks::default();
    for number in ["4", "42", "4242 4242", "4242 4242 4242 4241"] {
        marks = marks.touched(&Touch::Typed(judged(number)));
        assert_eq!(
            marks,
            Marks {
                brand: Some(Visa),
                errors: [None; FIELDS]
            },
            "{number}"
        );
    }
}

#[test]
fn a_fault_is_said_on_leaving_and_taken_back_when_mended() {
    let left = Marks::default().touched(&Touch::Left(Field::Number, judged("4242 4242 4242 4241")));
    let said = left.error(Field::Number).unwrap();
    let same = left.touched(&Touch::Typed(judged("4242 4242 4242 4243")));
    assert_eq!(same.error(Field::Number), Some(said));
    let other = left.touched(&Touch::Typed(judged("4242 4242 4242 424")));
    assert_eq!(other.error(Field::Number), None);
}

#[test]
fn an_empty_field_may_be_left_but_not_paid_with() {
    let left = Marks::default().touched(&Touch::Left(Field::Number, judged(" ")));
    assert_eq!(left, Marks::default());
    let pay = left.touched(&Touch::Pay(judged("")));
    for field in Field::ALL {
        let said = pay.error(field).is_some();
        assert_eq!(said, field.method() == MethodKind::Card, "{field:?}");
    }
    assert_eq!(judged("").first_faulty(), Some(Field::Number));
}

#[test]
fn a_brand_that_is_not_taken_is_said_before_paying() {
    let amex = typed("3782 822463 10005", "05 / 27", "1234", "Ada").judge(today(), &cards(&[Visa]));
    assert_eq!(
        (amex.is_complete(), amex.first_faulty()),
        (false, Some(Field::Number))
    );
    let taken = typed("3782 822463 10005", "05 / 27", "1234", "Ada").judge(today(), &cards(&[Amex]));
    assert!(taken.is_complete());
}

#[test]
fn a_half_typed_card_is_not_sealed() {
    assert!(
        typed("4242 4242 4242 4242", "05 / 27", "12", "Ada")
            .plaintext(today(), &cards(&[Visa]))
            .is_none()
    );
}

#[test]
fn what_is_wrong_with_an_account_is_said_beside_its_field() {
    for (iban, said) in [
        ("", "Enter the IBAN"),
        ("DE89 3704", "Some characters are missing"),
        (
            "DE89 3704 0044 0532 0130 01",
            "Check the IBAN: a character is wrong",
        ),
        ("DE89 3704 0044 0532 0130 000", "There are too many characters"),
        ("US89 3704", "No IBAN begins like this"),
        ("DE89 37A4", "Check the IBAN: a character is wrong"),
        ("DE89*", "Enter letters and digits only"),
        // Kuwait has IBANs, but no part in SEPA.
        (
            "KW81 CBKU 0000 0000 0000 1234 5601 01",
            "Accounts in this country can't be debited",
        ),
    ] {
        let judgement = account(iban, "Ada Lovelace");
        let marks = Marks::default().touched(&Touch::Pay(judgement));
        assert_eq!(marks.error(Field::Iban), Some(said), "{iban}");
        assert_eq!(marks.error(Field::Holder), None);
    }
    for right in [
        "DE89 3704 0044 0532 0130 00",
        "de89370400440532013000",
        "ＤＥ８９３７０４００４４０５３２０１３０００",
    ] {
        assert!(account(right, "Ada Lovelace").is_complete(), "{right}");
    }
    for (holder, said) in [
        ("", "Enter the account holder's name"),
        ("12", "Enter the account holder's name"),
        ("370400440532013000", "This looks like an account number"),
        ("Ada\u{202E}", "Leave out special characters"),
    ] {
        let judgement = account("DE89370400440532013000", holder);
        assert_eq!(judgement.first_faulty(), Some(Field::Holder));
        let marks = Marks::default().touched(&Touch::Pay(judgement));
        assert_eq!(marks.error(Field::Holder), Some(said), "{holder}");
    }
}

#[test]
fn what_is_wrong_with_a_phone_number_is_said_beside_it() {
    for (phone, said) in [
        ("", "Enter the phone number"),
        ("0171 39200", "Some digits are missing"),
        ("0171 3920000 1 2", "There are too many digits"),
        ("+43 664 1234567", "No number of this company begins like this"),
        ("0171 O", "Enter digits only"),
    ] {
        let judgement = typed_phone("fern", phone).judge(today(), &carriers());
        let marks = Marks::default().touched(&Touch::Pay(judgement));
        assert_eq!(marks.error(Field::Phone), Some(said), "{phone}");
        assert_eq!(marks.error(Field::Carrier), None);
    }
    for (carrier, phone) in [("fern", "(0171) 392-00 00"), ("wren", "+43 664 1234567")] {
        assert!(
            typed_phone(carrier, phone)
                .judge(today(), &carriers())
                .is_complete()
        );
    }
    for none in ["", "other"] {
        let judgement = typed_phone(none, "0171 3920000").judge(today(), &carriers());
        assert_eq!(judgement.first_faulty(), Some(Field::Carrier));
        let marks = Marks::default().touched(&Touch::Pay(judgement));
        assert_eq!(marks.error(Field::Carrier), Some("Choose your phone company"));
        assert_eq!(marks.error(Field::Phone), None);
    }
}

#[test]
fn what_is_sealed_of_a_phone_is_json_with_number_and_carrier() {
    for (carrier, phone, number) in [
        ("fern", "０１７１ 3920000", "+491713920000"),
        ("wren", "0664/1234567", "+436641234567"),
    ] {
        let sealed = typed_phone(carrier, phone)
            .plaintext(today(), &carriers())
            .unwrap();
        let read: serde_json::Value = serde_json::from_slice(&sealed).unwrap();
        assert_eq!(read, serde_json::json!({ "phone": number, "carrier": carrier }));
    }
    for (carrier, phone) in [
        ("", "0171 3920000"),
        ("fern", "0171"),
        ("fern", "+43 664 1234567"),
    ] {
        assert!(
            typed_phone(carrier, phone)
                .plaintext(today(), &carriers())
                .is_none()
        );
    }
}

#[test]
fn what_was_said_of_one_form_stays_while_the_other_is_filled_in() {
    let card = Marks::default().touched(&Touch::Left(Field::Number, judged("4242 4242 4242 4241")));
    let both = card.touched(&Touch::Left(Field::Iban, account("DE89 37A4", "")));
    assert!(both.error(Field::Number).is_some() && both.error(Field::Iban).is_some());
    assert_eq!((card.brand, both.brand), (Some(Visa), Some(Visa)));
    let mended = both.touched(&Touch::Typed(account("DE89 3704", "")));
    assert_eq!(mended, card);
}

proptest! {
    #[test]
    fn a_sealed_account_is_json_with_exactly_the_details(name in "\\PC{0,20}[A-Za-z\"\\\\]\\PC{0,20}") {
        let typed = typed_account("de89 3704 0044 0532 0130 00", &name);
        if let Some(sealed) = typed.plaintext(today(), &creditor()) {
            let read: serde_json::Value = serde_json::from_slice(&sealed).unwrap();
            prop_assert_eq!(read, serde_json::json!({ "iban": "DE89370400440532013000", "holder": name.trim() }));
            prop_assert_eq!(sealed.capacity(), 45 + 2 * name.trim().len());
        }
    }

    #[test]
    fn what_is_sealed_is_json_with_exactly_the_details(name in "\\PC{0,20}[A-Za-z\"\\\\]\\PC{0,20}") {
        let typed = typed("4242 4242 4242 4242", "5/27", "123", &name);
        if let Some(sealed) = typed.plaintext(today(), &cards(&[Visa])) {
            let read: serde_json::Value = serde_json::from_slice(&sealed).unwrap();
            prop_assert_eq!(read, serde_json::json!({
                "number": "4242424242424242", "expiry_month": 5, "expiry_year": 2027,
                "security_code": "123", "name": name.trim(),
            }));
            prop_assert!(sealed.capacity() >= sealed.len() && sealed.len() <= 128 + 19 + 2 * name.len());
        }
    }
}
