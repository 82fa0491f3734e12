use farthing_gateway::{Answer, Done, Instrument};
use farthing_protocol::DeclineReason;

use super::{accounts::ACCOUNTS, cards::CARDS};

/// What pays in the sandbox: a number that everyone may know, and what happens when it does.
pub struct SandboxInstrument {
    /// The card's number, or the IBAN.
    pub number: &'static str,
    /// What a person who tries it should expect.
    pub outcome: &'static str,
    pub(super) manner: Manner,
}

pub(super) const fn instrument(
    number: &'static str,
    outcome: &'static str,
    manner: Manner,
) -> SandboxInstrument {
    SandboxInstrument {
        number,
        outcome,
        manner,
    }
}

/// How the bank treats what pays.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    pub step_up: StepUp,
    pub authorise: Told<Answer>,
    pub capture: Told<Done>,
    pub refund: Told<Done>,
}

/// Whether the bank wants to know that it is the shopper.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum StepUp {
    /// It never asks.
    Never,
    /// It knows already.
    Frictionless,
    /// By a passcode.
    Passcode,
    /// By a passcode, and none is the right one.
    NoneRight,
}

/// An answer, and whether it stays out for a while.
#[derive(Clone, Copy)]
pub(super) struct Told<A> {
    pub answer: A,
    pub silent: bool,
}

pub(super) const fn told<A>(answer: A) -> Told<A> {
    Told {
        answer,
        silent: false,
    }
}

pub(super) const fn silent<A>(answer: A) -> Told<A> {
    Told { answer, silent: true }
}

pub(super) const PAYS: Manner = Manner {
    step_up: StepUp::Never,
    authorise: told(Answer::Approved),
    capture: told(Done::Done),
    refund: told(Done::Done),
};

pub(super) const fn asks(step_up: StepUp) -> Manner {
    Manner { step_up, ..PAYS }
}

pub(super) const fn declines(reason: DeclineReason) -> Manner {
    Manner {
        authorise: told(Answer::Declined(reason)),
        ..PAYS
    }
}

/// The place in [`CARDS`] of the card that fails in processing.
pub(super) const FAILS: i64 = 3;
/// Where the places of [`ACCOUNTS`] begin: far beyond those of cards, so that both can grow.
const FIRST_ACCOUNT: i64 = 1_000;

/// How the bank treats `instrument`, and what it is called in the books, which keep no number.
pub(super) fn manner_of(instrument: &Instrument<'_>) -> (i64, Manner) {
    let (known, first, number): (&[SandboxInstrument], _, _) = match instrument {
        Instrument::Card { number, .. } => (&CARDS, 0, number.expose()),
        Instrument::BankAccount { iban, .. } => (&ACCOUNTS, FIRST_ACCOUNT, iban.expose()),
    };
    known
        .iter()
        .zip(first..)
        .find(|(known, _)| known.number == number)
        .map_or((first, PAYS), |(known, place)| (place, known.manner))
}

/// The same, by what [`manner_of`] called it.
pub(super) fn manner_at(place: i64) -> Manner {
    let of_card = usize::try_from(place).ok().and_then(|place| CARDS.get(place));
    let of_account = || {
        let place = usize::try_from(place.checked_sub(FIRST_ACCOUNT)?).ok()?;
        ACCOUNTS.get(place).map(|account| account.manner)
    };
    of_card
        .map(|card| card.manner)
        .or_else(of_account)
        .unwrap_or(PAYS)
}
