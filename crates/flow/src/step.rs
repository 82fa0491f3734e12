use std::rc::Rc;

use farthing_protocol::{Code, ConsentGiven, FrameMessage, HostOutcome, Quote, QuoteOutcome, TokenReply};

use crate::{
    Completed, Delivered, Effect, Event, Lost, Missing, Ready, Refused, Sealing, State, Ticket,
    UNKNOWN_LOOKUPS, Unknown,
};

/// How often the same sealed text is sent before the shopper is told that nobody answers.
const SENDS: u8 = 3;
/// Seconds between lookups: quick at first, for a shopper who watches, then sparing.
const WAITS_S: [u32; 6] = [2, 3, 5, 10, 20, 30];

/// A checkout: where it stands and which answer it waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    state: State,
    order: Option<String>,
    ticket: Ticket,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            state: State::Loading,
            order: None,
            ticket: Ticket(0),
        }
    }
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
        let state = std::mem::replace(&mut self.state, State::Loading);
        self.state = self.next(state, event, &mut effects);
        (self, effects)
    }

    fn next(&mut self, state: State, event: Event, effects: &mut Vec<Effect>) -> State {
        match (state, event) {
            (state, Event::OrderGiven(order)) => self.order_given(state, order, effects),
            (State::Loading, Event::HostMissing) if self.order.is_none() => {
                refused(Code::HostMissing, None, effects)
            }
            (state, Event::HostReset) if !state.in_doubt() && !matches!(state, State::Completed(_)) => {
                self.quote_again(state, effects)
            }
            (state, Event::CancelPressed) if cancellable(&state) => {
                self.new_ticket();
                effects.push(Effect::Wipe);
                effects.push(Effect::Tell(FrameMessage::Cancelled {}));
                State::Cancelled
            }

            (State::Loading, Event::QuoteArrived(ticket, quote)) if ticket == self.ticket => {
                ready(Rc::new(*quote), effects)
            }
            (State::Loading, Event::QuoteRefused(ticket, code)) if ticket == self.ticket => {
                refused(code, None, effects)
            }
            (State::Loading, Event::QuoteUnreachable(ticket)) if ticket == self.ticket => {
                unreachable(Lost::Quote, effects)
            }

            (State::Ready(ready), event) => self.in_form(ready, event, effects),
            (State::Sealing(sealing), event) => self.in_sealing(sealing, event, effects),
            (State::Delivered(delivered), event) => self.in_delivered(delivered, event, effects),
            (State::Unknown(unknown), event) => self.in_unknown(unknown, event, effects),

            (State::Unreachable(Lost::Token(quote)), Event::AgainPressed) => {
                effects.push(Effect::RequestTokenAgain {
                    ticket: self.new_ticket(),
                });
                State::Sealing(Sealing {
                    quote,
                    sends_left: SENDS - 1,
                })
            }
            (state @ State::Refused(Refused { again: true, .. }), Event::AgainPressed)
            | (state @ (State::Expired | State::Unreachable(_) | State::Cancelled), Event::AgainPressed) => {
                self.quote_again(state, effects)
            }
            (state, _) => state,
        }
    }

    /// A new order takes the place of the old one, unless a payment is under way. The same order again is
    /// what a page's re-render looks like: it changes nothing, and what was typed stays.
    fn order_given(&mut self, state: State, order: String, effects: &mut Vec<Effect>) -> State {
        if state.in_doubt() || self.order.as_ref() == Some(&order) {
            return state;
        }
        self.order = Some(order);
        self.quote_again(state, effects)
    }

    fn quote_again(&mut self, state: State, effects: &mut Vec<Effect>) -> State {
        let Some(order) = self.order.clone() else {
            return state;
        };
        effects.push(Effect::Wipe);
        effects.push(Effect::RequestQuote {
            ticket: self.new_ticket(),
            order,
        });
        State::Loading
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
            Event::ConsentChanged(consented) => {
                ready.consented = consented;
                if consented && ready.missing == Some(Missing::Consent) {
                    ready.missing = None;
                }
            }
            Event::PayPressed if !ready.details_complete => ready.missing = Some(Missing::Details),
            Event::PayPressed if !ready.consented => ready.missing = Some(Missing::Consent),
            Event::PayPressed => {
                let Ready { quote, .. } = ready;
                let consent = ConsentGiven {
                    version: quote.consent.version,
                    text: quote.consent.text.clone(),
                };
                effects.push(Effect::RequestToken {
                    ticket: self.new_ticket(),
                    quote: Rc::clone(&quote),
                    consent,
                });
                return State::Sealing(Sealing {
                    quote,
                    sends_left: SENDS - 1,
                });
            }
            Event::QuoteRanOut(quote) if quote == ready.quote.id => return expired(effects),
            _ => {}
        }
        State::Ready(ready)
    }

    fn in_sealing(&mut self, mut sealing: Sealing, event: Event, effects: &mut Vec<Effect>) -> State {
        match event {
            Event::TokenArrived(ticket, reply) if ticket == self.ticket => {
                self.deliver(sealing.quote, reply, effects)
            }
            Event::TokenRefused(ticket, code) if ticket == self.ticket => match code {
                // The form is still there: the shopper mends it and presses “Pay” again.
                Code::DetailsInvalid | Code::CardExpired | Code::BrandUnsupported => State::Ready(Ready {
                    quote: sealing.quote,
                    consented: false,
                    details_complete: false,
                    missing: None,
                    notice: Some(code),
                }),
                Code::QuoteExpired | Code::QuoteUsed | Code::QuoteUnknown => expired(effects),
                _ => refused(code, Some(sealing.quote), effects),
            },
            Event::TokenUnreachable(ticket) if ticket == self.ticket => {
                if sealing.sends_left == 0 {
                    return unreachable(Lost::Token(sealing.quote), effects);
                }
                sealing.sends_left -= 1;
                effects.push(Effect::RequestTokenAgain {
                    ticket: self.new_ticket(),
                });
                State::Sealing(sealing)
            }
            _ => State::Sealing(sealing),
        }
    }

    fn deliver(&mut self, quote: Rc<Quote>, reply: TokenReply, effects: &mut Vec<Effect>) -> State {
        let TokenReply {
            token,
            expires_at,
            hint,
        } = reply;
        effects.push(Effect::Wipe);
        effects.push(Effect::Tell(FrameMessage::Token {
            token,
            expires_at,
            hint: hint.clone(),
        }));
        effects.push(self.wait(0));
        State::Delivered(Delivered {
            quote,
            expires_at,
            hint,
            host_said: None,
            lookups: 0,
        })
    }

    fn in_delivered(&mut self, mut delivered: Delivered, event: Event, effects: &mut Vec<Effect>) -> State {
        match event {
            Event::HostCompleted(outcome) => {
                delivered.host_said = Some(outcome);
                effects.push(self.look_up(&delivered.quote));
            }
            Event::Waited(ticket) if ticket == self.ticket => effects.push(self.look_up(&delivered.quote)),
            Event::OutcomeArrived(ticket, QuoteOutcome::Open { .. })
                if ticket == self.ticket && delivered.host_said == Some(HostOutcome::Failed) =>
            {
                return refused(Code::ShopFailed, Some(delivered.quote), effects);
            }
            Event::OutcomeArrived(ticket, outcome) if ticket == self.ticket => {
                return self.heard(State::Delivered(delivered), outcome, effects);
            }
            Event::OutcomeUnreachable(ticket) if ticket == self.ticket => {
                return self.heard_nothing(State::Delivered(delivered), effects);
            }
            _ => {}
        }
        State::Delivered(delivered)
    }

    fn in_unknown(&mut self, mut unknown: Unknown, event: Event, effects: &mut Vec<Effect>) -> State {
        match event {
            Event::HostCompleted(_) => effects.push(self.look_up(&unknown.quote)),
            Event::AgainPressed if unknown.lookups_left == 0 => {
                unknown.lookups_left = UNKNOWN_LOOKUPS;
                effects.push(self.look_up(&unknown.quote));
            }
            Event::Waited(ticket) if ticket == self.ticket => effects.push(self.look_up(&unknown.quote)),
            Event::OutcomeArrived(ticket, outcome) if ticket == self.ticket => {
                return self.heard(State::Unknown(unknown), outcome, effects);
            }
            Event::OutcomeUnreachable(ticket) if ticket == self.ticket => {
                return self.heard_nothing(State::Unknown(unknown), effects);
            }
            _ => {}
        }
        State::Unknown(unknown)
    }

    /// What the provider's word makes of a token that was handed over. While nothing is charged, `doubt`
    /// goes on.
    fn heard(&mut self, doubt: State, outcome: QuoteOutcome, effects: &mut Vec<Effect>) -> State {
        let (quote, lookups_left) = match &doubt {
            State::Delivered(delivered) => (Rc::clone(&delivered.quote), UNKNOWN_LOOKUPS),
            State::Unknown(unknown) => (Rc::clone(&unknown.quote), unknown.lookups_left),
            _ => return doubt,
        };
        match outcome {
            QuoteOutcome::Paid {
                receipt,
                consent,
                total,
            } => {
                self.new_ticket();
                State::Completed(Completed {
                    quote,
                    total,
                    receipt,
                    consent,
                })
            }
            QuoteOutcome::Declined { reason } => refused(reason.code(), Some(quote), effects),
            QuoteOutcome::Lapsed {} => expired(effects),
            QuoteOutcome::Unknown { charge } => {
                let lookups_left = lookups_left.saturating_sub(1);
                if lookups_left > 0 {
                    effects.push(self.wait(UNKNOWN_LOOKUPS - lookups_left));
                }
                State::Unknown(Unknown {
                    quote,
                    charge,
                    lookups_left,
                })
            }
            QuoteOutcome::Open { .. } => self.heard_nothing(doubt, effects),
        }
    }

    /// No answer, or none that ends it: look again, ever more sparingly.
    fn heard_nothing(&mut self, mut doubt: State, effects: &mut Vec<Effect>) -> State {
        match &mut doubt {
            State::Delivered(delivered) => {
                delivered.lookups = delivered.lookups.saturating_add(1);
                effects.push(self.wait(delivered.lookups));
            }
            State::Unknown(unknown) => {
                unknown.lookups_left = unknown.lookups_left.saturating_sub(1);
                if unknown.lookups_left > 0 {
                    effects.push(self.wait(UNKNOWN_LOOKUPS - unknown.lookups_left));
                }
            }
            _ => {}
        }
        doubt
    }

    fn look_up(&mut self, quote: &Quote) -> Effect {
        Effect::LookUp {
            ticket: self.new_ticket(),
            quote: quote.id.clone(),
        }
    }

    fn wait(&mut self, lookups: u8) -> Effect {
        let seconds = WAITS_S[usize::from(lookups).min(WAITS_S.len() - 1)];
        Effect::Wait {
            ticket: self.new_ticket(),
            seconds,
        }
    }

    fn new_ticket(&mut self) -> Ticket {
        self.ticket = Ticket(self.ticket.0.wrapping_add(1));
        self.ticket
    }
}

