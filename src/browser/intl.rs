//! Money, days and times of day as the shopper reads them, by the browser's `Intl`.

use farthing_protocol::{Currency, UnixSeconds};
use farthing_text::Plural;
use wasm_bindgen::JsValue;

use super::js::{call, get, list, object, text};
use crate::money;
use crate::text::language;

/// `minor` units of a currency with so many `decimals`: `€1.50`.
pub fn money(minor: i64, currency: Currency, decimals: u8) -> String {
    let decimal = money::decimal(minor, decimals);
    let digits = JsValue::from(decimals);
    // As the consent has it, which the provider wrote.
    let display = if language().currency_sign(currency).is_some() {
        "symbol"
    } else {
        "code"
    };
    // As a text, so that no float comes between; engines before NumberFormat v3 make a number of it, which
    // is exact enough below `limits::AMOUNT_MINOR`.
    let shown = object(&[
        ("style", &text("currency")),
        ("currency", &text(currency.as_str())),
        ("currencyDisplay", &text(display)),
        ("minimumFractionDigits", &digits),
        ("maximumFractionDigits", &digits),
    ])
    .and_then(|options| format("NumberFormat", &options, &text(&decimal)));
    shown
        .ok()
        .and_then(|shown| shown.as_string())
        .unwrap_or_else(|| [currency.as_str(), &decimal].join(" "))
}

/// The time of day where the shopper is: `3:42 PM`.
pub fn time_of_day(at: UnixSeconds) -> String {
    date_time("timeStyle", "short", at)
}

/// The day where the shopper is: `May 3, 2027`.
pub fn day(at: UnixSeconds) -> String {
    date_time("dateStyle", "long", at)
}

fn date_time(what: &str, style: &str, at: UnixSeconds) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds are exact for 285,616 years"
    )]
    let millis = JsValue::from(at.0.saturating_mul(1000) as f64);
    let shown =
        object(&[(what, &text(style))]).and_then(|options| format("DateTimeFormat", &options, &millis));
    shown.ok().and_then(|shown| shown.as_string()).unwrap_or_default()
}

/// The form that `n` takes in the language that is spoken.
pub fn plural(n: i64) -> Plural {
    #[expect(clippy::cast_precision_loss, reason = "days, of which there are few")]
    let number = JsValue::from(n as f64);
    let global = js_sys::global();
    let selected = get(&global, "Intl")
        .and_then(|intl| get(&intl, "PluralRules"))
        .and_then(|rules| {
            call(
                &get(&global, "Reflect")?,
                "construct",
                [&rules, &list(&[&locale()])],
            )
        })
        .and_then(|rules| call(&rules, "select", [&number]));
    Plural::named(
        &selected
            .ok()
            .and_then(|form| form.as_string())
            .unwrap_or_default(),
    )
}

/// `Intl.kind(locale, options).format(value)`: both kinds can be called without `new`.
fn format(kind: &str, options: &JsValue, value: &JsValue) -> Result<JsValue, JsValue> {
    let intl = get(&js_sys::global(), "Intl")?;
    let format = call(&intl, kind, [&locale(), options])?;
    call(&format, "format", [value])
}

/// The language that is spoken, with the digits of the consent.
fn locale() -> JsValue {
    text(&[language().as_str(), "-u-nu-latn"].concat())
}
