use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// What the tests of this crate make from the code, and compare.
const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");

/// `GET /v1/openapi.json`: every route, for programs (OpenAPI 3.1).
pub async fn get() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        // Tools that read such documents are pages, too.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, DOCUMENT).into_response()
}
