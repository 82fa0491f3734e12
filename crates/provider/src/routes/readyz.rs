use std::{sync::Arc, time::Duration};

use axum::extract::State;
use farthing_gateway::StoreError;
use farthing_protocol::Code;
use tokio::time::timeout;

use crate::{http::Failure, wiring::App};

/// How long each side of the store may take to answer.
const DEADLINE: Duration = Duration::from_secs(2);

/// `GET /readyz`: 200 while the store answers, on the side that writes and on the side that reads; otherwise the detail
/// says which does not.
pub async fn get(State(app): State<Arc<App>>) -> Result<&'static str, Failure> {
    let store = app.rules.store();
    let (writes, reads) = tokio::join!(
        timeout(DEADLINE, store.writes()),
        timeout(DEADLINE, store.reads())
    );
    let answered = |side: Result<Result<(), StoreError>, _>| matches!(side, Ok(Ok(())));
    let away = match (answered(writes), answered(reads)) {
        (true, true) => return Ok("ready\n"),
        (false, true) => "store_writing",
        (true, false) => "store_reading",
        (false, false) => "store",
    };
    Err(Failure::with_detail(Code::Busy, away))
}
