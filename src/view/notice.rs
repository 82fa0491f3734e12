use yew::prelude::*;

use super::{TITLE_ID, mark};
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

impl Tone {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Neutral => "neutral",
            Self::Warning => "warning",
            Self::Busy => "busy",
        }
    }
}

pub struct Notice {
    /// Names the screen for tests.
    pub screen: &'static str,
    pub notice: text::Notice,
    pub tone: Tone,
    /// Whom to ask, where only the shop can help.
    pub contact: Option<String>,
    /// “Try again”, where that can help.
    pub on_again: Option<Callback<()>>,
}

/// Refused, expired, unreachable, cancelled: what happened, and what to do next.
pub fn notice(props: &Notice) -> Html {
    html! {
        <section class="card notice" data-screen={props.screen} aria-labelledby={TITLE_ID}>
            { mark(props.tone) }
            <h1 id={TITLE_ID} tabindex="-1">{ props.notice.title }</h1>
            <p>{ props.notice.body }</p>
            if let Some(contact) = &props.contact {
                <p class="contact">{ contact }</p>
            }
            if let Some(again) = &props.on_again {
                <button id="again" class="primary" type="button" onclick={again.reform(|_| ())}>
                    { text::AGAIN }
                </button>
            }
        </section>
    }
}
