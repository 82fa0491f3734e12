//! The only place that names the browser. Everything here is thin: it turns what the browser has into what
//! the rest of the frame understands, and decides nothing.

pub mod bridge;
pub mod clock;
pub mod http;
pub mod input;
pub mod intl;
mod js;
mod json;
pub mod page;
pub mod panic;
pub mod seal;
pub mod sight;
