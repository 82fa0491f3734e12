use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use farthing_gateway::{Charged, Refusal};
use farthing_protocol::{ChargeRequest, ChargeStatus};

use crate::{
    http::{Failure, IdempotencyHeader, Json, JsonBody, Merchant},
    wiring::App,
};

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// `POST /v1/charges`: redeems a token. 201 is paid, 202 not known yet, 402 not paid.
pub async fn post(
    State(app): State<Arc<App>>,
    Merchant(merchant): Merchant,
    IdempotencyHeader(key): IdempotencyHeader,
    body: JsonBody<ChargeRequest>,
) -> Result<Response, Failure> {
    // A task of its own: a connection that breaks must not leave a charge half done.
    let rules = Arc::clone(&app);
    let charging = app
        .tasks
        .spawn(async move { rules.rules.charge(&merchant, key, body.sha256, body.value).await });
    let charged = charging
        .await
        .map_err(|_| Failure::internal("a charge panicked"))?;
    Ok(answer(charged)?)
}

fn answer(charged: Result<Charged, Refusal>) -> Result<Response, Refusal> {
    let Charged { charge, replayed } = charged?;
    let location = HeaderValue::from_str(&format!("/v1/charges/{}", charge.id)).ok();
    let mut response = match &charge.status {
        ChargeStatus::Paid { .. } => (StatusCode::CREATED, Json(charge)).into_response(),
        ChargeStatus::Unknown {} => (StatusCode::ACCEPTED, Json(charge)).into_response(),
        ChargeStatus::Declined { reason } => Failure::about(reason.code(), charge.id).into_response(),
    };
    let headers = response.headers_mut();
    if let Some(location) = location {
        headers.insert(header::LOCATION, location);
    }
    if replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}
