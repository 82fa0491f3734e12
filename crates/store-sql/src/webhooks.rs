use crate::db::{Connection, Row, named_params};
use farthing_gateway::{
    AttemptEnd, DeadDelivery, DueDelivery, EndpointAdded, NewEndpoint, StoreError, StoredEndpoint,
};
use farthing_protocol::{EndpointId, EventId, EventKind, MerchantId, UnixSeconds};

use crate::rows::{all, change, change_any, column, count, one_of, parsed};

pub(crate) fn add(db: &Connection<'_>, new: &NewEndpoint) -> Result<EndpointAdded, StoreError> {
    let merchant = new.merchant.as_str();
    let merchant = named_params! { ":merchant": merchant };
    let there = count(
        db,
        "SELECT count(*) FROM endpoints WHERE merchant = :merchant AND removed_at IS NULL",
        merchant,
    )?;
    if there >= new.limit {
        return Ok(EndpointAdded::TooMany);
    }
    let added = change(
        db,
        "INSERT INTO endpoints (id, merchant, url, secret, created_at) VALUES (:id, :merchant, :url, :secret, :now)
         ON CONFLICT DO NOTHING",
        named_params! {
            ":id": new.id.as_str(),
            ":merchant": new.merchant.as_str(),
            ":url": new.url,
            ":secret": new.secret,
            ":now": new.now.0,
        },
    )?;
    Ok(if added == 1 {
        EndpointAdded::Added
    } else {
        EndpointAdded::Exists
    })
}

pub(crate) fn list(
    db: &Connection<'_>,
    merchant: Option<&MerchantId>,
) -> Result<Vec<StoredEndpoint>, StoreError> {
    all(
        db,
        "SELECT id, merchant, url, created_at,
                (SELECT count(*) FROM deliveries WHERE endpoint = endpoints.id AND stage = 'due') AS due,
                (SELECT count(*) FROM deliveries WHERE endpoint = endpoints.id AND stage = 'dead') AS dead
         FROM endpoints WHERE removed_at IS NULL AND (:merchant IS NULL OR merchant = :merchant)
         ORDER BY created_at, rowid",
        named_params! { ":merchant": merchant.map(MerchantId::as_str) },
        |row| {
            Ok(StoredEndpoint {
                id: parsed(row, "id", EndpointId::parse)?,
                merchant: parsed(row, "merchant", MerchantId::parse)?,
                url: column(row, "url")?,
                created_at: UnixSeconds(column(row, "created_at")?),
                due: column(row, "due")?,
                dead: column(row, "dead")?,
            })
        },
    )
}

pub(crate) fn remove(db: &Connection<'_>, id: &EndpointId, now: UnixSeconds) -> Result<bool, StoreError> {
    let id = id.as_str();
    let params = named_params! { ":id": id, ":now": now.0 };
    let removed = change(
        db,
        "UPDATE endpoints SET removed_at = :now WHERE id = :id AND removed_at IS NULL",
        params,
    )?;
    change_any(
        db,
        "UPDATE deliveries SET stage = 'dead', due_at = NULL, ended_at = :now, failure = 'endpoint_removed'
         WHERE endpoint = :id AND stage = 'due'",
        params,
    )?;
    Ok(removed == 1)
}

pub(crate) fn take_due(
    db: &Connection<'_>,
    now: UnixSeconds,
    until: UnixSeconds,
    limit: u32,
) -> Result<Vec<DueDelivery>, StoreError> {
    let due = all(
        db,
        "SELECT deliveries.event, deliveries.endpoint, deliveries.attempts, events.body, endpoints.url,
                endpoints.secret
         FROM deliveries JOIN events ON events.id = deliveries.event
                         JOIN endpoints ON endpoints.id = deliveries.endpoint
         WHERE deliveries.stage = 'due' AND deliveries.due_at <= :now
         ORDER BY deliveries.due_at, events.rowid LIMIT :limit",
        named_params! { ":now": now.0, ":limit": limit },
        delivery,
    )?;
    for DueDelivery { event, endpoint, .. } in &due {
        change_any(
            db,
            "UPDATE deliveries SET due_at = :until WHERE event = :event AND endpoint = :endpoint",
            named_params! { ":until": until.0, ":event": event.as_str(), ":endpoint": endpoint.as_str() },
        )?;
    }
    Ok(due)
}

