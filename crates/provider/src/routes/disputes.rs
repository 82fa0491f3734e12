use std::sync::Arc;

use axum::{
    extract::{FromRequest, RawQuery, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use farthing_protocol::{Code, Dispute, DisputeReason, DisputeRequest, ReceiptDispute, ReceiptId, Words};
use serde::Serialize;
use tracing::Instrument;

use super::{Answer, receipt::language};
use crate::{
    http::{Failure, FormBody, Id, Json, JsonBody, Merchant, Read, SameOrigin, is_form},
    page::{self, Reader},
    wiring::App,
};

#[derive(Serialize)]
pub struct Disputes {
    disputes: Vec<Dispute>,
}

/// `GET /v1/disputes`: the merchant's hundred newest.
pub async fn get(
    State(app): State<Arc<App>>,
    Merchant { id: merchant, .. }: Merchant<Read>,
) -> Result<Json<Disputes>, Failure> {
    let disputes = app.rules.disputes(Some(&merchant)).await?;
    Ok(Json(Disputes { disputes }))
}

/// `POST /v1/receipts/{receipt}/disputes`: the shopper objects, with the receipt's form or with JSON.
pub async fn post(
    State(app): State<Arc<App>>,
    _: SameOrigin,
    Id(receipt): Id<ReceiptId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    if !is_form(&headers) {
        let JsonBody { value, .. } = JsonBody::from_request(request, &app).await?;
        let dispute = open(&app, receipt, value).await?;
        return Ok((StatusCode::CREATED, Json(dispute)).into_response());
    }
    let FormBody(fields) = FormBody::from_request(request, &app).await?;
    let known = match app.rules.receipt_of(&receipt).await {
        Ok(reply) => language(&app, &reply.receipt.consent).await,
        Err(_) => None,
    };
    let reader = Reader::asking(query.as_deref(), known, &headers);
    let back = format!("/v1/receipts/{receipt}{}", reader.query());
    let opened = match read(&fields) {
        Ok(value) => open(&app, receipt, value).await,
        Err(code) => Err(code.into()),
    };
    match opened {
        // Asked again, the form has done what it was for.
        Ok(_) => Ok(see(&back)),
        Err(failure) if failure.code() == Code::DisputeExists => Ok(see(&back)),
        Err(failure) => page::complaint_refused(failure.code(), &back, reader).ok_or(failure),
    }
}

/// A task of its own: a connection that breaks must not leave a return half done.
async fn open(app: &Arc<App>, receipt: ReceiptId, value: DisputeRequest) -> Result<ReceiptDispute, Failure> {
    let rules = Arc::clone(app);
    let opened = app
        .tasks
        .spawn(async move { rules.rules.open_dispute(&receipt, value).await }.in_current_span());
    let opened = opened
        .await
        .map_err(|_| Failure::internal("a dispute panicked"))?;
    Ok(opened?)
}

/// The form's fields: a reason, and words that may be empty.
fn read(fields: &[(String, String)]) -> Result<DisputeRequest, Code> {
    let (mut reason, mut words) = (None, None);
    for (name, value) in fields {
        match name.as_str() {
            "reason" if reason.is_none() => {
                let known = DisputeReason::ALL
                    .into_iter()
                    .find(|known| known.as_str() == value);
                reason = Some(known.ok_or(Code::BodyMalformed)?);
            }
            "words" if value.trim().is_empty() => {}
            "words" if words.is_none() => {
                words = Some(Words::parse(value).map_err(|_| Code::DisputeWordsMissing)?);
            }
            _ => return Err(Code::BodyMalformed),
        }
    }
    Ok(DisputeRequest {
        reason: reason.ok_or(Code::BodyMalformed)?,
        words,
    })
}

/// Leads the browser back, so that loading the page again sends nothing again.
fn see(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}
