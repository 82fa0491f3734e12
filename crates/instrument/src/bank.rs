use crate::{CardholderName, Iban, IbanError, NameError, Validity};

/// The details of a bank account, all of them well-formed. A secret, as its parts are.
pub struct BankDetails {
    iban: Iban,
    holder: CardholderName,
}

/// What the frame sealed, as the provider reads it from the JSON of docs/PROTOCOL.md. Not yet checked.
pub struct SealedBankAccount<'a> {
    /// Capitals and ASCII digits, without blanks.
    pub iban: &'a str,
    /// Who holds the account, without blanks around the name.
    pub holder: &'a str,
}

/// How each field of details stands that can't be used; at least one is not `Complete`. Nothing in it was
/// typed by the shopper, so it may be shown and logged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BankErrors {
    /// The IBAN.
    pub iban: Validity<IbanError>,
    /// Who holds the account.
    pub holder: Validity<NameError>,
}

impl BankDetails {
    /// Reads what a shopper typed into the two fields.
    ///
    /// # Errors
    /// How each field stands, if one of them is not complete.
    pub fn parse(iban: &str, holder: &str) -> Result<Self, BankErrors> {
        Self::both(Iban::parse(iban), CardholderName::parse(holder))
    }

    /// Checks again, on the provider's side, what a frame sealed; and takes nothing that the frame would
    /// have put into another form. That a direct debit reaches the account is for the caller to check.
    ///
    /// # Errors
    /// As [`BankDetails::parse`].
    pub fn from_sealed(sealed: &SealedBankAccount<'_>) -> Result<Self, BankErrors> {
        Self::both(
            Iban::from_sealed(sealed.iban),
            CardholderName::from_sealed(sealed.holder),
        )
    }

    /// The IBAN.
    #[must_use]
    pub fn iban(&self) -> &Iban {
        &self.iban
    }

    /// Who holds the account.
    #[must_use]
    pub fn holder(&self) -> &CardholderName {
        &self.holder
    }

    fn both(
        iban: Result<Iban, Validity<IbanError>>,
        holder: Result<CardholderName, Validity<NameError>>,
    ) -> Result<Self, BankErrors> {
        match (iban, holder) {
            (Ok(iban), Ok(holder)) => Ok(Self { iban, holder }),
            (iban, holder) => Err(BankErrors {
                iban: Validity::of(iban),
                holder: Validity::of(holder),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_and_sealed_comes_out_the_same() {
        let typed = BankDetails::parse("de89 3704-0044 0532 0130 00", " Ada Lovelace ");
        let typed = typed.unwrap_or_else(|errors| panic!("{errors:?}"));
        let sealed = SealedBankAccount {
            iban: typed.iban().expose(),
            holder: typed.holder().expose(),
        };
        assert_eq!(
            (sealed.iban, sealed.holder),
            ("DE89370400440532013000", "Ada Lovelace")
        );
        assert!(BankDetails::from_sealed(&sealed).is_ok());
    }

    #[test]
    fn every_field_is_told_on_its_own_and_the_provider_takes_one_form_only() {
        let errors = BankDetails::parse("DE", "").err().expect("two faults");
        let expected = BankErrors {
            iban: Validity::Incomplete,
            holder: Validity::Empty,
        };
        assert_eq!(errors, expected);
        for (iban, holder) in [
            ("DE89 3704 0044 0532 0130 00", "Ada"),
            ("de89370400440532013000", "Ada"),
            ("DE89370400440532013001", "Ada"),
            ("DE89370400440532013000", " Ada"),
            ("DE89370400440532013000", ""),
        ] {
            let sealed = SealedBankAccount { iban, holder };
            assert!(BankDetails::from_sealed(&sealed).is_err(), "{iban} {holder}");
        }
    }
}
