//! The checkout: flow in, screen out.

use std::rc::Rc;

use farthing_flow::{Choice, Event, Lost, State};
use farthing_protocol::{Code, MethodKind};
use yew::prelude::*;

use crate::browser::intl;
use crate::details::Marks;
use crate::hooks::{Shell, pay, use_bridge, use_details, use_flow, use_title_focus};
use crate::text;
use crate::view::{self, Act, Form, Sale, Stage, Tone};

/// The whole frame.
#[component]
pub fn Checkout() -> Html {
    let shell = use_flow();
    use_bridge(&shell);
    use_details(&shell);
    use_title_focus(screen_name(&shell.state()), &shell);
    let on = {
        let shell = Rc::clone(&shell);
        Callback::from(move |act| take(act, &shell))
    };
    let state = shell.state();
    let sold = choice(&state).and_then(|choice| Some((&*choice.quote, choice.offer()?)));
    let price = |minor| {
        sold.map_or_else(String::new, |(quote, offer)| {
            intl::money(minor, offer.total.currency(), quote.decimals)
        })
    };
    let sale = sold.map(|(quote, offer)| Sale {
        quote,
        offer,
        price: &price,
        day: intl::day,
    });
    html! {
        <>
            // Always there: a live region that comes together with its message is not read out.
            <p id="status" class="unseen" role="status" aria-live="polite">{ announcement(&state, sale) }</p>
            { screen(&state, sale, &shell.marks(), &on) }
        </>
    }
}

fn take(act: Act, shell: &Rc<Shell>) {
    match act {
        Act::Choose(method) => shell.dispatch(Event::MethodChosen(method)),
        Act::Consent(given) => shell.dispatch(Event::ConsentChanged(given)),
        Act::Pay => pay(shell),
        Act::Cancel => shell.act(Event::CancelPressed),
        Act::Again => shell.act(Event::AgainPressed),
    }
}

fn screen(state: &State, sale: Option<Sale<'_>>, marks: &Marks, on: &Callback<Act>) -> Html {
    let name = screen_name(state);
    match (state, sale) {
        (State::Ready(ready), Some(sale)) => {
            let notice = ready.notice.map(text::refusal);
            let form = Form {
                stage: if ready.renewing {
                    Stage::Renewing
                } else {
                    Stage::Open
                },
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
        (State::Challenged(challenged), Some(sale)) => {
            let until = intl::time_of_day(challenged.challenge.expires_at);
            view::challenged(sale, challenged, &until, on)
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
                why(refused.code, sale),
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
fn announcement(state: &State, sale: Option<Sale<'_>>) -> String {
    let payee = sale.map_or("", |sale| sale.payee());
    let total = || sale.map_or_else(String::new, |sale| sale.total());
    let notice = match state {
        State::Loading => return text::LOADING.to_owned(),
        State::Ready(ready) if ready.renewing => return text::LOADING.to_owned(),
        State::Ready(ready) => match ready.notice {
            Some(code) => text::refusal(code),
            None => return text::READY.to_owned(),
        },
        State::Sealing(_) => return text::paying(&total()),
        State::Challenged(_) => return text::CHALLENGE_TITLE.to_owned(),
        State::Delivered(delivered) => {
            return match delivered.host_said {
                Some(outcome) => text::host_said(payee, sale.map_or("", |sale| sale.provider()), outcome),
                None => text::waiting_title(payee),
            };
        }
        State::Unknown(_) => return text::unknown(payee, &total()),
        State::Completed(completed) => {
            let total = sale.map_or_else(String::new, |sale| sale.show(completed.total));
            return text::completed_title(&total, completed.receipt.is_some());
        }
        State::Refused(refused) => why(refused.code, sale),
        State::Expired => text::EXPIRED,
        State::Unreachable(Lost::Quote) => text::NO_QUOTE,
        State::Unreachable(Lost::Token(_)) => text::NO_TOKEN,
        State::Cancelled => text::CANCELLED,
    };
    [notice.title, ". ", notice.body].concat()
}

/// What a refusal means: where a phone bill was declined, that was no bank.
fn why(code: Code, sale: Option<Sale<'_>>) -> text::Notice {
    let by_phone = sale.is_some_and(|sale| sale.offer.method.kind() == MethodKind::PhoneBill);
    let declined = matches!(
        code,
        Code::CardDeclined | Code::InsufficientFunds | Code::ProcessingFailed
    );
    if by_phone && declined {
        text::PHONE_DECLINED
    } else {
        text::refusal(code)
    }
}

/// The screen that a state is shown on: the focus moves when this changes.
fn screen_name(state: &State) -> &'static str {
    match state {
        State::Loading => "loading",
        State::Ready(_) | State::Sealing(_) | State::Unreachable(Lost::Token(_)) => "form",
        State::Challenged(_) => "challenged",
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
fn choice(state: &State) -> Option<&Choice> {
    match state {
        State::Ready(ready) => Some(&ready.choice),
        State::Sealing(sealing) => Some(&sealing.choice),
        State::Challenged(challenged) => Some(&challenged.choice),
        State::Delivered(delivered) => Some(&delivered.choice),
        State::Unknown(unknown) => Some(&unknown.choice),
        State::Completed(completed) => Some(&completed.choice),
        State::Refused(refused) => refused.choice.as_ref(),
        State::Unreachable(Lost::Token(choice)) => Some(choice),
        State::Loading | State::Expired | State::Unreachable(Lost::Quote) | State::Cancelled => None,
    }
}
