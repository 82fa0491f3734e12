use std::rc::Rc;

use farthing_protocol::{Challenge, Code, ConsentGiven, FrameMessage, Quote, limits};

use crate::{
    Challenged, Choice, Effect, Event, Lost, Missing, Ready, Refused, Sealing, State, Ticket,
    effect::Awaited,
    ending::{expired, refused, unreachable},
};

/// How often the same sealed text is sent before the shopper is told that nobody answers.
const SENDS: u8 = 3;
/// How often in a row the provider may fail to say how it stands with a challenge.
const MISSES: u8 = 5;
/// Seconds between lookups, and between sends: quick at first, for a shopper who watches, then sparing.
const WAITS_S: [u32; 6] = [2, 3, 5, 10, 20, 30];

/// A checkout: where it stands and which answer it waits for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    state: State,
    pub(crate) order: Option<String>,
    /// Another order that came while a payment was under way: the next quote is for this one.
    pub(crate) next_order: Option<String>,
    /// Whether the form was complete before there was a quote for it.
    pub(crate) typed: bool,
    ticket: Ticket,
    pub(crate) awaited: Awaited,
    /// Whether there is a reason to look again as soon as the open question is answered.
    pub(crate) nudged: bool,
}

impl Flow {
    /// Where the checkout stands.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What `event` makes of it. An event that has no meaning now changes nothing and asks for nothing.
    #[must_use]
    pub fn step(mut self, event: Event) -> (Self, Vec<Effect>) {
        let mut effects = Vec::new();
        if self.admits(&event) {
            let state = std::mem::take(&mut self.state);
            self.state = self.next(state, event, &mut effects);
        }
        (self, effects)
    }

    /// An answer counts once, to the question that is open.
    fn admits(&mut self, event: &Event) -> bool {
        let Some(answers) = event.answers() else {
            return true;
        };
        let open = answers == (self.ticket, self.awaited);
        if open {
            self.awaited = Awaited::Nothing;
        }
        open
    }

    fn next(&mut self, state: State, event: Event, effects: &mut Vec<Effect>) -> State {
        match (state, event) {
            (state, Event::OrderGiven(order)) => self.order_given(state, order, effects),
            (State::Loading, Event::HostMissing) if self.order.is_none() => {
                refused(Code::HostMissing, None, effects)
            }
            (state, Event::HostReset) if resettable(&state) => self.quote_again(state, effects),
            (state, Event::CancelPressed) if self.cancellable(&state) => {
                self.ask(Awaited::Nothing);
                effects.push(Effect::Wipe);
                effects.push(Effect::Tell(FrameMessage::Cancelled {}));
                State::Cancelled
            }

            (State::Loading, event) => self.in_loading(event, effects),
            (State::Ready(ready), event) => self.in_form(ready, event, effects),
            (State::Sealing(sealing), event) => self.in_sealing(sealing, event, effects),
            (State::Challenged(challenged), event) => self.in_challenged(challenged, event, effects),
            (State::Delivered(delivered), event) => self.in_delivered(delivered, event, effects),
            (State::Unknown(unknown), event) => self.in_unknown(unknown, event, effects),

            (State::Unreachable(Lost::Token(choice)), Event::AgainPressed) => {
                effects.push(self.send_again());
                State::Sealing(Sealing {
                    choice,
                    sends_left: SENDS - 1,
                    ran_out: false,
                })
            }
            (State::Unreachable(Lost::Token(choice)), Event::QuoteRanOut(id)) if id == choice.quote.id => {
                expired(effects)
            }
            (state @ State::Refused(Refused { again: true, .. }), Event::AgainPressed)
            | (
                state @ (State::Expired | State::Unreachable(Lost::Quote) | State::Cancelled),
                Event::AgainPressed,
            ) => self.quote_again(state, effects),
            (state, _) => state,
        }
    }

    /// A new order takes the place of the old one; while a payment is under way, it waits for its end. The
    /// same order again is what a page's re-render looks like: it changes nothing, and what was typed stays.
    fn order_given(&mut self, state: State, order: String, effects: &mut Vec<Effect>) -> State {
        let same = self.order.as_ref() == Some(&order);
        self.next_order = (!same).then_some(order);
        match state {
            state if same || state.in_doubt() => state,
            State::Ready(ready) => self.renew(ready, effects),
            state => self.quote_again(state, effects),
        }
    }

    fn quote_again(&mut self, state: State, effects: &mut Vec<Effect>) -> State {
        let first = self.order.is_none() && state == State::Loading;
        self.order = self.next_order.take().or(self.order.take());
        if self.order.is_none() {
            return state;
        }
        // What was typed before the first order belongs to no other: it stays.
        if !first {
            self.typed = false;
            effects.push(Effect::Wipe);
        }
        self.request_quote(effects);
        State::Loading
    }

