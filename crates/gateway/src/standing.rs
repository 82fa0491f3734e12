//! Whether a merchant can be paid right now, by what the store has at this moment.

use farthing_protocol::{Accreditation, Code, MerchantId, Origin, UnixSeconds};

use crate::{
    Clock, Connector, Gateway, Merchant, Refusal, Registration, Rng, Store, StoredAccreditor,
    accreditation::{Accreditor, NotAccredited, Statement, StatusList},
    jose::Jwk,
};

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// For `GET /v1/frame/{merchant}`: the merchant's proven origins, if somebody vouches for one of them at least.
    pub async fn framing(&self, merchant: &MerchantId) -> Result<Vec<Origin>, Refusal> {
        let (now, registration) = (self.clock.now(), self.registration(merchant).await?);
        let proven: Vec<Origin> = registration.merchant.proven_origins().cloned().collect();
        let vouched = proven
            .iter()
            .any(|origin| registration.accreditation(origin, now).is_ok());
        if vouched {
            Ok(proven)
        } else {
            Err(Code::MerchantNotAccredited.into())
        }
    }

    /// A merchant that is not suspended.
    pub(crate) async fn registration(&self, merchant: &MerchantId) -> Result<Registration, Refusal> {
        let found = self.store.registration(merchant).await?;
        let registration = found.ok_or(Code::MerchantUnknown)?;
        not_suspended(&registration.merchant)?;
        Ok(registration)
    }

    /// What there is of `merchant`, suspended or not.
    pub async fn merchant(&self, merchant: &MerchantId) -> Result<Merchant, Refusal> {
        let found = self.store.merchant(merchant).await?;
        found.ok_or_else(|| Code::MerchantUnknown.into())
    }
}

pub(crate) fn not_suspended(merchant: &Merchant) -> Result<(), Refusal> {
    match merchant.suspended_at {
        None => Ok(()),
        Some(_) => Err(Code::MerchantSuspended.into()),
    }
}

impl Registration {
    /// Who vouches for the merchant at `origin`, which must be proven to be the merchant's.
    pub(crate) fn accredited(&self, origin: &Origin, now: UnixSeconds) -> Result<Accreditation, Refusal> {
        if !self.merchant.proven_origins().any(|proven| proven == origin) {
            return Err(Code::OriginNotRegistered.into());
        }
        self.accreditation(origin, now).map_err(|why| {
            let why = why.map_or("statement_missing", NotAccredited::as_str);
            Refusal::with_detail(Code::MerchantNotAccredited, why)
        })
    }

    /// Who vouches for the merchant at `origin`; or why the newest statement about it does not hold, if there is one.
    pub fn accreditation(
        &self,
        origin: &Origin,
        now: UnixSeconds,
    ) -> Result<Accreditation, Option<NotAccredited>> {
        let accreditors: Vec<Accreditor> = self.accreditors.iter().map(StoredAccreditor::read).collect();
        let mut why = None;
        for stored in self.statements.iter().filter(|one| one.origin == *origin) {
            match self.hold(&stored.text, &accreditors, origin, now) {
                Ok(accreditation) => return Ok(accreditation),
                Err(error) => why = Some(error),
            }
        }
        Err(why)
    }

    fn hold(
        &self,
        statement: &str,
        accreditors: &[Accreditor],
        origin: &Origin,
        now: UnixSeconds,
    ) -> Result<Accreditation, NotAccredited> {
        let statement = Statement::read(statement, accreditors, origin, now)?;
        let uri = statement.status_uri();
        let issuer = accreditors.iter().find(|one| one.id == *statement.issuer());
        let kept = self.status_lists.iter().find(|list| list.uri == uri);
        let list = match (issuer, kept) {
            (Some(issuer), Some(list)) => Some(StatusList::read(&list.text, issuer, uri, now)?),
            _ => None,
        };
        statement.hold(list.as_ref(), now)
    }
}

impl StoredAccreditor {
    /// With the keys that are keys.
    pub(crate) fn read(&self) -> Accreditor {
        let key = |jwk: &Jwk| Some((jwk.kid().ok()?, jwk.verifying_key().ok()?));
        Accreditor {
            name: self.name.clone(),
            id: self.id.clone(),
            keys: self.keys.iter().filter_map(key).collect(),
        }
    }
}
