//! From the token's hand-over to the provider's last word on it.

use farthing_protocol::{FrameMessage, HostOutcome, Quote, QuoteOutcome, TokenReply};

use crate::{
    Choice, Completed, Delivered, Effect, Event, Flow, State, UNKNOWN_LOOKUPS, Unknown,
    effect::Awaited,
    ending::{expired, refused},
};

impl Flow {
    pub(crate) fn deliver(&mut self, choice: Choice, reply: TokenReply, effects: &mut Vec<Effect>) -> State {
        let TokenReply {
            token,
            expires_at,
            hint,
        } = reply;
        effects.push(Effect::Wipe);
        // A price's token is nobody's but the provider's, who charges it: there is no merchant's server.
        let next = if choice.quote.price.is_some() {
            self.look_up(&choice.quote)
        } else {
            effects.push(Effect::Tell(FrameMessage::Token {
                token,
                expires_at,
                hint: hint.clone(),
            }));
            self.wait(0)
        };
        effects.push(next);
        State::Delivered(Delivered {
            choice,
            expires_at,
            hint,
            host_said: None,
            again: false,
            lookups: 0,
        })
    }

    pub(crate) fn in_delivered(
        &mut self,
        mut delivered: Delivered,
        event: Event,
        effects: &mut Vec<Effect>,
    ) -> State {
        match event {
            // Of a price the page knows nothing.
            Event::HostCompleted(outcome) if delivered.choice.quote.price.is_none() => {
                delivered.host_said = Some(outcome);
                delivered.again &= outcome == HostOutcome::Failed;
                self.nudge(&delivered.choice.quote, effects);
            }
            Event::Waited(_) => effects.push(self.look_up(&delivered.choice.quote)),
            Event::OutcomeArrived(_, outcome) => {
                delivered.again = matches!(outcome, QuoteOutcome::Open { .. })
                    && delivered.host_said == Some(HostOutcome::Failed)
                    && !self.nudged;
                return self.heard(State::Delivered(delivered), outcome, effects);
            }
            Event::OutcomeUnreachable(_) => {
                return self.still_in_doubt(State::Delivered(delivered), effects);
            }
            // The token can still be charged, so this screen stays until there is a new quote, with which
            // the provider ends the token: a request that gets lost must not hide a charge.
            Event::AgainPressed if delivered.again => {
                delivered.again = false;
                self.request_quote(effects);
            }
            Event::QuoteArrived(_, quote) => return self.quoted(*quote, effects),
            Event::QuoteRefused(..) | Event::QuoteUnreachable(_) => {
                effects.push(self.look_up(&delivered.choice.quote));
            }
            _ => {}
        }
        State::Delivered(delivered)
    }

    pub(crate) fn in_unknown(
        &mut self,
        mut unknown: Unknown,
        event: Event,
        effects: &mut Vec<Effect>,
    ) -> State {
        match event {
            Event::HostCompleted(_) => self.nudge(&unknown.choice.quote, effects),
            Event::AgainPressed if unknown.lookups_left == 0 => {
                unknown.lookups_left = UNKNOWN_LOOKUPS;
                self.nudge(&unknown.choice.quote, effects);
            }
            Event::Waited(_) => effects.push(self.look_up(&unknown.choice.quote)),
            Event::OutcomeArrived(_, outcome) => {
                return self.heard(State::Unknown(unknown), outcome, effects);
            }
            Event::OutcomeUnreachable(_) => {
                return self.still_in_doubt(State::Unknown(unknown), effects);
            }
            _ => {}
        }
        State::Unknown(unknown)
    }

    /// What the provider's word makes of a token that was handed over.
    fn heard(&mut self, doubt: State, outcome: QuoteOutcome, effects: &mut Vec<Effect>) -> State {
        let (choice, lookups_left) = match &doubt {
            State::Delivered(delivered) => (delivered.choice.clone(), UNKNOWN_LOOKUPS),
            State::Unknown(unknown) => (unknown.choice.clone(), unknown.lookups_left),
            _ => return doubt,
        };
        match outcome {
            QuoteOutcome::Paid {
                receipt,
                consent,
                total,
                proof,
            } => {
                if let Some(proof) = proof {
                    let receipt = receipt.clone();
                    effects.push(Effect::Tell(FrameMessage::Paid { proof, receipt }));
                }
                State::Completed(Completed {
                    choice,
                    total,
                    consent,
                    receipt: Some(receipt),
                })
            }
            QuoteOutcome::Authorised { consent, total } => State::Completed(Completed {
                choice,
                total,
                consent,
                receipt: None,
            }),
            QuoteOutcome::Declined { reason } => refused(reason.code(), Some(choice), effects),
            QuoteOutcome::Lapsed {} => expired(effects),
            QuoteOutcome::Unknown { charge } => {
                let unknown = Unknown {
                    choice,
                    charge,
                    lookups_left,
                };
                self.still_in_doubt(State::Unknown(unknown), effects)
            }
            QuoteOutcome::Open { .. } => self.still_in_doubt(doubt, effects),
        }
    }

    /// No answer, or none that ends it: look again, ever more sparingly.
    fn still_in_doubt(&mut self, mut doubt: State, effects: &mut Vec<Effect>) -> State {
        let (quote, lookups) = match &mut doubt {
            State::Delivered(delivered) => {
                delivered.lookups = delivered.lookups.saturating_add(1);
                (&delivered.choice.quote, Some(delivered.lookups))
            }
            State::Unknown(unknown) => {
                unknown.lookups_left = unknown.lookups_left.saturating_sub(1);
                let lookups = UNKNOWN_LOOKUPS.saturating_sub(unknown.lookups_left);
                (
                    &unknown.choice.quote,
                    (unknown.lookups_left > 0).then_some(lookups),
                )
            }
            _ => return doubt,
        };
        if self.nudged {
            effects.push(self.look_up(quote));
        } else if let Some(lookups) = lookups {
            effects.push(self.wait(lookups));
        }
        doubt
    }

    /// Somebody has a reason to look now. One question at a time: the page must not be able to drown the
    /// answer in new questions.
    fn nudge(&mut self, quote: &Quote, effects: &mut Vec<Effect>) {
        match self.awaited {
            Awaited::Quote | Awaited::Outcome => self.nudged = true,
            Awaited::Nothing | Awaited::Token | Awaited::Wait => effects.push(self.look_up(quote)),
        }
    }

    fn look_up(&mut self, quote: &Quote) -> Effect {
        Effect::LookUp {
            ticket: self.ask(Awaited::Outcome),
            quote: quote.id.clone(),
            charge: quote.price.is_some(),
        }
    }
}