fn ready(quote: Rc<Quote>, effects: &mut Vec<Effect>) -> State {
    let seconds = u32::try_from(quote.expires_at.since(quote.quoted_at)).unwrap_or(0);
    effects.push(Effect::WatchExpiry {
        quote: quote.id.clone(),
        seconds,
    });
    effects.push(Effect::Tell(FrameMessage::Ready {}));
    State::Ready(Ready {
        quote,
        consented: false,
        details_complete: false,
        missing: None,
        notice: None,
    })
}

fn refused(code: Code, quote: Option<Rc<Quote>>, effects: &mut Vec<Effect>) -> State {
    effects.push(Effect::Wipe);
    effects.push(Effect::Tell(FrameMessage::Failed { code }));
    State::Refused(Refused {
        code,
        again: can_try_again(code),
        quote,
    })
}

fn expired(effects: &mut Vec<Effect>) -> State {
    effects.push(Effect::Wipe);
    effects.push(Effect::Tell(FrameMessage::Failed {
        code: Code::QuoteLapsed,
    }));
    State::Expired
}

fn unreachable(lost: Lost, effects: &mut Vec<Effect>) -> State {
    effects.push(Effect::Tell(FrameMessage::Failed {
        code: Code::ProviderUnreachable,
    }));
    State::Unreachable(lost)
}

fn cancellable(state: &State) -> bool {
    !state.in_doubt() && !matches!(state, State::Completed(_) | State::Cancelled)
}

/// Whether the same order may be tried again after `code`. Where the order itself is at fault, only the
/// shop can help, and a button that can't help would be a lie.
fn can_try_again(code: Code) -> bool {
    matches!(
        code,
        Code::CardDeclined
            | Code::InsufficientFunds
            | Code::ProcessingFailed
            | Code::ShopFailed
            | Code::OrderInFlight
            | Code::SealedMalformed
            | Code::SealedUnreadable
            | Code::ConsentDiffers
            | Code::RequestTimeout
            | Code::Busy
            | Code::Internal
    )
}
