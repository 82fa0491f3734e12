use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use farthing_protocol::{
    Code, DisputeReason, DisputeStatus, ReceiptDispute, ReceiptReply, UnixSeconds, limits,
};

use super::{date::date, escape, notice_with, receipt::amount};
use crate::http::Failure;

/// What a receipt says about objecting: the form while there is time, or how the complaint stands.
pub(super) fn section(reply: &ReceiptReply, now: UnixSeconds) -> String {
    match &reply.dispute {
        Some(dispute) => standing(reply, dispute),
        None if now < reply.receipt.objection.until && left(reply) > 0 => form(reply),
        None => String::new(),
    }
}

/// The page after a complaint that was not taken; nothing for those that are no shopper's fault.
pub fn complaint_refused(code: Code, back: &str, request: &HeaderMap) -> Option<Response> {
    let words = match code {
        Code::DisputeTooLate => "The time to complain here has passed. Ask the shop, or your card's bank.",
        Code::DisputeNothingLeft => "All of this payment has gone back to you already.",
        Code::DisputeWordsMissing => {
            "Say in a few words what is wrong, in at most 500 characters. Nothing was sent yet."
        }
        Code::WordsHoldNumber => {
            "What you wrote holds what looks like a card number. Leave it out: nobody needs it. \
                                  Nothing was sent yet."
        }
        Code::BodyMalformed => "Choose what is wrong. Nothing was sent yet.",
        Code::Busy => "Too much is going on here right now. Nothing was sent yet; try again in a moment.",
        _ => return None,
    };
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let link = format!("<p><a href=\"{}\">Back to the receipt</a></p>", escape(back));
    let mut response = notice_with(status, "Your complaint was not sent", words, &link, request);
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

fn form(reply: &ReceiptReply) -> String {
    let receipt = &reply.receipt;
    let reasons: String = DisputeReason::ALL
        .iter()
        .map(|reason| {
            format!(
                "<label><input type=\"radio\" name=\"reason\" value=\"{}\" required> {}</label>\n",
                reason.as_str(),
                in_words(*reason)
            )
        })
        .collect();
    format!(
        "<details class=\"complaint\">\n<summary>Something is wrong with this payment</summary>\n\
         <form method=\"post\" action=\"/v1/receipts/{id}/disputes\">\n\
         <fieldset>\n<legend>What is wrong?</legend>\n{reasons}</fieldset>\n\
         <label for=\"words\">In your own words <span class=\"soft\">(needed for “something else”)</span></label>\n\
         <textarea id=\"words\" name=\"words\" rows=\"4\" maxlength=\"{most}\" aria-describedby=\"words-help\"></textarea>\n\
         <p id=\"words-help\" class=\"soft\">{payee} reads this. Don't write your card number.</p>\n\
         <button type=\"submit\">Send complaint</button>\n\
         <p class=\"soft\">You can complain until <time datetime=\"{machine}\">{human}</time>. {amount} is held until it is settled. \
         If {payee} does not answer in 7 days, it goes back to your card.</p>\n</form>\n</details>\n",
        id = receipt.id,
        most = limits::WORDS_CHARS,
        payee = escape(receipt.payee.name.as_str()),
        amount = amount(left(reply), receipt.total.currency()),
        machine = date(receipt.objection.until).1,
        human = date(receipt.objection.until).0,
    )
}

fn standing(reply: &ReceiptReply, dispute: &ReceiptDispute) -> String {
    let receipt = &reply.receipt;
    let payee = escape(receipt.payee.name.as_str());
    let provider = escape(receipt.provider.as_str());
    let amount = amount(dispute.amount.minor(), dispute.amount.currency());
    let time = |at| {
        let (human, machine) = date(at);
        format!("<time datetime=\"{machine}\">{human}</time>")
    };
    let now = match &dispute.status {
        DisputeStatus::Open { answer_by } => format!(
            "<p>{amount} is held. {payee} can answer until {}. With no answer, it goes back to your card.</p>",
            time(*answer_by)
        ),
        DisputeStatus::Contested { answer, answered_at } => format!(
            "<p>{payee} does not agree, and wrote on {}:</p>\n<blockquote>{}</blockquote>\n\
             <p>{provider} decides now. {amount} stays held until then.</p>",
            time(*answered_at),
            escape(answer.as_str())
        ),
        DisputeStatus::Returning {} => format!("<p>{amount} is on its way back to your card.</p>"),
        DisputeStatus::Returned { at } => {
            format!("<p>{amount} went back to your card on {}.</p>", time(*at))
        }
        DisputeStatus::Rejected { at } => format!(
            "<p>{provider} decided on {} that the payment stands. You can still ask your card's bank.</p>",
            time(*at)
        ),
    };
    format!(
        "<section class=\"complaint\" aria-labelledby=\"complaint\">\n<h2 id=\"complaint\">Your complaint</h2>\n\
         <p>On {}, you said: {}.</p>\n{now}\n</section>\n",
        time(dispute.opened_at),
        in_words(dispute.reason)
    )
}

fn in_words(reason: DisputeReason) -> &'static str {
    match reason {
        DisputeReason::NotReceived => "I did not get what I paid for",
        DisputeReason::NotAsDescribed => "It is not what was described",
        DisputeReason::ChargedTwice => "I was charged twice",
        DisputeReason::NotMine => "I did not make this payment",
        DisputeReason::Other => "Something else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_that_can_be_sent_again_says_when() {
        let wait = |code| {
            let page = complaint_refused(code, "/v1/receipts/rcp_1", &HeaderMap::new()).unwrap();
            page.headers().get(header::RETRY_AFTER).cloned()
        };
        assert_eq!(wait(Code::Busy).unwrap(), "1");
        assert_eq!(wait(Code::DisputeTooLate), None);
    }
}
