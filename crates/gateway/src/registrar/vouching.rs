use std::collections::HashSet;

use farthing_protocol::{MerchantId, Origin, UnixSeconds};
use serde::Deserialize;

use super::{ACCREDITORS, Registrar, RegistryError, STATEMENTS, merchants::checked};
use crate::{
    Added, Clock, RegistryStore, Rng, StoredAccreditor, StoredStatement, StoredStatusList,
    accreditation::{Accreditor, NotAccredited, STATUS_LIST_BYTES, Statement, StatusList},
    jose::{Jwk, Jws},
};

/// Keys of one accreditor.
const ACCREDITOR_KEYS: usize = 20;

impl<S: RegistryStore, T: Clock, R: Rng> Registrar<'_, S, T, R> {
    /// Trusts an accreditor with these keys, and no others, from now on.
    pub async fn trust(&self, accreditor: StoredAccreditor) -> Result<(), RegistryError> {
        let accreditor = trustworthy(accreditor)?;
        match self.store.put_accreditor(accreditor, ACCREDITORS).await? {
            Added::TooMany => Err(RegistryError::TooManyAccreditors),
            _ => Ok(()),
        }
    }

    /// Trusts an accreditor no more: its statements hold no longer.
    pub async fn distrust(&self, id: &Origin) -> Result<(), RegistryError> {
        let distrusted = self.store.distrust_accreditor(id).await?;
        distrusted
            .then_some(())
            .ok_or_else(|| RegistryError::NoAccreditor(id.clone()))
    }

    /// Keeps what an accreditor said about one of the merchant's origins. Returns what was kept; its status list is
    /// needed as well.
    pub async fn import_statement(
        &self,
        id: &MerchantId,
        text: &str,
    ) -> Result<StoredStatement, RegistryError> {
        let now = self.clock.now();
        let origins = self.merchant(id).await?.origins;
        let origins: Vec<Origin> = origins.into_iter().map(|one| one.origin).collect();
        let statement = read_statement(text, &self.store.accreditors().await?, &origins, now)?;
        let kept = statement.clone();
        match self.store.insert_statement(id, kept, now, STATEMENTS).await? {
            Added::Added | Added::Exists => Ok(statement),
            Added::TooMany => Err(RegistryError::TooMany("100 statements")),
            Added::NoMerchant => Err(RegistryError::NoMerchant(id.clone())),
        }
    }

    /// Keeps an accreditor's status list, in the place of an older one for the same address.
    pub async fn import_status(&self, text: &str) -> Result<StatusList, RegistryError> {
        let accreditors = self.store.accreditors().await?;
        let (list, stored) = read_list(text, &accreditors, self.clock.now())?;
        if self.store.put_status_list(stored).await? {
            Ok(list)
        } else {
            Err(RegistryError::StatusListOlder)
        }
    }
}

/// An accreditor whose keys are keys, each with a name of its own written in.
pub(super) fn trustworthy(accreditor: StoredAccreditor) -> Result<StoredAccreditor, RegistryError> {
    let keys = accreditor.keys.into_iter().map(checked);
    let (keys, kids): (Vec<Jwk>, Vec<String>) = keys.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let names = kids.iter().collect::<HashSet<_>>().len();
    if names != keys.len() || !(1..=ACCREDITOR_KEYS).contains(&names) {
        return Err(RegistryError::AccreditorKeys);
    }
    Ok(StoredAccreditor { keys, ..accreditor })
}

/// A statement about one of `origins`.
pub(super) fn read_statement(
    text: &str,
    accreditors: &[StoredAccreditor],
    origins: &[Origin],
    now: UnixSeconds,
) -> Result<StoredStatement, RegistryError> {
    let text = text.trim();
    let accreditors: Vec<Accreditor> = accreditors.iter().map(StoredAccreditor::read).collect();
    for origin in origins {
        match Statement::read(text, &accreditors, origin, now) {
            Ok(statement) => {
                return Ok(StoredStatement {
                    origin: origin.clone(),
                    text: text.to_owned(),
                    status_uri: statement.status_uri().to_owned(),
                    expires_at: statement.expires_at(),
                });
            }
            Err(NotAccredited::OtherOrigin) => {}
            Err(error) => return Err(RegistryError::Statement(error)),
        }
    }
    Err(RegistryError::StatementOfNone)
}

/// Where a list says that it is published: true once its signature is checked.
#[derive(Deserialize)]
struct Published {
    sub: String,
}

/// The status list of one of `accreditors`, and what is kept of it.
pub(super) fn read_list(
    text: &str,
    accreditors: &[StoredAccreditor],
    now: UnixSeconds,
) -> Result<(StatusList, StoredStatusList), RegistryError> {
    let text = text.trim();
    if text.len() > STATUS_LIST_BYTES {
        return Err(RegistryError::StatusList(NotAccredited::StatusInvalid));
    }
    let jws = Jws::parse(text).map_err(|_| RegistryError::StatusList(NotAccredited::StatusInvalid))?;
    for accreditor in accreditors.iter().map(StoredAccreditor::read) {
        let Some(key) = accreditor.keys.get(jws.kid()) else {
            continue;
        };
        let Ok(Published { sub: uri }) = jws.verify(key) else {
            continue;
        };
        let list = StatusList::read(text, &accreditor, &uri, now).map_err(RegistryError::StatusList)?;
        let stored = StoredStatusList {
            uri,
            issued_at: list.issued_at(),
            text: text.to_owned(),
        };
        return Ok((list, stored));
    }
    Err(RegistryError::StatusList(NotAccredited::UnknownAccreditor))
}
