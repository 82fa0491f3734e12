use yew::prelude::*;

use crate::text;

/// Waiting for the order, or for its price. Looks like the static page that it takes the place of.
pub fn loading() -> Html {
    html! {
        <section class="card notice" data-screen="loading">
            <div class="mark" data-tone="busy" aria-hidden="true"></div>
            <p>{ text::say(text::LOADING) }</p>
            <p class="slow">{ text::say(text::SLOW) }</p>
        </section>
    }
}
