use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use farthing_gateway::{Answer, Authorisation, Connector, Found, NoAnswer};
use farthing_protocol::{ChargeId, DeclineReason};

/// A card of the sandbox: a number that everyone may know, and what happens when it pays.
pub struct SandboxCard {
    /// The number.
    pub number: &'static str,
    /// What a person who tries it should expect.
    pub outcome: &'static str,
    answer: Answer,
    silent: bool,
}

const fn card(number: &'static str, answer: Answer, outcome: &'static str) -> SandboxCard {
    SandboxCard {
        number,
        outcome,
        answer,
        silent: false,
    }
}

const fn silent(number: &'static str, answer: Answer, outcome: &'static str) -> SandboxCard {
    SandboxCard {
        number,
        outcome,
        answer,
        silent: true,
    }
}

/// The cards with an outcome of their own. Every other number pays.
pub const CARDS: [SandboxCard; 6] = [
    card("4242424242424242", Answer::Paid, "pays"),
    card(
        "4000000000000002",
        Answer::Declined(DeclineReason::CardDeclined),
        "is declined",
    ),
    card(
        "4000000000009995",
        Answer::Declined(DeclineReason::InsufficientFunds),
        "has no funds",
    ),
    card(
        "4000000000000119",
        Answer::Declined(DeclineReason::ProcessingFailed),
        "fails in processing",
    ),
    silent(
        "4000000000004087",
        Answer::Paid,
        "gives no answer; a few seconds later it turns out as paid",
    ),
    silent(
        "4000000000005043",
        Answer::Declined(DeclineReason::CardDeclined),
        "gives no answer; a few seconds later it turns out as declined",
    ),
];

/// Look-ups of a silent charge that find it still pending, before they find its end.
const PENDING_LOOK_UPS: u8 = 3;
/// Charges that the sandbox remembers; the oldest is forgotten for one more.
const REMEMBERED: usize = 100_000;

/// A bank that moves no money. What it does depends on the card's number alone ([`CARDS`]).
///
/// It remembers what it was asked in memory, as long as the process lives.
#[derive(Default)]
pub struct Sandbox {
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    charges: HashMap<ChargeId, Known>,
    oldest_first: VecDeque<ChargeId>,
}

#[derive(Clone, Copy)]
struct Known {
    answer: Answer,
    silent: bool,
    pending_look_ups: u8,
}

impl Sandbox {
    /// A bank with empty books.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic elsewhere leaves the books whole: every change is a single call on them.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn remember(&mut self, charge: &ChargeId, known: Known) {
        if self.oldest_first.len() >= REMEMBERED
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.charges.remove(&oldest);
        }
        self.charges.insert(charge.clone(), known);
        self.oldest_first.push_back(charge.clone());
    }
}

impl Connector for Sandbox {
    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        let mut books = self.books();
        // The same charge asked again has one effect.
        let known = books.charges.get(request.charge).copied();
        let known = known.unwrap_or_else(|| {
            let number = request.number.expose();
            let card = CARDS.iter().find(|card| card.number == number);
            let known = Known {
                answer: card.map_or(Answer::Paid, |card| card.answer),
                silent: card.is_some_and(|card| card.silent),
                pending_look_ups: PENDING_LOOK_UPS,
            };
            books.remember(request.charge, known);
            known
        });
        if known.silent {
            Err(NoAnswer)
        } else {
            Ok(known.answer)
        }
    }

    async fn look_up(&self, charge: &ChargeId) -> Result<Found, NoAnswer> {
        let mut books = self.books();
        let Some(known) = books.charges.get_mut(charge) else {
            return Ok(Found::Never);
        };
        if known.silent && known.pending_look_ups > 0 {
            known.pending_look_ups -= 1;
            return Ok(Found::Pending);
        }
        Ok(Found::Ended(known.answer))
    }
}

#[cfg(test)]
mod tests {
    use farthing_instrument::{CardNumber, CardholderName, Expiry, YearMonth};
    use farthing_protocol::{Currency, Label, Money};

    use super::*;

    async fn authorise(bank: &Sandbox, charge: &ChargeId, number: &str) -> Result<Answer, NoAnswer> {
        let today = YearMonth::new(2026, 11).unwrap();
        let (Ok(number), Ok(expiry), Ok(name)) = (
            CardNumber::parse(number),
            Expiry::new(12, 2030, today),
            CardholderName::parse("Ada Lovelace"),
        ) else {
            panic!("the sandbox's cards are well-formed")
        };
        bank.authorise(Authorisation {
            charge,
            total: Money::new(150, Currency::parse("EUR").unwrap()).unwrap(),
            payee: &Label::parse("Shop").unwrap(),
            number: &number,
            expiry: &expiry,
            name: &name,
            security_code: None,
        })
        .await
    }

    #[tokio::test]
    async fn every_card_does_what_it_says() {
        for card in &CARDS {
            let bank = Sandbox::new();
            let charge = ChargeId::from_random([1; 16]);
            let answer = authorise(&bank, &charge, card.number).await;
            assert_eq!(
                answer,
                if card.silent {
                    Err(NoAnswer)
                } else {
                    Ok(card.answer)
                },
                "{}",
                card.number
            );
            assert_eq!(
                authorise(&bank, &charge, card.number).await,
                answer,
                "asked again"
            );
            if card.silent {
                for _ in 0..PENDING_LOOK_UPS {
                    assert_eq!(bank.look_up(&charge).await, Ok(Found::Pending));
                }
            }
            assert_eq!(bank.look_up(&charge).await, Ok(Found::Ended(card.answer)));
        }
    }

    #[tokio::test]
    async fn any_other_card_pays_and_any_other_charge_is_unknown() {
        let bank = Sandbox::new();
        let charge = ChargeId::from_random([1; 16]);
        assert_eq!(
            authorise(&bank, &charge, "5555555555554444").await,
            Ok(Answer::Paid)
        );
        assert_eq!(
            bank.look_up(&ChargeId::from_random([2; 16])).await,
            Ok(Found::Never)
        );
    }
}
