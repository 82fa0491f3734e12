use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::IntoResponse,
};

use super::{Answer, keep, release};
use crate::{http, wiring::App};

/// `GET /v1/farthing.js`: the loader. Any page may load it, also with a hash (SRI) and `crossorigin`.
pub async fn get(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer {
    let release = release(&app).await?;
    let loader = release.loader();
    let etag = loader.etag();
    let mut response = if is_known(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        http::asset(loader, &headers)
    };
    let answer = response.headers_mut();
    let cache = keep(&app, "public, max-age=300");
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// Whether the browser has this content already (RFC 9110 §13.1.2).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == etag)
}
