//! The checks, by what they look at. A check finds what is wrong and stops nothing.

pub(crate) mod chain;
pub(crate) mod charges;
pub(crate) mod disputes;
pub(crate) mod operations;
pub(crate) mod papers;
