use farthing_protocol::{Code, KeyId, MerchantId, Origin, PriceId};

use crate::{StoreError, accreditation::NotAccredited, fee::ScheduleError, jose::JwkError};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No such merchant.
    #[error("there is no merchant {0}")]
    NoMerchant(MerchantId),
    /// The id is taken.
    #[error("there is a merchant {0} already")]
    MerchantExists(MerchantId),
    /// No such origin.
    #[error("{0} is no origin of this merchant; `origin add` makes it one")]
    NoOrigin(Origin),
    /// As many as there may be.
    #[error("the merchant has {0} already, which is the most; remove one first")]
    TooMany(&'static str),
    /// The origin serves something else.
    #[error("{0} does not serve the challenge: one line, to the letter")]
    NotProven(Origin),
    /// A key with this name is there.
    #[error("the merchant has an order key with the kid {0} already; give this one another")]
    OrderKeyExists(String),
    /// No such order key.
    #[error("the merchant has no order key with the kid {0}")]
    NoOrderKey(String),
    /// As many accreditors as there may be.
    #[error("20 accreditors are trusted already, which is the most; distrust one first")]
    TooManyAccreditors,
    /// The random source gave what it gave before.
    #[error("the random source repeats itself")]
    Repeated,
    /// Not a key.
    #[error("this is no public key that is taken here: {0}")]
    Jwk(#[from] JwkError),
    /// Unlawful, or not in order.
    #[error("{0}")]
    Fees(#[from] ScheduleError),
    /// No such API key.
    #[error("there is no key {0}")]
    NoKey(KeyId),
    /// It does not work any more.
    #[error("the key {0} does not work any more; make another with `key create`")]
    KeyEnded(KeyId),
    /// A restricted key that may do nothing.
    #[error("a restricted key has at least one permission: orders, charges, refunds, disputes, read")]
    NoPermissions,
    /// Grace without bound.
    #[error("a rotated key goes on for 0 to 720 hours")]
    Grace,
    /// Not what can be sold.
    #[error("{}", .0.title())]
    Price(Code),
    /// No such price.
    #[error("there is no price {0}")]
    NoPrice(PriceId),
    /// As many as there may be.
    #[error("the merchant has 1,000 prices already, which is the most; close one first")]
    TooManyPrices,
    /// The statement says nothing about this merchant.
    #[error("{0}")]
    Statement(NotAccredited),
    /// The statement is in order, and about somebody else's origin.
    #[error("the statement is about none of this merchant's origins; add the origin first")]
    StatementOfNone,
    /// The status list is none, or nobody's who is trusted.
    #[error("{}", match .0 {
        NotAccredited::UnknownAccreditor => "the status list is signed by nobody whom this provider trusts".to_owned(),
        other => other.to_string(),
    })]
    StatusList(NotAccredited),
    /// A newer one is kept.
    #[error("the status list that is kept was signed later than this one, and stays")]
    StatusListOlder,
    /// Nobody of this id is trusted.
    #[error("{0} is no accreditor that is trusted here; `accreditor trust` makes it one")]
    NoAccreditor(Origin),
    /// An accreditor signs with something.
    #[error("an accreditor has 1 to 20 keys, each with a kid of its own")]
    AccreditorKeys,
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}
