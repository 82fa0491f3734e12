use farthing_flow::Missing;
use yew::prelude::*;

use super::{Bill, bill, field::card_field};
use crate::card::{Field, Marks};
use crate::text;

/// The id of the consent's check box.
pub const CONSENT_ID: &str = "consent";

/// How far the form is. It stays on the screen until the page has a token, so that nothing typed is lost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// To be filled in.
    Open,
    /// A token is asked for: locked.
    Paying,
    /// Nobody answered: locked, and to be sent again as it is.
    Unanswered,
}

pub struct Form {
    /// Another quote is another form: nothing typed goes over into it.
    pub key: AttrValue,
    pub bill: Bill,
    pub stage: Stage,
    pub marks: Marks,
    pub consented: bool,
    pub missing: Option<Missing>,
    /// Why the last try did not go through.
    pub notice: Option<text::Notice>,
    pub on_consent: Callback<bool>,
    /// “Pay”, or “Try again” when nobody answered.
    pub on_pay: Callback<()>,
    pub on_cancel: Callback<()>,
}

/// What is bought, the card's details, the consent, and the button.
pub fn form(props: &Form) -> Html {
    let Bill { payee, contact, provider, total, .. } = &props.bill;
    let locked = props.stage != Stage::Open;
    let paying = props.stage == Stage::Paying;
    let submit = props.on_pay.reform(|event: SubmitEvent| event.prevent_default());
    let label = match props.stage {
        Stage::Open => text::pay(total),
        Stage::Paying => text::paying(total),
        Stage::Unanswered => text::AGAIN.to_owned(),
    };
    html! {
        <section key={&*props.key} class="card form" data-screen="form" aria-busy={paying.then_some("true")}>
            { bill::summary(&props.bill) }
            <form novalidate={true} onsubmit={submit}>
                if let Some(notice) = props.notice {
                    <div class="banner"><strong>{ notice.title }</strong><p>{ notice.body }</p></div>
                }
                <fieldset disabled={locked}>
                    <legend class="unseen">{ text::CARD }</legend>
                    { card_field(Field::Number, &props.marks) }
                    <div class="pair">
                        { card_field(Field::Expiry, &props.marks) }
                        { card_field(Field::SecurityCode, &props.marks) }
                    </div>
                    { card_field(Field::Name, &props.marks) }
                    { consent(props) }
                </fieldset>
                <button id="pay" class="primary" type="submit" aria-disabled={paying.then_some("true")}>
                    { label }
                </button>
                <button id="cancel" class="quiet" type="button" disabled={locked}
                    onclick={props.on_cancel.reform(|_| ())}>{ text::CANCEL }</button>
                <p class="imprint">{ text::imprint(provider, payee) }{ " " }{ contact }</p>
            </form>
        </section>
    }
}

fn consent(props: &Form) -> Html {
    let missing = props.missing.is_some() && !props.consented;
    let on_consent = props.on_consent.clone();
    let consented = props.consented;
    html! {
        <div class="consent">
            <label>
                // Controlled: what is ticked is what the machine knows, and never more.
                <input id={CONSENT_ID} type="checkbox" checked={consented} required={true}
                    onchange={move |_| on_consent.emit(!consented)}
                    aria-describedby="consent-help" aria-invalid={missing.then_some("true")} />
                <span id="consent-text">{ &props.bill.consent }</span>
            </label>
            <p id="consent-help" class="help error">{ if missing { text::CONSENT_MISSING } else { "" } }</p>
        </div>
    }
}
