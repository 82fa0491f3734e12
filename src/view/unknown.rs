use farthing_protocol::ChargeId;
use yew::prelude::*;

use super::{Bill, TITLE_ID, Tone, bill, mark};
use crate::text;

pub struct Unknown<'a> {
    pub bill: Bill,
    pub charge: &'a ChargeId,
    /// Whether the provider is still asked from time to time.
    pub looking: bool,
    pub on_again: Callback<()>,
}

/// A charge was tried, and its end is not known. The one screen that must keep the shopper from paying again.
pub fn unknown(props: &Unknown<'_>) -> Html {
    let Bill { payee, contact, provider, total, .. } = &props.bill;
    html! {
        <section class="card notice" data-screen="unknown" aria-labelledby={TITLE_ID}>
            { bill::sandbox(&props.bill) }
            { mark(if props.looking { Tone::Busy } else { Tone::Warning }) }
            <h1 id={TITLE_ID} tabindex="-1">{ text::UNKNOWN_TITLE }</h1>
            <p>{ text::unknown(payee, total) }</p>
            <p>{ text::unknown_next(provider, payee, props.looking) }</p>
            <dl class="facts">
                <div><dt>{ text::REFERENCE }</dt><dd id="charge" translate="no">{ props.charge.as_str() }</dd></div>
                <div><dt>{ payee }</dt><dd>{ contact }</dd></div>
            </dl>
            if !props.looking {
                <button id="again" class="primary" type="button" onclick={props.on_again.reform(|_| ())}>
                    { text::CHECK_AGAIN }
                </button>
            }
        </section>
    }
}
