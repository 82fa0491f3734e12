use std::rc::Rc;

use farthing_flow::{Event, State};
use farthing_instrument::YearMonth;
use yew::prelude::*;

use super::Shell;
use crate::browser::input::{self, Happened};
use crate::browser::{clock, page, sight};
use crate::details::{Judgement, Touch};
use crate::view::CONSENT_ID;

/// Judges the fields as they change.
#[hook]
pub fn use_details(shell: &Rc<Shell>) {
    let shell = Rc::clone(shell);
    use_effect_with((), move |()| {
        input::watch(move |happened| {
            let judgement = judge(&shell.state());
            let Some(judgement) = judgement else { return };
            let touch = match happened {
                Happened::Changed => {
                    shell.dispatch(Event::DetailsChanged {
                        complete: judgement.is_complete(),
                    });
                    Touch::Typed(judgement)
                }
                Happened::Left(field) => Touch::Left(field, judgement),
            };
            shell.touch(&touch);
        });
    });
}

/// “Pay” was pressed. What is missing is said, and the focus goes to the first of it.
pub fn pay(shell: &Rc<Shell>) {
    let unanswered = matches!(*shell.state(), State::Unreachable(_));
    if unanswered {
        return shell.act(Event::AgainPressed);
    }
    // What the fields hold now counts, whether or not an event told of it.
    let judgement = judge(&shell.state());
    let Some(judgement) = judgement else { return };
    let faulty = judgement.first_faulty();
    shell.touch(&Touch::Pay(judgement));
    shell.dispatch(Event::DetailsChanged {
        complete: faulty.is_none(),
    });
    shell.act(Event::PayPressed(sight::now()));
    let missing = matches!(&*shell.state(), State::Ready(ready) if ready.missing.is_some());
    if missing {
        page::focus(faulty.map_or(CONSENT_ID, |field| field.id()));
    }
}

/// How the form's fields stand, while there is a form to be filled in.
fn judge(state: &State) -> Option<Judgement> {
    let State::Ready(ready) = state else { return None };
    let offer = ready.choice.offer()?;
    Some(input::read(ready.choice.method).judge(YearMonth::at(clock::now()), &offer.method))
}
