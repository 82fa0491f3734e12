//! Where a shopper may be made to pay for the choice of a method. This is a list of what was looked up, and
//! no advice: a country that is not in it is not known, and what is not known is not done. Each row names its
//! source.
//!
//! Cards are not told apart: before a shopper has typed, nobody knows whether a card is a consumer's, and by
//! then the price has been said. So a law that forbids it for consumers' cards forbids it here.

use std::fmt;

use serde::{Deserialize, Serialize, de};

use super::MethodKind;

/// Whether the shopper may bear the fee of a method.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Surcharge {
    /// By the law of the country that is recorded here, yes. Schemes and contracts may say no.
    Allowed,
    /// No, by this law.
    Forbidden(&'static str),
    /// Nothing is recorded here: no.
    Unknown,
}

/// Whether a shopper may be charged for `method` by a merchant who is registered in `country`.
#[must_use]
pub fn surcharge(method: MethodKind, country: Option<Country>) -> Surcharge {
    let table = match method {
        MethodKind::Card => CARD,
        MethodKind::BankAccount => BANK_ACCOUNT,
        // No law was looked up.
        MethodKind::PhoneBill => &[],
    };
    let Some(country) = country else {
        return Surcharge::Unknown;
    };
    table
        .iter()
        .find(|(countries, _)| countries.contains(&country.as_str()))
        .map_or(Surcharge::Unknown, |(_, ruling)| *ruling)
}

const BANK_ACCOUNT: &[(&[&str], Surcharge)] = &[
    // Directive (EU) 2015/2366, Article 62(4): nor for the payment services to which Regulation (EU) No 260/2012 applies,
    // which are credit transfers and direct debits in euro.
    (
        &[
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
            "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
        ],
        Surcharge::Forbidden("Directive (EU) 2015/2366, Article 62(4)"),
    ),
];

const CARD: &[(&[&str], Surcharge)] = &[
    // Directive (EU) 2015/2366, Article 62(4): a payee shall not request charges for instruments whose
    // interchange fees are regulated by Chapter II of Regulation (EU) 2015/751, which are consumers' debit
    // and credit cards. Each member state has put it into its law.
    (
        &[
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
            "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
        ],
        Surcharge::Forbidden("Directive (EU) 2015/2366, Article 62(4)"),
    ),
    // The same directive in Iceland, Liechtenstein and Norway: Decision of the EEA Joint Committee No
    // 165/2019 of 14 June 2019 (OJ L 291, 10.11.2022, p. 50).
    (
        &["IS", "LI", "NO"],
        Surcharge::Forbidden("Directive (EU) 2015/2366, Article 62(4), by the EEA Agreement"),
    ),
    // Consumer Rights (Payment Surcharges) Regulations 2012 (SI 2012/3110), regulation 6A(1), put in by SI
    // 2017/752, Schedule 8, paragraph 12: no fee for a card that is not a commercial one.
    (
        &["GB"],
        Surcharge::Forbidden("Consumer Rights (Payment Surcharges) Regulations 2012, regulation 6A"),
    ),
    // Banka Kartları ve Kredi Kartları Kanunu (Law 5464 of 23 February 2006), Article 17: a merchant may not
    // ask the cardholder for a commission or the like because a card is used.
    (&["TR"], Surcharge::Forbidden("Law 5464, Article 17")),
    // Specialized Credit Finance Business Act, Article 19(4): a merchant shall not make the cardholder bear
    // the merchant's card fee.
    (
        &["KR"],
        Surcharge::Forbidden("Specialized Credit Finance Business Act, Article 19(4)"),
    ),
    // No federal law forbids it, but states do: Connecticut (General Statutes § 42-133ff), Massachusetts
    // (General Laws ch. 140D, § 28A(a)(2)). A merchant's state is not registered, so the strictest is taken.
    (
        &["US"],
        Surcharge::Forbidden(
            "some states forbid it (Conn. Gen. Stat. § 42-133ff; Mass. Gen. Laws ch. 140D § 28A)",
        ),
    ),
    // Québec: Consumer Protection Act (CQLR c P-40.1), section 224(c), no price above the advertised one; a
    // fee for the use of a card is one (Office de la protection du consommateur). As for the states of the
    // US.
    (
        &["CA"],
        Surcharge::Forbidden("Québec forbids it (Consumer Protection Act, section 224(c))"),
    ),
    // Lei nº 13.455 of 26 June 2017, Article 1: prices may differ by payment instrument; a clause against it
    // is void.
    (&["BR"], Surcharge::Allowed),
    // Retail Payment System Act 2022: surcharges are regulated by standards, and not forbidden. The bill that
    // would (205—2 of 2025) is for payments in a shop, not for those online.
    (&["NZ"], Surcharge::Allowed),
];

/// A country's code of ISO 3166-1, two capital letters: `DE`. That there is such a country is not checked.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Country([u8; 2]);

/// Why a country's code was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a country is two capital letters (ISO 3166-1), as in DE")]
pub struct CountryError;

impl Country {
    /// Accepts two capital ASCII letters.
    pub fn parse(text: &str) -> Result<Self, CountryError> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(CountryError),
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Two ASCII letters by construction, so the empty text is never returned.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}
