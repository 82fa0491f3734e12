use std::sync::Arc;

use axum::extract::State;
use farthing_protocol::{PurchaseRequest, QuoteId, QuoteOutcome};
use tracing::Instrument;

use crate::{
    http::{Failure, Id, Json, JsonBody, SameOrigin},
    wiring::App,
};

/// `POST /v1/quotes/{quote}/charge`: charges what was agreed to at a price, once, and says how the payment stands.
pub async fn post(
    State(app): State<Arc<App>>,
    _: SameOrigin,
    Id(quote): Id<QuoteId>,
    _: JsonBody<PurchaseRequest>,
) -> Result<Json<QuoteOutcome>, Failure> {
    Ok(Json(charge(&app, quote).await?))
}

/// Charges it, if that is to be done, and says how it stands.
pub(super) async fn charge(app: &Arc<App>, quote: QuoteId) -> Result<QuoteOutcome, Failure> {
    // A task of its own: a connection that breaks must not leave a charge half done.
    let rules = Arc::clone(app);
    let charging = app
        .tasks
        .spawn(async move { rules.rules.purchase(&quote).await }.in_current_span());
    let outcome = charging
        .await
        .map_err(|_| Failure::internal("a charge panicked"))?;
    Ok(outcome?)
}
