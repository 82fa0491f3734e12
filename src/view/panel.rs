use yew::prelude::*;

use super::{Act, Sale, TITLE_ID};
use crate::text;

/// What a screen looks like at a glance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// It is done.
    Good,
    /// It is not, and nothing happened.
    Neutral,
    /// Something needs the shopper's attention.
    Warning,
    /// It goes on.
    Busy,
}

/// Every screen but the form: a mark, a heading, what happened and what to do next.
pub(super) struct Panel<'a> {
    /// Names the screen for tests.
    pub screen: &'static str,
    pub tone: Tone,
    pub sale: Option<Sale<'a>>,
    pub title: String,
    pub body: Vec<String>,
    /// Links, references, the button.
    pub rest: Html,
}

pub(super) fn panel(panel: Panel<'_>) -> Html {
    let mark = match panel.tone {
        Tone::Good => "good",
        Tone::Neutral => "neutral",
        Tone::Warning => "warning",
        Tone::Busy => "busy",
    };
    html! {
        <section class="card notice" data-screen={panel.screen} aria-labelledby={TITLE_ID}>
            { panel.sale.map(|sale| sale.sandbox()) }
            <div class="mark" data-tone={mark} aria-hidden="true"></div>
            <h1 id={TITLE_ID} tabindex="-1">{ panel.title }</h1>
            { for panel.body.into_iter().map(|text| html! { <p>{ text }</p> }) }
            { panel.rest }
        </section>
    }
}

pub(super) fn again(label: &'static str, on: &Callback<Act>) -> Html {
    html! {
        <button id="again" class="primary" type="button" onclick={on.reform(|_| Act::Again)}>{ label }</button>
    }
}

pub(super) fn cancel(on: &Callback<Act>) -> Html {
    html! {
        <button id="cancel" class="quiet" type="button" onclick={on.reform(|_| Act::Cancel)}>{ text::say(text::CANCEL) }</button>
    }
}
