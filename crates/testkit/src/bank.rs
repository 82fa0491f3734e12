use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use farthing_gateway::{Answer, Authorisation, Connector, Found, NoAnswer};
use farthing_protocol::{ChargeId, Money};

/// A bank that does as it is told, and remembers what money it moved. Clones share their books.
#[derive(Clone, Default)]
pub struct Bank(Arc<Mutex<Books>>);

#[derive(Default)]
struct Books {
    next: Option<Answer>,
    silent: bool,
    charges: HashMap<ChargeId, (Money, Answer)>,
    codes_seen: Vec<Option<String>>,
}

impl Bank {
    /// What to answer from now on; `None` pays. Where `silent`, the answer is decided and not given.
    pub fn answer(&self, answer: Option<Answer>, silent: bool) {
        let mut books = self.0.lock().unwrap();
        (books.next, books.silent) = (answer, silent);
    }

    /// What it moved, by its own books.
    #[must_use]
    pub fn moved(&self) -> Vec<(ChargeId, Money)> {
        let books = self.0.lock().unwrap();
        let paid = books
            .charges
            .iter()
            .filter(|(_, (_, answer))| *answer == Answer::Paid);
        paid.map(|(id, (money, _))| (id.clone(), *money)).collect()
    }

    /// The security codes that came with the authorisations, in order.
    #[must_use]
    pub fn codes_seen(&self) -> Vec<Option<String>> {
        self.0.lock().unwrap().codes_seen.clone()
    }
}

impl Connector for Bank {
    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        let mut books = self.0.lock().unwrap();
        books
            .codes_seen
            .push(request.security_code.map(|code| code.expose().to_owned()));
        let decided = books.next.unwrap_or(Answer::Paid);
        let (_, answer) = *books
            .charges
            .entry(request.charge.clone())
            .or_insert((request.total, decided));
        if books.silent { Err(NoAnswer) } else { Ok(answer) }
    }

    async fn look_up(&self, charge: &ChargeId) -> Result<Found, NoAnswer> {
        let books = self.0.lock().unwrap();
        if books.silent {
            return Err(NoAnswer);
        }
        Ok(match books.charges.get(charge) {
            None => Found::Never,
            Some((_, answer)) => Found::Ended(*answer),
        })
    }
}
