use farthing_protocol::{Currency, Quote};
use yew::prelude::*;

use super::TITLE_ID;
use crate::text;

/// A quote as it is shown: the amounts as text. Everything about money that is on the screen is in here.
#[derive(Clone, Debug, PartialEq)]
pub struct Bill {
    pub payee: AttrValue,
    pub contact: AttrValue,
    pub provider: AttrValue,
    pub sandbox: bool,
    pub lines: Vec<(AttrValue, AttrValue)>,
    pub total: AttrValue,
    pub consent: AttrValue,
}

impl Bill {
    /// `show` makes a text of minor units, their currency, and the currency's decimals.
    pub fn of(quote: &Quote, show: impl Fn(i64, Currency, u8) -> String) -> Self {
        let currency = quote.total.currency();
        let price = |minor| AttrValue::from(show(minor, currency, quote.decimals));
        let lines = quote.lines.iter();
        Self {
            payee: shared(quote.payee.name.as_str()),
            contact: shared(quote.payee.contact.as_str()),
            provider: shared(quote.provider.as_str()),
            sandbox: quote.sandbox,
            lines: lines.map(|line| (shared(line.label.as_str()), price(line.amount))).collect(),
            total: price(quote.total.minor()),
            consent: shared(&quote.consent.text),
        }
    }
}

fn shared(text: &str) -> AttrValue {
    AttrValue::from(text.to_owned())
}

/// Payee and total first, then what they are made of.
pub(super) fn summary(bill: &Bill) -> Html {
    html! {
        <header class="bill">
            { sandbox(bill) }
            <h1 id={TITLE_ID} tabindex="-1">{ text::heading(&bill.payee) }</h1>
            <p class="total">{ &bill.total }</p>
            <dl aria-label={text::ORDER}>
                for (label, price) in &bill.lines {
                    <div><dt>{ label }</dt><dd>{ price }</dd></div>
                }
                if bill.lines.len() > 1 {
                    <div class="sum"><dt>{ text::TOTAL }</dt><dd>{ &bill.total }</dd></div>
                }
            </dl>
        </header>
    }
}

/// Said wherever an amount is: a sandbox that looks real would be a lie.
pub(super) fn sandbox(bill: &Bill) -> Html {
    html! { if bill.sandbox { <p class="sandbox">{ text::SANDBOX }</p> } }
}
