//! The card form without a browser: how its fields stand, what is marked as wrong and when, and what is
//! sealed in the end. What was typed passes through [`Typed`] and stays nowhere.

use farthing_instrument::{self as instrument, CardDetails, FieldErrors, YearMonth};
use farthing_protocol::CardBrand;
use zeroize::Zeroizing;

use crate::text;

/// A field of the form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Field {
    Number,
    Expiry,
    SecurityCode,
    Name,
}

impl Field {
    /// In the order in which they stand.
    pub const ALL: [Self; 4] = [Self::Number, Self::Expiry, Self::SecurityCode, Self::Name];

    /// The id of the field's input.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Expiry => "expiry",
            Self::SecurityCode => "security-code",
            Self::Name => "name",
        }
    }

    /// What it is for, as browsers and password managers know it.
    pub const fn autocomplete(self) -> &'static str {
        match self {
            Self::Number => "cc-number",
            Self::Expiry => "cc-exp",
            Self::SecurityCode => "cc-csc",
            Self::Name => "cc-name",
        }
    }

    /// How it is formatted while it is typed; a name stays as it is.
    pub const fn format(self) -> Option<instrument::Field> {
        match self {
            Self::Number => Some(instrument::Field::Number),
            Self::Expiry => Some(instrument::Field::Expiry),
            Self::SecurityCode => Some(instrument::Field::SecurityCode),
            Self::Name => None,
        }
    }
}

/// The text of the four fields, for as long as it is looked at. A secret: no `Debug`, no `Clone`; wiped on
/// drop.
pub struct Typed {
    pub number: Zeroizing<String>,
    pub expiry: Zeroizing<String>,
    pub security_code: Zeroizing<String>,
    pub name: Zeroizing<String>,
}

impl Typed {
    /// How the fields stand today, where `brands` are taken. It holds nothing that was typed.
    pub fn judge(&self, today: YearMonth, brands: &[CardBrand]) -> Judgement {
        let brand = instrument::brand(&self.number);
        let mut errors = match self.details(today) {
            Ok(_) => [None; 4],
            Err(FieldErrors {
                number,
                expiry,
                security_code,
                name,
            }) => [
                text::number_error(number),
                text::expiry_error(expiry),
                text::security_code_error(security_code),
                text::name_error(name),
            ],
        };
        if brand.is_some_and(|brand| !brands.contains(&brand)) {
            errors[Field::Number as usize] = Some(text::BRAND_ERROR);
        }
        let texts = [&self.number, &self.expiry, &self.security_code, &self.name];
        Judgement {
            brand,
            errors,
            empty: texts.map(|text| text.trim().is_empty()),
        }
    }

    /// What is sealed: JSON as `docs/PROTOCOL.md` has it. `None` where a field is not complete.
    pub fn plaintext(&self, today: YearMonth) -> Option<Zeroizing<Vec<u8>>> {
        self.details(today).ok().map(|details| json(&details))
    }

    fn details(&self, today: YearMonth) -> Result<CardDetails, FieldErrors> {
        CardDetails::parse(&self.number, &self.expiry, &self.security_code, &self.name, today)
    }
}

/// How the fields stand.
pub struct Judgement {
    brand: Option<CardBrand>,
    errors: [Option<&'static str>; 4],
    empty: [bool; 4],
}

impl Judgement {
    /// Whether the details can be sealed as they are.
    pub fn is_complete(&self) -> bool {
        self.first_faulty().is_none()
    }

    /// The first field that is empty, incomplete or wrong.
    pub fn first_faulty(&self) -> Option<Field> {
        Field::ALL
            .into_iter()
            .find(|field| self.errors[*field as usize].is_some())
    }
}

/// What the form shows beside the fields: the brand, and what is wrong once it may be said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    pub brand: Option<CardBrand>,
    errors: [Option<&'static str>; 4],
}

/// What the shopper did, with how the fields stand then.
pub enum Touch {
    /// Something was typed, filled in, or deleted.
    Typed(Judgement),
    /// The shopper left a field.
    Left(Field, Judgement),
    /// “Pay” was pressed.
    Pay(Judgement),
}

impl Marks {
    /// What is wrong with a field, if that is to be said.
    pub fn error(&self, field: Field) -> Option<&'static str> {
        self.errors[field as usize]
    }

