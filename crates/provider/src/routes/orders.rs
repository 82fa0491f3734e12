use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use farthing_protocol::{OrderReply, OrderRequest};

use crate::{
    http::{Failure, Json, JsonBody, Merchant, Orders},
    wiring::App,
};

/// `POST /v1/orders`: signs an order for a merchant who would rather not.
pub async fn post(
    State(app): State<Arc<App>>,
    Merchant { id, .. }: Merchant<Orders>,
    body: JsonBody<OrderRequest>,
) -> Result<(StatusCode, Json<OrderReply>), Failure> {
    let reply = app.rules.order(&id, body.value)?;
    Ok((StatusCode::CREATED, Json(reply)))
}
