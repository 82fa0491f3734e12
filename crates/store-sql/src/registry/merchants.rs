use crate::db::{Connection, Row, named_params};
use farthing_gateway::{
    Added, Merchant, MerchantOrigin, NewMerchant, StoreError,
    fee::{Country, FeeSchedule},
    jose::Jwk,
};
use farthing_protocol::{Label, MerchantId, Origin, Payee, UnixSeconds};

use super::{add, hindrance, keys, vouching};
use crate::rows::{all, change, change_any, change_one, column, count, first, from_json, json, parsed};

pub(super) fn insert(db: &Connection<'_>, new: &NewMerchant) -> Result<bool, StoreError> {
    let NewMerchant {
        merchant,
        keys,
        statements,
    } = new;
    let id = merchant.id();
    let inserted = change(
        db,
        "INSERT INTO merchants (id, name, contact, country, created_at, suspended_at)
         VALUES (:id, :name, :contact, :country, :created_at, :suspended_at)
         ON CONFLICT (id) DO NOTHING",
        named_params! {
            ":id": id.as_str(),
            ":name": merchant.name().as_str(),
            ":contact": merchant.payee.contact.as_str(),
            ":country": merchant.country.as_str(),
            ":created_at": merchant.created_at.0,
            ":suspended_at": merchant.suspended_at.map(|at| at.0),
        },
    )?;
    if inserted == 0 {
        return Ok(false);
    }
    for origin in &merchant.origins {
        insert_origin(db, id, origin, i64::MAX)?;
    }
    for key in &merchant.order_keys {
        let kid = key.kid().map_err(|error| StoreError::Failed(error.to_string()))?;
        insert_order_key(db, id, &kid, key, i64::MAX)?;
    }
    set_fees(db, id, &merchant.fees)?;
    for key in keys {
        keys::insert(db, key, i64::MAX)?;
    }
    for statement in statements {
        vouching::insert_statement(db, id, statement, merchant.created_at, i64::MAX)?;
    }
    Ok(true)
}

pub(super) fn by_id(db: &Connection<'_>, id: &MerchantId) -> Result<Option<Merchant>, StoreError> {
    let found = first(
        db,
        "SELECT id, name, contact, country, created_at, suspended_at FROM merchants WHERE id = :id",
        named_params! { ":id": id.as_str() },
        merchant,
    )?;
    found.map(|merchant| with_belongings(db, merchant)).transpose()
}

pub(super) fn list(
    db: &Connection<'_>,
    after: Option<&MerchantId>,
    limit: u32,
) -> Result<Vec<Merchant>, StoreError> {
    let found = all(
        db,
        "SELECT id, name, contact, country, created_at, suspended_at FROM merchants
         WHERE id > :after ORDER BY id LIMIT :limit",
        named_params! { ":after": after.map_or("", MerchantId::as_str), ":limit": limit },
        merchant,
    )?;
    found
        .into_iter()
        .map(|merchant| with_belongings(db, merchant))
        .collect()
}

pub(super) fn suspend(
    db: &Connection<'_>,
    id: &MerchantId,
    since: Option<UnixSeconds>,
) -> Result<bool, StoreError> {
    // A second suspension does not move the first.
    let changed = change(
        db,
        "UPDATE merchants SET suspended_at = CASE WHEN :since IS NULL THEN NULL ELSE coalesce(suspended_at, :since) END
         WHERE id = :id",
        named_params! { ":id": id.as_str(), ":since": since.map(|at| at.0) },
    )?;
    Ok(changed == 1)
}

pub(super) fn insert_origin(
    db: &Connection<'_>,
    merchant: &MerchantId,
    new: &MerchantOrigin,
    limit: i64,
) -> Result<Added, StoreError> {
    let others = count(
        db,
        "SELECT count(*) FROM origins WHERE merchant = :merchant AND origin <> :origin",
        named_params! { ":merchant": merchant.as_str(), ":origin": new.origin.as_str() },
    )?;
    if let Some(hindrance) = hindrance(db, merchant, others, limit)? {
        return Ok(hindrance);
    }
    add(
        db,
        "INSERT INTO origins (merchant, origin, challenge, proven_at)
         VALUES (:merchant, :origin, :challenge, :proven_at)
         ON CONFLICT (merchant, origin) DO NOTHING",
        named_params! {
            ":merchant": merchant.as_str(),
            ":origin": new.origin.as_str(),
            ":challenge": new.challenge,
            ":proven_at": new.proven_at.map(|at| at.0),
        },
    )
}

