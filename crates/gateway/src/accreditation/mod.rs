//! Accreditation: someone whom the provider trusts has looked at a merchant, and vouches for one of its
//! origins.
//!
//! What an accreditor says is a trust mark of OpenID Federation 1.0 (§7): [`Statement`]. Whether it still
//! says so is in a Token Status List (draft-ietf-oauth-status-list): [`StatusList`], fetched from where the
//! statement points and kept by others. [`hold`] puts the two together, and fails closed: no list, an old
//! list, or a list that does not speak of the statement is no accreditation. The accreditor's own side is
//! [`issue`].

pub mod issue;
mod statement;
mod status;

pub use statement::{STATEMENT_TYP, Statement, TRUST_MARK_TYPE, hold};
pub use status::{STATUS_LIST_TYP, Status, StatusList};

use std::collections::HashMap;

use farthing_protocol::{Label, Origin, UnixSeconds};

use crate::jose::VerifyingKey;

/// A statement, in its compact form, as text.
pub const STATEMENT_BYTES: usize = 4 * 1024;
/// How long a statement may be valid: `exp − iat`. Whoever vouches looks again about once a year.
pub const STATEMENT_LIFETIME_S: i64 = 400 * 24 * 60 * 60;
/// A status list's address.
pub const STATUS_URI_BYTES: usize = 512;
/// A status list, in its compact form, as text: what [`STATUS_BYTES`] that can't be compressed come to.
pub const STATUS_LIST_BYTES: usize = 128 * 1024;
/// A status list, inflated: 262,144 statuses.
pub const STATUS_BYTES: usize = 64 * 1024;
/// How long a status list may be valid: `exp − iat`. An old list hides what was revoked since.
pub const STATUS_LIST_LIFETIME_S: i64 = 31 * 24 * 60 * 60;

/// Someone whom the provider trusts to vouch for merchants.
#[derive(Clone, Debug)]
pub struct Accreditor {
    /// The name that shoppers read.
    pub name: Label,
    /// Its entity id: the `iss` of what it signs.
    pub id: Origin,
    /// The keys that sign its statements and status lists, by `kid`.
    pub keys: HashMap<String, VerifyingKey>,
}

/// An origin that is vouched for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Accreditation {
    /// Who vouches.
    pub accreditor: Label,
    /// For whom.
    pub origin: Origin,
    /// From when on this answer can't be relied on: the end of the statement or of the status list, whichever
    /// comes first.
    pub until: UnixSeconds,
}

/// Why an origin is not vouched for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
pub enum NotAccredited {
    /// Not a JWT of this form and these claims alone, or beyond a bound.
    #[error("the statement is not a trust mark of the form that is taken here; ask the accreditor for one")]
    Malformed,
    /// The `kid` is no key of an accreditor that is trusted here.
    #[error("the statement is signed by nobody whom this provider trusts to vouch for merchants")]
    UnknownAccreditor,
    /// Changed, or signed by another than it names.
    #[error("the statement's signature does not match: it was changed, or another signed it")]
    Signature,
    /// A trust mark for something else.
    #[error("the statement is a trust mark of another type; it does not vouch for merchants")]
    OtherType,
    /// It vouches for another origin.
    #[error("the statement vouches for another origin; each origin needs its own")]
    OtherOrigin,
    /// Its `iat` lies in the future.
    #[error("the statement is not valid yet; check the accreditor's clock")]
    NotYet,
    /// Its `exp` has passed.
    #[error("the statement has expired; ask the accreditor for a new one")]
    Expired,
    /// Taken back for good.
    #[error("the accreditor has revoked the statement")]
    Revoked,
    /// Taken back for now.
    #[error("the accreditor has suspended the statement")]
    Suspended,
    /// There is no status list, or it ends before the statement's place in it.
    #[error("there is no status list that speaks of the statement; fetch it from the statement's uri")]
    StatusMissing,
    /// The status list's `exp` has passed.
    #[error("the status list has expired; fetch a new one, and if there is none, ask the accreditor")]
    StatusExpired,
    /// Not a status list of this form by this accreditor for this address, or a status without a meaning
    /// here.
    #[error("the status list is not one that this accreditor has signed for this address")]
    StatusInvalid,
}

impl NotAccredited {
    /// A stable word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "statement_malformed",
            Self::UnknownAccreditor => "accreditor_unknown",
            Self::Signature => "statement_signature",
            Self::OtherType => "statement_other_type",
            Self::OtherOrigin => "statement_other_origin",
            Self::NotYet => "statement_not_yet_valid",
            Self::Expired => "statement_expired",
            Self::Revoked => "statement_revoked",
            Self::Suspended => "statement_suspended",
            Self::StatusMissing => "status_missing",
            Self::StatusExpired => "status_expired",
            Self::StatusInvalid => "status_invalid",
        }
    }
}
