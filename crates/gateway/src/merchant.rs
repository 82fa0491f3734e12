use std::collections::HashMap;

use farthing_protocol::{Label, MerchantId, Origin, Payee};
use sha2::{Digest, Sha256};

use crate::jose::VerifyingKey;

/// SHA-256 of a secret API key. Keys carry 256 random bits, so that a plain hash keeps them: there is
/// nothing to guess. Looking one up by its hash takes the same time for every wrong key.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct SecretKeyHash(pub [u8; 32]);

impl SecretKeyHash {
    /// The hash of `key`.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }
}

/// A merchant, as the provider knows it.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Name and contact, as the shopper reads them.
    pub payee: Payee,
    /// The origins whose pages may frame the checkout.
    pub origins: Vec<Origin>,
    /// The keys that sign this merchant's orders, by `kid`.
    pub order_keys: HashMap<String, VerifyingKey>,
    /// The secret API key's hash.
    pub secret_key: SecretKeyHash,
}

impl Merchant {
    /// The merchant's id.
    #[must_use]
    pub fn id(&self) -> &MerchantId {
        &self.payee.id
    }

    /// The merchant's name.
    #[must_use]
    pub fn name(&self) -> &Label {
        &self.payee.name
    }
}

/// Every merchant that is registered here.
#[derive(Clone, Debug, Default)]
pub struct Merchants {
    by_id: HashMap<MerchantId, Merchant>,
    by_key: HashMap<SecretKeyHash, MerchantId>,
}

impl Merchants {
    /// Registers `merchant`. Returns whether its id and key were new; where they were not, nothing changes.
    pub fn register(&mut self, merchant: Merchant) -> bool {
        if self.by_id.contains_key(merchant.id()) || self.by_key.contains_key(&merchant.secret_key) {
            return false;
        }
        self.by_key.insert(merchant.secret_key, merchant.id().clone());
        self.by_id.insert(merchant.id().clone(), merchant);
        true
    }

    /// The merchant with this id.
    #[must_use]
    pub fn by_id(&self, id: &MerchantId) -> Option<&Merchant> {
        self.by_id.get(id)
    }

    /// The merchant whose secret key this is.
    #[must_use]
    pub fn by_secret_key(&self, key: &str) -> Option<&Merchant> {
        self.by_key
            .get(&SecretKeyHash::of(key))
            .and_then(|id| self.by_id.get(id))
    }
}
