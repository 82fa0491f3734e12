use farthing_protocol::{Hint, HostOutcome};
use yew::prelude::*;

use super::{Bill, TITLE_ID, Tone, bill, mark};
use crate::text;

pub struct Delivered<'a> {
    pub bill: Bill,
    pub hint: &'a Hint,
    /// Until when the shop can charge, as a time of day.
    pub until: String,
    pub host_said: Option<HostOutcome>,
}

/// The shop has what it needs to charge, and has not said more, or nothing that is the provider's word.
pub fn delivered(props: &Delivered<'_>) -> Html {
    let Bill { payee, provider, total, .. } = &props.bill;
    html! {
        <section class="card notice" data-screen="delivered" aria-labelledby={TITLE_ID}>
            { bill::sandbox(&props.bill) }
            { mark(Tone::Busy) }
            <h1 id={TITLE_ID} tabindex="-1">{ text::waiting_title(payee) }</h1>
            <p>{ text::waiting(payee, total, props.hint.brand, props.hint.last_four.as_str()) }</p>
            if let Some(outcome) = props.host_said {
                <p>{ text::host_said(payee, provider, outcome) }</p>
            }
            <p>{ text::waiting_next(&props.until) }</p>
        </section>
    }
}
