//! What the shopper sees of the form, as `www/boot.js` watches it: `globalThis.farthing.sight()` gives the milliseconds
//! that [`Sight`] means.

use farthing_flow::Sight;
use wasm_bindgen::JsValue;

use super::js::{call, get};

/// How well what is pressed now is seen. What can't be told is not seen.
pub fn now() -> Sight {
    let sight = || -> Result<JsValue, JsValue> { call(&get(&js_sys::global(), "farthing")?, "sight", []) };
    let ms = sight().ok().and_then(|ms| ms.as_f64()).unwrap_or_default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what does not fit is cut to what does"
    )]
    Sight(ms as u32)
}
