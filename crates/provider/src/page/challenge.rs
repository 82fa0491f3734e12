use axum::response::Response;
use farthing_gateway::{Allowance, Challenged, Way};
use farthing_protocol::{ChallengeId, UnixSeconds};
use farthing_text::pages;

use super::{Reader, escape, page};
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
    reader: Reader<'_>,
) -> Response {
    let words = reader.pages();
    let total = reader.amount(challenged.total.minor(), challenged.total.currency());
    let payee = escape(challenged.payee.as_str());
    let (title, below) = match (&challenged.way, challenged.met) {
        (Some(Way::Passcode), _) => (
            asks(challenged, reader),
            form(id, &fields(problem, challenged, now, sandbox, reader), reader),
        ),
        (Some(Way::Page(address)), _) => (
            asks(challenged, reader),
            format!(
                "<iframe class=\"bank\" title=\"{}\" src=\"{}\" credentialless></iframe>",
                escape(reader.say(match challenged.carrier {
                    Some(_) => pages::PHONE_PAGE,
                    None => pages::BANK_PAGE,
                })),
                escape(address)
            ),
        ),
        (None, true) => (
            reader.say(pages::CONFIRMED_TITLE).to_owned(),
            format!("<p>{}</p>", words.confirmed(&payee, &total)),
        ),
        (None, false) => (
            reader.say(pages::UNCONFIRMED_TITLE).to_owned(),
            format!("<p>{}</p>", words.unconfirmed(&payee, &total)),
        ),
    };
    let main = format!("<h1 class=\"ask\">{title}</h1>\n{below}");
    // The title is text, and what it is made of was escaped for markup.
    page(reader.say(pages::CONFIRM_TITLE), &main, reader)
}

/// The page that a bank's own page leads back to.
pub fn goes_on(reader: Reader<'_>) -> Response {
    let title = reader.say(pages::CONFIRMED_TITLE);
    let main = format!("<h1>{title}</h1>\n<p>{}</p>\n", reader.say(pages::GOES_ON));
    page(title, &main, reader)
}

/// What is to be confirmed, as markup.
pub(super) fn asks(challenged: &Challenged, reader: Reader<'_>) -> String {
    let total = reader.amount(challenged.total.minor(), challenged.total.currency());
    reader.pages().confirm(&escape(challenged.payee.as_str()), &total)
}

fn form(id: &ChallengeId, fields: &str, reader: Reader<'_>) -> String {
    format!(
        "<script src=\"/v1/challenge.js\"></script>\n<form method=\"post\" action=\"/v1/challenges/{id}\">\n{fields}\n\
         <p id=\"unsent\" class=\"error\" role=\"alert\" hidden>{unsent}</p>\n</form>",
        unsent = reader.say(pages::UNSENT),
    )
}

/// What a form asks a passcode with, its button included.
pub(super) fn fields(
    problem: Option<Problem>,
    challenged: &Challenged,
    now: UnixSeconds,
    sandbox: bool,
    reader: Reader<'_>,
) -> String {
    let words = reader.pages();
    let sent = if sandbox {
        format!(
            "<p class=\"sandbox\">{}</p>\n",
            words.sandbox_code(SANDBOX_PASSCODE)
        )
    } else {
        let said = match &challenged.carrier {
            Some(carrier) => words.code_sent_phone(&escape(carrier.as_str())),
            None => reader.say(pages::CODE_SENT).to_owned(),
        };
        format!("<p>{said}</p>\n")
    };
    let (wrong, invalid) = match problem {
        None => (String::new(), ""),
        Some(problem) => (
            format!(
                "<p id=\"passcode-error\" class=\"error\" role=\"alert\">{}</p>\n",
                match problem {
                    Problem::Malformed => reader.say(pages::CODE_MALFORMED).to_owned(),
                    Problem::Wrong(left) =>
                        words.code_wrong(reader.plural(i64::from(left)), &left.to_string()),
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
    let left = minutes(challenged.expires_at, now).max(1);
    format!(
        "{limit}{sent}<label for=\"passcode\">{code}</label>\n\
         <input id=\"passcode\" name=\"passcode\" type=\"text\" dir=\"ltr\" inputmode=\"numeric\" autocomplete=\"one-time-code\" \
         maxlength=\"20\" required aria-describedby=\"{described}\"{invalid}>\n{wrong}\
         <p id=\"passcode-help\" class=\"soft\">{time_left}</p>\n\
         <button type=\"submit\">{confirm}</button>",
        limit = limit(challenged, reader),
        code = reader.say(pages::CODE_LABEL),
        time_left = words.time_left(reader.plural(left), &left.to_string()),
        confirm = reader.say(pages::CONFIRM_BUTTON),
    )
}

/// What may go on the phone bill in a month, and what is left of it, before the code that spends it is typed.
fn limit(challenged: &Challenged, reader: Reader<'_>) -> String {
    let Some(carrier) = &challenged.carrier else {
        return String::new();
    };
    let words = reader.pages();
    let carrier = escape(carrier.as_str());
    let said = match challenged.allowance {
        Some(Allowance { limit, left }) => words.phone_limit_left(
            &carrier,
            &reader.amount(left.minor(), left.currency()),
            &reader.amount(limit.minor(), limit.currency()),
        ),
        None => words.phone_limit_hidden(&carrier),
    };
    format!("<p>{said}</p>\n")
}

/// The minutes that are left, a begun one counted whole.
fn minutes(until: UnixSeconds, now: UnixSeconds) -> i64 {
    until.since(now).max(0).saturating_add(59) / 60
}
