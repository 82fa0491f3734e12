//! Requests to the provider, which is this frame's own origin; the content security policy allows no other.

use farthing_protocol::Code;
use wasm_bindgen::JsValue;

use super::js::{call, done, get, object, text};
use super::json;
use crate::json::Json;
use crate::wire;

/// How long an answer may take, body included.
const DEADLINE_MS: u32 = 20_000;

/// What came of a request.
pub enum Answer {
    /// The provider's answer.
    Given(Json),
    /// The provider answered with a problem.
    Refused(Code),
    /// No answer in time, or none that can be read.
    Nothing,
}

/// The text of a file of this release. It never changes, so it may come from a cache.
pub async fn file(path: &str) -> Option<String> {
    let init = request(None, "default").ok()?;
    let (ok, body) = sent(path, &init).await.ok()?;
    body.as_string().filter(|_| ok)
}

/// Asks the provider: `POST` with a body of JSON, `GET` without.
pub async fn ask(path: &str, body: Option<&str>) -> Answer {
    match exchange(path, body).await {
        Ok((true, json)) => Answer::Given(json),
        // An error without a code of ours comes from something between us and the provider.
        Ok((false, json)) => wire::problem(json).map_or(Answer::Nothing, Answer::Refused),
        Err(_) => Answer::Nothing,
    }
}

async fn exchange(path: &str, body: Option<&str>) -> Result<(bool, Json), JsValue> {
    let (ok, body) = sent(path, &request(body, "no-store")?).await?;
    let json = json::read(&body).ok_or(JsValue::NULL)?;
    Ok((ok, json))
}

fn request(body: Option<&str>, cache: &str) -> Result<JsValue, JsValue> {
    let signal = get(&js_sys::global(), "AbortSignal")?;
    let signal = call(&signal, "timeout", [&JsValue::from(DEADLINE_MS)])?;
    let headers = object(&[("content-type", &text("application/json"))])?;
    object(&[
        ("method", &text(if body.is_some() { "POST" } else { "GET" })),
        ("headers", &headers),
        ("body", &body.map_or(JsValue::UNDEFINED, text)),
        ("cache", &text(cache)),
        ("credentials", &text("omit")),
        ("redirect", &text("error")),
        ("signal", &signal),
    ])
}

async fn sent(path: &str, init: &JsValue) -> Result<(bool, JsValue), JsValue> {
    let response = done(call(&js_sys::global(), "fetch", [&text(path), init])?).await?;
    let body = done(call(&response, "text", [])?).await?;
    Ok((get(&response, "ok")?.is_truthy(), body))
}