    pub(crate) fn request_quote(&mut self, effects: &mut Vec<Effect>) {
        if let Some(order) = self.order.clone() {
            effects.push(Effect::RequestQuote {
                ticket: self.ask(Awaited::Quote),
                order,
            });
        }
    }

    fn in_loading(&mut self, event: Event, effects: &mut Vec<Effect>) -> State {
        match event {
            Event::DetailsChanged { complete } => self.typed = complete,
            Event::QuoteArrived(_, quote) => return self.quoted(*quote, effects),
            Event::QuoteRefused(_, code) => return refused(code, None, effects),
            Event::QuoteUnreachable(_) => return unreachable(Lost::Quote, effects),
            _ => {}
        }
        State::Loading
    }

    pub(crate) fn quoted(&mut self, quote: Quote, effects: &mut Vec<Effect>) -> State {
        if self.next_order.is_some() {
            return self.quote_again(State::Loading, effects);
        }
        let Some(choice) = Choice::first(quote) else {
            return unreachable(Lost::Quote, effects);
        };
        let quote = &choice.quote;
        let seconds = quote.expires_at.since(quote.quoted_at);
        effects.push(Effect::WatchExpiry {
            quote: quote.id.clone(),
            seconds: u32::try_from(seconds.clamp(0, limits::QUOTE_LIFETIME_S)).unwrap_or(0),
        });
        effects.push(Effect::Tell(FrameMessage::Ready {}));
        State::Ready(Ready {
            choice,
            consented: false,
            details_complete: std::mem::take(&mut self.typed),
            missing: None,
            notice: None,
            renewing: false,
        })
    }

    fn in_form(&mut self, mut ready: Ready, event: Event, effects: &mut Vec<Effect>) -> State {
        match event {
            Event::DetailsChanged { complete } => {
                ready.details_complete = complete;
                ready.notice = None;
                if complete && ready.missing == Some(Missing::Details) {
                    ready.missing = None;
                }
            }
            Event::QuoteArrived(_, quote) => return self.renewed(&ready, *quote, effects),
            event @ (Event::QuoteRefused(..) | Event::QuoteUnreachable(_)) => {
                return self.in_loading(event, effects);
            }
            // What is on offer is not known.
            _ if ready.renewing => {}
            // Consent was to another sentence, and what was told of the details to another form.
            Event::MethodChosen(method)
                if method != ready.choice.method && ready.choice.quote.offer(method).is_some() =>
            {
                let quote = ready.choice.quote;
                return State::Ready(Ready {
                    choice: Choice { quote, method },
                    consented: false,
                    details_complete: false,
                    missing: None,
                    notice: None,
                    renewing: false,
                });
            }
            Event::ConsentChanged(consented) => {
                ready.consented = consented;
                if consented && ready.missing == Some(Missing::Consent) {
                    ready.missing = None;
                }
            }
            Event::PayPressed(_) if !ready.details_complete => ready.missing = Some(Missing::Details),
            Event::PayPressed(_) if !ready.consented => ready.missing = Some(Missing::Consent),
            Event::PayPressed(sight) if !sight.is_plain() => {
                ready.notice = Some(Code::FrameCovered);
                effects.push(Effect::Tell(FrameMessage::Failed {
                    code: Code::FrameCovered,
                }));
            }
            Event::PayPressed(_) => {
                let Some(offer) = ready.choice.offer() else {
                    return State::Ready(ready);
                };
                let consent = ConsentGiven {
                    version: offer.consent.version,
                    text: offer.consent.text.clone(),
                };
                let choice = ready.choice;
                effects.push(Effect::RequestToken {
                    ticket: self.ask(Awaited::Token),
                    quote: Rc::clone(&choice.quote),
                    method: choice.method,
                    consent,
                });
                return State::Sealing(Sealing {
                    choice,
                    sends_left: SENDS - 1,
                    ran_out: false,
                });
            }
            Event::QuoteRanOut(quote) if quote == ready.choice.quote.id => return expired(effects),
            _ => {}
        }
        State::Ready(ready)
    }