fn delivery(row: &Row<'_>) -> Result<DueDelivery, StoreError> {
    Ok(DueDelivery {
        event: parsed(row, "event", EventId::parse)?,
        endpoint: parsed(row, "endpoint", EndpointId::parse)?,
        url: column(row, "url")?,
        secret: column(row, "secret")?,
        body: column(row, "body")?,
        attempts: column(row, "attempts")?,
    })
}

pub(crate) fn end_attempt(
    db: &Connection<'_>,
    event: &EventId,
    endpoint: &EndpointId,
    end: AttemptEnd,
) -> Result<bool, StoreError> {
    let (stage, due_at, ended_at, failure) = match end {
        AttemptEnd::Delivered { at } => ("delivered", None, Some(at.0), None),
        AttemptEnd::Again { due_at, failure } => ("due", Some(due_at.0), None, Some(failure)),
        AttemptEnd::Dead { at, failure } => ("dead", None, Some(at.0), Some(failure)),
    };
    let ended = change(
        db,
        "UPDATE deliveries SET stage = :stage, due_at = :due_at, ended_at = :ended_at, failure = :failure,
                               attempts = attempts + 1
         WHERE event = :event AND endpoint = :endpoint AND stage = 'due'",
        named_params! {
            ":event": event.as_str(),
            ":endpoint": endpoint.as_str(),
            ":stage": stage,
            ":due_at": due_at,
            ":ended_at": ended_at,
            ":failure": failure,
        },
    )?;
    Ok(ended == 1)
}

pub(crate) fn dead(
    db: &Connection<'_>,
    merchant: Option<&MerchantId>,
    limit: u32,
) -> Result<Vec<DeadDelivery>, StoreError> {
    all(
        db,
        "SELECT deliveries.event, events.kind, events.merchant, deliveries.endpoint,
                endpoints.url, deliveries.attempts, deliveries.failure, deliveries.ended_at
         FROM deliveries JOIN events ON events.id = deliveries.event
                         JOIN endpoints ON endpoints.id = deliveries.endpoint
         WHERE deliveries.stage = 'dead' AND (:merchant IS NULL OR events.merchant = :merchant)
         ORDER BY deliveries.ended_at DESC, events.rowid DESC LIMIT :limit",
        named_params! { ":merchant": merchant.map(MerchantId::as_str), ":limit": limit },
        |row| {
            Ok(DeadDelivery {
                event: parsed(row, "event", EventId::parse)?,
                kind: one_of(row, "kind", &EventKind::ALL, EventKind::as_str)?,
                merchant: parsed(row, "merchant", MerchantId::parse)?,
                endpoint: parsed(row, "endpoint", EndpointId::parse)?,
                url: column(row, "url")?,
                attempts: column(row, "attempts")?,
                failure: column::<Option<String>>(row, "failure")?.unwrap_or_default(),
                at: UnixSeconds(column(row, "ended_at")?),
            })
        },
    )
}

pub(crate) fn replay(db: &Connection<'_>, event: &EventId, now: UnixSeconds) -> Result<u64, StoreError> {
    let replayed = change(
        db,
        "UPDATE deliveries SET stage = 'due', due_at = :now, ended_at = NULL, attempts = 0
         WHERE event = :event AND stage = 'dead'
           AND endpoint IN (SELECT id FROM endpoints WHERE removed_at IS NULL)",
        named_params! { ":event": event.as_str(), ":now": now.0 },
    )?;
    Ok(u64::try_from(replayed).unwrap_or(u64::MAX))
}
