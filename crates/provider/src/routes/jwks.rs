use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use farthing_gateway::jose::Jwk;
use serde::Serialize;

use crate::{http::Json, wiring::App};

#[derive(Serialize)]
struct Jwks<'a> {
    keys: Vec<Key<'a>>,
}

#[derive(Serialize)]
struct Key<'a> {
    #[serde(flatten)]
    jwk: &'a Jwk,
    alg: &'static str,
    r#use: &'static str,
}

/// `GET /.well-known/jwks.json`: the keys that sign receipts and consent records, and those that did (RFC 7517 §5).
pub async fn get(State(app): State<Arc<App>>) -> Response {
    let keys = app.rules.keys();
    let key = |jwk| Key {
        jwk,
        alg: match jwk {
            Jwk::EC { .. } => "ES256",
            Jwk::OKP { .. } => "EdDSA",
        },
        r#use: "sig",
    };
    let keys = [keys.signing.jwk()].into_iter().chain(&keys.retired).map(key);
    let headers = [
        (header::CACHE_CONTROL, "public, max-age=300"),
        // Anyone may check a receipt, from a page too.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, Json(Jwks { keys: keys.collect() })).into_response()
}
