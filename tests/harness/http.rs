//! Plain HTTP, as a merchant's server speaks it.

use bytes::Bytes;
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    ///
    /// # Panics
    /// If it isn't.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it isn't.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// The status, and the problem's code where there is one.
    #[must_use]
    pub fn verdict(&self) -> (u16, String) {
        let code = self
            .json()
            .get("code")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        (self.status, code)
    }
}

/// Sends `request`; `None` where nobody answers.
pub async fn send(request: Request<Full<Bytes>>) -> Option<Answer> {
    let client = Client::builder(TokioExecutor::new()).build::<_, Full<Bytes>>(HttpConnector::new());
    let (head, body) = client.request(request).await.ok()?.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    Some(Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
    })
}

/// `GET url`, as JSON where there is a choice; `None` where nobody answers.
pub async fn get(url: &str) -> Option<Answer> {
    let request = Request::get(url).header(header::ACCEPT, "application/json");
    send(request.body(Full::default()).ok()?).await
}
