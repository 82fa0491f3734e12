use farthing_flow::Completed;
use yew::prelude::*;

use super::Sale;
use super::panel::{Panel, Tone, panel};
use crate::text;

/// Paid or reserved, by the provider's word.
pub fn completed(sale: Sale<'_>, completed: &Completed) -> Html {
    let paid = completed.receipt.is_some();
    let rest = html! {
        <p class="links">
            if let Some(receipt) = &completed.receipt {
                { link("receipt", ["/v1/receipts/", receipt.as_str()].concat(), text::say(text::RECEIPT)) }
            }
            { link("consent-record", ["/v1/consents/", completed.consent.as_str()].concat(), text::say(text::CONSENT_RECORD)) }
        </p>
    };
    panel(Panel {
        screen: "completed",
        tone: Tone::Good,
        sale: Some(sale),
        title: text::completed_title(&sale.show(completed.total), paid),
        body: vec![text::completed(sale.payee(), paid)],
        rest,
    })
}

fn link(id: &'static str, href: String, label: &'static str) -> Html {
    html! {
        <a {id} {href} target="_blank" rel="noopener">
            { label }<span class="unseen">{ text::say(text::NEW_TAB) }</span>
        </a>
    }
}
