use std::sync::Arc;

use axum::extract::State;
use farthing_protocol::{Dispute, DisputeAnswer, DisputeId};
use tracing::Instrument;

use crate::{
    http::{Disputes, Failure, Id, Json, JsonBody, Merchant, Read},
    wiring::App,
};

/// `GET /v1/disputes/{dispute}`: a dispute about a charge of the merchant's own.
pub async fn get(
    State(app): State<Arc<App>>,
    Merchant { id: merchant, .. }: Merchant<Read>,
    Id(dispute): Id<DisputeId>,
) -> Result<Json<Dispute>, Failure> {
    Ok(Json(app.rules.dispute_for(&merchant, &dispute).await?))
}

/// `POST /v1/disputes/{dispute}/answer`: the merchant gives the money back, or says why not.
pub async fn answer(
    State(app): State<Arc<App>>,
    Merchant { id: merchant, .. }: Merchant<Disputes>,
    Id(dispute): Id<DisputeId>,
    JsonBody { value, .. }: JsonBody<DisputeAnswer>,
) -> Result<Json<Dispute>, Failure> {
    // A task of its own: a connection that breaks must not leave a return half done.
    let rules = Arc::clone(&app);
    let answered = app
        .tasks
        .spawn(async move { rules.rules.answer_dispute(&merchant, &dispute, value).await }.in_current_span());
    let answered = answered
        .await
        .map_err(|_| Failure::internal("an answer panicked"))??;
    Ok(Json(answered))
}
