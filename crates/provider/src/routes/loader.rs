use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use farthing_protocol::Code;
use serde::Serialize;

use super::{Answer, IMMUTABLE, keep, release};
use crate::{
    http::{self, Json},
    release::{Asset, LOADER, LOADER_PATH, integrity},
    wiring::App,
};

/// `GET /v1/farthing.js`: the newest loader. Any page may load it.
pub async fn newest(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer {
    let release = release(&app).await?;
    let loader = release.loader();
    let etag = loader.etag();
    let mut response = if is_known(&headers, &etag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        open(&mut response);
        response
    } else {
        script(loader, &headers)
    };
    let answer = response.headers_mut();
    let cache = keep(&app, "public, max-age=300");
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// `GET /v1/loader/{release}/farthing.js`: the loader with this hash and no other, for pages that name it (SRI).
pub async fn pinned(State(app): State<Arc<App>>, Path(wanted): Path<String>, headers: HeaderMap) -> Answer {
    let release = release(&app).await?;
    let newest = release.loader();
    let mut response = if newest.sha256() == wanted {
        script(newest, &headers)
    } else {
        let earlier = app.loaders.earlier(&wanted).await;
        script(&earlier.ok_or(Code::NotFound)?, &headers)
    };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(IMMUTABLE));
    Ok(response)
}

#[derive(Serialize)]
struct Sri {
    release: String,
    src: String,
    integrity: String,
}

/// `GET /v1/sri.json`: what a page writes that loads the newest loader and no other.
pub async fn sri(State(app): State<Arc<App>>) -> Answer {
    let release = release(&app).await?.loader().sha256();
    let origin = &app.rules.settings().origin;
    let sri = Sri {
        src: format!("{origin}{LOADER_PATH}{release}/{LOADER}"),
        integrity: integrity(&release).unwrap_or_default(),
        release,
    };
    Ok(published(&app, Json(sri)))
}

/// `GET /v1/manifest.json`: the files of the newest release, for `farthing verify`.
pub async fn manifest(State(app): State<Arc<App>>) -> Answer {
    let release = release(&app).await?;
    Ok(published(&app, Json(release.manifest())))
}

/// For programs and pages of anyone, for a while.
fn published(app: &App, body: impl IntoResponse) -> Response {
    let headers = [
        (header::CACHE_CONTROL, keep(app, "public, max-age=300")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, body).into_response()
}

fn script(loader: &Asset, headers: &HeaderMap) -> Response {
    let mut response = http::asset(loader, headers);
    open(&mut response);
    response
}

/// To be loaded by a page of any origin, in either mode: with `integrity` it takes CORS, on an isolated page CORP.
fn open(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
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
