use farthing_protocol::{Origin, UnixSeconds, limits};
use serde::{Deserialize, Serialize};

use super::{Accreditor, NotAccredited, STATUS_BYTES, STATUS_LIST_BYTES, STATUS_LIST_LIFETIME_S};
use crate::jose::{Jws, decode};

/// A status list's `typ` (Token Status List §5.1).
pub const STATUS_LIST_TYP: &str = "statuslist+jwt";
/// Bits for one status: room for `SUSPENDED`.
pub(super) const BITS: u8 = 2;

/// How a statement stands (Token Status List §7.1).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 0, `VALID`.
    Valid,
    /// 1, `INVALID`: revoked, for good.
    Revoked,
    /// 2, `SUSPENDED`: it may come back.
    Suspended,
}

/// The claims: a closed set. `exp`, which the specification recommends, is asked for.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<Origin>,
    pub sub: String,
    pub iat: UnixSeconds,
    pub exp: UnixSeconds,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
    pub status_list: List,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub bits: u8,
    pub lst: String,
}

/// An accreditor's status list, read and inflated. It can be kept and asked many times.
#[derive(Clone, Debug)]
pub struct StatusList {
    issuer: Origin,
    uri: String,
    issued_at: UnixSeconds,
    expires_at: UnixSeconds,
    ttl_s: Option<i64>,
    statuses: Vec<u8>,
}

impl StatusList {
    /// Reads what came from `uri`: form, signature by `accreditor`, address, times, the list itself, in this
    /// order.
    pub fn read(
        text: &str,
        accreditor: &Accreditor,
        uri: &str,
        now: UnixSeconds,
    ) -> Result<Self, NotAccredited> {
        let claims = verify(text, accreditor).ok_or(NotAccredited::StatusInvalid)?;
        let named = claims.iss.is_none_or(|iss| iss == accreditor.id);
        let lifetime = claims.exp.since(claims.iat);
        let in_order = named
            && claims.sub == uri
            && (1..=STATUS_LIST_LIFETIME_S).contains(&lifetime)
            && claims.iat <= now.plus(limits::CLOCK_SKEW_S)
            && claims.ttl.is_none_or(|ttl| ttl > 0)
            && claims.status_list.bits == BITS;
        if !in_order {
            return Err(NotAccredited::StatusInvalid);
        }
        if claims.exp <= now {
            return Err(NotAccredited::StatusExpired);
        }
        let statuses = decode(&claims.status_list.lst)
            .and_then(|compressed| inflate(&compressed, STATUS_BYTES))
            .ok_or(NotAccredited::StatusInvalid)?;
        Ok(Self {
            issuer: accreditor.id.clone(),
            uri: claims.sub,
            issued_at: claims.iat,
            expires_at: claims.exp,
            ttl_s: claims.ttl,
            statuses,
        })
    }

    /// The accreditor's id.
    #[must_use]
    pub fn issuer(&self) -> &Origin {
        &self.issuer
    }

    /// The address that it is for.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// When it was signed. Whoever keeps lists takes none that is older than the one that is kept: it could
    /// lack what was revoked in between.
    #[must_use]
    pub fn issued_at(&self) -> UnixSeconds {
        self.issued_at
    }

    /// From when on it says nothing any more.
    #[must_use]
    pub fn expires_at(&self) -> UnixSeconds {
        self.expires_at
    }

    /// After how many seconds to look for a newer one, if it says.
    #[must_use]
    pub fn ttl_s(&self) -> Option<i64> {
        self.ttl_s
    }

    /// The status at `index`.
    pub fn status(&self, index: u32, now: UnixSeconds) -> Result<Status, NotAccredited> {
        if self.expires_at <= now {
            return Err(NotAccredited::StatusExpired);
        }
        match value_at(&self.statuses, index) {
            Some(0) => Ok(Status::Valid),
            Some(1) => Ok(Status::Revoked),
            Some(2) => Ok(Status::Suspended),
            // 3 is left to applications, and this one gives it no meaning.
            Some(_) => Err(NotAccredited::StatusInvalid),
            None => Err(NotAccredited::StatusMissing),
        }
    }
}

fn verify(text: &str, accreditor: &Accreditor) -> Option<Claims> {
    if text.len() > STATUS_LIST_BYTES {
        return None;
    }
    let jws = Jws::parse(text).ok()?;
    if jws.typ() != Some(STATUS_LIST_TYP) {
        return None;
    }
    jws.verify(accreditor.keys.get(jws.kid())?).ok()
}

/// ZLIB (RFC 1950) to at most `bound` bytes; what would come to more is not a list but a bomb.
fn inflate(compressed: &[u8], bound: usize) -> Option<Vec<u8>> {
    miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(compressed, bound).ok()
}

/// The [`BITS`] at `index`, counted from the least significant bit of each byte (Token Status List §4.1).
fn value_at(statuses: &[u8], index: u32) -> Option<u8> {
    let byte = statuses.get(usize::try_from(index / 4).ok()?)?;
    Some(byte >> (u32::from(BITS) * (index % 4)) & 0b11)
}

/// The list of `values`, in so many bytes as `size` says; a value beyond it is left out.
pub(super) fn deflate(values: impl Iterator<Item = (u32, Status)>, size: usize) -> Vec<u8> {
    let mut statuses = vec![0; size];
    for (index, status) in values {
        let place = usize::try_from(index / 4)
            .ok()
            .and_then(|at| statuses.get_mut(at));
        if let Some(byte) = place {
            let value: u8 = match status {
                Status::Valid => 0,
                Status::Revoked => 1,
                Status::Suspended => 2,
            };
            *byte |= value << (u32::from(BITS) * (index % 4));
        }
    }
    miniz_oxide::deflate::compress_to_vec_zlib(&statuses, BEST)
}

/// The level that the specification recommends: the highest of ZLIB.
const BEST: u8 = 9;

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
