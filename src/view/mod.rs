//! What the shopper sees, one screen a file. Pure: what is to be shown goes in, the shopper's acts come out
//! of a callback, and no web API is named, so every screen can be rendered natively and read in a test.
//!
//! Functions and not components: there is nothing in here that a component would remember, and each would
//! cost the shopper half a kilobyte.

mod challenged;
mod completed;
mod delivered;
mod field;
mod form;
mod loading;
mod notice;
mod panel;
mod sale;
mod unknown;

#[cfg(test)]
pub mod tests;

use farthing_protocol::MethodKind;
use yew::prelude::*;

pub use challenged::challenged;
pub use completed::completed;
pub use delivered::delivered;
pub use form::{CONSENT_ID, Form, LANGUAGE_ID, Stage, form};
pub use loading::loading;
pub use notice::notice;
pub use panel::Tone;
pub use sale::Sale;
pub use unknown::unknown;

/// The heading of every screen: where the focus goes when the screen changes by the shopper's act.
pub const TITLE_ID: &str = "title";

/// What the shopper does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Act {
    /// Chose a way to pay.
    Choose(MethodKind),
    /// Ticked or unticked the consent.
    Consent(bool),
    /// Pressed “Pay”, or “Try again” in its place.
    Pay,
    /// Pressed “Cancel”.
    Cancel,
    /// Pressed “Try again” or “Check again”.
    Again,
    /// Chose a language, which stands in the list.
    Speak,
}

/// An input's change is this act.
fn changed(act: Act, on: &Callback<Act>) -> Callback<Event> {
    on.reform(move |_| act)
}
