use crate::{
    CardNumber, CardholderName, Expiry, ExpiryError, NameError, NumberError, SecurityCode, SecurityCodeError,
    Validity, YearMonth, brand,
};

/// The details of a card, all of them well-formed. A secret, as its parts are.
pub struct CardDetails {
    number: CardNumber,
    expiry: Expiry,
    security_code: SecurityCode,
    name: CardholderName,
}

/// What the frame sealed, as the provider reads it from the JSON of docs/PROTOCOL.md. Not yet checked.
pub struct SealedCard<'a> {
    /// ASCII digits.
    pub number: &'a str,
    /// 1 to 12.
    pub expiry_month: u8,
    /// Four digits.
    pub expiry_year: u16,
    /// ASCII digits.
    pub security_code: &'a str,
    /// The name, without blanks around it.
    pub name: &'a str,
}

/// How each field of details stands that can't be used; at least one is not `Complete`. Nothing in it was
/// typed by the shopper, so it may be shown and logged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FieldErrors {
    /// The number.
    pub number: Validity<NumberError>,
    /// The expiry date.
    pub expiry: Validity<ExpiryError>,
    /// The security code.
    pub security_code: Validity<SecurityCodeError>,
    /// The cardholder's name.
    pub name: Validity<NameError>,
}

impl CardDetails {
    /// Reads what a shopper typed into the four fields. The code is judged by the number's brand.
    ///
    /// # Errors
    /// How each field stands, if one of them is not complete.
    pub fn parse(
        number: &str,
        expiry: &str,
        security_code: &str,
        name: &str,
        today: YearMonth,
    ) -> Result<Self, FieldErrors> {
        Self::all(
            CardNumber::parse(number),
            Expiry::parse(expiry, today),
            SecurityCode::parse(security_code, brand(number)),
            CardholderName::parse(name),
        )
    }

