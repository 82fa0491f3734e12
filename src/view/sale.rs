use farthing_protocol::{Money, Quote};
use yew::prelude::*;

use super::TITLE_ID;
use crate::text;

/// How long a total fits on the narrowest screen in the largest letters, as `€100.00` does.
const LONG_BYTES: usize = 9;

/// A quote, with what makes a text of its amounts. Everything about money that is on the screen comes from here.
#[derive(Clone, Copy)]
pub struct Sale<'a> {
    pub quote: &'a Quote,
    /// Minor units of the quote's currency as the shopper reads them: `€1.50`.
    pub price: &'a dyn Fn(i64) -> String,
}

impl Sale<'_> {
    pub(super) fn payee(&self) -> &str {
        self.quote.payee.name.as_str()
    }

    pub(super) fn provider(&self) -> &str {
        self.quote.provider.as_str()
    }

    pub(super) fn contact(&self) -> String {
        self.quote.payee.contact.as_str().to_owned()
    }

    pub(super) fn total(&self) -> String {
        self.show(self.quote.total)
    }

    pub(super) fn show(&self, money: Money) -> String {
        (self.price)(money.minor())
    }

    /// Payee and total first, then what they are made of.
    pub(super) fn summary(&self) -> Html {
        let lines = &self.quote.lines;
        let total = self.total();
        // A total that breaks in two could be read as another one, so a long one is smaller.
        let long = (total.len() > LONG_BYTES).then_some("");
        html! {
            <header class="bill">
                { self.sandbox() }
                <h1 id={TITLE_ID} tabindex="-1">{ text::heading(self.payee()) }</h1>
                <p class="total" data-long={long}>{ &total }</p>
                <dl aria-label={text::ORDER}>
                    { for lines.iter().map(|line| row("line", line.label.as_str(), (self.price)(line.amount))) }
                    if lines.len() > 1 {
                        { row("sum", text::TOTAL, total) }
                    }
                </dl>
            </header>
        }
    }

    /// Said wherever an amount is: a sandbox that looks real would be a lie.
    pub(super) fn sandbox(&self) -> Html {
        html! { if self.quote.sandbox { <p class="sandbox">{ text::SANDBOX }</p> } }
    }
}

/// A name and what belongs to it.
pub(super) fn row(class: &'static str, name: &str, value: String) -> Html {
    html! { <div data-row={class}><dt>{ name.to_owned() }</dt><dd>{ value }</dd></div> }
}
