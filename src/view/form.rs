use farthing_flow::Missing;
use yew::prelude::*;

use super::field::field;
use super::{Act, Sale, changed};
use crate::details::{Field, Marks};
use crate::text;

/// The id of the consent's check box.
pub const CONSENT_ID: &str = "consent";

/// How far the form is. It stays on the screen until the page has a token, so that nothing typed is lost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// To be filled in.
    Open,
    /// Another order has come, and not yet its price: to be filled in, and not to be paid.
    Renewing,
    /// A token is asked for: locked.
    Paying,
    /// Nobody answered: locked, and to be sent again as it is.
    Unanswered,
}

/// How the form stands, beside what is typed into it.
pub struct Form {
    pub stage: Stage,
    pub consented: bool,
    pub missing: Option<Missing>,
    /// Why the last try did not go through.
    pub notice: Option<text::Notice>,
}

/// What is bought, the ways to pay, the details for the chosen one, the consent, and the button.
pub fn form(sale: Sale<'_>, form: &Form, marks: &Marks, on: &Callback<Act>) -> Html {
    let paying = form.stage == Stage::Paying;
    let open = matches!(form.stage, Stage::Open | Stage::Renewing);
    let chosen = sale.offer.method.kind();
    let label = match form.stage {
        Stage::Open => text::pay(&sale.total()),
        Stage::Renewing => text::LOADING.to_owned(),
        Stage::Paying => text::paying(&sale.total()),
        Stage::Unanswered => text::AGAIN.to_owned(),
    };
    let submit = on.reform(|event: SubmitEvent| {
        event.prevent_default();
        Act::Pay
    });
    html! {
        <section class="card form" data-screen="form">
            { sale.summary() }
            <form novalidate=true onsubmit={submit}>
                if let Some(notice) = form.notice {
                    <div class="banner"><strong>{ notice.title }</strong><p>{ notice.body }</p></div>
                }
                <fieldset disabled={!open}>
                    { sale.ways(on) }
                    // Hidden and not gone: the document alone holds what was typed into the others.
                    { for sale.quote.methods.iter().map(|offer| {
                        let kind = offer.method.kind();
                        let fields = Field::ALL.into_iter().filter(|field| field.method() == kind);
                        html! {
                            <fieldset id={kind.as_str()} class="fields" hidden={kind != chosen}
                                aria-label={text::way(kind)}>
                                { for fields.map(|one| field(one, marks, &offer.method)) }
                            </fieldset>
                        }
                    }) }
                    { consent(sale, form, on) }
                </fieldset>
                // Not disabled while paying: it would lose the focus, and a screen reader its place.
                <button id="pay" class="primary" type="submit" aria-disabled={(form.stage == Stage::Renewing || paying).then_some("true")}>
                    { label }
                </button>
                <button id="cancel" class="quiet" type="button" disabled={paying}
                    onclick={on.reform(|_| Act::Cancel)}>{ text::CANCEL }</button>
                <p class="imprint">{ text::imprint(sale.provider(), sale.payee(), &sale.contact()) }</p>
            </form>
        </section>
    }
}

fn consent(sale: Sale<'_>, form: &Form, on: &Callback<Act>) -> Html {
    let consented = form.consented;
    let missing = form.missing.is_some() && !consented;
    html! {
        <div class="consent">
            <label>
                // Controlled: what is ticked is what the machine knows, and never more.
                <input id={CONSENT_ID} type="checkbox" checked={consented} required=true
                    onchange={changed(Act::Consent(!consented), on)}
                    aria-describedby="consent-help" aria-invalid={missing.then_some("true")} />
                <span id="consent-text">{ sale.offer.consent.text.clone() }</span>
            </label>
            <p id="consent-help" class="help" data-error="">{ if missing { text::CONSENT_MISSING } else { "" } }</p>
        </div>
    }
}
