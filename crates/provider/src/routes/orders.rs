use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use farthing_protocol::{Code, OrderReply, OrderRequest};

use crate::{
    http::{Failure, Json, JsonBody, Merchant},
    wiring::App,
};

/// `POST /v1/orders`: signs an order for a merchant who would rather not.
pub async fn post(
    State(app): State<Arc<App>>,
    Merchant(id): Merchant,
    body: JsonBody<OrderRequest>,
) -> Result<(StatusCode, Json<OrderReply>), Failure> {
    let merchant = app.rules.merchants().by_id(&id).ok_or(Code::MerchantUnknown)?;
    let reply = app.rules.order(merchant, body.value)?;
    Ok((StatusCode::CREATED, Json(reply)))
}
