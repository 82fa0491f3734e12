//! Messages between page and frame.
#![no_main]

use farthing_fuzz::read;
use farthing_protocol::{Connect, FrameMessage, HostMessage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = read::<Connect>(bytes);
    let _ = read::<HostMessage>(bytes);
    let _ = read::<FrameMessage>(bytes);
});
