//! Requests to the provider, which is this frame's own origin; the content security policy allows no other.

use farthing_protocol::{Code, Problem};
use js_sys::JsString;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response};

use super::json;
use crate::json as writer;

/// How long an answer may take, body included.
const DEADLINE_MS: u32 = 20_000;

/// Why there is no answer.
pub enum Failure {
    /// The provider answered with a problem.
    Refused(Code),
    /// No answer in time, or none that can be read.
    Unreachable,
}

/// `GET path`.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    send(path, &RequestInit::new()).await
}

/// A request's body, written once: sent again, it is the same to the letter.
pub struct Body(String);

impl Body {
    /// Writes `request`; `None` where it can't be written, which no request of `protocol` meets.
    pub fn of<T: Serialize>(request: &T) -> Option<Self> {
        writer::write(request).map(Self)
    }
}

/// `POST path`.
pub async fn post<T: DeserializeOwned>(path: &str, body: &Body) -> Result<T, Failure> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from(&body.0));
    let headers = Headers::new().map_err(|_| Failure::Unreachable)?;
    headers.set("content-type", "application/json").map_err(|_| Failure::Unreachable)?;
    init.set_headers(&headers);
    send(path, &init).await
}

async fn send<T: DeserializeOwned>(path: &str, init: &RequestInit) -> Result<T, Failure> {
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(DEADLINE_MS)));
    let (ok, text) = exchange(path, init).await.ok_or(Failure::Unreachable)?;
    if ok {
        json::read(&text).ok_or(Failure::Unreachable)
    } else {
        // An error without a code of ours comes from something between us and the provider.
        Err(json::read::<Problem>(&text).map_or(Failure::Unreachable, |problem| Failure::Refused(problem.code)))
    }
}

async fn exchange(path: &str, init: &RequestInit) -> Option<(bool, JsString)> {
    let window = web_sys::window()?;
    let response = JsFuture::from(window.fetch_with_str_and_init(path, init)).await.ok()?;
    let response: Response = response.unchecked_into();
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    Some((response.ok(), text.dyn_into().ok()?))
}
