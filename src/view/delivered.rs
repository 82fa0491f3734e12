use farthing_flow::Delivered;
use yew::prelude::*;

use super::panel::{Panel, Tone, again, panel};
use super::{Act, Sale};
use crate::text;

/// The shop, or the provider, has what it needs to charge, until the time of day `until`. What it says of the charge is shown
/// as its word.
pub fn delivered(sale: Sale<'_>, delivered: &Delivered, until: &str, on: &Callback<Act>) -> Html {
    // The provider itself, where there is no shop's server that would.
    let payee = if sale.quote.price.is_some() {
        sale.provider()
    } else {
        sale.payee()
    };
    let hint = &delivered.hint;
    let mut body = vec![text::waiting(payee, &sale.total(), hint)];
    body.extend(
        delivered
            .host_said
            .map(|outcome| text::host_said(payee, sale.provider(), outcome)),
    );
    let rest = if delivered.again {
        body.push(text::not_charged_so_far(payee));
        again(text::say(text::AGAIN), on)
    } else {
        body.push(text::waiting_next(until));
        Html::default()
    };
    let tone = if delivered.again {
        Tone::Warning
    } else {
        Tone::Busy
    };
    panel(Panel {
        screen: "delivered",
        tone,
        sale: Some(sale),
        title: text::waiting_title(payee),
        body,
        rest,
    })
}
