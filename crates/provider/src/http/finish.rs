//! The outermost layer: names each request, answers failures as problems, adds the headers that every answer
//! has, and writes one line to the log.

use std::{any::Any, sync::Arc};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use farthing_gateway::Rng;
use tokio::time::Instant;
use tracing::Instrument;

use super::Failure;
use crate::wiring::App;

/// What an answer has where its route says nothing else: it is read by programs, and nobody keeps it.
const DEFAULTS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// See the module's words. Whatever is logged on the way says which request it is about.
pub async fn finish(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = request_id(&app);
    let span = tracing::info_span!("request", id);
    finished(app, id, request, next).instrument(span).await
}

async fn finished(app: Arc<App>, id: String, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = known(request.method());
    // The pattern and not the address: who holds a receipt's or a quote's address may read it.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);

    let mut response = next.run(request).await;
    let failure = response.extensions_mut().remove::<Failure>();
    if let Some(failure) = &failure {
        answer(failure, &id, &mut response);
    }
    let headers = response.headers_mut();
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.rules.settings().origin.as_str().starts_with("https://") {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000"),
        );
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }

    let (status, took) = (response.status().as_u16(), began.elapsed());
    app.metrics.answered(method, route, status, took);
    let ms = took.as_millis();
    let code = failure.as_ref().map(|failure| failure.code.as_str());
    let cause = failure.as_ref().and_then(|failure| failure.cause.as_deref());
    if status >= 500 {
        tracing::error!(method, route, status, ms, code, cause, "answered");
    } else {
        tracing::info!(method, route, status, ms, code, "answered");
    }
    response
}

/// What becomes of a panic in a route. What it says could hold a secret, so it is dropped.
pub fn panicked(_payload: Box<dyn Any + Send + 'static>) -> Response {
    Failure::internal("a route panicked").into_response()
}

/// Writes `failure` into `response`, which keeps the headers that it has (`Allow`, for one).
fn answer(failure: &Failure, id: &str, response: &mut Response) {
    let problem = failure.problem(id);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = failure.retry_after_s() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(u16::from(seconds)));
    }
    *response.body_mut() = serde_json::to_vec(&problem).map_or_else(|_| Body::empty(), Body::from);
}

fn request_id(app: &App) -> String {
    let mut bytes = [0; 8];
    app.rng.fill(&mut bytes);
    format!("req_{:016x}", u64::from_be_bytes(bytes))
}

/// A method's name is foreign text unless it is one of the known ones.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
