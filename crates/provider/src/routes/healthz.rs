use std::sync::Arc;

use axum::extract::State;
use farthing_gateway::{ChargeStore, Refusal};
use farthing_protocol::ReceiptId;

use crate::{http::Failure, wiring::App};

/// `GET /healthz`: 200 when the store answers.
pub async fn get(State(app): State<Arc<App>>) -> Result<&'static str, Failure> {
    let nobodys = ReceiptId::from_random([0; 16]);
    app.rules.store().receipt(&nobodys).await.map_err(Refusal::from)?;
    Ok("ok\n")
}
