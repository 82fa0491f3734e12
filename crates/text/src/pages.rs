//! The sentences of the provider's own pages, beside those of the frame that they say as well. They are no part of the
//! frame.

use crate::{Key, NoticeKey, Plural, Words};

/// The table of the pages' sentences.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pages;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));
