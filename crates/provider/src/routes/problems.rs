use axum::{http::HeaderMap, response::Response};

use crate::page;

/// `GET /docs/problems`: where the `type` of every problem points.
pub async fn get(headers: HeaderMap) -> Response {
    page::problems(&headers)
}
