use std::sync::Arc;

use axum::extract::State;
use farthing_protocol::{QuoteId, QuoteOutcome};

use crate::{
    http::{Failure, Id, Json},
    wiring::App,
};

/// `GET /v1/quotes/{quote}/outcome`: how the payment stands, by the books.
pub async fn get(State(app): State<Arc<App>>, Id(quote): Id<QuoteId>) -> Result<Json<QuoteOutcome>, Failure> {
    Ok(Json(app.rules.outcome(&quote).await?))
}
