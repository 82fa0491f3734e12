use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use farthing_gateway::{Answer, Authorisation, Connector, Done, Found, Instruction, NoAnswer};
use farthing_protocol::{ChargeId, Money, OperationId, OperationKind};

/// A bank that does as it is told, and remembers what money it moved. Clones share their books.
#[derive(Clone, Default)]
pub struct Bank(Arc<Mutex<Books>>);

/// What the bank knows of a charge.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Account {
    /// What was authorised.
    pub authorised: Money,
    /// What it answered.
    pub answer: Answer,
    /// What was taken.
    pub captured: i64,
    /// What went back.
    pub refunded: i64,
    /// Whether the reservation was let go.
    pub voided: bool,
}

#[derive(Default)]
struct Books {
    next: Option<Answer>,
    next_done: Option<Done>,
    silent: bool,
    charges: HashMap<ChargeId, Account>,
    operations: HashMap<OperationId, Done>,
    codes_seen: Vec<Option<String>>,
    asked: u64,
}

impl Bank {
    /// What to answer from now on; `None` approves. Where `silent`, the answer is decided and not given.
    pub fn answer(&self, answer: Option<Answer>, silent: bool) {
        let mut books = self.0.lock().unwrap();
        (books.next, books.silent) = (answer, silent);
    }

    /// What to do with instructions from now on; `None` does whatever the books allow.
    pub fn operate_as(&self, done: Option<Done>) {
        self.0.lock().unwrap().next_done = done;
    }

    /// What it took, by its own books.
    #[must_use]
    pub fn moved(&self) -> Vec<(ChargeId, Money)> {
        let books = self.0.lock().unwrap();
        let paid = books.charges.iter().filter(|(_, account)| account.captured > 0);
        paid.map(|(id, account)| {
            let currency = account.authorised.currency();
            (id.clone(), Money::new(account.captured, currency).unwrap())
        })
        .collect()
    }

    /// Its books.
    #[must_use]
    pub fn accounts(&self) -> HashMap<ChargeId, Account> {
        self.0.lock().unwrap().charges.clone()
    }

    /// The security codes that came with the authorisations, in order.
    #[must_use]
    pub fn codes_seen(&self) -> Vec<Option<String>> {
        self.0.lock().unwrap().codes_seen.clone()
    }

    /// How often it was asked for anything.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.0.lock().unwrap().asked
    }
}

impl Connector for Bank {
    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        let mut books = self.0.lock().unwrap();
        books.asked += 1;
        books
            .codes_seen
            .push(request.security_code.map(|code| code.expose().to_owned()));
        let answer = books.next.unwrap_or(Answer::Approved);
        let taken = request.capture && answer == Answer::Approved;
        let account = *books.charges.entry(request.charge.clone()).or_insert(Account {
            authorised: request.total,
            answer,
            captured: if taken { request.total.minor() } else { 0 },
            refunded: 0,
            voided: false,
        });
        if books.silent {
            Err(NoAnswer)
        } else {
            Ok(account.answer)
        }
    }

    async fn look_up(&self, charge: &ChargeId) -> Result<Found, NoAnswer> {
        let mut books = self.0.lock().unwrap();
        books.asked += 1;
        if books.silent {
            return Err(NoAnswer);
        }
        Ok(match books.charges.get(charge) {
            None => Found::Never,
            Some(account) => Found::Ended(account.answer),
        })
    }

    async fn operate(&self, instruction: Instruction<'_>) -> Result<Done, NoAnswer> {
        let mut books = self.0.lock().unwrap();
        books.asked += 1;
        let done = match books.operations.get(instruction.id) {
            Some(done) => *done,
            None => {
                let wanted = books.next_done.unwrap_or(Done::Done);
                let account = books.charges.get_mut(instruction.charge);
                let done = match account {
                    Some(account) if wanted == Done::Done => moved(account, &instruction),
                    _ => Done::Refused,
                };
                books.operations.insert(instruction.id.clone(), done);
                done
            }
        };
        if books.silent { Err(NoAnswer) } else { Ok(done) }
    }
}

fn moved(account: &mut Account, instruction: &Instruction<'_>) -> Done {
    let amount = instruction.amount.minor();
    let reserved = account.answer == Answer::Approved && account.captured == 0 && !account.voided;
    let fits = match instruction.kind {
        OperationKind::Capture => reserved && amount <= account.authorised.minor(),
        OperationKind::Void | OperationKind::Expire => reserved,
        OperationKind::Refund | OperationKind::Return => account.refunded + amount <= account.captured,
    };
    if !fits {
        return Done::Refused;
    }
    match instruction.kind {
        OperationKind::Capture => account.captured = amount,
        OperationKind::Void | OperationKind::Expire => account.voided = true,
        OperationKind::Refund | OperationKind::Return => account.refunded += amount,
    }
    Done::Done
}
