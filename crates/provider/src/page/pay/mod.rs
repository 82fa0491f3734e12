//! The page that pays without script: the form, what has to be confirmed, and the way back to the shop.

mod form;
mod sold;
mod words;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use farthing_gateway::{Challenged, Way};
use farthing_protocol::{Challenge, Code, Language, Origin, Quote, TokenReply, UnixSeconds};
use farthing_text::pages;

use super::{Reader, challenge, challenge::Problem, escape, notice_with, page};
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
    reader: Reader<'_>,
) -> Response {
    let title = reader.say(pages::CONFIRM_TITLE);
    let asked = match &challenged.way {
        Some(Way::Passcode) => challenge::fields(problem, challenged, now, sandbox, reader),
        // The challenge's own page is what the bank lets in.
        Some(Way::Page(_)) | None => format!(
            "<iframe class=\"bank\" title=\"{title}\" src=\"/v1/challenges/{}\"></iframe>\n\
             <p>{next}</p>\n<button type=\"submit\">{go_on}</button>",
            challenge.id,
            title = escape(title),
            next = reader.say(pages::BANK_NEXT),
            go_on = reader.say(pages::GO_ON),
        ),
    };
    let main = format!(
        "<h1 class=\"lead\">{asks}</h1>\n<form method=\"post\" action=\"/v1/pay/{id}\">\n{hidden}\
         <input type=\"hidden\" name=\"consent\" value=\"{agreed}\">\n\
         <input type=\"hidden\" name=\"sealed\" value=\"{sealed}\">\n{asked}\n</form>",
        asks = challenge::asks(challenged, reader),
        id = quote.id,
        hidden = hidden(along, reader.language),
        agreed = escape(agreed),
        sealed = escape(sealed),
    );
    let response = page(title, &main, reader);
    alone(response, along.origin)
}

/// The way back to the shop, which takes the token along. By a button, for a page without script can't send a form by
/// itself; by a form, for an address is written into logs.
pub fn hand_over(
    along: Along<'_>,
    quote: &Quote,
    reply: &TokenReply,
    now: UnixSeconds,
    reader: Reader<'_>,
) -> Response {
    let words = reader.pages();
    let total = quote.offer(reply.hint.method()).map(|offer| offer.total);
    let total = total.map_or_else(String::new, |total| {
        reader.amount(total.minor(), total.currency())
    });
    let payee = escape(quote.payee.name.as_str());
    let minutes = reply.expires_at.since(now).max(0) / 60;
    let main = format!(
        "<h1 class=\"lead\">{step}</h1>\n<p>{agreed}</p>\n\
         <form method=\"post\" action=\"{to}\">\n\
         <input type=\"hidden\" name=\"farthing-token\" value=\"{token}\">\n\
         <button type=\"submit\">{finish}</button>\n\
         <p class=\"soft\">{leads}</p>\n</form>",
        step = reader.say(pages::LAST_STEP),
        agreed = words.agreed(&payee, &total),
        to = escape(along.to),
        token = reply.token.expose(),
        finish = words.finish(&payee),
        leads = words.leads_to(
            reader.plural(minutes),
            &minutes.to_string(),
            &escape(along.origin.as_str())
        ),
    );
    alone(page(reader.say(pages::BACK_TITLE), &main, reader), along.origin)
}

/// Why there is nothing to pay; nothing for what is no shopper's matter.
pub fn refused(code: Code, reader: Reader<'_>) -> Option<Response> {
    let said = words::refusal(code, reader)?;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = notice_with(status, said, "", reader);
    if let Some(seconds) = Failure::from(code).retry_after_s() {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(u16::from(seconds)));
    }
    Some(response)
}

/// Whether the shopper can begin anew with the same order.
pub fn can_begin_anew(code: Code) -> bool {
    words::anew(code, Reader::new(Language::En, &HeaderMap::new())).is_some()
}

/// What a form carries along, the language included.
fn hidden(along: Along<'_>, language: Language) -> String {
    format!(
        "{}<input type=\"hidden\" name=\"locale\" value=\"{}\">\n",
        order_and_return(along),
        language.as_str()
    )
}

fn order_and_return(along: Along<'_>) -> String {
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
