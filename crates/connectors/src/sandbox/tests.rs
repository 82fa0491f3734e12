use farthing_gateway::Instrument;
use farthing_instrument::{CardNumber, CardholderName, Expiry, Iban, YearMonth};
use farthing_protocol::{Currency, Label, MethodKind, Money, OperationId, QuoteId};

use super::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap()).unwrap()
}

async fn authorise(
    bank: &Sandbox,
    charge: &ChargeId,
    number: &str,
    capture: bool,
) -> Result<Answer, NoAnswer> {
    if let Ok(iban) = Iban::from_sealed(number) {
        return debit(bank, charge, &iban, capture).await;
    }
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
        quote: &QuoteId::from_random([9; 16]),
        total: eur(150),
        capture,
        payee: &Label::parse("Shop").unwrap(),
        instrument: Instrument::Card {
            number: &number,
            expiry: &expiry,
            name: &name,
            security_code: None,
        },
    })
    .await
}

async fn debit(bank: &Sandbox, charge: &ChargeId, iban: &Iban, capture: bool) -> Result<Answer, NoAnswer> {
    let Ok(holder) = CardholderName::parse("Ada Lovelace") else {
        panic!("a name is a name")
    };
    bank.authorise(Authorisation {
        charge,
        quote: &QuoteId::from_random([9; 16]),
        total: eur(150),
        capture,
        payee: &Label::parse("Shop").unwrap(),
        instrument: Instrument::BankAccount {
            iban,
            holder: &holder,
        },
    })
    .await
}

async fn operate(
    bank: &Sandbox,
    n: u8,
    charge: &ChargeId,
    kind: OperationKind,
    minor: i64,
) -> Result<Done, NoAnswer> {
    bank.operate(Instruction {
        id: &OperationId::from_random([n; 16]),
        charge,
        kind,
        amount: eur(minor),
    })
    .await
}

fn charge(n: u8) -> ChargeId {
    ChargeId::from_random([n; 16])
}

#[tokio::test]
async fn every_card_and_account_does_what_it_says() {
    let cards = CARDS.iter().map(|card| (card.number, card.manner));
    let accounts = ACCOUNTS.iter().map(|account| (account.number, account.manner));
    // Those that ask do more: `each_card_that_asks_does_what_it_says`.
    let unasked = |(_, manner): &(_, manner::Manner)| manner.step_up == StepUp::Never;
    for (number, manner) in cards.chain(accounts).filter(unasked) {
        let bank = Sandbox::memory().unwrap();
        let told = manner.authorise;
        let expected = if told.silent {
            Err(NoAnswer)
        } else {
            Ok(told.answer)
        };
        for _ in 0..2 {
            assert_eq!(
                authorise(&bank, &charge(1), number, true).await,
                expected,
                "{}",
                number
            );
        }
        if told.silent {
            for _ in 0..PENDING_LOOKS {
                assert_eq!(bank.look_up(&charge(1)).await, Ok(Found::Pending));
            }
        }
        assert_eq!(bank.look_up(&charge(1)).await, Ok(Found::Ended(told.answer)));

        if told.answer != Answer::Approved {
            continue;
        }
        for (n, kind, told) in [
            (1, OperationKind::Refund, manner.refund),
            (2, OperationKind::Capture, manner.capture),
        ] {
            let at_once = kind == OperationKind::Refund;
            authorise(&bank, &charge(n + 1), number, at_once).await.ok();
            if told.silent {
                for _ in 0..PENDING_LOOKS {
                    assert_eq!(operate(&bank, n, &charge(n + 1), kind, 150).await, Err(NoAnswer));
                }
            }
            for _ in 0..2 {
                assert_eq!(
                    operate(&bank, n, &charge(n + 1), kind, 150).await,
                    Ok(told.answer),
                    "{}",
                    number
                );
            }
        }
    }
}

#[tokio::test]
async fn any_other_card_pays_and_a_charge_that_never_came_is_refused_when_it_does() {
    let bank = Sandbox::memory().unwrap();
    assert_eq!(
        authorise(&bank, &charge(1), "5555555555554444", true).await,
        Ok(Answer::Approved)
    );
    assert_eq!(bank.look_up(&charge(2)).await, Ok(Found::Never));
    assert!(matches!(
        authorise(&bank, &charge(2), "5555555555554444", true).await,
        Ok(Answer::Declined(_))
    ));
}

#[tokio::test]
async fn money_moves_within_what_was_authorised_and_once() {
    use OperationKind::{Capture, Expire, Refund, Return, Void};
    let bank = Sandbox::memory().unwrap();
    let number = "4242424242424242";
    authorise(&bank, &charge(1), number, false).await.unwrap();
    assert_eq!(
        operate(&bank, 1, &charge(1), Refund, 1).await,
        Ok(Done::Refused),
        "nothing was taken"
    );
    assert_eq!(
        operate(&bank, 2, &charge(1), Capture, 151).await,
        Ok(Done::Refused)
    );
    assert_eq!(operate(&bank, 3, &charge(1), Capture, 100).await, Ok(Done::Done));
    assert_eq!(
        operate(&bank, 4, &charge(1), Capture, 50).await,
        Ok(Done::Refused),
        "taken once"
    );
    assert_eq!(operate(&bank, 5, &charge(1), Void, 150).await, Ok(Done::Refused));
    assert_eq!(operate(&bank, 6, &charge(1), Refund, 60).await, Ok(Done::Done));
    assert_eq!(operate(&bank, 7, &charge(1), Return, 41).await, Ok(Done::Refused));
    assert_eq!(operate(&bank, 8, &charge(1), Return, 40).await, Ok(Done::Done));
    authorise(&bank, &charge(2), number, false).await.unwrap();
    assert_eq!(operate(&bank, 9, &charge(2), Expire, 150).await, Ok(Done::Done));
    assert_eq!(
        operate(&bank, 10, &charge(2), Capture, 150).await,
        Ok(Done::Refused)
    );
    assert_eq!(
        operate(&bank, 11, &charge(3), Void, 150).await,
        Ok(Done::Refused),
        "unknown"
    );
}

