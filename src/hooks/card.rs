use std::rc::Rc;

use farthing_flow::{Event, Missing, State};
use farthing_instrument::YearMonth;
use farthing_protocol::QuoteId;
use yew::prelude::*;

use super::Shell;
use crate::browser::input::{self, Happened};
use crate::browser::{clock, page};
use crate::card::{Judgement, Marks, Touch};
use crate::quote::brands;
use crate::view::CONSENT_ID;

/// What the card form shows beside its fields, and its button.
pub struct CardForm {
    pub marks: Marks,
    pub on_pay: Callback<()>,
}

/// Judges the fields as they change, and pays with them. `quote` is that of the form on the screen.
#[hook]
pub fn use_card_form(quote: Option<QuoteId>, shell: &Rc<Shell>) -> CardForm {
    let marks = use_reducer_eq(Marks::default);

    let (dispatcher, ears) = (marks.dispatcher(), Rc::clone(shell));
    use_effect_with((), move |()| {
        input::watch(move |happened| {
            let Some(judgement) = judge(&ears.state()) else { return };
            ears.dispatch(Event::DetailsChanged { complete: judgement.is_complete() });
            dispatcher.dispatch(match happened {
                Happened::Changed => Touch::Typed(judgement),
                Happened::Left(field) => Touch::Left(field, judgement),
            });
        });
    });

    let dispatcher = marks.dispatcher();
    use_effect_with(quote, move |_| dispatcher.dispatch(Touch::Renewed));

    let (dispatcher, hand) = (marks.dispatcher(), Rc::clone(shell));
    let on_pay = use_callback((), move |(), ()| {
        if let State::Unreachable(_) = hand.state() {
            return hand.act(Event::AgainPressed);
        }
        // What the fields hold now counts, whether or not an event told of it.
        let Some(judgement) = judge(&hand.state()) else { return };
        let faulty = judgement.first_faulty();
        dispatcher.dispatch(Touch::Pay(judgement));
        hand.dispatch(Event::DetailsChanged { complete: faulty.is_none() });
        hand.act(Event::PayPressed);
        match (hand.state(), faulty) {
            (State::Ready(ready), Some(field)) if ready.missing == Some(Missing::Details) => page::focus(field.id()),
            (State::Ready(ready), _) if ready.missing == Some(Missing::Consent) => page::focus(CONSENT_ID),
            _ => {}
        }
    });

    CardForm { marks: (*marks).clone(), on_pay }
}

/// How the form's fields stand, while there is a form to be filled in.
fn judge(state: &State) -> Option<Judgement> {
    let State::Ready(ready) = state else { return None };
    Some(input::read()?.judge(YearMonth::at(clock::now()), &brands(&ready.quote)))
}
