use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_protocol::{KeyId, Label, MerchantId};
use zeroize::Zeroizing;

use super::{API_KEYS, Registrar, RegistryError};
use crate::{Added, Clock, RegistryStore, Rng, Scope, SecretKeyHash, StoredKey};

/// How long a rotated key may go on.
const GRACE_HOURS: i64 = 720;

/// An API key to make.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Whose it will be.
    pub merchant: MerchantId,
    /// What it will be good for.
    pub scope: Scope,
    /// What the merchant calls it.
    pub label: Option<Label>,
}

/// An API key, which nobody has seen yet. A secret: no `Debug`, no `Clone`, no `Serialize`.
pub struct PlainKey(Zeroizing<String>);

impl PlainKey {
    /// The key's text, for whoever made it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<S: RegistryStore, T: Clock, R: Rng> Registrar<'_, S, T, R> {
    /// Makes an API key: its public name, and the key itself, which is kept nowhere.
    pub async fn create_key(&self, new: NewKey) -> Result<(KeyId, PlainKey), RegistryError> {
        if matches!(&new.scope, Scope::Restricted(permissions) if permissions.is_empty()) {
            return Err(RegistryError::NoPermissions);
        }
        let random = Zeroizing::new(self.random::<32>());
        let encoded = Zeroizing::new(Base64UrlUnpadded::encode_string(&*random));
        let key = PlainKey(Zeroizing::new(format!("{}{}", new.scope.prefix(), *encoded)));
        let id = KeyId::from_random(self.random());
        let stored = StoredKey {
            id: id.clone(),
            merchant: new.merchant,
            hash: SecretKeyHash::of(key.expose()),
            scope: new.scope,
            label: new.label,
            created_at: self.clock.now(),
            expires_at: None,
            revoked_at: None,
        };
        let merchant = stored.merchant.clone();
        match self.store.insert_key(stored, API_KEYS).await? {
            Added::Added => Ok((id, key)),
            Added::TooMany => Err(RegistryError::TooMany("50 keys that work")),
            Added::Exists => Err(RegistryError::Repeated),
            Added::NoMerchant => Err(RegistryError::NoMerchant(merchant)),
        }
    }

    /// Makes a key like `id`, which itself goes on for so many hours, while the merchant puts the new one in.
    pub async fn rotate_key(&self, id: &KeyId, grace_hours: i64) -> Result<(KeyId, PlainKey), RegistryError> {
        if !(0..=GRACE_HOURS).contains(&grace_hours) {
            return Err(RegistryError::Grace);
        }
        let now = self.clock.now();
        let old = self.key(id).await?;
        if !old.works(now) {
            return Err(RegistryError::KeyEnded(id.clone()));
        }
        let new = self
            .create_key(NewKey {
                merchant: old.merchant,
                scope: old.scope,
                label: old.label,
            })
            .await?;
        self.store.expire_key(id, now.plus(grace_hours * 3_600)).await?;
        Ok(new)
    }

    /// Lets a key never work again, from the next request on.
    pub async fn revoke_key(&self, id: &KeyId) -> Result<(), RegistryError> {
        self.key(id).await?;
        self.store.revoke_key(id, self.clock.now()).await?;
        Ok(())
    }

    async fn key(&self, id: &KeyId) -> Result<StoredKey, RegistryError> {
        let found = self.store.key(id).await?;
        found.ok_or_else(|| RegistryError::NoKey(id.clone()))
    }
}
