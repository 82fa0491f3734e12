use farthing_protocol::{EndpointId, EventId, MerchantId, UnixSeconds, limits};

use crate::{
    AttemptEnd, Clock, Connector, DeadDelivery, DueDelivery, EndpointAdded, Gateway, NewEndpoint, Refusal,
    Rng, Store, StoredEndpoint,
    webhook::{self, Secret},
};

/// How long whoever takes a delivery has to make it, before somebody else may.
const LEASE_S: i64 = 60;

/// The longest that an endpoint is left alone because it asked to be.
const LONGEST_WISH_S: i64 = 60 * 60;

/// A webhook to send: one attempt.
pub struct Message {
    /// The event.
    pub event: EventId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Where to send it.
    pub url: String,
    /// The headers that sign it (Standard Webhooks).
    pub headers: [(&'static str, String); 3],
    /// What to send: JSON.
    pub body: String,
    attempts: u32,
}

/// How sending one went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sent {
    /// The endpoint answered with a 2xx.
    Taken,
    /// The endpoint answered with 410: it wants no more (Standard Webhooks, "Deliverability and reliability").
    Gone,
    /// Anything else: it is sent again for three days.
    Failed {
        /// What went wrong, by a stable word.
        failure: &'static str,
        /// For how many seconds the endpoint asked to be left alone.
        retry_after_s: Option<u32>,
    },
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// Registers an address that `merchant` is told at. The secret is handed out here and never again. Which addresses
    /// may be told is the caller's to check: it knows the network.
    pub async fn add_endpoint(
        &self,
        merchant: &MerchantId,
        url: String,
    ) -> Result<Result<(EndpointId, Secret), EndpointAdded>, Refusal> {
        let id = EndpointId::from_random(self.random());
        let secret = Secret::from_random(self.random());
        let sealed = self
            .keys()
            .data
            .seal(&self.rng, &place(&id), secret.expose().as_bytes())
            .ok_or_else(|| Refusal::internal("sealing a webhook secret"))?;
        let new = NewEndpoint {
            id: id.clone(),
            merchant: merchant.clone(),
            url,
            secret: sealed,
            now: self.clock.now(),
            limit: limits::ENDPOINTS_PER_MERCHANT,
        };
        Ok(match self.store.add_endpoint(new).await? {
            EndpointAdded::Added => Ok((id, secret)),
            refused => Err(refused),
        })
    }

    /// The endpoints of `merchant`, or everybody's.
    pub async fn endpoints(&self, merchant: Option<&MerchantId>) -> Result<Vec<StoredEndpoint>, Refusal> {
        Ok(self.store.endpoints(merchant).await?)
    }

    /// Removes an endpoint. Returns whether it was there.
    pub async fn remove_endpoint(&self, id: &EndpointId) -> Result<bool, Refusal> {
        Ok(self.store.remove_endpoint(id, self.clock.now()).await?)
    }

    /// At most `limit` webhooks to send now, each signed for this moment. Say how each went with
    /// [`Self::message_sent`]; one of which nothing is said comes again a minute later.
    pub async fn messages_due(&self, limit: u32) -> Result<Vec<Message>, Refusal> {
        let now = self.clock.now();
        let due = self.store.take_due(now, now.plus(LEASE_S), limit).await?;
        due.into_iter()
            .map(|delivery| self.message(delivery, now))
            .collect()
    }

    /// What became of a webhook.
    pub async fn message_sent(&self, message: &Message, sent: Sent) -> Result<(), Refusal> {
        let at = self.clock.now();
        let jitter = u64::from_be_bytes(self.random());
        let end = match (sent, webhook::backoff(message.attempts + 1, jitter)) {
            (Sent::Taken, _) => AttemptEnd::Delivered { at },
            (
                Sent::Failed {
                    failure,
                    retry_after_s,
                },
                Some(pause),
            ) => AttemptEnd::Again {
                due_at: at.plus(pause.max(retry_after_s.map_or(0, i64::from).min(LONGEST_WISH_S))),
                failure,
            },
            (Sent::Failed { failure, .. }, None) => AttemptEnd::Dead { at, failure },
            (Sent::Gone, _) => AttemptEnd::Dead {
                at,
                failure: "answered_410",
            },
        };
        self.store
            .end_attempt(&message.event, &message.endpoint, end)
            .await?;
        if sent == Sent::Gone {
            self.remove_endpoint(&message.endpoint).await?;
        }
        Ok(())
    }

    /// The newest that were given up, of `merchant` or of all.
    pub async fn dead_deliveries(
        &self,
        merchant: Option<&MerchantId>,
        limit: u32,
    ) -> Result<Vec<DeadDelivery>, Refusal> {
        Ok(self.store.dead_deliveries(merchant, limit).await?)
    }

    /// Sends an event again wherever it was given up. Returns to how many endpoints.
    pub async fn replay(&self, event: &EventId) -> Result<u64, Refusal> {
        Ok(self.store.replay(event, self.clock.now()).await?)
    }

    fn message(&self, delivery: DueDelivery, now: UnixSeconds) -> Result<Message, Refusal> {
        let opened = self
            .keys()
            .data
            .open(&place(&delivery.endpoint), &delivery.secret);
        let secret = opened
            .as_ref()
            .and_then(|text| std::str::from_utf8(text).ok())
            .and_then(|text| Secret::parse(text).ok())
            .ok_or_else(|| Refusal::internal("a webhook secret does not open"))?;
        let headers = webhook::headers(
            &secret,
            &[],
            delivery.event.as_str(),
            now,
            delivery.body.as_bytes(),
        );
        Ok(Message {
            event: delivery.event,
            endpoint: delivery.endpoint,
            url: delivery.url,
            headers,
            body: delivery.body,
            attempts: delivery.attempts,
        })
    }
}

/// What an endpoint's secret is bound to where it is kept.
fn place(endpoint: &EndpointId) -> String {
    format!("webhook:{endpoint}")
}
