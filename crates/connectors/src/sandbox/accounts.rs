use farthing_gateway::{Answer, Done};
use farthing_protocol::DeclineReason;

use super::manner::{Manner, PAYS, SandboxInstrument, declines, instrument, silent, told};

/// The accounts with an outcome of their own. Every other one pays.
pub const ACCOUNTS: [SandboxInstrument; 8] = [
    instrument("DE89370400440532013000", "pays", PAYS),
    instrument(
        "DE35370400440532013002",
        "is declined by its bank",
        declines(DeclineReason::CardDeclined),
    ),
    instrument(
        "DE46370400440532013095",
        "has no funds",
        declines(DeclineReason::InsufficientFunds),
    ),
    instrument(
        "DE61370400440532013019",
        "fails in processing",
        declines(DeclineReason::ProcessingFailed),
    ),
    instrument(
        "DE68370400440532013087",
        "gives no answer; a few seconds later it turns out as paid",
        Manner {
            authorise: silent(Answer::Approved),
            ..PAYS
        },
    ),
    instrument(
        "DE92370400440532013043",
        "gives no answer; a few seconds later its bank has returned the debit",
        Manner {
            authorise: silent(Answer::Declined(DeclineReason::CardDeclined)),
            ..PAYS
        },
    ),
    instrument(
        "DE66370400440532013026",
        "pays; a refund gives no answer, and turns out as done a few seconds later",
        Manner {
            refund: silent(Done::Done),
            ..PAYS
        },
    ),
    instrument(
        "DE70370400440532013051",
        "pays; a refund is refused",
        Manner {
            refund: told(Done::Refused),
            ..PAYS
        },
    ),
];
