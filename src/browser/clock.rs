//! Time, by the shopper's clock.

use farthing_protocol::UnixSeconds;
use js_sys::Date;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Now. The shopper's clock may be wrong: good for judging an expiry date while it is typed, and for nothing
/// that has to do with a deadline.
pub fn now() -> UnixSeconds {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole milliseconds fit for 285,616 years"
    )]
    let millis = Date::now() as i64;
    UnixSeconds(millis.div_euclid(1000))
}

/// Calls `then` after `seconds`.
pub fn after(seconds: u32, then: impl FnOnce() + 'static) {
    // The longest that a browser's timer holds; longer ones would fire at once.
    let millis = i32::try_from(i64::from(seconds) * 1000).unwrap_or(i32::MAX);
    let then = Closure::once_into_js(then);
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), millis);
    }
}
