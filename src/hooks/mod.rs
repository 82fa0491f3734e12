//! Effects: where the pure machine and the pure views meet the browser.

mod bridge;
mod card;
mod flow;
mod focus;

pub use bridge::use_bridge;
pub use card::{pay, use_card_form};
pub use flow::{Shell, use_flow};
pub use focus::use_title_focus;
