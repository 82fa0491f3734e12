use std::{future::Future, sync::Arc};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use farthing_gateway::{Operated, Refusal};
use farthing_protocol::{CaptureRequest, ChargeId, OperationStatus, RefundRequest, VoidRequest};
use tracing::Instrument;

use super::located;
use crate::{
    http::{Charges, Failure, Id, IdempotencyHeader, Json, JsonBody, Merchant, Refunds},
    wiring::App,
};

/// `POST /v1/charges/{charge}/capture`: takes what was authorised. 201 is done, 202 not known yet; with a status of
/// `failed`, 201 too: the operation was made, and has no effect.
pub async fn capture(
    State(app): State<Arc<App>>,
    Merchant { id: merchant, .. }: Merchant<Charges>,
    Id(charge): Id<ChargeId>,
    IdempotencyHeader(key): IdempotencyHeader,
    JsonBody { value, sha256 }: JsonBody<CaptureRequest>,
) -> Result<Response, Failure> {
    let rules = Arc::clone(&app);
    whole(&app, async move {
        rules.rules.capture(&merchant, &charge, key, sha256, value).await
    })
    .await
}

/// `POST /v1/charges/{charge}/void`: lets it go.
pub async fn void(
    State(app): State<Arc<App>>,
    Merchant { id: merchant, .. }: Merchant<Charges>,
    Id(charge): Id<ChargeId>,
    IdempotencyHeader(key): IdempotencyHeader,
    JsonBody {
        value: VoidRequest {},
        sha256,
    }: JsonBody<VoidRequest>,
) -> Result<Response, Failure> {
    let rules = Arc::clone(&app);
    whole(&app, async move {
        rules.rules.void(&merchant, &charge, key, sha256).await
    })
    .await
}

/// `POST /v1/charges/{charge}/refunds`: gives money back.
pub async fn refund(
    State(app): State<Arc<App>>,
    Merchant { id: merchant, .. }: Merchant<Refunds>,
    Id(charge): Id<ChargeId>,
    IdempotencyHeader(key): IdempotencyHeader,
    JsonBody { value, sha256 }: JsonBody<RefundRequest>,
) -> Result<Response, Failure> {
    let rules = Arc::clone(&app);
    whole(&app, async move {
        rules.rules.refund(&merchant, &charge, key, sha256, value).await
    })
    .await
}

/// A task of its own: a connection that breaks must not leave an operation half done.
async fn whole(
    app: &App,
    work: impl Future<Output = Result<Operated, Refusal>> + Send + 'static,
) -> Result<Response, Failure> {
    let operated = app.tasks.spawn(work.in_current_span()).await;
    let Operated { operation, replayed } =
        operated.map_err(|_| Failure::internal("an operation panicked"))??;
    let address = format!("/v1/operations/{}", operation.id);
    let status = match operation.status {
        OperationStatus::Done {} | OperationStatus::Failed {} => StatusCode::CREATED,
        OperationStatus::Unknown {} => StatusCode::ACCEPTED,
    };
    Ok(located(
        (status, Json(operation)).into_response(),
        &address,
        replayed,
    ))
}
