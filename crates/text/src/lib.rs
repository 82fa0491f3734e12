//! Every sentence that a shopper reads, in twelve languages.
//! Those of the frame stand in `languages/`, a file a language, and those that only the provider's own pages say in `pages/`;
//! `build.rs` makes a constant of each sentence and a function of each that has places to be filled in, and builds nothing
//! where a language lacks one, has one too many, or fills in something else.
//!
//! What a shopper downloads is none of this crate's tables: the frame reads the one language that it is in, a sentence a
//! line, from a file of its release ([`Words::read`]).

pub mod frame;
#[cfg(not(target_arch = "wasm32"))]
pub mod pages;
mod plural;
mod refusal;
#[cfg(test)]
#[expect(dead_code, reason = "some of it is for build.rs and for xtask")]
mod source;
mod words;

pub use plural::Plural;
pub use refusal::refusal;
pub use words::{Key, Notice, NoticeKey, Words};
