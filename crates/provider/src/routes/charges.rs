use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use farthing_gateway::{Charged, Refusal};
use farthing_protocol::{ChargeRequest, ChargeStatus};
use tracing::Instrument;

use super::located;
use crate::{
    http::{Charges, Failure, IdempotencyHeader, Json, JsonBody, Merchant},
    wiring::App,
};

/// `POST /v1/charges`: redeems a token. 201 is paid or reserved, 202 not known yet, 402 not paid.
pub async fn post(
    State(app): State<Arc<App>>,
    Merchant { id: merchant, .. }: Merchant<Charges>,
    IdempotencyHeader(key): IdempotencyHeader,
    body: JsonBody<ChargeRequest>,
) -> Result<Response, Failure> {
    // A task of its own: a connection that breaks must not leave a charge half done.
    let rules = Arc::clone(&app);
    let charging = app.tasks.spawn(
        async move { rules.rules.charge(&merchant, key, body.sha256, body.value).await }.in_current_span(),
    );
    let charged = charging
        .await
        .map_err(|_| Failure::internal("a charge panicked"))?;
    Ok(answer(charged)?)
}

fn answer(charged: Result<Charged, Refusal>) -> Result<Response, Refusal> {
    let Charged { charge, replayed } = charged?;
    let address = format!("/v1/charges/{}", charge.id);
    let response = match &charge.status {
        // What became of a reservation later is told by an answer to its own request too, when it is sent again.
        ChargeStatus::Paid { .. }
        | ChargeStatus::Authorised { .. }
        | ChargeStatus::Voided {}
        | ChargeStatus::Expired {} => (StatusCode::CREATED, Json(charge)).into_response(),
        ChargeStatus::Unknown {} => (StatusCode::ACCEPTED, Json(charge)).into_response(),
        ChargeStatus::Declined { reason } => Failure::about(reason.code(), charge.id).into_response(),
    };
    Ok(located(response, &address, replayed))
}
