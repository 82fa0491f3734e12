use farthing_protocol::{Label, Origin, UnixSeconds, limits};
use serde::{Deserialize, Serialize};

use super::{
    Accreditation, Accreditor, NotAccredited, STATEMENT_BYTES, STATEMENT_LIFETIME_S, STATUS_URI_BYTES,
    Status, StatusList,
};
use crate::jose::{Jws, JwsError};

/// A statement's `typ` (OpenID Federation 1.0 §7.1).
pub const STATEMENT_TYP: &str = "trust-mark+jwt";
/// The one `trust_mark_type` that is taken: it says that its `sub` belongs to a merchant whom the accreditor
/// has looked at.
pub const TRUST_MARK_TYPE: &str = "https://farthing.example/trust-marks/merchant/1";

/// The claims: a closed set. `exp` and `status`, which the specifications leave open, are asked for.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    pub iss: Origin,
    pub sub: Origin,
    pub trust_mark_type: String,
    pub iat: UnixSeconds,
    pub exp: UnixSeconds,
    pub status: StatusClaim,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusClaim {
    pub status_list: Reference,
}

/// Where the statement's status is: the place `idx` in the list at `uri`.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reference {
    pub idx: u32,
    pub uri: String,
}

/// A statement that an accreditor has signed for an origin. Whether it still stands is [`Statement::hold`]'s
/// to say.
#[derive(Clone, Debug)]
pub struct Statement {
    accreditor: Label,
    issuer: Origin,
    origin: Origin,
    expires_at: UnixSeconds,
    index: u32,
    status_uri: String,
}

/// Whether `statement` makes `origin` accredited at `now`, by one of `accreditors` and by the `list` that it
/// points to.
pub fn hold(
    statement: &str,
    accreditors: &[Accreditor],
    list: Option<&StatusList>,
    origin: &Origin,
    now: UnixSeconds,
) -> Result<Accreditation, NotAccredited> {
    Statement::read(statement, accreditors, origin, now)?.hold(list, now)
}

impl Statement {
    /// Reads a statement: form, key, signature, type, origin, times, in this order.
    pub fn read(
        text: &str,
        accreditors: &[Accreditor],
        origin: &Origin,
        now: UnixSeconds,
    ) -> Result<Self, NotAccredited> {
        if text.len() > STATEMENT_BYTES {
            return Err(NotAccredited::Malformed);
        }
        let jws = Jws::parse(text).map_err(error_of)?;
        if jws.typ() != Some(STATEMENT_TYP) {
            return Err(NotAccredited::Malformed);
        }
        let (accreditor, claims) = verify(&jws, accreditors)?;
        if claims.trust_mark_type != TRUST_MARK_TYPE {
            return Err(NotAccredited::OtherType);
        }
        if claims.sub != *origin {
            return Err(NotAccredited::OtherOrigin);
        }
        let lifetime = claims.exp.since(claims.iat);
        let Reference { idx, uri } = claims.status.status_list;
        if !(1..=STATEMENT_LIFETIME_S).contains(&lifetime) || !is_at(&uri, &accreditor.id) {
            return Err(NotAccredited::Malformed);
        }
        if claims.iat > now.plus(limits::CLOCK_SKEW_S) {
            return Err(NotAccredited::NotYet);
        }
        if claims.exp <= now {
            return Err(NotAccredited::Expired);
        }
        Ok(Self {
            accreditor: accreditor.name.clone(),
            issuer: claims.iss,
            origin: claims.sub,
            expires_at: claims.exp,
            index: idx,
            status_uri: uri,
        })
    }

    /// The id of the accreditor, whose status list this needs.
    #[must_use]
    pub fn issuer(&self) -> &Origin {
        &self.issuer
    }

    /// Where the status list is: an address at the accreditor's own origin.
    #[must_use]
    pub fn status_uri(&self) -> &str {
        &self.status_uri
    }

    /// Whether the statement stands at `now`, by the `list` that it points to.
    pub fn hold(&self, list: Option<&StatusList>, now: UnixSeconds) -> Result<Accreditation, NotAccredited> {
        if self.expires_at <= now {
            return Err(NotAccredited::Expired);
        }
        let list = list.ok_or(NotAccredited::StatusMissing)?;
        if *list.issuer() != self.issuer || list.uri() != self.status_uri {
            return Err(NotAccredited::StatusInvalid);
        }
        match list.status(self.index, now)? {
            Status::Valid => Ok(Accreditation {
                accreditor: self.accreditor.clone(),
                origin: self.origin.clone(),
                until: self.expires_at.min(list.expires_at()),
            }),
            Status::Revoked => Err(NotAccredited::Revoked),
            Status::Suspended => Err(NotAccredited::Suspended),
        }
    }
}

/// The accreditor who signed, and the claims. A `kid` is only a name: of all who have a key of that name, it
/// is the one whose key verifies, and whom the statement names.
fn verify<'a>(jws: &Jws, accreditors: &'a [Accreditor]) -> Result<(&'a Accreditor, Claims), NotAccredited> {
    let mut error = NotAccredited::UnknownAccreditor;
    for accreditor in accreditors {
        let Some(key) = accreditor.keys.get(jws.kid()) else {
            continue;
        };
        error = match jws.verify::<Claims>(key) {
            Ok(claims) if claims.iss == accreditor.id => return Ok((accreditor, claims)),
            Ok(_) => NotAccredited::Signature,
            Err(error) => error_of(error),
        };
    }
    Err(error)
}

fn error_of(error: JwsError) -> NotAccredited {
    match error {
        JwsError::Malformed | JwsError::Payload => NotAccredited::Malformed,
        // A known algorithm, but not the one of the key that `kid` names: nothing verified.
        JwsError::Algorithm | JwsError::Signature => NotAccredited::Signature,
    }
}

/// Whether `uri` is a plain address at `origin`: the provider asks nobody else because a statement says so.
fn is_at(uri: &str, origin: &Origin) -> bool {
    uri.len() <= STATUS_URI_BYTES
        && uri.strip_prefix(origin.as_str()).is_some_and(|path| {
            path.starts_with('/')
                && path
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"/-._~".contains(&b))
        })
}
