use axum::{http::StatusCode, response::Response};
use farthing_instrument::{ExpiryError, FieldErrors, NameError, Validity};
use farthing_protocol::{Code, Language, Offer, Quote};
use farthing_text::{Key, frame, frame::Frame, pages};

use super::{Along, Reader, alone, escape, hidden, order_and_return, page, words};
use crate::page::{direction, receipt::row};

/// What is wrong with what was sent.
#[derive(Clone, Copy, Default)]
pub struct Errors {
    /// Of the card's fields.
    pub card: Option<FieldErrors>,
    /// The box is not ticked.
    pub consent: bool,
    /// Why the whole of it was not taken: an expired card, a brand that is not on offer, or a form that is anew.
    pub whole: Option<Code>,
}

/// What was typed and may be shown again: never the number, never the security code.
#[derive(Clone, Copy, Default)]
pub struct Kept<'a> {
    /// The expiry date.
    pub expiry: &'a str,
    /// The cardholder's name.
    pub name: &'a str,
}

/// The form. `once` and `agreed` are written into it: a secret of its own, and the hash of the sentence to agree to.
pub fn form(
    along: Along<'_>,
    quote: &Quote,
    offer: &Offer,
    (once, agreed): (&str, &str),
    (errors, kept): (Errors, Kept<'_>),
    reader: Reader<'_>,
) -> Response {
    let said = reader.pages();
    let payee = escape(quote.payee.name.as_str());
    let total = reader.amount(offer.total.minor(), offer.total.currency());
    let shop = escape(along.origin.as_str());
    let faults = faults(errors);
    // Where the first fault is, the shopper goes on.
    let first = faults.iter().position(Option::is_some);
    let marks = |n: usize| Marks {
        error: faults
            .get(n)
            .copied()
            .flatten()
            .map(|key| reader.say_as_frame(key)),
        focus: first == Some(n),
    };
    let main = format!(
        "{languages}{sandbox}<h1 class=\"lead\">{heading}</h1>\n{summary}\
         <table>\n<caption>{bought}</caption>\n<tbody>\n{lines}</tbody>\n<tfoot>\n{sum}</tfoot>\n</table>\n\
         <form class=\"pay\" method=\"post\" action=\"/v1/pay/{id}\">\n{hidden}\
         <input type=\"hidden\" name=\"once\" value=\"{once}\">\n\
         {fields}{consent}\
         <button type=\"submit\">{pay}</button>\n\
         <p class=\"soft\"><a href=\"{shop}/\">{back}</a></p>\n<p class=\"soft\">{known}</p>\n</form>",
        languages = languages(along, reader),
        sandbox = if quote.sandbox {
            let words = reader.say_as_frame(frame::SANDBOX);
            format!("<p class=\"sandbox\">{words}</p>\n")
        } else {
            String::new()
        },
        heading = reader.frame().heading(&payee),
        summary = summary(errors, first.is_some(), reader),
        bought = reader.say(pages::BOUGHT),
        lines = lines(quote, offer, reader),
        sum = row(reader.say_as_frame(frame::TOTAL), &total),
        id = quote.id,
        hidden = hidden(along, reader.language),
        once = escape(once),
        fields = fields(errors.card, kept, marks, reader),
        consent = consent(offer, agreed, marks(4)),
        pay = reader.frame().pay(&total),
        back = reader.say(pages::BACK),
        known = said.known(
            &escape(quote.accreditation.accreditor.as_str()),
            &escape(quote.payee.contact.as_str()),
            &payee,
            &shop
        ),
    );
    let mut title = reader.frame().heading(quote.payee.name.as_str());
    if first.is_some() {
        title = said.faulty_title(&title);
    }
    let mut response = page(&title, &main, reader);
    if let Some(code) = errors.whole {
        *response.status_mut() = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    } else if first.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    alone(response, along.origin)
}

/// What is wrong with each field, the box included, in their order.
fn faults(errors: Errors) -> [Option<Key<Frame>>; 5] {
    let card = errors.card;
    [
        card.and_then(|card| words::number(card.number)),
        match errors.whole {
            Some(Code::CardExpired) => Some(frame::WRONG_PAST),
            _ => card.and_then(|card| words::expiry(card.expiry)),
        },
        card.and_then(|card| words::security_code(card.security_code)),
        card.and_then(|card| words::name(card.name)),
        errors.consent.then_some(frame::CONSENT_MISSING),
    ]
}

/// What is said at a field, and whether the shopper goes on there.
#[derive(Clone, Copy)]
struct Marks {
    error: Option<&'static str>,
    focus: bool,
}

/// A card's four fields. Numbers are written from left to right in every language.
fn fields(
    card: Option<FieldErrors>,
    kept: Kept<'_>,
    marks: impl Fn(usize) -> Marks,
    reader: Reader<'_>,
) -> String {
    let say = |key| reader.say_as_frame(key);
    let expiry = format!(
        "{} <span class=\"soft\">({})</span>",
        say(frame::LABEL_EXPIRY),
        say(frame::HINT_EXPIRY)
    );
    [
        (
            "number",
            say(frame::LABEL_NUMBER),
            "dir=\"ltr\" inputmode=\"numeric\" autocomplete=\"cc-number\" maxlength=\"40\"",
            "",
        ),
        (
            "expiry",
            &expiry,
            "dir=\"ltr\" inputmode=\"numeric\" autocomplete=\"cc-exp\" maxlength=\"20\"",
            kept.expiry(card),
        ),
        (
            "security_code",
            say(frame::LABEL_CODE),
            "dir=\"ltr\" inputmode=\"numeric\" autocomplete=\"cc-csc\" maxlength=\"10\"",
            "",
        ),
        (
            "name",
            say(frame::LABEL_NAME),
            "dir=\"auto\" autocomplete=\"cc-name\" maxlength=\"100\"",
            kept.name(card),
        ),
    ]
    .into_iter()
    .enumerate()
    .map(|(n, (id, label, attributes, value))| input(id, label, attributes, value, marks(n)))
    .collect()
}

/// Another language for the whole page. It begins anew, with another sentence to agree to; nothing was typed yet at the top
/// of the page.
fn languages(along: Along<'_>, reader: Reader<'_>) -> String {
    let options: String = Language::ALL
        .iter()
        .map(|language| {
            format!(
                "<option value=\"{tag}\" lang=\"{tag}\"{chosen}>{name}</option>\n",
                tag = language.as_str(),
                chosen = if *language == reader.language {
                    " selected"
                } else {
                    ""
                },
                name = language.name(),
            )
        })
        .collect();
    format!(
        "<form class=\"language\" method=\"post\" action=\"/v1/pay\">\n{carried}\
         <label for=\"locale\">{label}</label>\n<select id=\"locale\" name=\"locale\" autocomplete=\"off\">\n{options}</select>\n\
         <button type=\"submit\">{change}</button>\n</form>\n",
        carried = order_and_return(along),
        label = reader.say_as_frame(frame::LANGUAGE),
        change = reader.say(pages::LANGUAGE_CHANGE),
    )
}

impl<'a> Kept<'a> {
    /// A date is shown again where it is one. Anything else could be a number that went into the wrong field.
    fn expiry(self, card: Option<FieldErrors>) -> &'a str {
        match card.map(|card| card.expiry) {
            Some(
                Validity::Complete
                | Validity::Wrong(ExpiryError::Month | ExpiryError::Past | ExpiryError::TooFar),
            ) => self.expiry,
            None if self.expiry.len() <= 9 => self.expiry,
            _ => "",
        }
    }

    fn name(self, card: Option<FieldErrors>) -> &'a str {
        match card.map(|card| card.name) {
            Some(Validity::Wrong(NameError::CardNumber | NameError::NoLetter)) => "",
            _ => self.name,
        }
    }
}

