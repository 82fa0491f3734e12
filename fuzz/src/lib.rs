//! What the targets share. A target is a file in `src/bin`, with its seeds in `corpus/` under its name: nothing else
//! names it. Each holds more than that nothing panics: what is accepted is within its bounds, and means what it says.

mod json;
mod scene;
mod text;

pub use json::{members, read, read_or};
pub use scene::{Scene, scene};
pub use text::{accreditor, encode, signed, vouched};
