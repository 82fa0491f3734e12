use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use farthing_gateway::{
    Allowance, Answer, Authenticated, Authentication, Authorisation, Connector, Done, Found, Instruction,
    Instrument, NoAnswer, Offered, Proof, Tried,
};
use farthing_protocol::{
    CardBrand, Carrier, ChargeId, Conditions, Currency, Label, Method, Money, OperationId, OperationKind,
    Passcode, QuoteId, Reference,
};

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
    accounts_seen: Vec<(String, String)>,
    phones_seen: Vec<(String, String)>,
    asked: u64,
    step_up: StepUp,
}

/// What it does with shoppers who may have to show that it is them.
#[derive(Clone, Default)]
pub struct StepUp {
    /// What it answers when it is asked whether it wants to know; `None`: it is not asked at all.
    pub answer: Option<Result<Authenticated, NoAnswer>>,
    /// How it stands with one who was sent to a page.
    pub proof: Option<Proof>,
    /// What a passcode comes to.
    pub tried: Option<Tried>,
    /// The quotes that it was asked about.
    pub asked: Vec<QuoteId>,
    /// The quotes that it was told to let go.
    pub abandoned: Vec<QuoteId>,
    /// The security codes that came along.
    pub codes: Vec<Option<String>>,
    /// What it says of a phone bill's limit.
    pub allowance: Option<Allowance>,
}

impl Bank {
    /// What it does with shoppers who may have to show that it is them, to read or to change.
    pub fn step_up<T>(&self, with: impl FnOnce(&mut StepUp) -> T) -> T {
        with(&mut self.0.lock().unwrap().step_up)
    }

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

    /// The bank accounts that were to pay, each with who holds it, in order.
    #[must_use]
    pub fn accounts_seen(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().accounts_seen.clone()
    }

    /// The phone numbers whose bills were to pay, each with its carrier, in order.
    #[must_use]
    pub fn phones_seen(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().phones_seen.clone()
    }

    /// How often it was asked for anything.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.0.lock().unwrap().asked
    }
}

/// The most that it takes from a bank account at once.
pub const DEBIT_MOST: i64 = 50_000;
/// The most that it puts on a phone bill at once.
pub const BILL_MOST: i64 = 3_000;

impl Connector for Bank {
    fn offers(&self, _: Currency) -> Vec<Offered> {
        use CardBrand::{Amex, Diners, Discover, Jcb, Maestro, Mastercard, Unionpay, Visa};
        let debit = Offered {
            method: Method::BankAccount {
                creditor: Label::parse("DE98ZZZ09999999999").unwrap(),
            },
            conditions: Conditions {
                most: DEBIT_MOST,
                arrives_days: 2,
                refundable_days: 90,
            },
        };
        let bill = Offered {
            method: Method::PhoneBill {
                carriers: vec![Carrier {
                    id: Reference::parse("tele").unwrap(),
                    name: Label::parse("Tele").unwrap(),
                    calling_code: 49,
                }],
            },
            conditions: Conditions {
                most: BILL_MOST,
                arrives_days: 0,
                refundable_days: 90,
            },
        };
        // In every currency: that it is in euro alone is for the gateway to see to.
        let brands = [Visa, Mastercard, Amex, Discover, Diners, Jcb, Unionpay, Maestro];
        vec![Offered::cards(&brands), debit, bill]
    }

    fn may_ask(&self, _: &Instrument<'_>) -> bool {
        self.step_up(|step_up| step_up.answer.is_some())
    }

    async fn authenticate(&self, request: Authentication<'_>) -> Result<Authenticated, NoAnswer> {
        self.step_up(|step_up| {
            step_up.asked.push(request.quote.clone());
            if let Instrument::Card { security_code, .. } = request.instrument {
                step_up
                    .codes
                    .push(security_code.map(|code| code.expose().to_owned()));
            }
            step_up.answer.clone().unwrap_or(Err(NoAnswer))
        })
    }

    async fn authentication(&self, _: &QuoteId) -> Result<Proof, NoAnswer> {
        self.step_up(|step_up| step_up.proof.ok_or(NoAnswer))
    }

    async fn try_passcode(&self, _: &QuoteId, _: &Passcode) -> Result<Tried, NoAnswer> {
        self.step_up(|step_up| step_up.tried.ok_or(NoAnswer))
    }

    async fn allowance(&self, _: &QuoteId) -> Result<Option<Allowance>, NoAnswer> {
        Ok(self.step_up(|step_up| step_up.allowance))
    }

    async fn abandon(&self, quote: &QuoteId) -> Result<(), NoAnswer> {
        self.step_up(|step_up| step_up.abandoned.push(quote.clone()));
        Ok(())
    }

    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        let mut books = self.0.lock().unwrap();
        books.asked += 1;
        match request.instrument {
            Instrument::Card { security_code, .. } => {
                let code = security_code.map(|code| code.expose().to_owned());
                books.codes_seen.push(code);
            }
            Instrument::BankAccount { iban, holder } => {
                let account = (iban.expose().to_owned(), holder.expose().to_owned());
                books.accounts_seen.push(account);
            }
            Instrument::PhoneBill { number, carrier } => {
                let phone = (number.expose().to_owned(), carrier.as_str().to_owned());
                books.phones_seen.push(phone);
            }
        }
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
