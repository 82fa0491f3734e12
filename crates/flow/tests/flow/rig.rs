//! A shell that keeps count: which question is open, which answers fit it, what each step asked for.

use farthing_flow::{Flow, State, Ticket};

use crate::words::{Kind, Seen, event};

#[derive(Clone, Default)]
pub struct Rig {
    pub flow: Flow,
    /// Every ticket that was ever given out.
    pub issued: Vec<(Ticket, Kind)>,
    /// The one question whose answer is still of use.
    pub open: Option<(Ticket, Kind)>,
    pub quotes: u8,
    pub tokens: u8,
}

/// One step of a checkout.
pub struct Record {
    pub before: Flow,
    pub word: String,
    /// Whether the event may count: it answers the open question, or is no answer.
    pub fits: bool,
    pub number: u8,
    pub after: Flow,
    pub effects: Vec<Seen>,
}

impl Record {
    pub fn from(&self) -> &State {
        self.before.state()
    }

    pub fn to(&self) -> &State {
        self.after.state()
    }
}

impl Rig {
    /// A rig after the events that `path` names, each answer with the right ticket.
    pub fn at(path: &str) -> Self {
        let mut rig = Self::default();
        for word in path.split_whitespace() {
            rig.answer(word);
        }
        rig
    }

    /// The event `word`; an answer has the newest ticket.
    pub fn answer(&mut self, word: &str) -> Record {
        let ticket = self.issued.last().map(|(ticket, _)| *ticket).unwrap_or_default();
        self.apply(word, ticket)
    }

    pub fn apply(&mut self, word: &str, ticket: Ticket) -> Record {
        let number = match word {
            "quote" | "price" => {
                self.quotes += 1;
                self.quotes
            }
            "token" => {
                self.tokens += 1;
                self.tokens
            }
            _ => 0,
        };
        self.apply_numbered(word, ticket, number)
    }

    pub fn apply_numbered(&mut self, word: &str, ticket: Ticket, number: u8) -> Record {
        let fits = match Kind::of(word) {
            Some(kind) => self.open.take_if(|open| *open == (ticket, kind)).is_some(),
            None => true,
        };
        let before = self.flow.clone();
        let (after, effects) = before.clone().step(event(word, ticket, number));
        let effects = effects.iter().map(|effect| {
            let (seen, ticket) = Seen::of(effect);
            if let Some(ticket) = ticket {
                self.issued.push(ticket);
                self.open = Some(ticket);
            }
            if seen == Seen::TellCancelled {
                self.open = None;
            }
            seen
        });
        let effects = effects.collect();
        self.flow = after.clone();
        Record {
            before,
            word: word.to_owned(),
            fits,
            number,
            after,
            effects,
        }
    }
}
