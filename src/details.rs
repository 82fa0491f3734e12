//! The forms of the ways to pay without a browser: how their fields stand, what is marked as wrong and when, and what is
//! sealed in the end. What was typed passes through [`Typed`] and stays nowhere.

use farthing_instrument::{
    self as instrument, BankDetails, CardDetails, CardholderName, Iban, PhoneNumber, YearMonth,
};
use farthing_protocol::{CardBrand, Carrier, Method, MethodKind};
use zeroize::Zeroizing;

use crate::text;

/// A field of one of the forms.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Field {
    Number,
    Expiry,
    SecurityCode,
    Name,
    Iban,
    Holder,
    Carrier,
    Phone,
}

impl Field {
    /// Those of each form in the order in which they stand.
    pub const ALL: [Self; FIELDS] = [
        Self::Number,
        Self::Expiry,
        Self::SecurityCode,
        Self::Name,
        Self::Iban,
        Self::Holder,
        Self::Carrier,
        Self::Phone,
    ];

    /// The way to pay that it is a field of.
    pub const fn method(self) -> MethodKind {
        match self {
            Self::Number | Self::Expiry | Self::SecurityCode | Self::Name => MethodKind::Card,
            Self::Iban | Self::Holder => MethodKind::BankAccount,
            Self::Carrier | Self::Phone => MethodKind::PhoneBill,
        }
    }

    /// The id of the field's input.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Expiry => "expiry",
            Self::SecurityCode => "security-code",
            Self::Name => "name",
            Self::Iban => "iban",
            Self::Holder => "holder",
            Self::Carrier => "carrier",
            Self::Phone => "phone",
        }
    }

    /// What it is for, as browsers and password managers know it; they know no IBANs and no carriers.
    pub const fn autocomplete(self) -> &'static str {
        match self {
            Self::Number => "cc-number",
            Self::Expiry => "cc-exp",
            Self::SecurityCode => "cc-csc",
            Self::Name => "cc-name",
            Self::Iban | Self::Carrier => "off",
            Self::Holder => "name",
            Self::Phone => "tel",
        }
    }

    /// How it is formatted while it is typed; a name stays as it is, and so does a phone number,
    /// which each country groups in another way.
    pub const fn format(self) -> Option<instrument::Field> {
        match self {
            Self::Number => Some(instrument::Field::Number),
            Self::Expiry => Some(instrument::Field::Expiry),
            Self::SecurityCode => Some(instrument::Field::SecurityCode),
            Self::Iban => Some(instrument::Field::Iban),
            Self::Name | Self::Holder | Self::Carrier | Self::Phone => None,
        }
    }
}

const FIELDS: usize = 8;

/// The text of the fields of one way's form, for as long as it is looked at. A secret: no `Debug`, no `Clone`; wiped on
/// drop.
pub struct Typed {
    method: MethodKind,
    texts: [Zeroizing<String>; FIELDS],
}

impl Typed {
    /// What `text` finds in the fields of the form for `method`; the others' are not looked at.
    pub fn read(method: MethodKind, text: impl Fn(Field) -> Zeroizing<String>) -> Self {
        let texts = Field::ALL.map(|field| {
            if field.method() == method {
                text(field)
            } else {
                Zeroizing::default()
            }
        });
        Self { method, texts }
    }

    /// How the fields stand today, for what is on offer. It holds nothing that was typed.
    pub fn judge(&self, today: YearMonth, offered: &Method) -> Judgement {
        let [number, expiry, security_code, name, iban, holder, carrier, phone] = &self.texts;
        let mut errors = [None; FIELDS];
        let mut brand = None;
        match offered {
            Method::Card { brands, .. } => {
                if let Err(wrong) = CardDetails::parse(number, expiry, security_code, name, today) {
                    errors[Field::Number as usize] = text::number_error(wrong.number);
                    errors[Field::Expiry as usize] = text::expiry_error(wrong.expiry);
                    errors[Field::SecurityCode as usize] = text::security_code_error(wrong.security_code);
                    errors[Field::Name as usize] = text::name_error(wrong.name);
                }
                brand = instrument::brand(number);
                if brand.is_some_and(|brand| !brands.contains(&brand)) {
                    errors[Field::Number as usize] = Some(text::BRAND_ERROR);
                }
            }
            Method::BankAccount { .. } => {
                errors[Field::Iban as usize] = match Iban::parse(iban) {
                    Ok(iban) if iban.is_in_sepa() => None,
                    Ok(_) => Some(text::SEPA_ERROR),
                    Err(validity) => text::iban_error(validity),
                };
                errors[Field::Holder as usize] = text::holder_error(CardholderName::validity(holder));
            }
            Method::PhoneBill { carriers } => {
                let chosen = chosen(carriers, carrier);
                errors[Field::Carrier as usize] = chosen.is_none().then_some(text::CARRIER_ERROR);
                // Before one is chosen, a number is judged as one of the first's.
                let code = chosen.or(carriers.first()).map_or(0, |one| one.calling_code);
                errors[Field::Phone as usize] = text::phone_error(PhoneNumber::validity(phone, code));
            }
        }
        Judgement {
            method: self.method,
            brand,
            errors,
            empty: self.texts.each_ref().map(|text| text.trim().is_empty()),
        }
    }

