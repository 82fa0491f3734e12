use farthing_gateway::{Answer, Done, Instrument};
use farthing_protocol::DeclineReason;

use super::{accounts::ACCOUNTS, cards::CARDS, phones::PHONES};

/// What pays in the sandbox: a number that everyone may know, and what happens when it does.
pub struct SandboxInstrument {
    /// The card's number, the IBAN, or the phone's number.
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
    /// What of a phone bill's limit is left this month, in cents.
    pub left: i64,
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
    /// It does not let the number pay.
    NotAllowed,
    /// It gives no answer.
    Unreachable,
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
    left: 0,
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
/// Where those of [`PHONES`] do.
const FIRST_PHONE: i64 = 2_000;

/// How the bank treats `instrument`, and what it is called in the books, which keep no number.
pub(super) fn manner_of(instrument: &Instrument<'_>) -> (i64, Manner) {
    let (known, first, number): (&[SandboxInstrument], _, _) = match instrument {
        Instrument::Card { number, .. } => (&CARDS, 0, number.expose()),
        Instrument::BankAccount { iban, .. } => (&ACCOUNTS, FIRST_ACCOUNT, iban.expose()),
        Instrument::PhoneBill { number, .. } => (&PHONES, FIRST_PHONE, number.expose()),
    };
    known
        .iter()
        .zip(first..)
        .find(|(known, _)| known.number == number)
        .map_or((first, manner_at(first)), |(known, place)| (place, known.manner))
}

/// Whether what [`manner_of`] called `place` is a phone.
pub(super) const fn is_phone(place: i64) -> bool {
    place >= FIRST_PHONE
}

/// The same, by what [`manner_of`] called it.
pub(super) fn manner_at(place: i64) -> Manner {
    let beyond = |first: i64, known: &'static [SandboxInstrument]| {
        known.get(usize::try_from(place.checked_sub(first)?).ok()?)
    };
    beyond(0, &CARDS)
        .or_else(|| beyond(FIRST_ACCOUNT, &ACCOUNTS))
        .or_else(|| beyond(FIRST_PHONE, &PHONES))
        .map_or(PAYS, |known| known.manner)
}
