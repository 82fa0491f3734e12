use serde::{Deserialize, Serialize};

/// What a webhook tells. The body is `{"type", "timestamp", "data"}` (Standard Webhooks); `data` is a charge, an
/// operation or a dispute, as `GET` would answer it at that moment.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum EventKind {
    /// The money is reserved.
    #[serde(rename = "charge.authorised")]
    ChargeAuthorised,
    /// The money moved.
    #[serde(rename = "charge.paid")]
    ChargePaid,
    /// The money did not move.
    #[serde(rename = "charge.declined")]
    ChargeDeclined,
    /// Nobody knows yet.
    #[serde(rename = "charge.unknown")]
    ChargeUnknown,
    /// A reservation was let go by the merchant.
    #[serde(rename = "charge.voided")]
    ChargeVoided,
    /// A reservation ended by itself.
    #[serde(rename = "charge.expired")]
    ChargeExpired,
    /// A capture, a void, a refund or a return was done or failed, or its answer is awaited.
    #[serde(rename = "operation.done")]
    OperationDone,
    /// It failed.
    #[serde(rename = "operation.failed")]
    OperationFailed,
    /// The shopper opened a dispute.
    #[serde(rename = "dispute.opened")]
    DisputeOpened,
    /// The merchant's answer is in.
    #[serde(rename = "dispute.contested")]
    DisputeContested,
    /// The money is on its way back.
    #[serde(rename = "dispute.returning")]
    DisputeReturning,
    /// The money is back with the shopper.
    #[serde(rename = "dispute.returned")]
    DisputeReturned,
    /// The payment stands.
    #[serde(rename = "dispute.rejected")]
    DisputeRejected,
}
