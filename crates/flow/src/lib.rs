//! The checkout as a pure state machine: an [`Event`] goes in, a new [`State`] and [`Effect`]s as data come
//! out. It reads no clock, draws no randomness, does no IO, and never holds a card detail or a token: the
//! shell keeps the details in the form until [`Effect::Wipe`], and a token passes through one step.
//!
//! What holds, whatever events come in whatever order (see `tests/`):
//! - no token is asked for before consent was given to the very quote that is on the screen, in the words of the
//!   way to pay that was chosen;
//! - none is asked for by a press on a form that is covered, or was a moment ago;
//! - one quote is asked for a token once, or again with the very same sealed text;
//! - a paid checkout stays paid, and a reserved one reserved, until the page brings another order;
//! - what the screen says of the payment's end comes from the provider, not from the page;
//! - an answer counts once, and only while its question is the one that is open.

mod effect;
mod ending;
mod event;
mod outcome;
mod renew;
mod sight;
mod state;
mod step;

pub use effect::{Effect, Ticket};
pub use event::Event;
pub use sight::{PLAIN_SIGHT_MS, Sight};
pub use state::{
    Challenged, Choice, Completed, Delivered, Lost, Missing, Ready, Refused, Sealing, State, UNKNOWN_LOOKUPS,
    Unknown,
};
pub use step::Flow;
