use farthing_flow::Completed;
use yew::prelude::*;

use super::Sale;
use super::panel::{Panel, Tone, panel};
use crate::text;

/// Paid, by the provider's word.
pub fn completed(sale: Sale<'_>, completed: &Completed) -> Html {
    let rest = html! {
        <p class="links">
            { link("receipt", ["/v1/receipts/", completed.receipt.as_str()].concat(), text::RECEIPT) }
            { link("consent-record", ["/v1/consents/", completed.consent.as_str()].concat(), text::CONSENT_RECORD) }
        </p>
    };
    panel(Panel {
        screen: "completed",
        tone: Tone::Good,
        sale: Some(sale),
        title: text::paid_title(&sale.show(completed.total)),
        body: vec![text::paid(sale.payee())],
        rest,
    })
}

fn link(id: &'static str, href: String, label: &'static str) -> Html {
    html! {
        <a {id} {href} target="_blank" rel="noopener">
            { label }<span class="unseen">{ text::NEW_TAB }</span>
        </a>
    }
}
