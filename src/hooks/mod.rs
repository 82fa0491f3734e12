//! Effects: where the pure machine and the pure views meet the browser.

mod bridge;
mod details;
mod flow;
mod focus;

pub use bridge::use_bridge;
pub use details::{pay, use_details};
pub use flow::{Shell, use_flow};
pub use focus::use_title_focus;
