use std::fmt;

use farthing_protocol::{Code, KeyId, Label, MerchantId, UnixSeconds};
use sha2::{Digest, Sha256};

use crate::{Clock, Connector, Gateway, Refusal, Rng, Store};

/// SHA-256 of an API key. Keys carry 256 random bits, so that a plain hash keeps them: there is
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

/// What a restricted key may be allowed to do.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Permission {
    /// Have orders signed.
    Orders,
    /// Redeem tokens; take or let go what was authorised.
    Charges,
    /// Give money back.
    Refunds,
    /// Answer disputes.
    Disputes,
    /// Read what there is.
    Read,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 5] = [
        Self::Orders,
        Self::Charges,
        Self::Refunds,
        Self::Disputes,
        Self::Read,
    ];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Charges => "charges",
            Self::Refunds => "refunds",
            Self::Disputes => "disputes",
            Self::Read => "read",
        }
    }

    /// The permission that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What an API key is good for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Scope {
    /// Everything.
    Secret,
    /// These things.
    Restricted(Vec<Permission>),
    /// What everyone may know: the fees. It may stand in a page.
    Public,
}

impl Scope {
    /// What keys of this scope begin with.
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        match self {
            Self::Secret => "sk_",
            Self::Restricted(_) => "rk_",
            Self::Public => "pk_",
        }
    }

    fn allows(&self, permission: Permission) -> bool {
        match self {
            Self::Secret => true,
            Self::Restricted(permissions) => permissions.contains(&permission),
            Self::Public => false,
        }
    }
}

/// `secret`, `public`, `restricted: charges, read`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret => f.write_str("secret"),
            Self::Public => f.write_str("public"),
            Self::Restricted(permissions) => {
                let words: Vec<_> = permissions.iter().map(|one| one.as_str()).collect();
                write!(f, "restricted: {}", words.join(", "))
            }
        }
    }
}

/// An API key as it is kept: never the key itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredKey {
    /// Its public name.
    pub id: KeyId,
    /// Whose it is.
    pub merchant: MerchantId,
    /// What is kept of it.
    pub hash: SecretKeyHash,
    /// What it is good for.
    pub scope: Scope,
    /// What the merchant calls it.
    pub label: Option<Label>,
    /// When it was made.
    pub created_at: UnixSeconds,
    /// From when on it does not work any more, if that was said.
    pub expires_at: Option<UnixSeconds>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<UnixSeconds>,
}

impl StoredKey {
    /// Whether it works at `now`.
    #[must_use]
    pub fn works(&self, now: UnixSeconds) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Whoever holds a key that works.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Caller {
    /// Whose key it is.
    pub merchant: MerchantId,
    /// Which key it is.
    pub key: KeyId,
    /// What it is good for.
    pub scope: Scope,
}

impl Caller {
    /// Refuses where the key is not good for this.
    pub fn must(&self, permission: Permission) -> Result<(), Refusal> {
        if self.scope.allows(permission) {
            Ok(())
        } else {
            Err(Refusal::with_detail(Code::KeyNotAllowed, permission.as_str()))
        }
    }

    /// Refuses where the key may not even read what is published.
    pub fn must_read_fees(&self) -> Result<(), Refusal> {
        match self.scope {
            Scope::Public => Ok(()),
            Scope::Secret | Scope::Restricted(_) => self.must(Permission::Read),
        }
    }
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// Whose key this is. One that has expired or was revoked is not known.
    pub async fn authenticate(&self, key: &str) -> Result<Caller, Refusal> {
        let stored = self.store.key_of_hash(&SecretKeyHash::of(key)).await?;
        let works = stored.filter(|key| key.works(self.clock.now()));
        let StoredKey {
            merchant, id, scope, ..
        } = works.ok_or(Code::KeyUnknown)?;
        Ok(Caller {
            merchant,
            key: id,
            scope,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_what_its_scope_says() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(permission));
            let others: Vec<_> = Permission::ALL
                .into_iter()
                .filter(|one| *one != permission)
                .collect();
            assert!(Scope::Secret.allows(permission));
            assert!(Scope::Restricted(vec![permission]).allows(permission));
            assert!(!Scope::Restricted(others).allows(permission));
            assert!(!Scope::Public.allows(permission));
        }
    }
}
