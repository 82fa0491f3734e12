//! What a shopper types for a card, a bank account or a phone bill: parsing, formatting, validity. The frame uses it while the shopper
//! types, and the gateway again on what was sealed, so both sides judge by one rule.
//!
//! No IO, no clock, no randomness. Secrets ([`CardNumber`], [`SecurityCode`], [`CardholderName`],
//! [`Expiry`], [`CardDetails`], [`Iban`], [`BankDetails`], [`PhoneNumber`]) have no `Debug`, `Display`, `Clone` or `Serialize`; what is held as text
//! is wiped on drop; and no error carries anything that was typed.

mod bank;
mod brand;
mod card;
mod caret;
mod digits;
mod expiry;
mod iban;
mod luhn;
mod month;
mod name;
mod number;
mod phone;
mod security_code;
mod validity;

pub use bank::{BankDetails, BankErrors, SealedBankAccount};
pub use brand::{BrandRules, brand, rules};
pub use card::{CardDetails, FieldErrors, SealedCard};
pub use caret::{Field, Formatted, reformat};
pub use expiry::{Expiry, ExpiryError};
pub use iban::{Iban, IbanError};
pub use month::YearMonth;
pub use name::{CardholderName, NAME_CHARS, NameError};
pub use number::{CardNumber, NumberError};
pub use phone::{PhoneError, PhoneNumber};
pub use security_code::{SecurityCode, SecurityCodeError};
pub use validity::Validity;
