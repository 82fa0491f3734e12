use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use farthing_protocol::{TokenAnswer, TokenRequest};

use crate::{
    http::{Failure, Json, JsonBody, SameOrigin},
    wiring::App,
};

/// `POST /v1/tokens`: a one-time token for sealed details and a consent, for the frame; or what has to be met first.
pub async fn post(
    State(app): State<Arc<App>>,
    _: SameOrigin,
    body: JsonBody<TokenRequest>,
) -> Result<(StatusCode, Json<TokenAnswer>), Failure> {
    let answer = app.rules.token(body.value).await?;
    let status = match answer {
        TokenAnswer::Token(_) => StatusCode::CREATED,
        TokenAnswer::Challenged { .. } => StatusCode::ACCEPTED,
    };
    Ok((status, Json(answer)))
}
