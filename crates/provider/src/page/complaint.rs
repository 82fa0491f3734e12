use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use farthing_protocol::{
    Code, DisputeReason, DisputeStatus, ReceiptDispute, ReceiptReply, UnixSeconds, limits,
};
use farthing_text::{Key, Notice, pages, pages::Pages};

use super::{Reader, escape, notice_with};
use crate::http::Failure;

/// What a receipt says about objecting: the form while there is time, or how the complaint stands.
pub(super) fn section(reply: &ReceiptReply, now: UnixSeconds, reader: Reader<'_>) -> String {
    match &reply.dispute {
        Some(dispute) => standing(reply, dispute, reader),
        None if now < reply.receipt.objection.until && left(reply) > 0 => form(reply, reader),
        None => String::new(),
    }
}

/// The page after a complaint that was not taken; nothing for those that are no shopper's fault.
pub fn complaint_refused(code: Code, back: &str, reader: Reader<'_>) -> Option<Response> {
    let words = match code {
        Code::DisputeTooLate => pages::COMPLAINT_LATE,
        Code::DisputeNothingLeft => pages::COMPLAINT_NOTHING_LEFT,
        Code::DisputeWordsMissing => pages::COMPLAINT_WORDS_MISSING,
        Code::WordsHoldNumber => pages::COMPLAINT_WORDS_NUMBER,
        Code::BodyMalformed => pages::COMPLAINT_REASON_MISSING,
        Code::Busy => pages::COMPLAINT_BUSY,
        _ => return None,
    };
    let said = Notice {
        title: reader.say(pages::COMPLAINT_UNSENT),
        body: reader.say(words),
    };
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let link = format!(
        "<p><a href=\"{}\">{}</a></p>",
        escape(back),
        reader.say(pages::RECEIPT_BACK)
    );
    let mut response = notice_with(status, said, &link, reader);
    if let Some(seconds) = Failure::from(code).retry_after_s() {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(u16::from(seconds)));
    }
    Some(response)
}

fn left(reply: &ReceiptReply) -> i64 {
    let back: i64 = reply.refunds.iter().map(|refund| refund.amount.minor()).sum();
    reply.receipt.total.minor() - back
}

fn form(reply: &ReceiptReply, reader: Reader<'_>) -> String {
    let receipt = &reply.receipt;
    let words = reader.pages();
    let payee = escape(receipt.payee.name.as_str());
    let reasons: String = DisputeReason::ALL
        .iter()
        .map(|reason| {
            format!(
                "<label><input type=\"radio\" name=\"reason\" value=\"{}\" required> {}</label>\n",
                reason.as_str(),
                reader.say(in_words(*reason))
            )
        })
        .collect();
    format!(
        "<details class=\"complaint\">\n<summary>{summary}</summary>\n\
         <form method=\"post\" action=\"/v1/receipts/{id}/disputes{query}\">\n\
         <fieldset>\n<legend>{asked}</legend>\n{reasons}</fieldset>\n\
         <label for=\"words\">{own} <span class=\"soft\">{needed}</span></label>\n\
         <textarea id=\"words\" name=\"words\" dir=\"auto\" rows=\"4\" maxlength=\"{most}\" aria-describedby=\"words-help\"></textarea>\n\
         <p id=\"words-help\" class=\"soft\">{help}</p>\n\
         <button type=\"submit\">{send}</button>\n\
         <p class=\"soft\">{until}</p>\n</form>\n</details>\n",
        summary = reader.say(pages::COMPLAINT),
        id = receipt.id,
        query = reader.query(),
        asked = reader.say(pages::COMPLAINT_REASON),
        own = reader.say(pages::COMPLAINT_WORDS),
        needed = reader.say(pages::COMPLAINT_WORDS_NEEDED),
        most = limits::WORDS_CHARS,
        help = words.complaint_words_help(&payee),
        send = reader.say(pages::COMPLAINT_SEND),
        until = words.complaint_until(
            &reader.amount(left(reply), receipt.total.currency()),
            &payee,
            &reader.time(receipt.objection.until),
        ),
    )
}

fn standing(reply: &ReceiptReply, dispute: &ReceiptDispute, reader: Reader<'_>) -> String {
    let receipt = &reply.receipt;
    let words = reader.pages();
    let payee = escape(receipt.payee.name.as_str());
    let provider = escape(receipt.provider.as_str());
    let amount = reader.amount(dispute.amount.minor(), dispute.amount.currency());
    let time = |at| reader.time(at);
    let now = match &dispute.status {
        DisputeStatus::Open { answer_by } => words.complaint_open(&amount, &payee, &time(*answer_by)),
        DisputeStatus::Contested { answer, answered_at } => format!(
            "{}</p>\n<blockquote dir=\"auto\">{}</blockquote>\n<p>{}",
            words.complaint_contested(&time(*answered_at), &payee),
            escape(answer.as_str()),
            words.complaint_deciding(&amount, &provider),
        ),
        DisputeStatus::Returning {} => words.complaint_returning(&amount),
        DisputeStatus::Returned { at } => words.complaint_returned(&amount, &time(*at)),
        DisputeStatus::Rejected { at } => words.complaint_rejected(&time(*at), &provider),
    };
    format!(
        "<section class=\"complaint\" aria-labelledby=\"complaint\">\n<h2 id=\"complaint\">{yours}</h2>\n\
         <p>{said}</p>\n<p>{now}</p>\n</section>\n",
        yours = reader.say(pages::COMPLAINT_YOURS),
        said = words.complaint_said(&time(dispute.opened_at), reader.say(in_words(dispute.reason))),
    )
}

const fn in_words(reason: DisputeReason) -> Key<Pages> {
    match reason {
        DisputeReason::NotReceived => pages::REASON_NOT_RECEIVED,
        DisputeReason::NotAsDescribed => pages::REASON_NOT_AS_DESCRIBED,
        DisputeReason::ChargedTwice => pages::REASON_CHARGED_TWICE,
        DisputeReason::NotMine => pages::REASON_NOT_MINE,
        DisputeReason::Other => pages::REASON_OTHER,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use farthing_protocol::Language;

    use super::*;

    #[test]
    fn a_complaint_that_can_be_sent_again_says_when() {
        let request = HeaderMap::new();
        let wait = |code| {
            let page =
                complaint_refused(code, "/v1/receipts/rcp_1", Reader::new(Language::En, &request)).unwrap();
            page.headers().get(header::RETRY_AFTER).cloned()
        };
        assert_eq!(wait(Code::Busy).unwrap(), "1");
        assert_eq!(wait(Code::DisputeTooLate), None);
    }
}
