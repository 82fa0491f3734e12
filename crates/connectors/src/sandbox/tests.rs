use farthing_instrument::{CardNumber, CardholderName, Expiry, YearMonth};
use farthing_protocol::{Currency, Label, Money, OperationId};

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
        total: eur(150),
        capture,
        payee: &Label::parse("Shop").unwrap(),
        number: &number,
        expiry: &expiry,
        name: &name,
        security_code: None,
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
async fn every_card_does_what_it_says() {
    for card in &CARDS {
        let bank = Sandbox::memory().unwrap();
        let told = card.manner.authorise;
        let expected = if told.silent {
            Err(NoAnswer)
        } else {
            Ok(told.answer)
        };
        for _ in 0..2 {
            assert_eq!(
                authorise(&bank, &charge(1), card.number, true).await,
                expected,
                "{}",
                card.number
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
            (1, OperationKind::Refund, card.manner.refund),
            (2, OperationKind::Capture, card.manner.capture),
        ] {
            let at_once = kind == OperationKind::Refund;
            authorise(&bank, &charge(n + 1), card.number, at_once).await.ok();
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
                    card.number
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
    drop(bank);
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(16).any(|window| window == b"4000000000004087"));
}
