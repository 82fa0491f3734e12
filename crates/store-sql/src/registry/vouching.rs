use crate::db::{Connection, Row, named_params};
use farthing_gateway::{
    Added, Registration, StoreError, StoredAccreditor, StoredStatement, StoredStatusList,
};
use farthing_protocol::{Label, MerchantId, Origin, UnixSeconds};

use super::{add, hindrance, merchants};
use crate::rows::{all, change, change_any, column, count, first, from_json, json, parsed};

pub(super) fn registration(db: &Connection<'_>, id: &MerchantId) -> Result<Option<Registration>, StoreError> {
    let Some(merchant) = merchants::by_id(db, id)? else {
        return Ok(None);
    };
    let id_text = id.as_str();
    let of_merchant = named_params! { ":merchant": id_text };
    Ok(Some(Registration {
        merchant,
        statements: all(
            db,
            "SELECT origin, body, status_uri, expires_at FROM statements
             WHERE merchant = :merchant ORDER BY seq",
            of_merchant,
            |row| {
                Ok(StoredStatement {
                    origin: parsed(row, "origin", Origin::parse)?,
                    text: column(row, "body")?,
                    status_uri: column(row, "status_uri")?,
                    expires_at: UnixSeconds(column(row, "expires_at")?),
                })
            },
        )?,
        accreditors: accreditors(db)?,
        status_lists: all(
            db,
            "SELECT uri, issued_at, body FROM status_lists
             WHERE uri IN (SELECT status_uri FROM statements WHERE merchant = :merchant)",
            of_merchant,
            status_list,
        )?,
    }))
}

pub(super) fn insert_statement(
    db: &Connection<'_>,
    merchant: &MerchantId,
    new: &StoredStatement,
    now: UnixSeconds,
    limit: i64,
) -> Result<Added, StoreError> {
    change_any(
        db,
        "DELETE FROM statements WHERE merchant = :merchant AND expires_at <= :now",
        named_params! { ":merchant": merchant.as_str(), ":now": now.0 },
    )?;
    let others = count(
        db,
        "SELECT count(*) FROM statements WHERE merchant = :merchant AND body <> :body",
        named_params! { ":merchant": merchant.as_str(), ":body": new.text },
    )?;
    if let Some(hindrance) = hindrance(db, merchant, others, limit)? {
        return Ok(hindrance);
    }
    add(
        db,
        "INSERT INTO statements (merchant, origin, body, status_uri, expires_at)
         VALUES (:merchant, :origin, :body, :status_uri, :expires_at)
         ON CONFLICT (merchant, body) DO NOTHING",
        named_params! {
            ":merchant": merchant.as_str(),
            ":origin": new.origin.as_str(),
            ":body": new.text,
            ":status_uri": new.status_uri,
            ":expires_at": new.expires_at.0,
        },
    )
}

pub(super) fn insert_accreditor(
    db: &Connection<'_>,
    new: &StoredAccreditor,
    limit: i64,
) -> Result<Added, StoreError> {
    let known = first(
        db,
        "SELECT id FROM accreditors WHERE id = :id",
        named_params! { ":id": new.id.as_str() },
        |row| column::<String>(row, "id"),
    )?;
    match known {
        Some(_) => Ok(Added::Exists),
        None => put_accreditor(db, new, limit),
    }
}

pub(super) fn put_accreditor(
    db: &Connection<'_>,
    new: &StoredAccreditor,
    limit: i64,
) -> Result<Added, StoreError> {
    let others = count(
        db,
        "SELECT count(*) FROM accreditors WHERE id <> :id AND trusted = 1",
        named_params! { ":id": new.id.as_str() },
    )?;
    if others >= limit {
        return Ok(Added::TooMany);
    }
    change_any(
        db,
        "INSERT INTO accreditors (id, name, keys, trusted) VALUES (:id, :name, :keys, 1)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, keys = excluded.keys, trusted = 1",
        named_params! { ":id": new.id.as_str(), ":name": new.name.as_str(), ":keys": json(&new.keys)? },
    )?;
    Ok(Added::Added)
}

pub(super) fn distrust_accreditor(db: &Connection<'_>, id: &Origin) -> Result<bool, StoreError> {
    let changed = change(
        db,
        "UPDATE accreditors SET trusted = 0 WHERE id = :id AND trusted = 1",
        named_params! { ":id": id.as_str() },
    )?;
    Ok(changed == 1)
}

pub(super) fn accreditors(db: &Connection<'_>) -> Result<Vec<StoredAccreditor>, StoreError> {
    let sql = "SELECT id, name, keys FROM accreditors WHERE trusted = 1 ORDER BY id";
    all(db, sql, &[], |row| {
        Ok(StoredAccreditor {
            id: parsed(row, "id", Origin::parse)?,
            name: parsed(row, "name", Label::parse)?,
            keys: from_json(row, "keys")?,
        })
    })
}

pub(super) fn put_list(db: &Connection<'_>, new: &StoredStatusList) -> Result<bool, StoreError> {
    let put = change(
        db,
        "INSERT INTO status_lists (uri, issued_at, body) VALUES (:uri, :issued_at, :body)
         ON CONFLICT (uri) DO UPDATE SET issued_at = excluded.issued_at, body = excluded.body
         WHERE excluded.issued_at >= status_lists.issued_at",
        named_params! { ":uri": new.uri, ":issued_at": new.issued_at.0, ":body": new.text },
    )?;
    Ok(put == 1)
}

pub(super) fn list(db: &Connection<'_>, uri: &str) -> Result<Option<StoredStatusList>, StoreError> {
    let params = named_params! { ":uri": uri };
    first(
        db,
        "SELECT uri, issued_at, body FROM status_lists WHERE uri = :uri",
        params,
        status_list,
    )
}

fn status_list(row: &Row<'_>) -> Result<StoredStatusList, StoreError> {
    Ok(StoredStatusList {
        uri: column(row, "uri")?,
        issued_at: UnixSeconds(column(row, "issued_at")?),
        text: column(row, "body")?,
    })
}
