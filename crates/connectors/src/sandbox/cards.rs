use farthing_gateway::{Answer, Done};
use farthing_protocol::DeclineReason;

use super::manner::{Manner, PAYS, SandboxInstrument, StepUp, asks, declines, instrument, silent, told};

/// The cards with an outcome of their own. Every other number pays.
pub const CARDS: [SandboxInstrument; 14] = [
    instrument("4242424242424242", "pays", PAYS),
    instrument(
        "4000000000000002",
        "is declined",
        declines(DeclineReason::CardDeclined),
    ),
    instrument(
        "4000000000009995",
        "has no funds",
        declines(DeclineReason::InsufficientFunds),
    ),
    instrument(
        "4000000000000119",
        "fails in processing",
        declines(DeclineReason::ProcessingFailed),
    ),
    instrument(
        "4000000000004087",
        "gives no answer; a few seconds later it turns out as paid",
        Manner {
            authorise: silent(Answer::Approved),
            ..PAYS
        },
    ),
    instrument(
        "4000000000005043",
        "gives no answer; a few seconds later it turns out as declined",
        Manner {
            authorise: silent(Answer::Declined(DeclineReason::CardDeclined)),
            ..PAYS
        },
    ),
    instrument(
        "4000000000000341",
        "pays; a capture of its own gives no answer, and turns out as done a few seconds later",
        Manner {
            capture: silent(Done::Done),
            ..PAYS
        },
    ),
    instrument(
        "4000000000000259",
        "pays; a capture of its own is refused",
        Manner {
            capture: told(Done::Refused),
            ..PAYS
        },
    ),
    instrument(
        "4000000000007726",
        "pays; a refund gives no answer, and turns out as done a few seconds later",
        Manner {
            refund: silent(Done::Done),
            ..PAYS
        },
    ),
    instrument(
        "4000000000005126",
        "pays; a refund is refused",
        Manner {
            refund: told(Done::Refused),
            ..PAYS
        },
    ),
    instrument(
        "4000002500003155",
        "asks for a passcode, which is 123456, and pays",
        asks(StepUp::Passcode),
    ),
    instrument(
        "4000008400001629",
        "asks for a passcode, which is 123456, and is declined",
        Manner {
            step_up: StepUp::Passcode,
            ..declines(DeclineReason::CardDeclined)
        },
    ),
    instrument(
        "4000000000003063",
        "asks for a passcode, and none is right",
        asks(StepUp::NoneRight),
    ),
    instrument(
        "4000000000003055",
        "knows the shopper without asking, and pays",
        asks(StepUp::Frictionless),
    ),
];
