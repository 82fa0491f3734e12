use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use farthing_protocol::{QuoteReply, QuoteRequest};

use crate::{
    http::{Failure, Json, JsonBody, SameOrigin},
    wiring::App,
};

/// `POST /v1/quotes`: what an order costs and how it can be paid, for the frame.
pub async fn post(
    State(app): State<Arc<App>>,
    _: SameOrigin,
    body: JsonBody<QuoteRequest>,
) -> Result<(StatusCode, Json<QuoteReply>), Failure> {
    let quote = app.rules.quote(body.value).await?;
    Ok((StatusCode::CREATED, Json(quote)))
}
