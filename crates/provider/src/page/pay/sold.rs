use axum::response::Response;
use farthing_protocol::{Quote, QuoteOutcome};
use farthing_text::{frame, pages};

use super::{Along, Reader, alone, escape, hidden, page};

/// How it ended with what is sold at a price: paid, or not known yet, with a button that looks again.
pub fn sold(along: Along<'_>, quote: &Quote, outcome: &QuoteOutcome, reader: Reader<'_>) -> Response {
    let words = reader.pages();
    let payee = escape(quote.payee.name.as_str());
    let back = format!(
        "<p><a href=\"{to}\">{go_on}</a></p>",
        to = escape(along.to),
        go_on = words.go_on_to(&escape(along.origin.as_str()))
    );
    let (title, below) = match outcome {
        QuoteOutcome::Paid { receipt, total, .. } => (
            reader
                .frame()
                .paid_title(&reader.amount(total.minor(), total.currency())),
            format!(
                "<p>{went_through}</p>\n<p><a href=\"/v1/receipts/{receipt}\">{word}</a></p>\n{back}",
                went_through = words.sold(&payee),
                word = reader.say_as_frame(frame::RECEIPT),
            ),
        ),
        _ => (
            reader.say_as_frame(frame::UNKNOWN_TITLE).to_owned(),
            format!(
                "<p>{unknown}</p>\n\
                 <form method=\"post\" action=\"/v1/pay/{id}\">\n{hidden}<button type=\"submit\">{again}</button>\n</form>\n\
                 {back}",
                unknown = reader.say(pages::UNKNOWN),
                id = quote.id,
                hidden = hidden(along, reader.language),
                again = reader.say_as_frame(frame::CHECK_AGAIN),
            ),
        ),
    };
    // An amount holds no sign of markup, so that the title is the same as text.
    let main = format!("<h1 class=\"lead\">{title}</h1>\n{below}");
    alone(page(&title, &main, reader), along.origin)
}
