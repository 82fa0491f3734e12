use farthing_protocol::{ConsentId, ReceiptId};
use yew::prelude::*;

use super::{Bill, TITLE_ID, Tone, bill, mark};
use crate::text;

pub struct Completed<'a> {
    pub bill: Bill,
    /// What was charged, by the provider's books.
    pub total: String,
    pub receipt: &'a ReceiptId,
    pub consent: &'a ConsentId,
}

/// Paid, by the provider's word.
pub fn completed(props: &Completed<'_>) -> Html {
    html! {
        <section class="card notice" data-screen="completed" aria-labelledby={TITLE_ID}>
            { bill::sandbox(&props.bill) }
            { mark(Tone::Good) }
            <h1 id={TITLE_ID} tabindex="-1">{ text::paid_title(&props.total) }</h1>
            <p>{ text::paid(&props.bill.payee) }</p>
            <p class="links">
                { link("receipt", format!("/v1/receipts/{}", props.receipt), text::RECEIPT) }
                { link("consent-record", format!("/v1/consents/{}", props.consent), text::CONSENT_RECORD) }
            </p>
        </section>
    }
}

fn link(id: &'static str, href: String, label: &'static str) -> Html {
    html! {
        <a {id} {href} target="_blank" rel="noopener">
            { label }<span class="unseen">{ " " }{ text::NEW_TAB }</span>
        </a>
    }
}
