use farthing_flow::Challenged;
use farthing_protocol::MethodKind;
use yew::prelude::*;

use super::panel::{Panel, Tone, cancel, panel};
use super::{Act, Sale};
use crate::text;

/// The bank's question, or the phone company's, on a page of the provider's within this one: who is paid and how much is said there too.
pub fn challenged(sale: Sale<'_>, challenged: &Challenged, until: &str, on: &Callback<Act>) -> Html {
    let address = format!("/v1/challenges/{}", challenged.challenge.id);
    let by_phone = sale.offer.method.kind() == MethodKind::PhoneBill;
    let (title, body) = if by_phone {
        (
            text::PHONE_CHALLENGE_FRAME,
            text::phone_challenge(sale.payee(), &sale.total(), until),
        )
    } else {
        (
            text::CHALLENGE_FRAME,
            text::challenge(sale.payee(), &sale.total(), until),
        )
    };
    let rest = html! {
        <>
            <iframe class="bank" src={address} {title}></iframe>
            { cancel(on) }
        </>
    };
    panel(Panel {
        screen: "challenged",
        tone: Tone::Neutral,
        sale: Some(sale),
        title: text::CHALLENGE_TITLE.to_owned(),
        body: vec![body],
        rest,
    })
}
