use farthing_protocol::{Conditions, Money, Offer, Quote, UnixSeconds};
use farthing_text::Plural;
use yew::prelude::*;

use super::{Act, TITLE_ID, changed};
use crate::text;

/// How long a total fits on the narrowest screen in the largest letters, as `€100.00` does.
const LONG_BYTES: usize = 9;

/// A quote and the chosen one of its ways to pay, with what makes a text of amounts and days. Everything about
/// money that is on the screen comes from here.
#[derive(Clone, Copy)]
pub struct Sale<'a> {
    pub quote: &'a Quote,
    pub offer: &'a Offer,
    /// Minor units of the quote's currency as the shopper reads them: `€1.50`.
    pub price: &'a dyn Fn(i64) -> String,
    /// A day as the shopper reads it: `May 3, 2027`.
    pub day: fn(UnixSeconds) -> String,
    /// The form that a number takes.
    pub plural: fn(i64) -> Plural,
}

impl<'a> Sale<'a> {
    pub fn payee(&self) -> &'a str {
        self.quote.payee.name.as_str()
    }

    pub fn provider(&self) -> &'a str {
        self.quote.provider.as_str()
    }

    pub(super) fn contact(&self) -> String {
        self.quote.payee.contact.as_str().to_owned()
    }

    pub fn total(&self) -> String {
        self.show(self.offer.total)
    }

    pub fn show(&self, money: Money) -> String {
        (self.price)(money.minor())
    }

    /// Payee, who vouches for them, and the total first; then what it is made of.
    pub(super) fn summary(&self) -> Html {
        let (lines, fee) = (&self.quote.lines, self.offer.fee);
        let total = self.total();
        // A total that breaks in two could be read as another one, so a long one is smaller.
        let long = (total.len() > LONG_BYTES).then_some("");
        html! {
            <header class="bill">
                { self.sandbox() }
                <h1 id={TITLE_ID} tabindex="-1">{ text::heading(self.payee()) }</h1>
                <p class="note">{ self.vouched() }</p>
                <p class="total" data-long={long}>{ &total }</p>
                <dl aria-label={text::say(text::ORDER)}>
                    { for lines.iter().map(|line| row("line", line.label.as_str(), (self.price)(line.amount))) }
                    if fee > 0 {
                        { row("fee", text::fee_for(self.offer.method.kind()), (self.price)(fee)) }
                    }
                    if fee > 0 || lines.len() > 1 {
                        { row("sum", text::say(text::TOTAL), total) }
                    }
                </dl>
                if fee == 0 {
                    <p class="note">{ text::no_fee(self.payee()) }</p>
                }
            </header>
        }
    }

    fn vouched(&self) -> String {
        let vouched = &self.quote.accreditation;
        let origin = vouched.origin.as_str();
        let site = origin.split_once("//").map_or(origin, |(_, site)| site);
        text::vouched(vouched.accreditor.as_str(), site, &(self.day)(vouched.until))
    }

    /// Each way to pay, with what it adds and what else is to be known of it: said before any is chosen. Where there is
    /// one, there is nothing to choose, and `frame.css` leaves the button out.
    pub(super) fn ways(&self, on: &Callback<Act>) -> Html {
        html! {
            <fieldset class="ways" aria-label={text::say(text::WAYS)}>
                { for self.quote.methods.iter().map(|offer| {
                    let kind = offer.method.kind();
                    html! {
                        <label data-row={kind.as_str()}>
                            <input type="radio" name="way" checked={kind == self.offer.method.kind()}
                                onchange={changed(Act::Choose(kind), on)} />
                            { text::way(kind) }
                            <span>{ self.adds(offer) }</span>
                            <span class="note">{ self.conditions(offer) }</span>
                        </label>
                    }
                }) }
            </fieldset>
        }
    }

    fn adds(&self, offer: &Offer) -> String {
        match offer.fee {
            0 => text::say(text::NO_FEE).to_owned(),
            fee => text::adds(&(self.price)(fee)),
        }
    }

    fn conditions(&self, offer: &Offer) -> String {
        let Conditions {
            most,
            arrives_days,
            refundable_days,
        } = offer.conditions;
        let most = (most > 0).then(|| (self.price)(most));
        text::conditions(
            arrives_days.into(),
            refundable_days.into(),
            most.as_deref(),
            self.plural,
        )
    }

    /// Said wherever an amount is: a sandbox that looks real would be a lie.
    pub(super) fn sandbox(&self) -> Html {
        html! { if self.quote.sandbox { <p class="sandbox">{ text::say(text::SANDBOX) }</p> } }
    }
}

/// A name and what belongs to it.
pub(super) fn row(class: &'static str, name: &str, value: String) -> Html {
    html! { <div data-row={class}><dt>{ name.to_owned() }</dt><dd>{ value }</dd></div> }
}
