use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use farthing_protocol::{Code, ReceiptId};

use super::Answer;
use crate::{
    http::{Failure, Id, Json, prefers_html},
    page,
    wiring::App,
};

/// `GET /v1/receipts/{receipt}`: JSON for programs, a page for people.
pub async fn get(
    State(app): State<Arc<App>>,
    id: Result<Id<ReceiptId>, Failure>,
    headers: HeaderMap,
) -> Answer {
    let found = match id {
        Ok(Id(id)) => app.rules.receipt_of(&id).await.map_err(Into::into),
        Err(failure) => Err(failure),
    };
    let mut response = match found {
        Ok(reply) if prefers_html(&headers) => page::receipt(&reply, app.rules.now(), &headers),
        Ok(reply) => Json(reply).into_response(),
        Err(failure) if prefers_html(&headers) && failure.code() == Code::ReceiptUnknown => nobodys(&headers),
        Err(failure) => return Err(failure),
    };
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

fn nobodys(headers: &HeaderMap) -> Response {
    let words = "Check the address: each letter and digit counts. If a shop sent it to you, ask the shop.";
    page::notice(StatusCode::NOT_FOUND, "There is no such receipt", words, headers)
}
