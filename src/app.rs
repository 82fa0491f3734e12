//! The checkout: flow in, screen out.

use std::rc::Rc;

use farthing_flow::{Event, Lost, Missing, Ready, State};
use farthing_protocol::{Code, Money, Quote};
use yew::prelude::*;

use crate::browser::intl;
use crate::hooks::{CardForm, Shell, use_bridge, use_card_form, use_flow, use_title_focus};
use crate::text;
use crate::view::{self, Bill, Completed, Delivered, Form, Notice, Stage, Tone, Unknown};

/// The whole frame.
#[component]
pub fn Checkout() -> Html {
    let (state, shell) = use_flow();
    use_bridge(&shell);
    let card = use_card_form(form_quote(&state).map(|quote| quote.id.clone()), &shell);
    use_title_focus(screen_name(&state), &shell);
    html! {
        <>
            // Always there: a live region that comes together with its message is not read out.
            <p id="status" class="unseen" role="status" aria-live="polite">{ announcement(&state) }</p>
            { screen(&state, card, &shell) }
        </>
    }
}

fn screen(state: &State, card: CardForm, shell: &Rc<Shell>) -> Html {
    match state {
        State::Loading => view::loading(),
        State::Ready(Ready { quote, consented, missing, notice, .. }) => {
            let notice = notice.map(text::refusal);
            form(quote, (Stage::Open, *consented, *missing, notice), card, shell)
        }
        State::Sealing(sealing) => form(&sealing.quote, (Stage::Paying, true, None, None), card, shell),
        State::Unreachable(Lost::Token(quote)) => {
            form(quote, (Stage::Unanswered, true, None, Some(text::NO_TOKEN)), card, shell)
        }
        State::Delivered(delivered) => view::delivered(&Delivered {
            bill: bill(&delivered.quote),
            hint: &delivered.hint,
            until: intl::time_of_day(delivered.expires_at),
            host_said: delivered.host_said,
        }),
        State::Unknown(unknown) => view::unknown(&Unknown {
            bill: bill(&unknown.quote),
            charge: &unknown.charge,
            looking: unknown.lookups_left > 0,
            on_again: on(shell, || Event::AgainPressed),
        }),
        State::Completed(completed) => view::completed(&Completed {
            bill: bill(&completed.quote),
            total: show(completed.total, &completed.quote),
            receipt: &completed.receipt,
            consent: &completed.consent,
        }),
        State::Refused(refused) => {
            let tone = if refused.code == Code::OrderPaid { Tone::Good } else { Tone::Warning };
            notice("refused", text::refusal(refused.code), tone, refused.again, refused.quote.as_deref(), shell)
        }
        State::Expired => notice("expired", text::EXPIRED, Tone::Neutral, true, None, shell),
        State::Unreachable(Lost::Quote) => notice("unreachable", text::NO_QUOTE, Tone::Warning, true, None, shell),
        State::Cancelled => notice("cancelled", text::CANCELLED, Tone::Neutral, true, None, shell),
    }
}

fn form(
    quote: &Quote,
    (stage, consented, missing, notice): (Stage, bool, Option<Missing>, Option<text::Notice>),
    card: CardForm,
    shell: &Rc<Shell>,
) -> Html {
    let CardForm { marks, on_pay } = card;
    let on_consent = {
        let shell = Rc::clone(shell);
        Callback::from(move |consented| shell.dispatch(Event::ConsentChanged(consented)))
    };
    let on_cancel = on(shell, || Event::CancelPressed);
    let (key, bill) = (quote.id.as_str().to_owned().into(), bill(quote));
    view::form(&Form { key, bill, stage, marks, consented, missing, notice, on_consent, on_pay, on_cancel })
}

fn notice(
    screen: &'static str,
    notice: text::Notice,
    tone: Tone,
    again: bool,
    quote: Option<&Quote>,
    shell: &Rc<Shell>,
) -> Html {
    let contact = quote.map(|quote| quote.payee.contact.as_str().to_owned());
    let on_again = again.then(|| on(shell, || Event::AgainPressed));
    view::notice(&Notice { screen, notice, tone, contact, on_again })
}

/// What is read out when the screen changes.
fn announcement(state: &State) -> String {
    let read = |notice: text::Notice| format!("{}. {}", notice.title, notice.body);
    match state {
        State::Loading => text::LOADING.to_owned(),
        State::Ready(ready) => ready.notice.map_or_else(|| text::READY.to_owned(), |code| read(text::refusal(code))),
        State::Sealing(sealing) => text::paying(&show(sealing.quote.total, &sealing.quote)),
        State::Delivered(delivered) => match delivered.host_said {
            Some(outcome) => {
                text::host_said(delivered.quote.payee.name.as_str(), delivered.quote.provider.as_str(), outcome)
            }
            None => text::waiting_title(delivered.quote.payee.name.as_str()),
        },
        State::Unknown(unknown) => format!(
            "{}. {}",
            text::UNKNOWN_TITLE,
            text::unknown(unknown.quote.payee.name.as_str(), &show(unknown.quote.total, &unknown.quote))
        ),
        State::Completed(completed) => text::paid_title(&show(completed.total, &completed.quote)),
        State::Refused(refused) => read(text::refusal(refused.code)),
        State::Expired => read(text::EXPIRED),
        State::Unreachable(Lost::Quote) => read(text::NO_QUOTE),
        State::Unreachable(Lost::Token(_)) => read(text::NO_TOKEN),
        State::Cancelled => read(text::CANCELLED),
    }
}

/// The screen that a state is shown on: the focus moves when this changes.
fn screen_name(state: &State) -> &'static str {
    match state {
        State::Loading => "loading",
        State::Ready(_) | State::Sealing(_) | State::Unreachable(Lost::Token(_)) => "form",
        State::Delivered(_) => "delivered",
        State::Unknown(_) => "unknown",
        State::Completed(_) => "completed",
        State::Refused(_) => "refused",
        State::Expired => "expired",
        State::Unreachable(Lost::Quote) => "unreachable",
        State::Cancelled => "cancelled",
    }
}

/// The quote of the form, where the form is on the screen.
fn form_quote(state: &State) -> Option<&Rc<Quote>> {
    match state {
        State::Ready(ready) => Some(&ready.quote),
        State::Sealing(sealing) => Some(&sealing.quote),
        State::Unreachable(Lost::Token(quote)) => Some(quote),
        _ => None,
    }
}

fn bill(quote: &Quote) -> Bill {
    Bill::of(quote, intl::money)
}

fn show(money: Money, quote: &Quote) -> String {
    intl::money(money.minor(), money.currency(), quote.decimals)
}

fn on(shell: &Rc<Shell>, event: impl Fn() -> Event + 'static) -> Callback<()> {
    let shell = Rc::clone(shell);
    Callback::from(move |()| shell.act(event()))
}
