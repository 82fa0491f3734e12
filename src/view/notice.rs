use yew::prelude::*;

use super::panel::{Panel, Tone, again, panel};
use super::{Act, Sale};
use crate::text;

/// Refused, expired, unreachable, cancelled: what happened, and what to do next: a button where that can help,
/// and where it can't, whom to ask, if that is known.
pub fn notice(
    screen: &'static str,
    tone: Tone,
    notice: text::Notice,
    sale: Option<Sale<'_>>,
    on_again: Option<(&'static str, &Callback<Act>)>,
) -> Html {
    let rest = match (on_again, sale) {
        (Some((label, on)), _) => again(label, on),
        (None, Some(sale)) => html! { <p>{ text::contact(sale.payee(), &sale.contact()) }</p> },
        (None, None) => Html::default(),
    };
    panel(Panel {
        screen,
        tone,
        sale,
        title: notice.title.to_owned(),
        body: vec![notice.body.to_owned()],
        rest,
    })
}
