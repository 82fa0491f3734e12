use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use farthing_protocol::{Code, ConsentId, Language, ReceiptId};
use farthing_text::pages;

use super::Answer;
use crate::{
    http::{Failure, Id, Json, prefers_html},
    page::{self, Reader},
    wiring::App,
};

/// `GET /v1/receipts/{receipt}`: JSON for programs, a page for people. It is in the language that `locale` asks for, else in
/// that in which was agreed to pay.
pub async fn get(
    State(app): State<Arc<App>>,
    id: Result<Id<ReceiptId>, Failure>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let found = match id {
        Ok(Id(id)) => app.rules.receipt_of(&id).await.map_err(Into::into),
        Err(failure) => Err(failure),
    };
    let mut response = match found {
        Ok(reply) if prefers_html(&headers) => {
            let known = language(&app, &reply.receipt.consent).await;
            let reader = Reader::asking(query.as_deref(), known, &headers);
            page::receipt(&reply, app.rules.now(), reader)
        }
        Ok(reply) => Json(reply).into_response(),
        Err(failure) if prefers_html(&headers) && failure.code() == Code::ReceiptUnknown => {
            let reader = Reader::asking(query.as_deref(), None, &headers);
            page::notice(StatusCode::NOT_FOUND, pages::NO_RECEIPT, reader)
        }
        Err(failure) => return Err(failure),
    };
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

/// The language of the sentence that was agreed to. What can't be found out is left to the browser.
pub(super) async fn language(app: &App, consent: &ConsentId) -> Option<Language> {
    let stored = app.rules.consent_of(consent).await.ok()?;
    Some(stored.record.version.language)
}
