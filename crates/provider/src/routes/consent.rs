use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use farthing_protocol::{ConsentId, ConsentRecord};
use serde::Serialize;

use super::Answer;
use crate::{
    http::{Id, Json},
    wiring::App,
};

#[derive(Serialize)]
struct ConsentReply {
    /// The record, to read.
    consent: ConsentRecord,
    /// The same, signed: JWS compact.
    jws: String,
}

/// `GET /v1/consents/{consent}`: what the shopper agreed to, as a file to keep.
pub async fn get(State(app): State<Arc<App>>, Id(id): Id<ConsentId>) -> Answer {
    let stored = app.rules.consent_of(&id).await?;
    let mut response = Json(ConsentReply {
        consent: stored.record,
        jws: stored.jws,
    })
    .into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"farthing-{id}.json\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
