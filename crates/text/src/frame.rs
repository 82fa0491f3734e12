//! The frame's sentences. A constant is one without a place, or a title and what follows it; the others are functions of
//! `Words<Frame>`.

use crate::{Key, NoticeKey, Plural, Words};

/// The table of the frame's sentences.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Frame;

include!(concat!(env!("OUT_DIR"), "/frame.rs"));
