use axum::{http::HeaderMap, response::Response};
use farthing_gateway::{Allowance, Challenged, Way};
use farthing_protocol::{ChallengeId, UnixSeconds};

use super::{escape, page, receipt::amount};
use crate::wiring::SANDBOX_PASSCODE;

/// What was wrong with a passcode.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Problem {
    /// It is no passcode.
    Malformed,
    /// It is not the right one; how often another may be tried.
    Wrong(u8),
}

/// What the shopper has to meet: who is paid and how much, and how it is confirmed.
pub fn challenge(
    id: &ChallengeId,
    challenged: &Challenged,
    problem: Option<Problem>,
    now: UnixSeconds,
    sandbox: bool,
    request: &HeaderMap,
) -> Response {
    let total = amount(challenged.total.minor(), challenged.total.currency());
    let payee = escape(challenged.payee.as_str());
    let (title, below) = match (&challenged.way, challenged.met) {
        (Some(Way::Passcode), _) => (
            format!("Confirm {total} to {payee}"),
            form(id, &fields(problem, challenged, now, sandbox)),
        ),
        (Some(Way::Page(address)), _) => (
            format!("Confirm {total} to {payee}"),
            format!(
                "<iframe class=\"bank\" title=\"{}\" src=\"{}\" credentialless></iframe>",
                match challenged.carrier {
                    Some(_) => "Your phone company’s page",
                    None => "Your bank’s page",
                },
                escape(address)
            ),
        ),
        (None, true) => (
            "Thank you".to_owned(),
            format!("<p>You confirmed {total} to {payee}. The payment goes on by itself.</p>"),
        ),
        (None, false) => (
            "Not confirmed".to_owned(),
            format!("<p>{total} to {payee} was not confirmed. Nothing was charged.</p>"),
        ),
    };
    let main = format!("<h1 class=\"ask\">{title}</h1>\n{below}");
    // The title is text, and what it is made of was escaped for markup.
    page("Confirm the payment", &main, request)
}

fn form(id: &ChallengeId, fields: &str) -> String {
    format!(
        "<script src=\"/v1/challenge.js\"></script>\n<form method=\"post\" action=\"/v1/challenges/{id}\">\n{fields}\n\
         <p id=\"unsent\" class=\"error\" role=\"alert\" hidden>No answer came. Press “Confirm” again.</p>\n</form>"
    )
}

/// What a form asks a passcode with, its button included.
pub(super) fn fields(
    problem: Option<Problem>,
    challenged: &Challenged,
    now: UnixSeconds,
    sandbox: bool,
) -> String {
    let sent = if sandbox {
        format!("<p class=\"sandbox\">Sandbox: no code is sent. It is {SANDBOX_PASSCODE}.</p>\n")
    } else {
        match &challenged.carrier {
            Some(carrier) => format!("<p>{} has sent you a code.</p>\n", escape(carrier.as_str())),
            None => "<p>Your bank has sent you a code.</p>\n".to_owned(),
        }
    };
    let limit = limit(challenged);
    let (wrong, invalid) = match problem {
        None => (String::new(), ""),
        Some(problem) => (
            format!(
                "<p id=\"passcode-error\" class=\"error\" role=\"alert\">{}</p>\n",
                match problem {
                    Problem::Malformed => "A code has 4 to 10 digits, and nothing else.".to_owned(),
                    Problem::Wrong(1) => "This is not the code. You can try once more.".to_owned(),
                    Problem::Wrong(left) => format!("This is not the code. You can try {left} more times."),
                }
            ),
            " aria-invalid=\"true\"",
        ),
    };
    let described = if problem.is_some() {
        "passcode-error passcode-help"
    } else {
        "passcode-help"
    };
    let left = match minutes(challenged.expires_at, now) {
        ..=1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    format!(
        "{limit}{sent}<label for=\"passcode\">Code</label>\n\
         <input id=\"passcode\" name=\"passcode\" type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\" \
         maxlength=\"20\" required aria-describedby=\"{described}\"{invalid}>\n{wrong}\
         <p id=\"passcode-help\" class=\"soft\">You have {left}. Never tell the code to anyone.</p>\n\
         <button type=\"submit\">Confirm</button>"
    )
}

/// What may go on the phone bill in a month, and what is left of it, before the code that spends it is typed.
fn limit(challenged: &Challenged) -> String {
    let Some(carrier) = &challenged.carrier else {
        return String::new();
    };
    let carrier = escape(carrier.as_str());
    match challenged.allowance {
        Some(Allowance { limit, left }) => format!(
            "<p>On your phone bill with {carrier}. Its monthly limit is {}; {} of it is left.</p>\n",
            amount(limit.minor(), limit.currency()),
            amount(left.minor(), left.currency()),
        ),
        None => format!(
            "<p>On your phone bill with {carrier}, which takes nothing beyond its monthly limit.</p>\n"
        ),
    }
}

/// The minutes that are left, a begun one counted whole.
fn minutes(until: UnixSeconds, now: UnixSeconds) -> i64 {
    until.since(now).max(0).saturating_add(59) / 60
}