    /// What is sealed for what is on offer: JSON as `docs/PROTOCOL.md` has it. `None` where a field is not complete.
    pub fn plaintext(&self, today: YearMonth, offered: &Method) -> Option<Zeroizing<Vec<u8>>> {
        let [number, expiry, security_code, name, iban, holder, carrier, phone] = &self.texts;
        match offered {
            Method::Card { .. } => {
                let card = CardDetails::parse(number, expiry, security_code, name, today);
                card.ok().map(|card| of_card(&card))
            }
            Method::BankAccount { .. } => {
                let account = BankDetails::parse(iban, holder).ok()?;
                let iban = account.iban().expose();
                Some(json(
                    &[r#"{"iban":""#, iban, r#"","holder":""#],
                    account.holder().expose(),
                ))
            }
            Method::PhoneBill { carriers } => {
                let carrier = chosen(carriers, carrier)?;
                let phone = PhoneNumber::parse(phone, carrier.calling_code).ok()?;
                let before = [r#"{"phone":""#, phone.expose(), r#"","carrier":""#];
                Some(json(&before, carrier.id.as_str()))
            }
        }
    }
}

/// The carrier that stands in its field.
fn chosen<'a>(carriers: &'a [Carrier], id: &str) -> Option<&'a Carrier> {
    carriers.iter().find(|carrier| carrier.id.as_str() == id)
}

/// How the fields of one form stand.
pub struct Judgement {
    method: MethodKind,
    brand: Option<CardBrand>,
    errors: [Option<&'static str>; FIELDS],
    empty: [bool; FIELDS],
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

/// What the forms show beside the fields: the card's brand, and what is wrong once it may be said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    pub brand: Option<CardBrand>,
    errors: [Option<&'static str>; FIELDS],
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
    /// was said is taken back as soon as it no longer holds. The other forms' fields stay as they are, with what is typed
    /// into them.
    pub fn touched(&self, touch: &Touch) -> Self {
        let (judgement, said): (_, &dyn Fn(Field) -> bool) = match touch {
            Touch::Typed(judgement) => (judgement, &|_| false),
            Touch::Left(left, judgement) => (judgement, &|field| {
                field == *left && !judgement.empty[field as usize]
            }),
            Touch::Pay(judgement) => (judgement, &|_| true),
        };
        let errors = Field::ALL.map(|field| {
            let (before, error) = (self.error(field), judgement.errors[field as usize]);
            if field.method() != judgement.method {
                before
            } else if said(field) || error == before {
                error
            } else {
                None
            }
        });
        let brand = match judgement.method {
            MethodKind::Card => judgement.brand,
            MethodKind::BankAccount | MethodKind::PhoneBill => self.brand,
        };
        Self { brand, errors }
    }
}

fn of_card(card: &CardDetails) -> Zeroizing<Vec<u8>> {
    let expiry = card.expiry();
    // As amounts are written, which is code that is there.
    let (month, year) = (i64::from(expiry.month()), i64::from(expiry.year()));
    let dates = format!(r#"","expiry_month":{month},"expiry_year":{year},"security_code":""#);
    let dates = Zeroizing::new(dates);
    let (number, code) = (card.number().expose(), card.security_code().expose());
    json(
        &[r#"{"number":""#, number, &dates, code, r#"","name":""#],
        card.name().expose(),
    )
}

/// An object of which `before` is all but the name at its end.
fn json(before: &[&str], name: &str) -> Zeroizing<Vec<u8>> {
    const END: &[u8] = br#""}"#;
    // All of it at once: growing would leave a copy behind.
    let room = before.iter().map(|part| part.len()).sum::<usize>() + 2 * name.len() + END.len();
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    for part in before {
        json.extend_from_slice(part.as_bytes());
    }
    // Control characters are no part of a name, so these two are all that JSON wants escaped.
    for byte in name.bytes() {
        if matches!(byte, b'"' | b'\\') {
            json.push(b'\\');
        }
        json.push(byte);
    }
    json.extend_from_slice(END);
    json
}

#[cfg(test)]
mod tests;
