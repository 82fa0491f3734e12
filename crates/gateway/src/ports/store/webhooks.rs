use std::future::Future;

use farthing_protocol::{EndpointId, EventId, EventKind, MerchantId, UnixSeconds};

use super::StoreError;

/// Where merchants are told, and what they are still to be told. Events come with what they tell: see
/// [`super::NewEvent`].
pub trait WebhookStore: Send + Sync + 'static {
    /// Adds an endpoint, unless the merchant has that address already, or as many as it may have.
    fn add_endpoint(
        &self,
        endpoint: NewEndpoint,
    ) -> impl Future<Output = Result<EndpointAdded, StoreError>> + Send;

    /// A merchant's endpoints that are not removed, oldest first; everybody's where there is none.
    fn endpoints(
        &self,
        merchant: Option<&MerchantId>,
    ) -> impl Future<Output = Result<Vec<StoredEndpoint>, StoreError>> + Send;

    /// Removes an endpoint; what was still to be told there is dead. Returns whether it was there.
    fn remove_endpoint(
        &self,
        id: &EndpointId,
        now: UnixSeconds,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// At most `limit` deliveries that are due, oldest first. They are not due again before `until`, so that two who
    /// ask at once don't both make them; whoever makes one says how it ended.
    fn take_due(
        &self,
        now: UnixSeconds,
        until: UnixSeconds,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<DueDelivery>, StoreError>> + Send;

    /// Says how an attempt ended. Returns whether the delivery was still to be made.
    fn end_attempt(
        &self,
        event: &EventId,
        endpoint: &EndpointId,
        end: AttemptEnd,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// At most `limit` deliveries that were given up, newest first; of one merchant, or of all.
    fn dead_deliveries(
        &self,
        merchant: Option<&MerchantId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<DeadDelivery>, StoreError>> + Send;

    /// Makes the deliveries of an event that were given up due again, with all their attempts. Endpoints that are
    /// removed stay untold. Returns how many.
    fn replay(
        &self,
        event: &EventId,
        now: UnixSeconds,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// An endpoint to add.
pub struct NewEndpoint {
    /// Its id.
    pub id: EndpointId,
    /// Whose it is.
    pub merchant: MerchantId,
    /// Where to send.
    pub url: String,
    /// The secret that signs, encrypted.
    pub secret: Vec<u8>,
    /// Now.
    pub now: UnixSeconds,
    /// How many endpoints a merchant may have.
    pub limit: i64,
}

/// What became of an endpoint to add.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EndpointAdded {
    /// It is there.
    Added,
    /// The merchant has that address already.
    Exists,
    /// The merchant has as many as it may have.
    TooMany,
}

/// An endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredEndpoint {
    /// Its id.
    pub id: EndpointId,
    /// Whose it is.
    pub merchant: MerchantId,
    /// Where to send.
    pub url: String,
    /// When it was added.
    pub created_at: UnixSeconds,
    /// How many deliveries are still to be made there.
    pub due: i64,
    /// How many were given up.
    pub dead: i64,
}

/// A delivery to make.
pub struct DueDelivery {
    /// The event.
    pub event: EventId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Where to send.
    pub url: String,
    /// The secret that signs, encrypted.
    pub secret: Vec<u8>,
    /// What to send: JSON.
    pub body: String,
    /// How many attempts were made before.
    pub attempts: u32,
}

/// How an attempt to deliver ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AttemptEnd {
    /// The endpoint took it.
    Delivered {
        /// When.
        at: UnixSeconds,
    },
    /// It did not, and is asked again.
    Again {
        /// When.
        due_at: UnixSeconds,
        /// Why not: a stable word, never what the endpoint said.
        failure: &'static str,
    },
    /// It did not, and is given up.
    Dead {
        /// When.
        at: UnixSeconds,
        /// Why not.
        failure: &'static str,
    },
}

/// A delivery that was given up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeadDelivery {
    /// The event.
    pub event: EventId,
    /// What it tells.
    pub kind: EventKind,
    /// Whose it is.
    pub merchant: MerchantId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Where it was sent.
    pub url: String,
    /// How often.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub failure: String,
    /// When it was given up.
    pub at: UnixSeconds,
}
