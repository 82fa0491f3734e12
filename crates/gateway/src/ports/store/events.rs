use farthing_protocol::{EventId, EventKind, MerchantId, UnixSeconds};

/// Something to tell a merchant: kept, with a delivery to each of the merchant's endpoints, in the transaction of
/// what it tells.
#[derive(Clone)]
pub struct NewEvent {
    /// Its id, the same at each attempt.
    pub id: EventId,
    /// Whom to tell.
    pub merchant: MerchantId,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: UnixSeconds,
    /// The webhook's whole body: JSON.
    pub body: String,
}
