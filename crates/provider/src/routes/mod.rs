//! One route a file. [`crate::router`] says which address leads where.

pub mod asset;
pub mod challenge;
pub mod charge;
pub mod charges;
pub mod consent;
pub mod dispute;
pub mod disputes;
pub mod fees;
pub mod frame;
pub mod healthz;
pub mod jwks;
pub mod loader;
pub mod openapi;
pub mod operation;
pub mod operations;
pub mod orders;
pub mod outcome;
pub mod page_files;
pub mod pay;
pub mod problems;
pub mod purchase;
pub mod quotes;
pub mod readyz;
pub mod receipt;
pub mod tokens;

use std::sync::Arc;

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::{
    http::Failure,
    release::{Release, ReleaseError},
    wiring::App,
};

/// The frame as it is now. A folder that trunk is at work on is whole a moment later.
async fn release(app: &App) -> Result<Arc<Release>, Failure> {
    app.frame
        .release()
        .await
        .map_err(|error: ReleaseError| Failure::unavailable(error.to_string()))
}

/// How long an answer may be kept: not at all where the frame changes under the developer's hands.
fn keep(app: &App, cache_control: &'static str) -> &'static str {
    if app.frame.changes() {
        "no-store"
    } else {
        cache_control
    }
}

/// How long an answer may be kept whose address holds its hash.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Where the thing that a request made is, and whether it was made by an earlier one with the same key.
fn located(mut response: Response, address: &str, replayed: bool) -> Response {
    let headers = response.headers_mut();
    if let Ok(address) = HeaderValue::from_str(address) {
        headers.insert(header::LOCATION, address);
    }
    if replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// What every route that reaches the outside returns.
type Answer = Result<Response, Failure>;
