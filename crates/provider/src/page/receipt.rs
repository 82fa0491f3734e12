use axum::{http::HeaderMap, response::Response};
use farthing_gateway::{StoredReceipt, decimals, in_english};
use farthing_protocol::{Currency, Money};

use super::{date::date, escape, page};

/// A receipt to read, to print and to check.
pub fn receipt(stored: &StoredReceipt, request: &HeaderMap) -> Response {
    let receipt = &stored.receipt;
    let currency = receipt.total.currency();
    let (human, machine) = date(receipt.paid_at);
    let sandbox = if receipt.sandbox {
        "<p class=\"sandbox\">Sandbox: no real money moved</p>\n"
    } else {
        ""
    };
    let lines: String = receipt
        .lines
        .iter()
        .map(|line| row(&escape(line.label.as_str()), &amount(line.amount, currency)))
        .collect();
    let facts: String = [
        ("Paid to", escape(receipt.payee.name.as_str())),
        ("Contact", escape(receipt.payee.contact.as_str())),
        ("Date", format!("<time datetime=\"{machine}\">{human}</time>")),
        (
            "Card",
            format!(
                "{} ending in {}",
                receipt.hint.brand.name(),
                receipt.hint.last_four
            ),
        ),
        ("Order", escape(receipt.order.as_str())),
        ("Receipt", format!("<code>{}</code>", receipt.id)),
        ("Payment by", escape(receipt.provider.as_str())),
    ]
    .iter()
    .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n"))
    .collect();
    let main = format!(
        "{sandbox}<h1>Receipt</h1>\n<p class=\"total\">{total}</p>\n\
         <table>\n<caption>What was bought</caption>\n<tbody>\n{lines}</tbody>\n<tfoot>\n{sum}</tfoot>\n</table>\n\
         <dl>\n{facts}</dl>\n\
         <p class=\"links\"><a href=\"/v1/consents/{consent}\" download>Download what was agreed to</a></p>\n\
         <details>\n<summary>Signed copy</summary>\n<p>This text proves the receipt. It can be checked with the keys at \
         <a href=\"/.well-known/jwks.json\">{origin}/.well-known/jwks.json</a>.</p>\n<p><code>{jws}</code></p>\n</details>",
        total = amount(receipt.total.minor(), currency),
        sum = row("Total", &amount(receipt.total.minor(), currency)),
        consent = receipt.consent,
        origin = escape(receipt.iss.as_str()),
        jws = escape(&stored.jws),
    );
    page(
        &format!("Receipt from {}", receipt.payee.name.as_str()),
        &main,
        request,
    )
}

fn row(label: &str, amount: &str) -> String {
    format!("<tr><th scope=\"row\">{label}</th><td>{amount}</td></tr>\n")
}

/// An amount that was checked when it was booked; with its code and minor units if it were none after all.
fn amount(minor: i64, currency: Currency) -> String {
    let english = Money::new(minor, currency)
        .ok()
        .and_then(|money| decimals(currency).map(|decimals| in_english(money, decimals)));
    escape(&english.unwrap_or_else(|| format!("{currency} {minor} (minor units)")))
}
