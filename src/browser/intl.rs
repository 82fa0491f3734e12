//! Money and time of day as the shopper reads them, by the browser's `Intl`.

use farthing_protocol::{Currency, UnixSeconds};
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::money;

/// The language of `text.rs`.
const LOCALE: &str = "en";

/// `minor` units of a currency with so many `decimals`: `€1.50`.
pub fn money(minor: i64, currency: Currency, decimals: u8) -> String {
    let decimal = money::decimal(minor, decimals);
    let digits = JsValue::from(decimals);
    let format = Intl::NumberFormat::new(
        &locale(),
        &options(&[
            ("style", JsValue::from("currency")),
            ("currency", JsValue::from(currency.as_str())),
            ("minimumFractionDigits", digits.clone()),
            ("maximumFractionDigits", digits),
        ]),
    );
    // As a text, so that no float comes between; engines before NumberFormat v3 make a number of it, which
    // is exact enough below `limits::AMOUNT_MINOR`.
    let shown = format.format().call1(&JsValue::UNDEFINED, &JsValue::from(&decimal));
    shown.ok().and_then(|text| text.as_string()).unwrap_or_else(|| format!("{currency} {decimal}"))
}

/// The time of day where the shopper is: `3:42 PM`.
pub fn time_of_day(at: UnixSeconds) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are exact for 285,616 years")]
    let date = Date::new(&JsValue::from(at.0.saturating_mul(1000) as f64));
    let format = Intl::DateTimeFormat::new(&locale(), &options(&[("timeStyle", JsValue::from("short"))]));
    let shown = format.format().call1(&JsValue::UNDEFINED, &date);
    shown.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn locale() -> Array {
    Array::of1(&JsValue::from(LOCALE))
}

fn options(entries: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (name, value) in entries {
        let _ = Reflect::set(&options, &JsValue::from(*name), value);
    }
    options
}
