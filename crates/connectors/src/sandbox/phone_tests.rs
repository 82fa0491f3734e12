use farthing_gateway::{Bar, Instrument, Way};
use farthing_instrument::PhoneNumber;
use farthing_protocol::{Currency, Label, Money, OperationId, Reference};

use super::*;

const PAYS: &str = "+491713920000";

struct Phone {
    number: PhoneNumber,
    carrier: Reference,
    payee: Label,
}

impl Phone {
    fn new(number: &str) -> Self {
        Self {
            number: PhoneNumber::from_sealed(number, 49).ok().unwrap(),
            carrier: Reference::parse("fern").unwrap(),
            payee: Label::parse("The Corner Press").unwrap(),
        }
    }

    fn instrument(&self) -> Instrument<'_> {
        Instrument::PhoneBill {
            number: &self.number,
            carrier: &self.carrier,
        }
    }

    async fn ask(&self, bank: &Sandbox, n: u8, minor: i64) -> Result<Authenticated, NoAnswer> {
        assert!(bank.may_ask(&self.instrument()));
        bank.authenticate(Authentication {
            quote: &quote(n),
            total: eur(minor),
            payee: &self.payee,
            instrument: self.instrument(),
            back: "",
        })
        .await
    }

    async fn pay(&self, bank: &Sandbox, n: u8) -> Result<Answer, NoAnswer> {
        bank.authorise(Authorisation {
            charge: &charge(n),
            quote: &quote(n),
            total: eur(150),
            capture: true,
            payee: &self.payee,
            instrument: self.instrument(),
        })
        .await
    }
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap()).unwrap()
}

fn quote(n: u8) -> QuoteId {
    QuoteId::from_random([n; 16])
}

fn charge(n: u8) -> ChargeId {
    ChargeId::from_random([n; 16])
}

async fn answer(bank: &Sandbox, n: u8, code: &str) -> Tried {
    let passcode = Passcode::parse(code).unwrap();
    bank.try_passcode(&quote(n), &passcode).await.unwrap()
}

fn notices(bank: &Sandbox) -> Vec<String> {
    let books = bank.books();
    let mut all = books.prepare("SELECT text FROM notices ORDER BY rowid").unwrap();
    let rows = all.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn every_phone_does_what_it_says() {
    for (known, n) in PHONES.iter().zip(1..) {
        let bank = Sandbox::memory().unwrap();
        let phone = Phone::new(known.number);
        let asked = phone.ask(&bank, n, 150).await;
        let refused = match known.manner.step_up {
            StepUp::NotAllowed => Some(Ok(Authenticated::Barred(Bar::NotAllowed))),
            StepUp::Unreachable => Some(Err(NoAnswer)),
            _ if known.manner.left < 150 => Some(Ok(Authenticated::Barred(Bar::LimitReached))),
            _ => None,
        };
        if let Some(refused) = refused {
            assert_eq!(asked, refused, "{}", known.number);
            assert!(
                matches!(phone.pay(&bank, n).await, Ok(Answer::Declined(_))),
                "{} pays without its passcode",
                known.number
            );
            continue;
        }
        assert_eq!(
            asked,
            Ok(Authenticated::Needed(Way::Passcode)),
            "{}",
            known.number
        );
        let allowance = bank.allowance(&quote(n)).await.unwrap().unwrap();
        assert_eq!(
            (allowance.limit.minor(), allowance.left.minor()),
            (5_000, known.manner.left)
        );
        if known.manner.step_up == StepUp::NoneRight {
            for left in [Tried::Wrong(2), Tried::Wrong(1), Tried::Failed] {
                assert_eq!(answer(&bank, n, PASSCODE).await, left);
            }
            assert!(matches!(phone.pay(&bank, n).await, Ok(Answer::Declined(_))));
            continue;
        }
        assert_eq!(answer(&bank, n, PASSCODE).await, Tried::Met);
        let told = known.manner.authorise;
        let expected = if told.silent {
            Err(NoAnswer)
        } else {
            Ok(told.answer)
        };
        for _ in 0..2 {
            assert_eq!(phone.pay(&bank, n).await, expected, "{}", known.number);
        }
        let sent = notices(&bank);
        let paid = told.answer == Answer::Approved;
        assert_eq!(sent.len(), usize::from(paid), "{}: {sent:?}", known.number);
    }
}

#[tokio::test]
async fn a_payment_is_noticed_once_and_so_is_what_goes_back() {
    let bank = Sandbox::memory().unwrap();
    // A number that the sandbox has no row for, of a film.
    let phone = Phone::new("+491713920099");
    assert_eq!(
        phone.ask(&bank, 1, 150).await,
        Ok(Authenticated::Needed(Way::Passcode))
    );
    assert!(
        matches!(phone.pay(&bank, 1).await, Ok(Answer::Declined(_))),
        "the number alone pays nothing"
    );
    assert_eq!(
        phone.ask(&bank, 2, 150).await,
        Ok(Authenticated::Needed(Way::Passcode))
    );
    answer(&bank, 2, PASSCODE).await;
    for _ in 0..2 {
        assert_eq!(phone.pay(&bank, 2).await, Ok(Answer::Approved));
        let refund = Instruction {
            id: &OperationId::from_random([3; 16]),
            charge: &charge(2),
            kind: OperationKind::Refund,
            amount: eur(50),
        };
        assert_eq!(bank.operate(refund).await, Ok(Done::Done));
    }
    assert_eq!(
        notices(&bank),
        [
            "Fern Mobile: €1.50 to The Corner Press is on your phone bill.",
            "€0.50 came back to your phone bill."
        ]
    );
}

#[tokio::test]
async fn what_is_beyond_the_limit_is_refused_to_the_cent() {
    let bank = Sandbox::memory().unwrap();
    let phone = Phone::new("+491713920050");
    assert_eq!(
        phone.ask(&bank, 1, 100).await,
        Ok(Authenticated::Needed(Way::Passcode))
    );
    assert_eq!(
        phone.ask(&bank, 2, 101).await,
        Ok(Authenticated::Barred(Bar::LimitReached))
    );
    assert_eq!(bank.allowance(&quote(2)).await, Ok(None));
}

#[tokio::test]
async fn the_books_hold_no_number() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bank.db");
    let bank = Sandbox::open(&path).unwrap();
    let phone = Phone::new(PAYS);
    phone.ask(&bank, 1, 150).await.unwrap();
    answer(&bank, 1, PASSCODE).await;
    phone.pay(&bank, 1).await.unwrap();
    drop(bank);
    let mut bytes = std::fs::read(&path).unwrap();
    if let Ok(log) = std::fs::read(dir.path().join("bank.db-wal")) {
        bytes.extend(log);
    }
    assert!(
        bytes.windows(4).any(|window| window == b"Fern"),
        "the notice is there"
    );
    assert!(!bytes.windows(7).any(|window| window == b"3920000"));
}
