//! Every sentence that a shopper reads in the frame, in twelve languages.
//! They stand in `languages/`, a file a language; `build.rs` makes a constant of each sentence and a function of each that
//! has places to be filled in, and builds nothing where a language lacks one, has one too many, or fills in something else.
//!
//! What a shopper downloads is none of this crate's tables: the frame reads the one language that it is in, a sentence a
//! line, from a file of its release ([`Words::read`]).

pub mod frame;
mod plural;
#[cfg(test)]
#[expect(dead_code, reason = "some of it is for build.rs and for xtask")]
mod source;
mod words;

pub use plural::Plural;
pub use words::{Key, Notice, NoticeKey, Words};
