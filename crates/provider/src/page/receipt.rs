use axum::response::Response;
use farthing_protocol::{Bearer, Hint, Receipt, ReceiptReply, UnixSeconds};
use farthing_text::{frame, pages};

use super::{Reader, complaint, escape, page};

/// A receipt to read, to print and to check; and what came after it.
pub fn receipt(reply: &ReceiptReply, now: UnixSeconds, reader: Reader<'_>) -> Response {
    let receipt = &reply.receipt;
    let words = reader.pages();
    let sandbox = if receipt.sandbox {
        let words = reader.say(pages::RECEIPT_SANDBOX);
        format!("<p class=\"sandbox\">{words}</p>\n")
    } else {
        String::new()
    };
    let total = reader.amount(receipt.total.minor(), receipt.total.currency());
    let main = format!(
        "{sandbox}<h1>{title}</h1>\n<p class=\"total\">{total}</p>\n\
         <table>\n<caption>{bought}</caption>\n<tbody>\n{lines}</tbody>\n<tfoot>\n{sum}</tfoot>\n</table>\n\
         {refunds}\
         <dl>\n{facts}</dl>\n\
         {complaint}\
         <p class=\"links\"><a href=\"/v1/consents/{consent}\" download>{download}</a></p>\n\
         <details>\n<summary>{signed}</summary>\n<p>{proves}</p>\n<p><code dir=\"ltr\">{jws}</code></p>\n</details>",
        title = reader.say_as_frame(frame::RECEIPT),
        bought = reader.say(pages::RECEIPT_BOUGHT),
        lines = lines(receipt, reader),
        sum = row(reader.say_as_frame(frame::TOTAL), &total),
        refunds = refunds(reply, reader),
        facts = facts(receipt, reader),
        complaint = complaint::section(reply, now, reader),
        consent = receipt.consent,
        download = reader.say(pages::CONSENT_DOWNLOAD),
        signed = reader.say(pages::SIGNED_COPY),
        proves = words.signed_words(&format!(
            "<a href=\"/.well-known/jwks.json\">{}/.well-known/jwks.json</a>",
            escape(receipt.iss.as_str())
        )),
        jws = escape(&reply.jws),
    );
    let title = words.receipt_title(receipt.payee.name.as_str());
    page(&title, &main, reader)
}

/// Who, when, how, and who vouches for it.
fn facts(receipt: &Receipt, reader: Reader<'_>) -> String {
    let say = |key| reader.say(key);
    [
        (
            say(pages::LABEL_PAID_TO),
            reader.apart(receipt.payee.name.as_str()),
        ),
        (
            say(pages::LABEL_CONTACT),
            reader.apart(receipt.payee.contact.as_str()),
        ),
        (say(pages::LABEL_DATE), reader.time(receipt.paid_at)),
        paid_with(&receipt.hint, reader),
        (say(pages::LABEL_ORDER), reader.apart(receipt.order.as_str())),
        (
            reader.say_as_frame(frame::RECEIPT),
            format!("<code>{}</code>", receipt.id),
        ),
        (
            say(pages::LABEL_PAYMENT_BY),
            reader.apart(receipt.provider.as_str()),
        ),
        (say(pages::LABEL_VERIFIED_BY), vouched(receipt, reader)),
        (say(pages::LABEL_FEE), fee(receipt, reader)),
    ]
    .iter()
    .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n"))
    .collect()
}

/// What was bought, a fee that the shopper bore, and what the merchant did not take.
fn lines(receipt: &Receipt, reader: Reader<'_>) -> String {
    let currency = receipt.total.currency();
    let mut rows: String = receipt
        .lines
        .iter()
        .map(|line| {
            row(
                &reader.apart(line.label.as_str()),
                &reader.amount(line.amount, currency),
            )
        })
        .collect();
    let fee = match receipt.fee.bearer {
        Bearer::Shopper => receipt.fee.amount,
        Bearer::Merchant => 0,
    };
    if fee > 0 {
        rows += &row(reader.say(pages::FEE_ROW), &reader.amount(fee, currency));
    }
    let bought: i64 = receipt.lines.iter().map(|line| line.amount).sum();
    let left = bought + fee - receipt.total.minor();
    if left > 0 {
        let less = format!("−{}", reader.amount(left, currency));
        rows += &row(reader.say(pages::NOT_CHARGED), &less);
    }
    rows
}

fn fee(receipt: &Receipt, reader: Reader<'_>) -> String {
    let words = reader.pages();
    let amount = reader.amount(receipt.fee.amount, receipt.total.currency());
    match (receipt.fee.amount, receipt.fee.bearer) {
        (0, _) => reader.say(pages::FEE_NONE).to_owned(),
        (_, Bearer::Merchant) => words.fee_by_shop(&amount),
        (_, Bearer::Shopper) => words.fee_in_total(&amount),
    }
}

/// By which way, and what may be seen of the instrument.
fn paid_with(hint: &Hint, reader: Reader<'_>) -> (&'static str, String) {
    let words = reader.pages();
    let (way, seen) = match hint {
        Hint::Card { brand, last_four } => (
            frame::WAY_CARD,
            words.card_ending(brand.name(), &last_four.to_string()),
        ),
        Hint::BankAccount { country, last_four } => (
            frame::WAY_BANK,
            words.account_ending(&escape(country.as_str()), &last_four.to_string()),
        ),
        Hint::PhoneBill { carrier } => (frame::WAY_PHONE, reader.apart(carrier.as_str())),
    };
    (reader.say_as_frame(way), seen)
}

fn vouched(receipt: &Receipt, reader: Reader<'_>) -> String {
    let accreditation = &receipt.accreditation;
    reader.pages().verified_for(
        &escape(accreditation.accreditor.as_str()),
        &escape(accreditation.origin.as_str()),
    )
}

/// What went back, and what that leaves.
fn refunds(reply: &ReceiptReply, reader: Reader<'_>) -> String {
    if reply.refunds.is_empty() {
        return String::new();
    }
    let words = reader.pages();
    let total = reply.receipt.total;
    let back: i64 = reply.refunds.iter().map(|refund| refund.amount.minor()).sum();
    let rows: String = reply
        .refunds
        .iter()
        .map(|refund| {
            let date = reader.time(refund.at);
            let label = if refund.by_dispute {
                words.returned(&date)
            } else {
                words.refunded(&date)
            };
            row(&label, &reader.amount(refund.amount.minor(), total.currency()))
        })
        .collect();
    let left = match total.minor() - back {
        0 => reader.say(pages::NOTHING_LEFT).to_owned(),
        left => reader.amount(left, total.currency()),
    };
    format!(
        "<table>\n<caption>{}</caption>\n<tbody>\n{rows}</tbody>\n<tfoot>\n{}</tfoot>\n</table>\n",
        reader.say(pages::REFUNDS),
        row(reader.say(pages::PAID_IN_THE_END), &left)
    )
}

pub(super) fn row(label: &str, amount: &str) -> String {
    format!("<tr><th scope=\"row\">{label}</th><td>{amount}</td></tr>\n")
}
