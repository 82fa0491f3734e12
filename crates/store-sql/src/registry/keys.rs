use crate::db::{Connection, Row, named_params};
use farthing_gateway::{Added, Permission, Scope, SecretKeyHash, StoreError, StoredKey};
use farthing_protocol::{KeyId, Label, MerchantId, UnixSeconds};

use super::{add, hindrance};
use crate::rows::{all, change, column, count, first, parsed, parsed_if_any};

pub(super) fn insert(db: &Connection<'_>, key: &StoredKey, limit: i64) -> Result<Added, StoreError> {
    let working = count(
        db,
        "SELECT count(*) FROM api_keys
         WHERE merchant = :merchant AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)",
        named_params! { ":merchant": key.merchant.as_str(), ":now": key.created_at.0 },
    )?;
    if let Some(hindrance) = hindrance(db, &key.merchant, working, limit)? {
        return Ok(hindrance);
    }
    let (scope, permissions) = match &key.scope {
        Scope::Secret => ("secret", None),
        Scope::Public => ("public", None),
        Scope::Restricted(permissions) => {
            let words: Vec<_> = permissions.iter().map(|one| one.as_str()).collect();
            ("restricted", Some(words.join(" ")))
        }
    };
    add(
        db,
        "INSERT INTO api_keys (id, merchant, hash, scope, permissions, label, created_at, expires_at, revoked_at)
         VALUES (:id, :merchant, :hash, :scope, :permissions, :label, :created_at, :expires_at, :revoked_at)
         ON CONFLICT DO NOTHING",
        named_params! {
            ":id": key.id.as_str(),
            ":merchant": key.merchant.as_str(),
            ":hash": key.hash.0,
            ":scope": scope,
            ":permissions": permissions,
            ":label": key.label.as_ref().map(Label::as_str),
            ":created_at": key.created_at.0,
            ":expires_at": key.expires_at.map(|at| at.0),
            ":revoked_at": key.revoked_at.map(|at| at.0),
        },
    )
}

/// The query of keys, for [`key`] to read: `$rest` is what comes after `FROM api_keys`.
macro_rules! select_keys {
    ($rest:literal) => {
        concat!(
            "SELECT id, merchant, hash, scope, permissions, label, created_at, expires_at, revoked_at
             FROM api_keys ",
            $rest
        )
    };
}

pub(super) fn by_hash(db: &Connection<'_>, hash: &SecretKeyHash) -> Result<Option<StoredKey>, StoreError> {
    let params = named_params! { ":hash": hash.0 };
    first(db, select_keys!("WHERE hash = :hash"), params, key)
}

pub(super) fn by_id(db: &Connection<'_>, id: &KeyId) -> Result<Option<StoredKey>, StoreError> {
    let id = id.as_str();
    let params = named_params! { ":id": id };
    first(db, select_keys!("WHERE id = :id"), params, key)
}

pub(super) fn of_merchant(db: &Connection<'_>, merchant: &MerchantId) -> Result<Vec<StoredKey>, StoreError> {
    let merchant = merchant.as_str();
    let params = named_params! { ":merchant": merchant };
    let sql = select_keys!("WHERE merchant = :merchant ORDER BY created_at, id");
    all(db, sql, params, key)
}

pub(super) fn expire(db: &Connection<'_>, id: &KeyId, at: UnixSeconds) -> Result<bool, StoreError> {
    let changed = change(
        db,
        "UPDATE api_keys SET expires_at = :at WHERE id = :id AND (expires_at IS NULL OR expires_at > :at)",
        named_params! { ":id": id.as_str(), ":at": at.0 },
    )?;
    Ok(changed == 1)
}

pub(super) fn revoke(db: &Connection<'_>, id: &KeyId, at: UnixSeconds) -> Result<bool, StoreError> {
    let changed = change(
        db,
        "UPDATE api_keys SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL",
        named_params! { ":id": id.as_str(), ":at": at.0 },
    )?;
    Ok(changed == 1)
}

fn key(row: &Row<'_>) -> Result<StoredKey, StoreError> {
    let scope: String = column(row, "scope")?;
    let at = |name| column::<Option<i64>>(row, name).map(|at| at.map(UnixSeconds));
    Ok(StoredKey {
        id: parsed(row, "id", KeyId::parse)?,
        merchant: parsed(row, "merchant", MerchantId::parse)?,
        hash: SecretKeyHash(column(row, "hash")?),
        scope: match scope.as_str() {
            "secret" => Scope::Secret,
            "public" => Scope::Public,
            // The table has no other.
            _ => Scope::Restricted(parsed(row, "permissions", permissions)?),
        },
        label: parsed_if_any(row, "label", Label::parse)?,
        created_at: UnixSeconds(column(row, "created_at")?),
        expires_at: at("expires_at")?,
        revoked_at: at("revoked_at")?,
    })
}

fn permissions(text: &str) -> Result<Vec<Permission>, ()> {
    text.split(' ')
        .map(|word| Permission::parse(word).ok_or(()))
        .collect()
}
