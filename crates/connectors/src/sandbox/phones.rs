use farthing_gateway::{Answer, Done};
use farthing_protocol::{Carrier, DeclineReason, Label, Reference};

use super::manner::{Manner, SandboxInstrument, StepUp, asks, declines, instrument, silent, told};

/// What a phone may spend in a month, in cents.
pub(super) const MONTH: i64 = 5_000;
/// The most that goes on a phone bill at once, in cents.
pub(super) const BILL_MOST: i64 = 3_000;
/// What most numbers have left this month. It stays so: what is paid here is no money.
const LEFT: i64 = 3_650;

/// Asks for a passcode, as a carrier does of every payment, and pays.
const ASKS: Manner = Manner {
    left: LEFT,
    ..asks(StepUp::Passcode)
};

/// The phone numbers with an outcome of their own, all of those that Germany keeps free for films. Every other one asks for the
/// passcode and pays.
pub const PHONES: [SandboxInstrument; 10] = [
    instrument(
        "+491713920000",
        "pays, with €36.50 of €50.00 left this month",
        ASKS,
    ),
    instrument(
        "+491713920002",
        "is declined by its carrier when it is charged",
        Manner {
            authorise: declines(DeclineReason::CardDeclined).authorise,
            ..ASKS
        },
    ),
    instrument(
        "+491713920063",
        "takes no passcode",
        Manner {
            step_up: StepUp::NoneRight,
            ..ASKS
        },
    ),
    instrument(
        "+491713920050",
        "has €1.00 of €50.00 left this month, and pays no more than that",
        Manner { left: 100, ..ASKS },
    ),
    instrument(
        "+491713920001",
        "is not allowed to pay by phone bill",
        Manner {
            step_up: StepUp::NotAllowed,
            ..ASKS
        },
    ),
    instrument(
        "+491713920019",
        "is of a carrier that can't be reached: nothing is charged",
        Manner {
            step_up: StepUp::Unreachable,
            ..ASKS
        },
    ),
    instrument(
        "+491713920087",
        "gives no answer when it is charged; a few seconds later it turns out as paid",
        Manner {
            authorise: silent(Answer::Approved),
            ..ASKS
        },
    ),
    instrument(
        "+491713920043",
        "gives no answer when it is charged; a few seconds later it turns out as declined",
        Manner {
            authorise: silent(Answer::Declined(DeclineReason::CardDeclined)),
            ..ASKS
        },
    ),
    instrument(
        "+491713920026",
        "pays; a refund gives no answer, and turns out as done a few seconds later",
        Manner {
            refund: silent(Done::Done),
            ..ASKS
        },
    ),
    instrument(
        "+491713920051",
        "pays; a refund is refused",
        Manner {
            refund: told(Done::Refused),
            ..ASKS
        },
    ),
];

/// Who is behind them: in two countries, so that a number is of a carrier's country or not.
pub(super) fn carriers() -> Vec<Carrier> {
    [("fern", "Fern Mobile", 49), ("wren", "Wren Telecom", 43)]
        .into_iter()
        .filter_map(|(id, name, calling_code)| {
            Some(Carrier {
                id: Reference::parse(id).ok()?,
                name: Label::parse(name).ok()?,
                calling_code,
            })
        })
        .collect()
}
