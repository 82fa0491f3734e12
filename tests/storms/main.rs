//! Crashes, bad lines and races, on the program as it is shipped: whatever was told is so, and nothing else happened.
//!
//! CI runs 50 crashes, 5 lost disks, 300 payments and 300 races. The long run: `FARTHING_CRASHES=300`, `FARTHING_PAYMENTS=4000`,
//! `FARTHING_RACES=10000`.

mod chance;
mod client;
mod crashes;
mod line;
mod logs;
mod lost_disk;
mod lost_replies;
mod pair;
mod payment;
mod postgres;
mod races;
mod rotation;
mod shop;
mod world;
