use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use farthing_protocol::{TokenReply, TokenRequest};

use crate::{
    http::{Failure, Json, JsonBody, SameOrigin},
    wiring::App,
};

/// `POST /v1/tokens`: a one-time token for sealed details and a consent, for the frame.
pub async fn post(
    State(app): State<Arc<App>>,
    _: SameOrigin,
    body: JsonBody<TokenRequest>,
) -> Result<(StatusCode, Json<TokenReply>), Failure> {
    let reply = app.rules.token(body.value).await?;
    Ok((StatusCode::CREATED, Json(reply)))
}
