use yew::prelude::*;

use super::panel::{Panel, Tone, again, panel};
use super::{Act, Sale};
use crate::text;

/// Refused, expired, unreachable, cancelled: what happened, and what to do next. “Try again” is there where
/// that can help, and the shop's contact where the shop is known.
pub fn notice(
    screen: &'static str,
    tone: Tone,
    notice: text::Notice,
    sale: Option<Sale<'_>>,
    on_again: Option<&Callback<Act>>,
) -> Html {
    let rest = html! {
        <>
            if let Some(sale) = sale {
                <p class="contact">{ sale.contact() }</p>
            }
            { on_again.map(|on| again(text::AGAIN, on)) }
        </>
    };
    panel(Panel { screen, tone, sale, title: notice.title.to_owned(), body: vec![notice.body.to_owned()], rest })
}
