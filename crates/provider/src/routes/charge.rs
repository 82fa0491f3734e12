use std::sync::Arc;

use axum::extract::State;
use farthing_protocol::{Charge, ChargeId};

use crate::{
    http::{Failure, Id, Json, Merchant, Read},
    wiring::App,
};

/// `GET /v1/charges/{charge}`: a charge of the merchant's own.
pub async fn get(
    State(app): State<Arc<App>>,
    Merchant { id: merchant, .. }: Merchant<Read>,
    Id(charge): Id<ChargeId>,
) -> Result<Json<Charge>, Failure> {
    Ok(Json(app.rules.charge_of(&merchant, &charge).await?))
}
