use farthing_protocol::{KeyId, Origin, Payee};

use super::{
    ACCREDITORS, Registrar, RegistryError,
    vouching::{read_list, read_statement, trustworthy},
};
use crate::{
    Added, Clock, Merchant, MerchantOrigin, NewMerchant, RegistryStore, Rng, Scope, SecretKeyHash,
    StoredAccreditor, StoredKey,
    accreditation::NotAccredited,
    fee::{Country, FeeSchedule, FeeSchedules},
    jose::Jwk,
};

/// A merchant, as a configuration describes it.
#[derive(Clone, Debug)]
pub struct MerchantEntry {
    /// Name and contact, as the shopper reads them.
    pub payee: Payee,
    /// Where it is registered.
    pub country: Country,
    /// Its origins: whoever wrote them down knows that they are the merchant's.
    pub origins: Vec<Origin>,
    /// The public keys that sign its orders.
    pub order_keys: Vec<Jwk>,
    /// What is kept of its secret API key.
    pub secret_key: SecretKeyHash,
    /// What payments cost.
    pub fees: Vec<FeeSchedule>,
    /// What accreditors said about its origins.
    pub statements: Vec<String>,
}

/// An accreditor, as a configuration describes it.
#[derive(Clone, Debug)]
pub struct AccreditorEntry {
    /// Who it is.
    pub accreditor: StoredAccreditor,
    /// Its status list.
    pub status_list: Option<String>,
}

/// Something of an entry that has expired since it was written, so that it was left out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// Whose.
    pub of: String,
    /// Why.
    pub why: NotAccredited,
}

impl<S: RegistryStore, T: Clock, R: Rng> Registrar<'_, S, T, R> {
    /// Trusts an accreditor that was never trusted before; one that is, or was, stays as it is. Returns what was left
    /// out.
    pub async fn import_accreditor(&self, entry: AccreditorEntry) -> Result<Option<LeftOut>, RegistryError> {
        let id = entry.accreditor.id.clone();
        let accreditor = trustworthy(entry.accreditor)?;
        let inserted = self.store.insert_accreditor(accreditor.clone(), ACCREDITORS);
        match inserted.await? {
            Added::TooMany => return Err(RegistryError::TooManyAccreditors),
            Added::Exists => return Ok(None),
            Added::Added | Added::NoMerchant => {}
        }
        let Some(text) = entry.status_list else {
            return Ok(None);
        };
        match read_list(&text, &[accreditor], self.clock.now()) {
            Ok((_, list)) => {
                self.store.put_status_list(list).await?;
                Ok(None)
            }
            Err(RegistryError::StatusList(why @ NotAccredited::StatusExpired)) => Ok(Some(LeftOut {
                of: id.to_string(),
                why,
            })),
            Err(error) => Err(error),
        }
    }

    /// Registers a merchant that was not registered before; one that is stays as it is. Returns what was left out.
    pub async fn import_merchant(&self, entry: MerchantEntry) -> Result<Vec<LeftOut>, RegistryError> {
        let id = entry.payee.id.clone();
        if self.store.merchant(&id).await?.is_some() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let lawful = FeeSchedules::new(entry.fees, Some(entry.country))?;
        let (mut statements, mut left_out) = (Vec::new(), Vec::new());
        let accreditors = self.store.accreditors().await?;
        for text in &entry.statements {
            match read_statement(text, &accreditors, &entry.origins, now) {
                Ok(statement) => statements.push(statement),
                Err(RegistryError::Statement(why @ NotAccredited::Expired)) => left_out.push(LeftOut {
                    of: id.to_string(),
                    why,
                }),
                Err(error) => return Err(error),
            }
        }
        let origin = |origin| MerchantOrigin {
            origin,
            challenge: self.challenge(&id),
            proven_at: Some(now),
        };
        let key = StoredKey {
            id: KeyId::from_random(self.random()),
            merchant: id.clone(),
            hash: entry.secret_key,
            scope: Scope::Secret,
            label: None,
            created_at: now,
            expires_at: None,
            revoked_at: None,
        };
        let merchant = Merchant {
            payee: entry.payee,
            country: entry.country,
            created_at: now,
            suspended_at: None,
            origins: entry.origins.into_iter().map(origin).collect(),
            order_keys: entry.order_keys.into_iter().map(Jwk::with_kid).collect(),
            fees: lawful.iter().copied().collect(),
        };
        self.store
            .insert_merchant(NewMerchant {
                merchant,
                keys: vec![key],
                statements,
            })
            .await?;
        Ok(left_out)
    }
}
