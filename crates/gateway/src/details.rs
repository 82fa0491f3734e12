//! What was sealed, whatever the way to pay: opened, checked, kept, and given to the connector.

use std::{borrow::Cow, sync::Arc};

use farthing_instrument::{
    BankDetails, CardDetails, CardNumber, CardholderName, Expiry, ExpiryError, Iban, PhoneNumber,
    SealedBankAccount, SealedCard, SecurityCode, Validity, YearMonth,
};
use farthing_protocol::{Carrier, Code, Hint, Label, Method, Reference, UnixSeconds};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Instrument, Refusal, jose};

/// Details that can be paid with.
pub(crate) enum Details {
    Card(CardDetails),
    BankAccount(BankDetails),
    PhoneBill(PhoneNumber, Carrier),
}

/// What the frame seals for a card: JSON, exactly these members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card<'a> {
    #[serde(borrow)]
    number: &'a str,
    expiry_month: u8,
    expiry_year: u16,
    #[serde(borrow)]
    security_code: &'a str,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

/// What it seals for a bank account, which is what is kept of it too.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct BankAccount<'a> {
    #[serde(borrow)]
    iban: Cow<'a, str>,
    #[serde(borrow)]
    holder: Cow<'a, str>,
}

/// What it seals for a phone bill, which is what is kept of it too.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PhoneBill<'a> {
    #[serde(borrow)]
    phone: Cow<'a, str>,
    #[serde(borrow)]
    carrier: Cow<'a, str>,
}

/// What is encrypted at rest of a card until the charge: everything but the security code.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CardAtRest<'a> {
    #[serde(borrow)]
    number: Cow<'a, str>,
    expiry_month: u8,
    expiry_year: u16,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

impl Details {
    /// Reads what was sealed for paying by `method`, as the quote offers it. The parser's own words could quote the
    /// details: they are dropped here.
    pub fn from_sealed(plain: &[u8], method: &Method, now: UnixSeconds) -> Result<Self, Refusal> {
        match method {
            Method::Card { brands, .. } => {
                let sealed: Card<'_> = jose::object(plain).ok_or(Code::DetailsInvalid)?;
                let card = SealedCard {
                    number: sealed.number,
                    expiry_month: sealed.expiry_month,
                    expiry_year: sealed.expiry_year,
                    security_code: sealed.security_code,
                    name: &sealed.name,
                };
                let card = CardDetails::from_sealed(&card, YearMonth::at(now));
                let card = card.map_err(|errors| match errors.expiry {
                    Validity::Wrong(ExpiryError::Past) => Code::CardExpired,
                    _ => Code::DetailsInvalid,
                })?;
                match card.number().brand() {
                    Some(brand) if brands.contains(&brand) => Ok(Self::Card(card)),
                    _ => Err(Code::BrandUnsupported.into()),
                }
            }
            Method::BankAccount { .. } => {
                let sealed: BankAccount<'_> = jose::object(plain).ok_or(Code::DetailsInvalid)?;
                let account = SealedBankAccount {
                    iban: &sealed.iban,
                    holder: &sealed.holder,
                };
                let account = BankDetails::from_sealed(&account).map_err(|_| Code::DetailsInvalid)?;
                if account.iban().is_in_sepa() {
                    Ok(Self::BankAccount(account))
                } else {
                    Err(Refusal::with_detail(
                        Code::DetailsInvalid,
                        "no SEPA direct debit reaches accounts in this country",
                    ))
                }
            }
            Method::PhoneBill { carriers } => {
                let sealed: PhoneBill<'_> = jose::object(plain).ok_or(Code::DetailsInvalid)?;
                let named = |carrier: &&Carrier| carrier.id.as_str() == sealed.carrier;
                let carrier = carriers.iter().find(named).ok_or(Code::DetailsInvalid)?;
                let number = PhoneNumber::from_sealed(&sealed.phone, carrier.calling_code)
                    .map_err(|_| Code::DetailsInvalid)?;
                Ok(Self::PhoneBill(number, carrier.clone()))
            }
        }
    }