pub(super) fn prove_origin(
    db: &Connection<'_>,
    merchant: &MerchantId,
    origin: &Origin,
    challenge: &str,
    at: UnixSeconds,
) -> Result<bool, StoreError> {
    let proven = change(
        db,
        "UPDATE origins SET proven_at = coalesce(proven_at, :at)
         WHERE merchant = :merchant AND origin = :origin AND challenge = :challenge",
        named_params! {
            ":merchant": merchant.as_str(), ":origin": origin.as_str(), ":challenge": challenge, ":at": at.0,
        },
    )?;
    Ok(proven == 1)
}

pub(super) fn remove_origin(
    db: &Connection<'_>,
    merchant: &MerchantId,
    origin: &Origin,
) -> Result<bool, StoreError> {
    let removed = change(
        db,
        "DELETE FROM origins WHERE merchant = :merchant AND origin = :origin",
        named_params! { ":merchant": merchant.as_str(), ":origin": origin.as_str() },
    )?;
    Ok(removed == 1)
}

pub(super) fn insert_order_key(
    db: &Connection<'_>,
    merchant: &MerchantId,
    kid: &str,
    key: &Jwk,
    limit: i64,
) -> Result<Added, StoreError> {
    let others = count(
        db,
        "SELECT count(*) FROM order_keys WHERE merchant = :merchant AND kid <> :kid",
        named_params! { ":merchant": merchant.as_str(), ":kid": kid },
    )?;
    if let Some(hindrance) = hindrance(db, merchant, others, limit)? {
        return Ok(hindrance);
    }
    add(
        db,
        "INSERT INTO order_keys (merchant, kid, jwk) VALUES (:merchant, :kid, :jwk)
         ON CONFLICT (merchant, kid) DO NOTHING",
        named_params! { ":merchant": merchant.as_str(), ":kid": kid, ":jwk": json(key)? },
    )
}

pub(super) fn remove_order_key(
    db: &Connection<'_>,
    merchant: &MerchantId,
    kid: &str,
) -> Result<bool, StoreError> {
    let removed = change(
        db,
        "DELETE FROM order_keys WHERE merchant = :merchant AND kid = :kid",
        named_params! { ":merchant": merchant.as_str(), ":kid": kid },
    )?;
    Ok(removed == 1)
}

pub(super) fn set_fees(
    db: &Connection<'_>,
    merchant: &MerchantId,
    fees: &[FeeSchedule],
) -> Result<bool, StoreError> {
    if hindrance(db, merchant, 0, i64::MAX)?.is_some() {
        return Ok(false);
    }
    change_any(
        db,
        "DELETE FROM fees WHERE merchant = :merchant",
        named_params! { ":merchant": merchant.as_str() },
    )?;
    for schedule in fees {
        change_one(
            db,
            "INSERT INTO fees (merchant, method, currency, schedule)
             VALUES (:merchant, :method, :currency, :schedule)",
            named_params! {
                ":merchant": merchant.as_str(),
                ":method": schedule.terms().method.as_str(),
                ":currency": schedule.terms().currency.as_str(),
                ":schedule": json(schedule)?,
            },
        )?;
    }
    Ok(true)
}

/// The merchant alone.
fn merchant(row: &Row<'_>) -> Result<Merchant, StoreError> {
    let suspended_at: Option<i64> = column(row, "suspended_at")?;
    Ok(Merchant {
        payee: Payee {
            id: parsed(row, "id", MerchantId::parse)?,
            name: parsed(row, "name", Label::parse)?,
            contact: parsed(row, "contact", Label::parse)?,
        },
        country: parsed(row, "country", Country::parse)?,
        created_at: UnixSeconds(column(row, "created_at")?),
        suspended_at: suspended_at.map(UnixSeconds),
        origins: Vec::new(),
        order_keys: Vec::new(),
        fees: Vec::new(),
    })
}

fn with_belongings(db: &Connection<'_>, mut merchant: Merchant) -> Result<Merchant, StoreError> {
    let id = merchant.payee.id.as_str().to_owned();
    merchant.origins = all(
        db,
        "SELECT origin, challenge, proven_at FROM origins WHERE merchant = :merchant ORDER BY origin",
        named_params! { ":merchant": id },
        |row| {
            let proven_at: Option<i64> = column(row, "proven_at")?;
            Ok(MerchantOrigin {
                origin: parsed(row, "origin", Origin::parse)?,
                challenge: column(row, "challenge")?,
                proven_at: proven_at.map(UnixSeconds),
            })
        },
    )?;
    merchant.order_keys = all(
        db,
        "SELECT jwk FROM order_keys WHERE merchant = :merchant ORDER BY kid",
        named_params! { ":merchant": id },
        |row| from_json(row, "jwk"),
    )?;
    merchant.fees = all(
        db,
        "SELECT schedule FROM fees WHERE merchant = :merchant ORDER BY method, currency",
        named_params! { ":merchant": id },
        |row| from_json(row, "schedule"),
    )?;
    Ok(merchant)
}
