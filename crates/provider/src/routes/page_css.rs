use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use bytes::Bytes;

use crate::{http, page, release::Asset};

/// `GET /v1/page.css`: the style of receipts and notices.
pub async fn get(headers: HeaderMap) -> Response {
    let mut response = http::asset(
        &Asset::new("page.css", Bytes::from_static(page::CSS.as_bytes()), None),
        &headers,
    );
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    response
}
