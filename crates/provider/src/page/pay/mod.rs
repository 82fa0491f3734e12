//! The page that pays without script: the form, what has to be confirmed, and the way back to the shop.

mod form;
mod sold;
mod words;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use farthing_gateway::{Challenged, Way};
use farthing_protocol::{Challenge, Code, Origin, Quote, TokenReply, UnixSeconds};

use super::{challenge, challenge::Problem, escape, notice, page, receipt::amount};
use crate::http::Failure;

pub use form::{Errors, Kept, form};
pub use sold::sold;

/// What every form here carries along: nothing of it is kept between two requests.
#[derive(Clone, Copy)]
pub struct Along<'a> {
    /// The order, as the shop's page gave it.
    pub order: &'a str,
    /// The address of the shop's that the token goes to.
    pub to: &'a str,
    /// That address' origin.
    pub origin: &'a Origin,
}

/// What has to be met before there is a token. `sealed` and `agreed` are what asked for it, to be sent again.
pub fn confirm(
    along: Along<'_>,
    quote: &Quote,
    (sealed, agreed): (&str, &str),
    (challenge, challenged): (&Challenge, &Challenged),
    problem: Option<Problem>,
    (now, sandbox): (UnixSeconds, bool),
    request: &HeaderMap,
) -> Response {
    let asked = match &challenged.way {
        Some(Way::Passcode) => challenge::fields(problem, challenged, now, sandbox),
        // The challenge's own page is what the bank lets in.
        Some(Way::Page(_)) | None => format!(
            "<iframe class=\"bank\" title=\"Confirm the payment\" src=\"/v1/challenges/{}\"></iframe>\n\
             <p>Once your bank has confirmed, go on here.</p>\n<button type=\"submit\">Go on</button>",
            challenge.id
        ),
    };
    let main = format!(
        "<h1 class=\"lead\">Confirm {total} to {payee}</h1>\n<form method=\"post\" action=\"/v1/pay/{id}\">\n{hidden}\
         <input type=\"hidden\" name=\"consent\" value=\"{agreed}\">\n\
         <input type=\"hidden\" name=\"sealed\" value=\"{sealed}\">\n{asked}\n</form>",
        total = amount(challenged.total.minor(), challenged.total.currency()),
        payee = escape(challenged.payee.as_str()),
        id = quote.id,
        hidden = hidden(along),
        agreed = escape(agreed),
        sealed = escape(sealed),
    );
    let response = page("Confirm the payment", &main, request);
    alone(response, along.origin)
}

/// The way back to the shop, which takes the token along. By a button, for a page without script can't send a form by
/// itself; by a form, for an address is written into logs.
pub fn hand_over(
    along: Along<'_>,
    quote: &Quote,
    reply: &TokenReply,
    now: UnixSeconds,
    request: &HeaderMap,
) -> Response {
    let total = quote.offer(reply.hint.method()).map(|offer| offer.total);
    let total = total.map_or_else(String::new, |total| amount(total.minor(), total.currency()));
    let payee = escape(quote.payee.name.as_str());
    let minutes = reply.expires_at.since(now).max(0) / 60;
    let main = format!(
        "<h1 class=\"lead\">One more step</h1>\n\
         <p>You agreed to pay {total} to {payee}. Go back to the shop to finish: nothing is charged before that.</p>\n\
         <form method=\"post\" action=\"{to}\">\n\
         <input type=\"hidden\" name=\"farthing-token\" value=\"{token}\">\n\
         <button type=\"submit\">Finish at {payee}</button>\n\
         <p class=\"soft\">It leads to {origin}. You have {minutes} minutes.</p>\n</form>",
        to = escape(along.to),
        token = reply.token.expose(),
        origin = escape(along.origin.as_str()),
    );
    alone(page("Go back to the shop", &main, request), along.origin)
}

/// Why there is nothing to pay; nothing for what is no shopper's matter.
pub fn refused(code: Code, request: &HeaderMap) -> Option<Response> {
    let (title, words) = words::refusal(code)?;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = notice(status, title, words, request);
    if let Some(seconds) = Failure::from(code).retry_after_s() {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(u16::from(seconds)));
    }
    Some(response)
}

/// Whether the shopper can begin anew with the same order.
pub fn can_begin_anew(code: Code) -> bool {
    words::anew(code).is_some()
}

fn hidden(along: Along<'_>) -> String {
    format!(
        "<input type=\"hidden\" name=\"order\" value=\"{}\">\n<input type=\"hidden\" name=\"return\" value=\"{}\">\n",
        escape(along.order),
        escape(along.to)
    )
}

/// A page that no other page frames or opens, and whose forms lead to the provider and to that shop alone.
fn alone(mut response: Response, shop: &Origin) -> Response {
    let policy = format!(
        "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self' {shop}; \
         frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    // An origin is one word of a header (its own test).
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(super::PERMISSIONS),
    );
    response
}
