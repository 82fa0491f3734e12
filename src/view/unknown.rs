use farthing_flow::Unknown;
use yew::prelude::*;

use super::panel::{Panel, Tone, again, panel};
use super::sale::row;
use super::{Act, Sale};
use crate::text;

/// A charge was tried, and its end is not known. The one screen that must keep the shopper from paying again.
pub fn unknown(sale: Sale<'_>, unknown: &Unknown, on: &Callback<Act>) -> Html {
    let looking = unknown.lookups_left > 0;
    let payee = sale.payee();
    let rest = html! {
        <>
            <dl class="facts">
                { row("charge", text::say(text::REFERENCE), unknown.charge.as_str().to_owned()) }
                { row("contact", payee, sale.contact()) }
            </dl>
            if !looking {
                { again(text::say(text::CHECK_AGAIN), on) }
            }
        </>
    };
    panel(Panel {
        screen: "unknown",
        tone: if looking { Tone::Busy } else { Tone::Warning },
        sale: Some(sale),
        title: text::say(text::UNKNOWN_TITLE).to_owned(),
        body: vec![
            text::unknown(payee, &sale.total()),
            text::unknown_next(sale.provider(), payee, looking),
        ],
        rest,
    })
}
