//! JSON by the browser's own parser: no second one to download.

use js_sys::{Array, JSON, Number, Object};
use wasm_bindgen::{JsCast, JsValue};

use crate::json::{Fields, Json};

/// How deep a text may nest. No message of ours comes near it, and a page's text must not use up the stack.
const DEPTH: u8 = 8;

/// Reads JSON text; `None` where it is no JSON, nests too deep, or holds a number that is not whole.
pub fn read(text: &JsValue) -> Option<Json> {
    tree(&JSON::parse(&text.as_string()?).ok()?, DEPTH)
}

fn tree(value: &JsValue, depth: u8) -> Option<Json> {
    let depth = depth.checked_sub(1)?;
    if let Some(text) = value.as_string() {
        return Some(Json::Text(text));
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        let mut items = Vec::new();
        for item in list.iter() {
            items.push(tree(&item, depth)?);
        }
        return Some(Json::List(items));
    }
    if let Some(object) = value.dyn_ref::<Object>() {
        let mut fields = Fields::default();
        for entry in Object::entries(object).iter() {
            let entry: Array = entry.unchecked_into();
            fields.push(&entry.get(0).as_string()?, tree(&entry.get(1), depth)?);
        }
        return Some(Json::Object(fields));
    }
    if let Some(is) = value.as_bool() {
        return Some(Json::Bool(is));
    }
    if value.is_null() {
        return Some(Json::Null);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a safe integer is whole and within 2^53"
    )]
    let whole = |number| Json::Number(number as i64);
    value
        .as_f64()
        .filter(|_| Number::is_safe_integer(value))
        .map(whole)
}
