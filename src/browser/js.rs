//! JavaScript by name. Each binding of web-sys is written out twice, in the application and in its glue,
//! with 16 random characters to its name; what is used once costs less this way (docs/ARCHITECTURE.md, "Sizes").

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// `target.name`
pub fn get(target: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(target, &name.into())
}

/// `target.name(...arguments)`
pub fn call<const N: usize>(
    target: &JsValue,
    name: &str,
    arguments: [&JsValue; N],
) -> Result<JsValue, JsValue> {
    apply(target, name, &arguments)
}

fn apply(target: &JsValue, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = get(target, name)?.unchecked_into();
    Reflect::apply(&function, target, &list(arguments))
}

/// `[...items]`
pub fn list(items: &[&JsValue]) -> Array {
    let list = Array::new();
    for item in items {
        list.push(item);
    }
    list
}

/// `{ name: value, … }`
pub fn object(entries: &[(&str, &JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &JsValue::from(*name), value)?;
    }
    Ok(object.into())
}

/// A text.
pub fn text(text: &str) -> JsValue {
    JsValue::from(text)
}

/// `await promise`
pub fn done(promise: JsValue) -> JsFuture {
    JsFuture::from(Promise::from(promise))
}
