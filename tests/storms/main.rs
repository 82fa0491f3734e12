//! Crashes, bad lines and races, on the program as it is shipped: whatever was told is so, and nothing else happened.
//!
//! `FARTHING_CRASHES`, `FARTHING_PAYMENTS` and `FARTHING_RACES` say how many, for longer runs than CI's.

mod chance;
mod client;
mod crashes;
mod line;
mod lost_replies;
mod payment;
mod races;
mod shop;
mod world;