fn summary(errors: Errors, marked: bool, reader: Reader<'_>) -> String {
    match errors.whole.and_then(|code| words::whole(code, reader)) {
        Some(said) => format!(
            "<div class=\"error\" role=\"alert\">\n<p>{}</p>\n<p>{}</p>\n</div>\n",
            said.title, said.body
        ),
        None if marked => {
            let words = reader.say(pages::MARKED);
            format!("<p class=\"error\" role=\"alert\">{words}</p>\n")
        }
        None => String::new(),
    }
}

fn lines(quote: &Quote, offer: &Offer, reader: Reader<'_>) -> String {
    let currency = offer.total.currency();
    let mut rows: String = quote
        .lines
        .iter()
        .map(|line| {
            row(
                &reader.apart(line.label.as_str()),
                &reader.amount(line.amount, currency),
            )
        })
        .collect();
    if offer.fee > 0 {
        rows += &row(reader.say(pages::FEE_ROW), &reader.amount(offer.fee, currency));
    }
    rows
}

/// The sentence to the letter, in its own language.
fn consent(offer: &Offer, agreed: &str, marks: Marks) -> String {
    let language = offer.consent.version.language;
    let (message, marks) = marked("consent", marks);
    format!(
        "<div class=\"agree\">\n<label for=\"consent\"><input id=\"consent\" type=\"checkbox\" name=\"consent\" value=\"{agreed}\" \
         required{marks}> <span lang=\"{}\" dir=\"{}\">{}</span></label>\n{message}</div>\n",
        language.as_str(),
        direction(language),
        escape(&offer.consent.text),
        agreed = escape(agreed),
    )
}

fn input(id: &str, label: &str, attributes: &str, value: &str, marks: Marks) -> String {
    let (message, marks) = marked(id, marks);
    let half = matches!(id, "expiry" | "security_code");
    format!(
        "<div{}>\n<label for=\"{id}\">{label}</label>\n<input id=\"{id}\" name=\"{id}\" type=\"text\" {attributes} \
         spellcheck=\"false\" value=\"{}\" required{marks}>\n{message}</div>\n",
        if half { " class=\"half\"" } else { "" },
        escape(value)
    )
}

/// An error's paragraph, and what says of its field that it is one.
fn marked(id: &str, marks: Marks) -> (String, String) {
    let Some(error) = marks.error else {
        return (String::new(), String::new());
    };
    let focus = if marks.focus { " autofocus" } else { "" };
    (
        format!("<p id=\"{id}-error\" class=\"error\">{error}</p>\n"),
        format!(" aria-invalid=\"true\" aria-describedby=\"{id}-error\"{focus}"),
    )
}