    /// The same, borrowed.
    pub fn instrument(&self) -> Instrument<'_> {
        match self {
            Self::Card(card) => Instrument::Card {
                number: card.number(),
                expiry: card.expiry(),
                name: card.name(),
                security_code: Some(card.security_code()),
            },
            Self::BankAccount(account) => Instrument::BankAccount {
                iban: account.iban(),
                holder: account.holder(),
            },
            Self::PhoneBill(number, carrier) => Instrument::PhoneBill {
                number,
                carrier: &carrier.id,
            },
        }
    }

    /// What may be seen of them again.
    pub fn hint(&self) -> Result<Hint, Refusal> {
        Ok(match self {
            Self::Card(card) => Hint::Card {
                brand: card.number().brand().ok_or(Code::BrandUnsupported)?,
                last_four: card.number().last_four(),
            },
            Self::BankAccount(account) => Hint::BankAccount {
                country: Label::parse(account.iban().country())
                    .map_err(|_| Refusal::internal("a country is no label"))?,
                last_four: account.iban().last_four(),
            },
            Self::PhoneBill(_, carrier) => Hint::PhoneBill {
                carrier: carrier.name.clone(),
            },
        })
    }

    /// What is the same for the same instrument, and for no other, whatever its kind: IBANs begin with letters, phone
    /// numbers with a plus.
    pub fn identity(&self) -> &str {
        match self {
            Self::Card(card) => card.number().expose(),
            Self::BankAccount(account) => account.iban().expose(),
            Self::PhoneBill(number, _) => number.expose(),
        }
    }

    /// What is to be encrypted until the charge: everything but a security code.
    pub fn at_rest(&self) -> Option<Zeroizing<Vec<u8>>> {
        let plain = match self {
            Self::Card(card) => serde_json::to_vec(&CardAtRest {
                number: card.number().expose().into(),
                expiry_month: card.expiry().month(),
                expiry_year: card.expiry().year(),
                name: card.name().expose().into(),
            }),
            Self::BankAccount(account) => serde_json::to_vec(&BankAccount {
                iban: account.iban().expose().into(),
                holder: account.holder().expose().into(),
            }),
            Self::PhoneBill(number, carrier) => serde_json::to_vec(&PhoneBill {
                phone: number.expose().into(),
                carrier: carrier.id.as_str().into(),
            }),
        };
        plain.map(Zeroizing::new).ok()
    }

    /// The security code, which is held in memory alone; the rest is wiped.
    pub fn into_security_code(self) -> Option<SecurityCode> {
        match self {
            Self::Card(card) => {
                let (.., security_code, _) = card.into_parts();
                Some(security_code)
            }
            Self::BankAccount(_) | Self::PhoneBill(..) => None,
        }
    }
}

/// What was kept, as the connector gets it.
pub(crate) enum Kept {
    Card {
        number: CardNumber,
        expiry: Expiry,
        name: CardholderName,
        security_code: Option<Arc<SecurityCode>>,
    },
    BankAccount {
        iban: Iban,
        holder: CardholderName,
    },
    PhoneBill {
        number: PhoneNumber,
        carrier: Reference,
    },
}

impl Kept {
    /// Reads what [`Details::at_rest`] wrote for what `hint` is of. `None` inside where it can't be paid with any more:
    /// the month may have ended between token and charge, and the issuer would decline.
    pub fn read(
        plain: &[u8],
        hint: &Hint,
        security_code: Option<Arc<SecurityCode>>,
        now: UnixSeconds,
    ) -> Result<Option<Self>, Refusal> {
        let unreadable = || Refusal::internal("details at rest are not readable");
        match hint {
            Hint::Card { .. } => {
                let card: CardAtRest<'_> = serde_json::from_slice(plain).map_err(|_| unreadable())?;
                let parts = (
                    CardNumber::from_digits(&card.number),
                    Expiry::new(card.expiry_month, card.expiry_year, YearMonth::at(now)),
                    CardholderName::parse(&card.name),
                );
                let (Ok(number), Ok(expiry), Ok(name)) = parts else {
                    return Ok(None);
                };
                Ok(Some(Self::Card {
                    number,
                    expiry,
                    name,
                    security_code,
                }))
            }
            Hint::BankAccount { .. } => {
                let account: BankAccount<'_> = serde_json::from_slice(plain).map_err(|_| unreadable())?;
                let parts = (
                    Iban::from_sealed(&account.iban),
                    CardholderName::parse(&account.holder),
                );
                let (Ok(iban), Ok(holder)) = parts else {
                    return Ok(None);
                };
                Ok(Some(Self::BankAccount { iban, holder }))
            }
            Hint::PhoneBill { .. } => {
                let bill: PhoneBill<'_> = serde_json::from_slice(plain).map_err(|_| unreadable())?;
                let parts = (
                    PhoneNumber::from_kept(&bill.phone),
                    Reference::parse(&bill.carrier).ok(),
                );
                let (Some(number), Some(carrier)) = parts else {
                    return Ok(None);
                };
                Ok(Some(Self::PhoneBill { number, carrier }))
            }
        }
    }

    /// The same, borrowed.
    pub fn instrument(&self) -> Instrument<'_> {
        match self {
            Self::Card {
                number,
                expiry,
                name,
                security_code,
            } => Instrument::Card {
                number,
                expiry,
                name,
                security_code: security_code.as_deref(),
            },
            Self::BankAccount { iban, holder } => Instrument::BankAccount { iban, holder },
            Self::PhoneBill { number, carrier } => Instrument::PhoneBill { number, carrier },
        }
    }
}
