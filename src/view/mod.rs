//! What the shopper sees, one screen a file. Pure: properties in, callbacks out, no web API, so every screen
//! can be rendered natively and read in a test.

mod bill;
mod completed;
mod delivered;
mod field;
mod form;
mod loading;
mod notice;
mod unknown;

#[cfg(test)]
mod tests;

pub use bill::Bill;
pub use completed::{Completed, completed};
pub use delivered::{Delivered, delivered};
pub use form::{CONSENT_ID, Form, Stage, form};
pub use loading::loading;
pub use notice::{Notice, Tone, notice};
pub use unknown::{Unknown, unknown};

use yew::prelude::*;

/// The heading of every screen: where the focus goes when the screen changes by the shopper's act.
pub const TITLE_ID: &str = "title";

/// What a screen says at a glance, beside its words.
fn mark(tone: Tone) -> Html {
    html! { <div class={classes!("mark", tone.class())} aria-hidden="true"></div> }
}
