use axum::{http::HeaderMap, response::Response};
use farthing_protocol::{Quote, QuoteOutcome};

use super::{Along, alone, amount, escape, hidden, page};

/// How it ended with what is sold at a price: paid, or not known yet, with a button that looks again.
pub fn sold(along: Along<'_>, quote: &Quote, outcome: &QuoteOutcome, request: &HeaderMap) -> Response {
    let payee = escape(quote.payee.name.as_str());
    let back = format!(
        "<p><a href=\"{to}\">Go on to {origin}</a></p>",
        to = escape(along.to),
        origin = escape(along.origin.as_str())
    );
    let (title, main) = match outcome {
        QuoteOutcome::Paid { receipt, total, .. } => (
            "Paid",
            format!(
                "<h1 class=\"lead\">{total} paid</h1>\n<p>Your payment to {payee} went through.</p>\n\
                 <p><a href=\"/v1/receipts/{receipt}\">Receipt</a></p>\n{back}",
                total = amount(total.minor(), total.currency()),
            ),
        ),
        _ => (
            "Don’t pay again yet",
            format!(
                "<h1 class=\"lead\">Don’t pay again yet</h1>\n\
                 <p>The answer of the bank has not arrived. It may or may not have been charged.</p>\n\
                 <form method=\"post\" action=\"/v1/pay/{id}\">\n{hidden}<button type=\"submit\">Check again</button>\n</form>\n\
                 {back}",
                id = quote.id,
                hidden = hidden(along),
            ),
        ),
    };
    alone(page(title, &main, request), along.origin)
}
