use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
};
use farthing_protocol::Code;

use super::{Answer, IMMUTABLE, keep, release};
use crate::{http, wiring::App};

/// `GET /v1/release/{release}/{file}`: a file of the frame. Its address holds its release's hash, so it never changes.
pub async fn get(
    State(app): State<Arc<App>>,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let release = release(&app).await?;
    let asset = release
        .asset(&name)
        .filter(|_| id == release.id())
        .ok_or(Code::NotFound)?;
    let mut response = http::asset(asset, &headers);
    let cache = keep(&app, IMMUTABLE);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
}
