use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use farthing_instrument::{ExpiryError, FieldErrors, NameError, Validity};
use farthing_protocol::{Code, Offer, Quote};

use super::{Along, alone, amount, escape, hidden, page, words};
use crate::page::receipt::row;

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
    request: &HeaderMap,
) -> Response {
    let payee = escape(quote.payee.name.as_str());
    let total = amount(offer.total.minor(), offer.total.currency());
    let card = errors.card;
    let words = [
        card.and_then(|card| words::number(card.number)),
        match errors.whole {
            Some(Code::CardExpired) => Some("Card has expired"),
            _ => card.and_then(|card| words::expiry(card.expiry)),
        },
        card.and_then(|card| words::security_code(card.security_code)),
        card.and_then(|card| words::name(card.name)),
        errors.consent.then_some("Tick the box to agree"),
    ];
    // Where the first fault is, the shopper goes on.
    let first = words.iter().position(Option::is_some);
    let field = |n: usize, id, label, attributes: &str, value: &str| {
        let error = words.get(n).copied().flatten();
        input(id, label, attributes, value, error, first == Some(n))
    };
    let [number, expiry, code, name] = [
        field(
            0,
            "number",
            "Card number",
            "inputmode=\"numeric\" autocomplete=\"cc-number\" maxlength=\"40\"",
            "",
        ),
        field(
            1,
            "expiry",
            "Expiry date <span class=\"soft\">(month / year)</span>",
            "inputmode=\"numeric\" autocomplete=\"cc-exp\" maxlength=\"20\"",
            kept.expiry(card),
        ),
        field(
            2,
            "security_code",
            "Security code",
            "inputmode=\"numeric\" autocomplete=\"cc-csc\" maxlength=\"10\"",
            "",
        ),
        field(
            3,
            "name",
            "Name on the card",
            "autocomplete=\"cc-name\" maxlength=\"100\"",
            kept.name(card),
        ),
    ];
    let main = format!(
        "{sandbox}<h1 class=\"lead\">Pay {payee}</h1>\n{summary}\
         <table>\n<caption>What you pay for</caption>\n<tbody>\n{lines}</tbody>\n<tfoot>\n{sum}</tfoot>\n</table>\n\
         <form class=\"pay\" method=\"post\" action=\"/v1/pay/{id}\">\n{hidden}\
         <input type=\"hidden\" name=\"once\" value=\"{once}\">\n\
         {number}{expiry}{code}{name}{consent}\
         <button type=\"submit\">Pay {total}</button>\n\
         <p class=\"soft\"><a href=\"{shop}/\">Back to the shop</a> without paying. {payee} is verified by {accreditor} for {shop}, \
         and can be reached at {contact}.</p>\n</form>",
        sandbox = if quote.sandbox {
            "<p class=\"sandbox\">Sandbox: no real money moves</p>\n"
        } else {
            ""
        },
        summary = summary(errors, first.is_some()),
        lines = lines(quote, offer),
        sum = row("Total", &total),
        id = quote.id,
        hidden = hidden(along),
        once = escape(once),
        consent = consent(offer, agreed, words.get(4).copied().flatten(), first == Some(4)),
        shop = escape(along.origin.as_str()),
        accreditor = escape(quote.accreditation.accreditor.as_str()),
        contact = escape(quote.payee.contact.as_str()),
    );
    let title = format!(
        "{}Pay {}",
        if first.is_some() { "Error: " } else { "" },
        quote.payee.name.as_str()
    );
    let mut response = page(&title, &main, request);
    if let Some(code) = errors.whole {
        *response.status_mut() = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    } else if first.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    alone(response, along.origin)
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

fn summary(errors: Errors, marked: bool) -> String {
    let words = match errors.whole {
        Some(Code::BrandUnsupported) => {
            Some("This kind of card is not taken here. Nothing was charged. Use another card.")
        }
        Some(Code::DetailsInvalid) => Some("Please check the card details. Nothing was charged."),
        _ if marked => {
            Some("Please check what is marked below, and enter number and code again. Nothing was charged.")
        }
        Some(code) => words::anew(code),
        None => None,
    };
    words.map_or_else(String::new, |words| {
        format!("<p class=\"error\" role=\"alert\">{words}</p>\n")
    })
}

fn lines(quote: &Quote, offer: &Offer) -> String {
    let currency = offer.total.currency();
    let mut rows: String = quote
        .lines
        .iter()
        .map(|line| row(&escape(line.label.as_str()), &amount(line.amount, currency)))
        .collect();
    if offer.fee > 0 {
        rows += &row("Fee for paying this way", &amount(offer.fee, currency));
    }
    rows
}

/// The sentence to the letter, in its own language.
fn consent(offer: &Offer, agreed: &str, error: Option<&str>, focus: bool) -> String {
    let language = offer.consent.version.language;
    let (message, marks) = marked("consent", error, focus);
    format!(
        "<div class=\"agree\">\n<label for=\"consent\"><input id=\"consent\" type=\"checkbox\" name=\"consent\" value=\"{agreed}\" \
         required{marks}> <span lang=\"{}\" dir=\"{}\">{}</span></label>\n{message}</div>\n",
        language.as_str(),
        if language.is_rtl() { "rtl" } else { "ltr" },
        escape(&offer.consent.text),
        agreed = escape(agreed),
    )
}

fn input(id: &str, label: &str, attributes: &str, value: &str, error: Option<&str>, focus: bool) -> String {
    let (message, marks) = marked(id, error, focus);
    let half = matches!(id, "expiry" | "security_code");
    format!(
        "<div{}>\n<label for=\"{id}\">{label}</label>\n<input id=\"{id}\" name=\"{id}\" type=\"text\" {attributes} \
         spellcheck=\"false\" value=\"{}\" required{marks}>\n{message}</div>\n",
        if half { " class=\"half\"" } else { "" },
        escape(value)
    )
}

/// An error's paragraph, and what says of its field that it is one.
fn marked(id: &str, error: Option<&str>, focus: bool) -> (String, String) {
    let Some(error) = error else {
        return (String::new(), String::new());
    };
    let focus = if focus { " autofocus" } else { "" };
    (
        format!("<p id=\"{id}-error\" class=\"error\">{error}</p>\n"),
        format!(" aria-invalid=\"true\" aria-describedby=\"{id}-error\"{focus}"),
    )
}
