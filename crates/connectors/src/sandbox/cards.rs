use farthing_gateway::{Answer, Done};
use farthing_protocol::DeclineReason;

/// A card of the sandbox: a number that everyone may know, and what happens when it pays.
pub struct SandboxCard {
    /// The number.
    pub number: &'static str,
    /// What a person who tries it should expect.
    pub outcome: &'static str,
    pub(super) manner: Manner,
}

/// How the bank treats a card.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    pub authorise: Told<Answer>,
    pub capture: Told<Done>,
    pub refund: Told<Done>,
}

/// An answer, and whether it stays out for a while.
#[derive(Clone, Copy)]
pub(super) struct Told<A> {
    pub answer: A,
    pub silent: bool,
}

const fn told<A>(answer: A) -> Told<A> {
    Told {
        answer,
        silent: false,
    }
}

const fn silent<A>(answer: A) -> Told<A> {
    Told { answer, silent: true }
}

pub(super) const PAYS: Manner = Manner {
    authorise: told(Answer::Approved),
    capture: told(Done::Done),
    refund: told(Done::Done),
};

const fn declines(reason: DeclineReason) -> Manner {
    Manner {
        authorise: told(Answer::Declined(reason)),
        ..PAYS
    }
}

const fn card(number: &'static str, outcome: &'static str, manner: Manner) -> SandboxCard {
    SandboxCard {
        number,
        outcome,
        manner,
    }
}

/// The cards with an outcome of their own. Every other number pays.
pub const CARDS: [SandboxCard; 10] = [
    card("4242424242424242", "pays", PAYS),
    card(
        "4000000000000002",
        "is declined",
        declines(DeclineReason::CardDeclined),
    ),
    card(
        "4000000000009995",
        "has no funds",
        declines(DeclineReason::InsufficientFunds),
    ),
    card(
        "4000000000000119",
        "fails in processing",
        declines(DeclineReason::ProcessingFailed),
    ),
    card(
        "4000000000004087",
        "gives no answer; a few seconds later it turns out as paid",
        Manner {
            authorise: silent(Answer::Approved),
            ..PAYS
        },
    ),
    card(
        "4000000000005043",
        "gives no answer; a few seconds later it turns out as declined",
        Manner {
            authorise: silent(Answer::Declined(DeclineReason::CardDeclined)),
            ..PAYS
        },
    ),
    card(
        "4000000000000341",
        "pays; a capture of its own gives no answer, and turns out as done a few seconds later",
        Manner {
            capture: silent(Done::Done),
            ..PAYS
        },
    ),
    card(
        "4000000000000259",
        "pays; a capture of its own is refused",
        Manner {
            capture: told(Done::Refused),
            ..PAYS
        },
    ),
    card(
        "4000000000007726",
        "pays; a refund gives no answer, and turns out as done a few seconds later",
        Manner {
            refund: silent(Done::Done),
            ..PAYS
        },
    ),
    card(
        "4000000000005126",
        "pays; a refund is refused",
        Manner {
            refund: told(Done::Refused),
            ..PAYS
        },
    ),
];

/// The place in [`CARDS`] of the card that fails in processing.
pub(super) const FAILS: i64 = 3;

/// How the bank treats the card with this number.
pub(super) fn manner_of(number: &str) -> (i64, Manner) {
    CARDS
        .iter()
        .zip(0..)
        .find(|(card, _)| card.number == number)
        .map_or((0, PAYS), |(card, place)| (place, card.manner))
}

/// The same, by what [`manner_of`] called it: the books keep no number.
pub(super) fn manner_at(place: i64) -> Manner {
    usize::try_from(place)
        .ok()
        .and_then(|place| CARDS.get(place))
        .map_or(PAYS, |card| card.manner)
}
