use serde::{Deserialize, Serialize};

/// What a webhook tells. The body is `{"type", "timestamp", "data"}` (Standard Webhooks); `data` is a charge, an
/// operation or a dispute, as `GET` would answer it at that moment.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// A capture, a void, a refund or a return was done.
    #[serde(rename = "operation.done")]
    OperationDone,
    /// A capture, a void, a refund or a return failed: it did nothing.
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

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::ChargeAuthorised,
        Self::ChargePaid,
        Self::ChargeDeclined,
        Self::ChargeUnknown,
        Self::ChargeVoided,
        Self::ChargeExpired,
        Self::OperationDone,
        Self::OperationFailed,
        Self::DisputeOpened,
        Self::DisputeContested,
        Self::DisputeReturning,
        Self::DisputeReturned,
        Self::DisputeRejected,
    ];

    /// As it is written, `charge.paid`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChargeAuthorised => "charge.authorised",
            Self::ChargePaid => "charge.paid",
            Self::ChargeDeclined => "charge.declined",
            Self::ChargeUnknown => "charge.unknown",
            Self::ChargeVoided => "charge.voided",
            Self::ChargeExpired => "charge.expired",
            Self::OperationDone => "operation.done",
            Self::OperationFailed => "operation.failed",
            Self::DisputeOpened => "dispute.opened",
            Self::DisputeContested => "dispute.contested",
            Self::DisputeReturning => "dispute.returning",
            Self::DisputeReturned => "dispute.returned",
            Self::DisputeRejected => "dispute.rejected",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for kind in EventKind::ALL {
            let written = serde_json::to_string(&kind).unwrap();
            assert_eq!(written, format!("\"{}\"", kind.as_str()));
            assert_eq!(serde_json::from_str::<EventKind>(&written).unwrap(), kind);
        }
    }
}