    /// “Not yet complete” is no fault while the shopper types, and an empty field is none before “Pay”. What
    /// was said is taken back as soon as it no longer holds.
    pub fn touched(&self, touch: &Touch) -> Self {
        let (judgement, said): (_, &dyn Fn(Field) -> bool) = match touch {
            Touch::Typed(judgement) => (judgement, &|_| false),
            Touch::Left(left, judgement) => (judgement, &|field| {
                field == *left && !judgement.empty[field as usize]
            }),
            Touch::Pay(judgement) => (judgement, &|_| true),
        };
        let errors = Field::ALL.map(|field| {
            let error = judgement.errors[field as usize];
            if said(field) || error == self.error(field) {
                error
            } else {
                None
            }
        });
        Self {
            brand: judgement.brand,
            errors,
        }
    }
}

fn json(details: &CardDetails) -> Zeroizing<Vec<u8>> {
    const AROUND: usize = 128; // the field names, month and year
    let (number, expiry) = (details.number().expose(), details.expiry());
    let (code, name) = (details.security_code().expose(), details.name().expose());
    // All of it at once: growing would leave a copy behind.
    let room = AROUND + number.len() + code.len() + 2 * name.len();
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    let dates = format!(
        r#"","expiry_month":{},"expiry_year":{},"security_code":""#,
        expiry.month(),
        expiry.year()
    );
    let dates = Zeroizing::new(dates);
    for part in [r#"{"number":""#, number, &dates, code, r#"","name":""#] {
        json.extend_from_slice(part.as_bytes());
    }
    // Control characters are no part of a name, so these two are all that JSON wants escaped.
    for byte in name.bytes() {
        if matches!(byte, b'"' | b'\\') {
            json.push(b'\\');
        }
        json.push(byte);
    }
    json.extend_from_slice(br#""}"#);
    json
}

#[cfg(test)]
mod tests {
    use farthing_protocol::CardBrand::{Amex, Mastercard, Visa};
    use proptest::prelude::*;

    use super::*;

    fn today() -> YearMonth {
        YearMonth::new(2026, 11).unwrap()
    }

    fn typed(number: &str, expiry: &str, code: &str, name: &str) -> Typed {
        let secret = |text: &str| Zeroizing::new(text.to_owned());
        Typed {
            number: secret(number),
            expiry: secret(expiry),
            security_code: secret(code),
            name: secret(name),
        }
    }

    fn judged(number: &str) -> Judgement {
        typed(number, "", "", "").judge(today(), &[Visa, Mastercard])
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
                    errors: [None; 4]
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
        assert!(Field::ALL.into_iter().all(|field| pay.error(field).is_some()));
        assert_eq!(judged("").first_faulty(), Some(Field::Number));
    }

    #[test]
    fn a_brand_that_is_not_taken_is_said_before_paying() {
        let amex = typed("3782 822463 10005", "05 / 27", "1234", "Ada").judge(today(), &[Visa]);
        assert_eq!(
            (amex.is_complete(), amex.first_faulty()),
            (false, Some(Field::Number))
        );
        let taken = typed("3782 822463 10005", "05 / 27", "1234", "Ada").judge(today(), &[Amex]);
        assert!(taken.is_complete());
    }

    #[test]
    fn a_half_typed_card_is_not_sealed() {
        assert!(
            typed("4242 4242 4242 4242", "05 / 27", "12", "Ada")
                .plaintext(today())
                .is_none()
        );
    }

    proptest! {
        #[test]
        fn what_is_sealed_is_json_with_exactly_the_details(name in "\\PC{0,20}[A-Za-z\"\\\\]\\PC{0,20}") {
            let typed = typed("4242 4242 4242 4242", "5/27", "123", &name);
            if let Some(sealed) = typed.plaintext(today()) {
                let read: serde_json::Value = serde_json::from_slice(&sealed).unwrap();
                prop_assert_eq!(read, serde_json::json!({
                    "number": "4242424242424242", "expiry_month": 5, "expiry_year": 2027,
                    "security_code": "123", "name": name.trim(),
                }));
                prop_assert!(sealed.capacity() >= sealed.len() && sealed.len() <= 128 + 19 + 2 * name.len());
            }
        }
    }
}
