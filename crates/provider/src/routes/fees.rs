use std::sync::Arc;

use axum::extract::State;
use farthing_gateway::fee::FeeSchedule;
use serde::Serialize;

use crate::{
    http::{Failure, Json, Merchant, ReadFees},
    wiring::App,
};

#[derive(Serialize)]
pub struct Fees {
    fees: Vec<Published>,
}

#[derive(Serialize)]
struct Published {
    #[serde(flatten)]
    schedule: FeeSchedule,
    /// The same in one English sentence.
    text: String,
}

/// `GET /v1/fees`: what payments to the merchant cost, by method and currency. A public key will do.
pub async fn get(
    State(app): State<Arc<App>>,
    Merchant { id, .. }: Merchant<ReadFees>,
) -> Result<Json<Fees>, Failure> {
    let published = |schedule: FeeSchedule| Published {
        schedule,
        text: schedule.in_english(),
    };
    let fees = app.rules.merchant(&id).await?.fees;
    Ok(Json(Fees {
        fees: fees.into_iter().map(published).collect(),
    }))
}
