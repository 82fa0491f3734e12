use axum::{http::HeaderMap, response::Response};
use farthing_gateway::{decimals, in_english};
use farthing_protocol::{Bearer, Currency, Hint, Money, Receipt, ReceiptReply, UnixSeconds};

use super::{complaint, date::date, escape, page};

/// A receipt to read, to print and to check; and what came after it.
pub fn receipt(reply: &ReceiptReply, now: UnixSeconds, request: &HeaderMap) -> Response {
    let receipt = &reply.receipt;
    let currency = receipt.total.currency();
    let (human, machine) = date(receipt.paid_at);
    let sandbox = if receipt.sandbox {
        "<p class=\"sandbox\">Sandbox: no real money moved</p>\n"
    } else {
        ""
    };
    let refunds = refunds(reply);
    let facts: String = [
        ("Paid to", escape(receipt.payee.name.as_str())),
        ("Contact", escape(receipt.payee.contact.as_str())),
        ("Date", format!("<time datetime=\"{machine}\">{human}</time>")),
        paid_with(&receipt.hint),
        ("Order", escape(receipt.order.as_str())),
        ("Receipt", format!("<code>{}</code>", receipt.id)),
        ("Payment by", escape(receipt.provider.as_str())),
        ("Verified by", vouched(receipt)),
        ("Fee", fee(receipt)),
    ]
    .iter()
    .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n"))
    .collect();
    let main = format!(
        "{sandbox}<h1>Receipt</h1>\n<p class=\"total\">{total}</p>\n\
         <table>\n<caption>What was bought</caption>\n<tbody>\n{lines}</tbody>\n<tfoot>\n{sum}</tfoot>\n</table>\n\
         {refunds}\
         <dl>\n{facts}</dl>\n\
         {complaint}\
         <p class=\"links\"><a href=\"/v1/consents/{consent}\" download>Download what was agreed to</a></p>\n\
         <details>\n<summary>Signed copy</summary>\n<p>This text proves the receipt. It can be checked with the keys at \
         <a href=\"/.well-known/jwks.json\">{origin}/.well-known/jwks.json</a>.</p>\n<p><code>{jws}</code></p>\n</details>",
        total = amount(receipt.total.minor(), currency),
        lines = lines(receipt),
        complaint = complaint::section(reply, now),
        sum = row("Total", &amount(receipt.total.minor(), currency)),
        consent = receipt.consent,
        origin = escape(receipt.iss.as_str()),
        jws = escape(&reply.jws),
    );
    page(
        &format!("Receipt from {}", receipt.payee.name.as_str()),
        &main,
        request,
    )
}

/// What was bought, a fee that the shopper bore, and what the merchant did not take.
fn lines(receipt: &Receipt) -> String {
    let currency = receipt.total.currency();
    let mut rows: String = receipt
        .lines
        .iter()
        .map(|line| row(&escape(line.label.as_str()), &amount(line.amount, currency)))
        .collect();
    let fee = match receipt.fee.bearer {
        Bearer::Shopper => receipt.fee.amount,
        Bearer::Merchant => 0,
    };
    if fee > 0 {
        rows += &row("Fee for paying this way", &amount(fee, currency));
    }
    let bought: i64 = receipt.lines.iter().map(|line| line.amount).sum();
    let left = bought + fee - receipt.total.minor();
    if left > 0 {
        rows += &row("Not charged", &format!("−{}", amount(left, currency)));
    }
    rows
}

fn fee(receipt: &Receipt) -> String {
    let amount = amount(receipt.fee.amount, receipt.total.currency());
    match (receipt.fee.amount, receipt.fee.bearer) {
        (0, _) => "none".to_owned(),
        (_, Bearer::Merchant) => format!("{amount}, paid by the shop"),
        (_, Bearer::Shopper) => format!("{amount}, in the total"),
    }
}

/// By which way, and what may be seen of the instrument.
fn paid_with(hint: &Hint) -> (&'static str, String) {
    match hint {
        Hint::Card { brand, last_four } => ("Card", format!("{} ending in {last_four}", brand.name())),
        Hint::BankAccount { country, last_four } => (
            "Bank account",
            format!("{} … ending in {last_four}", escape(country.as_str())),
        ),
        Hint::PhoneBill { carrier } => ("Phone bill", escape(carrier.as_str())),
    }
}

fn vouched(receipt: &Receipt) -> String {
    let accreditation = &receipt.accreditation;
    format!(
        "{}, for {}",
        escape(accreditation.accreditor.as_str()),
        escape(accreditation.origin.as_str())
    )
}

/// What went back, and what that leaves.
fn refunds(reply: &ReceiptReply) -> String {
    if reply.refunds.is_empty() {
        return String::new();
    }
    let total = reply.receipt.total;
    let back: i64 = reply.refunds.iter().map(|refund| refund.amount.minor()).sum();
    let rows: String = reply
        .refunds
        .iter()
        .map(|refund| {
            let (human, machine) = date(refund.at);
            let by = if refund.by_dispute {
                "Returned after your complaint"
            } else {
                "Refunded"
            };
            let label = format!("{by}, <time datetime=\"{machine}\">{human}</time>");
            row(&label, &amount(refund.amount.minor(), total.currency()))
        })
        .collect();
    let left = match total.minor() - back {
        0 => "nothing".to_owned(),
        left => amount(left, total.currency()),
    };
    format!(
        "<table>\n<caption>What you got back</caption>\n<tbody>\n{rows}</tbody>\n<tfoot>\n{}</tfoot>\n</table>\n",
        row("You paid in the end", &left)
    )
}

pub(super) fn row(label: &str, amount: &str) -> String {
    format!("<tr><th scope=\"row\">{label}</th><td>{amount}</td></tr>\n")
}

/// An amount that was checked when it was booked; with its code and minor units if it were none after all.
pub(super) fn amount(minor: i64, currency: Currency) -> String {
    let english = Money::new(minor, currency)
        .ok()
        .and_then(|money| decimals(currency).map(|decimals| in_english(money, decimals)));
    escape(&english.unwrap_or_else(|| format!("{currency} {minor} (minor units)")))
}
