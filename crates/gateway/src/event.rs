use farthing_protocol::{EventId, EventKind, MerchantId, UnixSeconds};
use serde::Serialize;

use crate::{
    Clock, Connector, Gateway, NewEvent, Refusal, Rng, Store, StoredCharge, StoredOperation, charge,
    operation,
};

/// A webhook's body, as Standard Webhooks has it.
#[derive(Serialize)]
struct Body<'a, D> {
    #[serde(rename = "type")]
    kind: EventKind,
    timestamp: String,
    data: &'a D,
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// Tells the merchant how `charge` stands from now on.
    pub(crate) fn event_of_charge(
        &self,
        kind: EventKind,
        charge: &StoredCharge,
    ) -> Result<NewEvent, Refusal> {
        let data = charge::view(charge.clone())?;
        self.event(kind, &charge.merchant, self.clock.now(), &data)
    }

    /// Tells the merchant how `operation` stands from now on.
    pub(crate) fn event_of_operation(
        &self,
        kind: EventKind,
        merchant: &MerchantId,
        operation: &StoredOperation,
    ) -> Result<NewEvent, Refusal> {
        let data = operation::view(operation.clone());
        self.event(kind, merchant, self.clock.now(), &data)
    }

    pub(crate) fn event(
        &self,
        kind: EventKind,
        merchant: &MerchantId,
        at: UnixSeconds,
        data: &impl Serialize,
    ) -> Result<NewEvent, Refusal> {
        let body = Body {
            kind,
            timestamp: at.rfc3339(),
            data,
        };
        let body = serde_json::to_string(&body)
            .map_err(|error| Refusal::internal(format!("an event's body: {error}")))?;
        Ok(NewEvent {
            id: EventId::from_random(self.random()),
            merchant: merchant.clone(),
            kind,
            at,
            body,
        })
    }
}