#[tokio::test]
async fn the_books_outlive_the_process_and_hold_no_number() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bank.db");
    let bank = Sandbox::open(&path).unwrap();
    authorise(&bank, &charge(1), "4000000000004087", true)
        .await
        .unwrap_err();
    drop(bank);
    let bank = Sandbox::open(&path).unwrap();
    assert_eq!(bank.look_up(&charge(1)).await, Ok(Found::Pending));
    authorise(&bank, &charge(2), "DE68370400440532013087", true)
        .await
        .unwrap_err();
    drop(bank);
    let bytes = std::fs::read(&path).unwrap();
    for number in ["4000000000004087", "DE68370400440532013087", "0532013087"] {
        assert!(
            !bytes
                .windows(number.len())
                .any(|window| window == number.as_bytes()),
            "{number}"
        );
    }
    let bank = Sandbox::open(&path).unwrap();
    assert_eq!(
        bank.look_up(&charge(2)).await,
        Ok(Found::Pending),
        "of an account too"
    );
}

#[test]
fn bank_accounts_and_phone_bills_pay_in_euro_alone() {
    let kinds = |currency| -> Vec<_> {
        let offers = Sandbox::memory()
            .unwrap()
            .offers(Currency::parse(currency).unwrap());
        offers.iter().map(|offered| offered.method.kind()).collect()
    };
    assert_eq!(
        kinds("EUR"),
        [MethodKind::Card, MethodKind::BankAccount, MethodKind::PhoneBill]
    );
    assert_eq!(kinds("USD"), [MethodKind::Card]);
}

#[tokio::test]
async fn each_card_that_asks_does_what_it_says() {
    let bank = Sandbox::memory().unwrap();
    let ask = async |card: &str, n: u8| {
        let number = CardNumber::parse(card).ok().unwrap();
        let expiry = Expiry::new(12, 2030, YearMonth::new(2026, 11).unwrap())
            .ok()
            .unwrap();
        let name = CardholderName::parse("Ada Lovelace").ok().unwrap();
        let request = Authentication {
            quote: &QuoteId::from_random([n; 16]),
            total: eur(150),
            payee: &Label::parse("Shop").unwrap(),
            instrument: Instrument::Card {
                number: &number,
                expiry: &expiry,
                name: &name,
                security_code: None,
            },
            back: "",
        };
        assert_eq!(
            bank.may_ask(&request.instrument),
            card != "4242424242424242",
            "{card}"
        );
        bank.authenticate(request).await.unwrap()
    };
    let try_code = async |n: u8, code: &str| {
        bank.try_passcode(&QuoteId::from_random([n; 16]), &Passcode::parse(code).unwrap())
            .await
    };
    let needed = Authenticated::Needed(farthing_gateway::Way::Passcode);
    assert_eq!(ask("4242424242424242", 1).await, Authenticated::Unneeded);
    assert_eq!(ask("4000000000003055", 2).await, Authenticated::Unneeded);
    assert_eq!(ask("4000002500003155", 4).await, needed);
    assert_eq!(try_code(4, "000000").await, Ok(Tried::Wrong(2)));
    assert_eq!(
        ask("4000002500003155", 4).await,
        needed,
        "asked again, it counts on"
    );
    assert_eq!(try_code(4, "000000").await, Ok(Tried::Wrong(1)));
    assert_eq!(try_code(4, PASSCODE).await, Ok(Tried::Met));
    assert_eq!(
        try_code(4, "000000").await,
        Ok(Tried::Met),
        "what is met stays met"
    );
    assert_eq!(ask("4000002500003155", 5).await, needed);
    for left in [Tried::Wrong(2), Tried::Wrong(1), Tried::Failed, Tried::Failed] {
        assert_eq!(try_code(5, "000000").await, Ok(left));
    }
    assert_eq!(
        try_code(5, PASSCODE).await,
        Ok(Tried::Failed),
        "after the last try nothing is right"
    );
    assert_eq!(ask("4000000000003063", 6).await, needed);
    assert_eq!(try_code(6, PASSCODE).await, Ok(Tried::Wrong(2)));
    assert_eq!(try_code(7, PASSCODE).await, Err(NoAnswer), "nobody was asked");

    // A charge that was to be confirmed and was not does not pay.
    let charge = ChargeId::from_random([1; 16]);
    let declined = authorise(&bank, &charge, "4000002500003155", true).await;
    assert!(matches!(declined, Ok(Answer::Declined(_))), "{declined:?}");
}
