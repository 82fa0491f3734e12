use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use bytes::Bytes;

use crate::{http, page, release::Asset};

/// `GET /v1/page.css`: the style of receipts and notices.
pub async fn css(headers: HeaderMap) -> Response {
    file("page.css", page::CSS, &headers)
}

/// `GET /v1/challenge.js`: sends a passcode without a new page.
pub async fn js(headers: HeaderMap) -> Response {
    file("challenge.js", page::CHALLENGE_JS, &headers)
}

fn file(name: &str, text: &'static str, headers: &HeaderMap) -> Response {
    let mut response = http::asset(
        &Asset::new(name, Bytes::from_static(text.as_bytes()), None),
        headers,
    );
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    response
}
