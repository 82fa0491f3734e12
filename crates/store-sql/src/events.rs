use crate::db::{Connection, named_params};
use farthing_gateway::{NewEvent, StoreError};

use crate::rows::{change_any, change_one};

/// Keeps an event, with a delivery that is due at once to each endpoint that its merchant has now.
pub(crate) fn insert(db: &Connection<'_>, event: &NewEvent) -> Result<(), StoreError> {
    change_one(
        db,
        "INSERT INTO events (id, merchant, kind, at, body) VALUES (:id, :merchant, :kind, :at, :body)",
        named_params! {
            ":id": event.id.as_str(),
            ":merchant": event.merchant.as_str(),
            ":kind": event.kind.as_str(),
            ":at": event.at.0,
            ":body": event.body,
        },
    )?;
    change_any(
        db,
        "INSERT INTO deliveries (event, endpoint, stage, due_at)
         SELECT :event, id, 'due', :at FROM endpoints WHERE merchant = :merchant AND removed_at IS NULL",
        named_params! {
            ":event": event.id.as_str(), ":at": event.at.0, ":merchant": event.merchant.as_str(),
        },
    )?;
    Ok(())
}