    /// Checks again, on the provider's side, what a frame sealed; and takes nothing that the frame would
    /// have put into another form. That the brand is one on offer is for the caller to check.
    ///
    /// # Errors
    /// As [`CardDetails::parse`].
    pub fn from_sealed(sealed: &SealedCard<'_>, today: YearMonth) -> Result<Self, FieldErrors> {
        let expiry = Expiry::new(sealed.expiry_month, sealed.expiry_year, today);
        Self::all(
            CardNumber::from_digits(sealed.number),
            expiry.map_err(Validity::Wrong),
            SecurityCode::from_digits(sealed.security_code, brand(sealed.number)),
            CardholderName::from_sealed(sealed.name),
        )
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> &CardNumber {
        &self.number
    }

    /// The expiry date.
    #[must_use]
    pub fn expiry(&self) -> &Expiry {
        &self.expiry
    }

    /// The security code.
    #[must_use]
    pub fn security_code(&self) -> &SecurityCode {
        &self.security_code
    }

    /// The cardholder's name.
    #[must_use]
    pub fn name(&self) -> &CardholderName {
        &self.name
    }

    /// Takes the details apart: the provider keeps the number, and the code for as long as it must only.
    #[must_use]
    pub fn into_parts(self) -> (CardNumber, Expiry, SecurityCode, CardholderName) {
        (self.number, self.expiry, self.security_code, self.name)
    }

    fn all(
        number: Result<CardNumber, Validity<NumberError>>,
        expiry: Result<Expiry, Validity<ExpiryError>>,
        security_code: Result<SecurityCode, Validity<SecurityCodeError>>,
        name: Result<CardholderName, Validity<NameError>>,
    ) -> Result<Self, FieldErrors> {
        match (number, expiry, security_code, name) {
            (Ok(number), Ok(expiry), Ok(security_code), Ok(name)) => Ok(Self {
                number,
                expiry,
                security_code,
                name,
            }),
            (number, expiry, security_code, name) => Err(FieldErrors {
                number: Validity::of(number),
                expiry: Validity::of(expiry),
                security_code: Validity::of(security_code),
                name: Validity::of(name),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use farthing_protocol::CardBrand;

    use super::*;

    fn today() -> YearMonth {
        YearMonth::new(2026, 11).unwrap()
    }

    fn sealed() -> SealedCard<'static> {
        SealedCard {
            number: "378282246310005",
            expiry_month: 5,
            expiry_year: 2027,
            security_code: "1234",
            name: "Ada Lovelace",
        }
    }

    #[test]
    fn what_is_typed_and_sealed_comes_out_the_same() {
        let typed = CardDetails::parse("3782 822463 10005", "05 / 27", "1234", " Ada Lovelace ", today());
        let typed = typed.unwrap_or_else(|errors| panic!("{errors:?}"));
        let again = SealedCard {
            number: typed.number().expose(),
            expiry_month: typed.expiry().month(),
            expiry_year: typed.expiry().year(),
            security_code: typed.security_code().expose(),
            name: typed.name().expose(),
        };
        let (number, expiry, code, name) = CardDetails::from_sealed(&again, today())
            .unwrap_or_else(|errors| panic!("{errors:?}"))
            .into_parts();
        assert_eq!(
            (number.expose(), number.brand()),
            ("378282246310005", Some(CardBrand::Amex))
        );
        assert_eq!((expiry.month(), expiry.year()), (5, 2027));
        assert_eq!((code.expose(), name.expose()), ("1234", "Ada Lovelace"));
    }

    #[test]
    fn every_field_is_told_on_its_own() {
        let errors = CardDetails::parse("4242", "13", "12345", "", today())
            .err()
            .expect("four faults");
        let expected = FieldErrors {
            number: Validity::Incomplete,
            expiry: Validity::Wrong(ExpiryError::Month),
            security_code: Validity::Wrong(SecurityCodeError::TooLong),
            name: Validity::Empty,
        };
        assert_eq!(errors, expected);
        let code = CardDetails::parse("378282246310005", "0527", "123", "A", today())
            .err()
            .expect("a fault");
        assert_eq!(code.security_code, Validity::Incomplete);
        assert_eq!(
            (code.number, code.expiry),
            (Validity::Complete, Validity::Complete)
        );
    }

    #[test]
    fn the_provider_takes_one_form_only() {
        assert!(CardDetails::from_sealed(&sealed(), today()).is_ok());
        let loose = [
            SealedCard {
                number: "3782 822463 10005",
                ..sealed()
            },
            SealedCard {
                number: "378282246310006",
                ..sealed()
            },
            SealedCard {
                expiry_month: 0,
                ..sealed()
            },
            SealedCard {
                expiry_year: 27,
                ..sealed()
            },
            SealedCard {
                security_code: "123",
                ..sealed()
            },
            SealedCard {
                security_code: "１２３４",
                ..sealed()
            },
            SealedCard {
                name: " Ada",
                ..sealed()
            },
            SealedCard { name: "", ..sealed() },
        ];
        for card in loose {
            assert!(CardDetails::from_sealed(&card, today()).is_err());
        }
    }

    /// Compiles only as long as `$secret` does not implement the trait: otherwise `probe` is ambiguous.
    macro_rules! never {
        ($($secret:ty),+ => $trait:path) => {$({
            trait Probe<Marker> {
                fn probe() {}
            }
            impl<T> Probe<()> for T {}
            struct Implemented;
            impl<T: $trait> Probe<Implemented> for T {}
            <$secret>::probe();
        })+};
    }

    #[test]
    fn secrets_can_be_neither_printed_nor_copied() {
        never!(CardNumber, SecurityCode, CardholderName, Expiry, CardDetails, SealedCard<'static>, crate::Formatted, crate::Iban, crate::BankDetails, crate::SealedBankAccount<'static>, crate::PhoneNumber => fmt::Debug);
        never!(CardNumber, SecurityCode, CardholderName, Expiry, CardDetails, SealedCard<'static>, crate::Formatted, crate::Iban, crate::BankDetails, crate::SealedBankAccount<'static>, crate::PhoneNumber => fmt::Display);
        never!(CardNumber, SecurityCode, CardholderName, Expiry, CardDetails, SealedCard<'static>, crate::Formatted, crate::Iban, crate::BankDetails, crate::SealedBankAccount<'static>, crate::PhoneNumber => Clone);
    }
}
