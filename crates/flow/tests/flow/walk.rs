//! Random walks: right answers, answers that are old, forged, doubled or of the wrong kind, a page that says
//! anything at any time, and a shopper who presses everything.

use farthing_flow::{State, Ticket};
use proptest::{prelude::*, sample::select};

use crate::{
    rig::{Record, Rig},
    words::Kind,
};

const SHOPPER: &[&str] = &[
    "details",
    "no-details",
    "choose:card",
    "choose:bank_account",
    "choose:phone_bill",
    "agree",
    "disagree",
    "pay",
    "pay-covered",
    "cancel",
    "again",
];
const PAGE: &[&str] = &[
    "order:A",
    "order:B",
    "order:C",
    "host-missing",
    "reset",
    "said:paid",
    "said:failed",
    "said:unknown",
];
const KINDS: [Kind; 4] = [Kind::Quote, Kind::Token, Kind::Outcome, Kind::Wait];
/// Quote ids of one byte, and a walk of at most this many acts: numbers never come round.
const ACTS: usize = 120;

#[derive(Clone, Debug)]
pub enum Act {
    /// Something that leads on to the end.
    On,
    Say(&'static str),
    /// The time of this quote is up; 0 is the newest.
    RanOut(u8),
    /// One of the answers to the open question.
    Answer(usize),
    /// One of the answers of a kind, to a question of long ago (0: one that was never asked).
    Stray(Kind, usize, usize),
}

pub fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => Just(Act::On),
        3 => select(SHOPPER).prop_map(Act::Say),
        2 => select(PAGE).prop_map(Act::Say),
        1 => (0..3u8).prop_map(Act::RanOut),
        4 => any::<usize>().prop_map(Act::Answer),
        2 => (select(&KINDS[..]), any::<usize>(), any::<usize>()).prop_map(|(k, t, a)| Act::Stray(k, t, a)),
    ];
    prop::collection::vec(act, 0..ACTS)
}

pub fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

impl Rig {
    pub fn act(&mut self, act: &Act) -> Record {
        match act {
            Act::On => self.on(),
            Act::Say(word) => self.answer(word),
            Act::RanOut(back) => self.answer(&format!("ran-out:{}", self.quotes.saturating_sub(*back))),
            Act::Answer(which) => match self.open {
                Some((ticket, kind)) => self.apply(pick(kind.answers(), *which), ticket),
                None => self.on(),
            },
            Act::Stray(kind, back, which) => {
                let ticket = match back % (self.issued.len() + 1) {
                    0 => Ticket::default(),
                    back => self.issued[self.issued.len() - back].0,
                };
                self.apply(pick(kind.answers(), *which), ticket)
            }
        }
    }

    /// What a willing provider answers, or else what a willing shopper does.
    pub fn on(&mut self) -> Record {
        if let Some((ticket, kind)) = self.open {
            return self.apply(kind.answers()[0], ticket);
        }
        let word = match self.flow.state() {
            State::Loading => "order:A",
            State::Ready(ready) if !ready.details_complete => "details",
            State::Ready(ready) if !ready.consented => "agree",
            State::Ready(_) => "pay",
            _ => "again",
        };
        self.answer(word)
    }
}

fn pick(words: &[&'static str], which: usize) -> &'static str {
    words[which % words.len()]
}

pub fn walk(acts: &[Act]) -> Vec<Record> {
    let mut rig = Rig::default();
    acts.iter().map(|act| rig.act(act)).collect()
}

pub fn is_page(word: &str) -> bool {
    PAGE.contains(&word)
}
