use std::sync::Arc;

use axum::extract::State;
use farthing_protocol::{Operation, OperationId};

use crate::{
    http::{Failure, Id, Json, Merchant},
    wiring::App,
};

/// `GET /v1/operations/{operation}`: an operation on a charge of the merchant's own.
pub async fn get(
    State(app): State<Arc<App>>,
    Merchant(merchant): Merchant,
    Id(operation): Id<OperationId>,
) -> Result<Json<Operation>, Failure> {
    Ok(Json(app.rules.operation_of(&merchant, &operation).await?))
}
