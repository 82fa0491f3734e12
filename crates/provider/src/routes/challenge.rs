use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use farthing_gateway::{Answered, Challenged};
use farthing_protocol::{ChallengeId, Code, MerchantId, Origin, Passcode};
use farthing_text::pages;

use super::Answer;
use crate::{
    http::{Failure, FormBody, Id, SameOrigin},
    page::{self, Problem, Reader},
    wiring::App,
};

/// `GET /v1/challenges/{challenge}`: what the shopper has to meet, for the frame to show within itself.
pub async fn get(
    State(app): State<Arc<App>>,
    id: Result<Id<ChallengeId>, Failure>,
    headers: HeaderMap,
) -> Answer {
    let Ok(Id(id)) = id else {
        return Ok(nobodys(&headers));
    };
    show(&app, &id, None, &headers).await
}

/// `POST /v1/challenges/{challenge}`: the passcode, by the form on that page.
pub async fn post(
    State(app): State<Arc<App>>,
    _: SameOrigin,
    Id(id): Id<ChallengeId>,
    headers: HeaderMap,
    FormBody(fields): FormBody,
) -> Answer {
    let typed = match fields.as_slice() {
        [(name, value)] if name == "passcode" => Passcode::parse(value),
        _ => return Err(Code::BodyMalformed.into()),
    };
    let problem = match typed {
        None => Problem::Malformed,
        Some(passcode) => match app.rules.answer_challenge(&id, &passcode).await? {
            // Asked again, the form has done what it was for.
            Answered::Over => return Ok(see(&id)),
            Answered::Wrong(left) => Problem::Wrong(left),
        },
    };
    show(&app, &id, Some(problem), &headers).await
}

/// `GET /v1/challenges/{challenge}/back`: where a page of the bank's leads back to.
pub async fn back(State(app): State<Arc<App>>, Id(id): Id<ChallengeId>, headers: HeaderMap) -> Answer {
    let (challenged, merchant) = app.rules.challenge(&id).await?;
    let response = page::goes_on(Reader::new(challenged.language, &headers));
    framed(&app, &merchant, response, "").await
}

async fn show(app: &App, id: &ChallengeId, problem: Option<Problem>, headers: &HeaderMap) -> Answer {
    let (challenged, merchant) = match app.rules.challenge(id).await {
        Ok(found) => found,
        Err(refusal) if refusal.code == Code::NotFound => return Ok(nobodys(headers)),
        Err(refusal) => return Err(refusal.into()),
    };
    let sandbox = app.tells_passcode(&challenged);
    let reader = Reader::new(challenged.language, headers);
    let mut response = page::challenge(id, &challenged, problem, app.rules.now(), sandbox, reader);
    if problem == Some(Problem::Malformed) {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    framed(app, &merchant, response, &needs(&challenged)).await
}

/// What the page needs beside its style: the bank's page, and where it may lead on to; or the script of the form.
fn needs(challenged: &Challenged) -> String {
    match &challenged.way {
        Some(farthing_gateway::Way::Page(address)) => {
            let origin: String = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
            format!("frame-src https: {origin}; ")
        }
        Some(farthing_gateway::Way::Passcode) => "script-src 'self'; connect-src 'self'; ".to_owned(),
        None => String::new(),
    }
}

/// A page that the frame may show within itself, on the merchant's pages that may show the frame.
async fn framed(app: &App, merchant: &MerchantId, mut response: Response, more: &str) -> Answer {
    let origins = app.rules.framing(merchant).await?;
    let origins = origins.iter().map(Origin::as_str).collect::<Vec<_>>().join(" ");
    let policy = format!(
        "default-src 'none'; style-src 'self'; {more}base-uri 'none'; form-action 'self'; \
         frame-ancestors 'self' {origins}"
    );
    let policy =
        HeaderValue::from_str(&policy).map_err(|_| Failure::internal("an origin is no header text"))?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Ok(response)
}

fn nobodys(headers: &HeaderMap) -> Response {
    let reader = Reader::asking(None, None, headers);
    page::notice(StatusCode::NOT_FOUND, pages::NOTHING_TO_CONFIRM, reader)
}

/// Leads the browser back, so that loading the page again sends nothing again.
fn see(id: &ChallengeId) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(address) = HeaderValue::from_str(&format!("/v1/challenges/{id}")) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}