    fn in_sealing(&mut self, mut sealing: Sealing, event: Event, effects: &mut Vec<Effect>) -> State {
        match event {
            Event::TokenArrived(_, reply) => self.deliver(sealing.choice, reply, effects),
            Event::Challenged(_, challenge) => self.challenge(sealing.choice, challenge, effects),
            // The form is still there: the shopper mends it and presses “Pay” again.
            Event::TokenRefused(_, code) if mendable(code) && !sealing.ran_out => State::Ready(Ready {
                choice: sealing.choice,
                consented: false,
                details_complete: false,
                missing: None,
                notice: Some(code),
                renewing: false,
            }),
            Event::TokenRefused(_, code) if mendable(code) || quote_is_over(code) => expired(effects),
            Event::TokenRefused(_, code) if !passing(code) => refused(code, Some(sealing.choice), effects),
            // Whatever was made of the sends that brought no token, nobody has it.
            Event::TokenRefused(..) | Event::TokenUnreachable(_) | Event::Waited(_) if sealing.ran_out => {
                expired(effects)
            }
            Event::TokenRefused(..) | Event::TokenUnreachable(_) if sealing.sends_left == 0 => {
                unreachable(Lost::Token(sealing.choice), effects)
            }
            Event::TokenRefused(..) | Event::TokenUnreachable(_) => {
                sealing.sends_left -= 1;
                effects.push(self.wait(SENDS - 2 - sealing.sends_left));
                State::Sealing(sealing)
            }
            Event::Waited(_) => {
                effects.push(self.send_again());
                State::Sealing(sealing)
            }
            Event::QuoteRanOut(quote) if quote == sealing.choice.quote.id => {
                sealing.ran_out = true;
                State::Sealing(sealing)
            }
            _ => State::Sealing(sealing),
        }
    }

    /// Only the provider knows when it is met: it is asked every few seconds.
    fn challenge(&mut self, choice: Choice, challenge: Challenge, effects: &mut Vec<Effect>) -> State {
        effects.push(self.wait(0));
        State::Challenged(Challenged {
            choice,
            challenge,
            misses_left: MISSES,
        })
    }

    fn in_challenged(
        &mut self,
        mut challenged: Challenged,
        event: Event,
        effects: &mut Vec<Effect>,
    ) -> State {
        match event {
            Event::TokenArrived(_, reply) => return self.deliver(challenged.choice, reply, effects),
            Event::Challenged(_, challenge) => return self.challenge(challenged.choice, challenge, effects),
            Event::TokenRefused(_, code) if quote_is_over(code) => return expired(effects),
            Event::TokenRefused(_, code) if !passing(code) => {
                return refused(code, Some(challenged.choice), effects);
            }
            Event::TokenRefused(..) | Event::TokenUnreachable(_) if challenged.misses_left == 0 => {
                return unreachable(Lost::Token(challenged.choice), effects);
            }
            Event::TokenRefused(..) | Event::TokenUnreachable(_) => {
                challenged.misses_left -= 1;
                effects.push(self.wait(MISSES - 1 - challenged.misses_left));
            }
            Event::Waited(_) => effects.push(self.send_again()),
            // A challenge has a time of its own.
            _ => {}
        }
        State::Challenged(challenged)
    }

    fn send_again(&mut self) -> Effect {
        Effect::RequestTokenAgain {
            ticket: self.ask(Awaited::Token),
        }
    }

    pub(crate) fn wait(&mut self, times: u8) -> Effect {
        let seconds = WAITS_S[usize::from(times).min(WAITS_S.len() - 1)];
        Effect::Wait {
            ticket: self.ask(Awaited::Wait),
            seconds,
        }
    }

    /// Opens a question. The one that was open before is dropped.
    pub(crate) fn ask(&mut self, awaited: Awaited) -> Ticket {
        self.ticket = Ticket(self.ticket.0.wrapping_add(1));
        self.awaited = awaited;
        self.nudged = false;
        self.ticket
    }

    /// Whether there is something to cancel. Once the page has a token, that is no longer for the shopper
    /// to say; where the order can't be paid, there is nothing left to choose.
    fn cancellable(&self, state: &State) -> bool {
        match state {
            State::Loading => self.order.is_some(),
            State::Refused(refused) => refused.again,
            State::Ready(_) | State::Challenged(_) | State::Expired | State::Unreachable(_) => true,
            _ => false,
        }
    }
}

fn resettable(state: &State) -> bool {
    !state.in_doubt() && !matches!(state, State::Loading | State::Completed(_))
}

/// The details are at fault, not the attempt.
fn mendable(code: Code) -> bool {
    matches!(
        code,
        Code::DetailsInvalid | Code::CardExpired | Code::BrandUnsupported
    )
}

/// The provider can't take it for the moment: no reason to have the shopper type everything again.
fn passing(code: Code) -> bool {
    matches!(
        code,
        Code::Busy | Code::Internal | Code::RequestTimeout | Code::TooManyRequests
    )
}

fn quote_is_over(code: Code) -> bool {
    matches!(code, Code::QuoteExpired | Code::QuoteUsed | Code::QuoteUnknown)
}
