//! The checkout: flow in, screen out.

use std::rc::Rc;

use farthing_flow::{Event, Lost, State};
use farthing_protocol::{Code, Quote};
use yew::prelude::*;

use crate::browser::intl;
use crate::card::Marks;
use crate::hooks::{Shell, pay, use_bridge, use_card_form, use_flow, use_title_focus};
use crate::text;
use crate::view::{self, Act, Form, Sale, Stage, Tone};

/// The whole frame.
#[component]
pub fn Checkout() -> Html {
    let shell = use_flow();
    use_bridge(&shell);
    use_card_form(&shell);
    use_title_focus(screen_name(&shell.state()), &shell);
    let on = {
        let shell = Rc::clone(&shell);
        Callback::from(move |act| take(act, &shell))
    };
    let state = shell.state();
    html! {
        <>
            // Always there: a live region that comes together with its message is not read out.
            <p id="status" class="unseen" role="status" aria-live="polite">{ announcement(&state) }</p>
            { screen(&state, &shell.marks(), &on) }
        </>
    }
}

fn take(act: Act, shell: &Rc<Shell>) {
    match act {
        Act::Consent(given) => shell.dispatch(Event::ConsentChanged(given)),
        Act::Pay => pay(shell),
        Act::Cancel => shell.act(Event::CancelPressed),
        Act::Again => shell.act(Event::AgainPressed),
    }
}

fn screen(state: &State, marks: &Marks, on: &Callback<Act>) -> Html {
    let quote = quote(state);
    let price = |minor| quote.map_or_else(String::new, |quote| price(quote, minor));
    let sale = quote.map(|quote| Sale { quote, price: &price });
    let name = screen_name(state);
    match (state, sale) {
        (State::Ready(ready), Some(sale)) => {
            let notice = ready.notice.map(text::refusal);
            let form = Form {
                stage: Stage::Open,
                consented: ready.consented,
                missing: ready.missing,
                notice,
            };
            view::form(sale, &form, marks, on)
        }
        (State::Sealing(_), Some(sale)) => {
            let form = Form {
                stage: Stage::Paying,
                consented: true,
                missing: None,
                notice: None,
            };
            view::form(sale, &form, marks, on)
        }
        (State::Unreachable(Lost::Token(_)), Some(sale)) => {
            let notice = Some(text::NO_TOKEN);
            view::form(
                sale,
                &Form {
                    stage: Stage::Unanswered,
                    consented: true,
                    missing: None,
                    notice,
                },
                marks,
                on,
            )
        }
        (State::Delivered(delivered), Some(sale)) => {
            view::delivered(sale, delivered, &intl::time_of_day(delivered.expires_at), on)
        }
        (State::Unknown(unknown), Some(sale)) => view::unknown(sale, unknown, on),
        (State::Completed(completed), Some(sale)) => view::completed(sale, completed),
        (State::Refused(refused), sale) => {
            let tone = if refused.code == Code::OrderPaid {
                Tone::Good
            } else {
                Tone::Warning
            };
            view::notice(
                name,
                tone,
                text::refusal(refused.code),
                sale,
                refused.again.then_some((text::AGAIN, on)),
            )
        }
        (State::Expired, _) => view::notice(
            name,
            Tone::Neutral,
            text::EXPIRED,
            None,
            Some((text::START_AGAIN, on)),
        ),
        (State::Unreachable(_), _) => {
            view::notice(name, Tone::Warning, text::NO_QUOTE, None, Some((text::AGAIN, on)))
        }
        (State::Cancelled, _) => view::notice(
            name,
            Tone::Neutral,
            text::CANCELLED,
            None,
            Some((text::START_AGAIN, on)),
        ),
        (_, _) => view::loading(),
    }
}

/// What is read out when the screen changes.
fn announcement(state: &State) -> String {
    let notice = match state {
        State::Loading => return text::LOADING.to_owned(),
        State::Ready(ready) => match ready.notice {
            Some(code) => text::refusal(code),
            None => return text::READY.to_owned(),
        },
        State::Sealing(sealing) => return text::paying(&price(&sealing.quote, sealing.quote.total.minor())),
        State::Delivered(delivered) => {
            let (payee, provider) = (
                delivered.quote.payee.name.as_str(),
                delivered.quote.provider.as_str(),
            );
            return match delivered.host_said {
                Some(outcome) => text::host_said(payee, provider, outcome),
                None => text::waiting_title(payee),
            };
        }
        State::Unknown(unknown) => {
            let total = price(&unknown.quote, unknown.quote.total.minor());
            return text::unknown(unknown.quote.payee.name.as_str(), &total);
        }
        State::Completed(completed) => {
            return text::paid_title(&price(&completed.quote, completed.total.minor()));
        }
        State::Refused(refused) => text::refusal(refused.code),
        State::Expired => text::EXPIRED,
        State::Unreachable(Lost::Quote) => text::NO_QUOTE,
        State::Unreachable(Lost::Token(_)) => text::NO_TOKEN,
        State::Cancelled => text::CANCELLED,
    };
    [notice.title, ". ", notice.body].concat()
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

/// What the state is about, where that is known.
fn quote(state: &State) -> Option<&Quote> {
    match state {
        State::Ready(ready) => Some(&ready.quote),
        State::Sealing(sealing) => Some(&sealing.quote),
        State::Delivered(delivered) => Some(&delivered.quote),
        State::Unknown(unknown) => Some(&unknown.quote),
        State::Completed(completed) => Some(&completed.quote),
        State::Refused(refused) => refused.quote.as_deref(),
        State::Unreachable(Lost::Token(quote)) => Some(quote),
        State::Loading | State::Expired | State::Unreachable(Lost::Quote) | State::Cancelled => None,
    }
}

fn price(quote: &Quote, minor: i64) -> String {
    intl::money(minor, quote.total.currency(), quote.decimals)
}
