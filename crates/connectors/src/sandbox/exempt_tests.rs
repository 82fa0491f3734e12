//! Small payments of which the bank does not ask.

use std::sync::Arc;

use farthing_gateway::{Instrument, SinceAsked, Way};
use farthing_instrument::{CardNumber, CardholderName, Expiry, YearMonth};
use farthing_protocol::{Currency, Label, Money};

use super::*;

const ASKS: &str = "4000002500003155";
const ASKS_TOO: &str = "4000000000003063";
const NEEDED: Authenticated = Authenticated::Needed(Way::Passcode);

fn bounds(since: SinceAsked) -> Option<LowValue> {
    Some(LowValue::new(Currency::parse("EUR").unwrap(), 3_000, since).unwrap())
}

fn quote(n: u8) -> QuoteId {
    QuoteId::from_random([n; 16])
}

async fn ask(bank: &Sandbox, card: &str, n: u8, minor: i64, currency: &str) -> Authenticated {
    let today = YearMonth::new(2026, 11).unwrap();
    let (Ok(number), Ok(expiry), Ok(name)) = (
        CardNumber::parse(card),
        Expiry::new(12, 2030, today),
        CardholderName::parse("Ada Lovelace"),
    ) else {
        panic!("the sandbox's cards are well-formed")
    };
    let request = Authentication {
        quote: &quote(n),
        total: Money::new(minor, Currency::parse(currency).unwrap()).unwrap(),
        payee: &Label::parse("Shop").unwrap(),
        instrument: Instrument::Card {
            number: &number,
            expiry: &expiry,
            name: &name,
            security_code: None,
        },
        back: "",
    };
    bank.authenticate(request).await.unwrap()
}

async fn answer(bank: &Sandbox, n: u8, passcode: &str) -> Tried {
    bank.try_passcode(&quote(n), &Passcode::parse(passcode).unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn so_many_in_a_row_and_the_right_passcode_begins_anew() {
    let bank = Sandbox::memory().unwrap().exempting(bounds(SinceAsked::Count(5)));
    for n in 0..5 {
        // Asked again, it is the same payment.
        for _ in 0..3 {
            assert_eq!(ask(&bank, ASKS, n, 3_000, "EUR").await, Authenticated::Unneeded);
        }
    }
    for n in 5..7 {
        assert_eq!(ask(&bank, ASKS, n, 100, "EUR").await, NEEDED);
    }
    // Another card has a count of its own, and a wrong passcode shows nothing.
    assert_eq!(
        ask(&bank, ASKS_TOO, 20, 100, "EUR").await,
        Authenticated::Unneeded
    );
    assert_eq!(answer(&bank, 5, "000000").await, Tried::Wrong(2));
    assert_eq!(ask(&bank, ASKS, 7, 100, "EUR").await, NEEDED);
    assert_eq!(answer(&bank, 5, PASSCODE).await, Tried::Met);
    assert_eq!(
        ask(&bank, ASKS, 6, 100, "EUR").await,
        NEEDED,
        "what was to be asked for stays so"
    );
    for n in 10..15 {
        assert_eq!(ask(&bank, ASKS, n, 100, "EUR").await, Authenticated::Unneeded);
    }
    // The same answer once more is no other answer.
    assert_eq!(answer(&bank, 5, PASSCODE).await, Tried::Met);
    assert_eq!(ask(&bank, ASKS, 15, 100, "EUR").await, NEEDED);
}

#[tokio::test]
async fn so_much_together_each_so_small_and_in_euro() {
    let bank = Sandbox::memory()
        .unwrap()
        .exempting(bounds(SinceAsked::Sum(10_000)));
    for (n, minor, currency, expected) in [
        (0, 3_001, "EUR", NEEDED),
        (1, 3_000, "EUR", Authenticated::Unneeded),
        (2, 100, "USD", NEEDED),
        (3, 3_000, "EUR", Authenticated::Unneeded),
        (4, 3_000, "EUR", Authenticated::Unneeded),
        (5, 1_001, "EUR", NEEDED),
        (6, 1_000, "EUR", Authenticated::Unneeded),
        (7, 1, "EUR", NEEDED),
    ] {
        assert_eq!(ask(&bank, ASKS, n, minor, currency).await, expected, "{n}");
    }
}

#[tokio::test]
async fn it_is_off_unless_it_is_wanted() {
    let bank = Sandbox::memory().unwrap();
    assert_eq!(ask(&bank, ASKS, 1, 1, "EUR").await, NEEDED);
}

/// Two processes with one bank, each ended and begun anew after every payment, and payments that come at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_exempt_is_not_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("farthing.bank");
    let open = || {
        Sandbox::open(&path)
            .unwrap()
            .exempting(bounds(SinceAsked::Count(5)))
    };
    for n in 0..3 {
        assert_eq!(ask(&open(), ASKS, n, 100, "EUR").await, Authenticated::Unneeded);
    }
    let mut asked = tokio::task::JoinSet::new();
    let banks = [Arc::new(open()), Arc::new(open())];
    for n in 10..40 {
        let bank = Arc::clone(&banks[usize::from(n % 2)]);
        asked.spawn(async move { (n, ask(&bank, ASKS, n, 100, "EUR").await) });
    }
    let told = asked.join_all().await;
    let exempt = told.iter().filter(|(_, told)| *told == Authenticated::Unneeded);
    assert_eq!(exempt.count(), 2);
    let (asked, _) = told.iter().find(|(_, told)| *told == NEEDED).unwrap();
    assert_eq!(answer(&banks[0], *asked, PASSCODE).await, Tried::Met);
    drop(banks);
    assert_eq!(ask(&open(), ASKS, 50, 100, "EUR").await, Authenticated::Unneeded);
}

/// What is exempt pays; a quote that was let go of does not, and what it counted stays counted.
#[tokio::test]
async fn what_is_exempt_pays_and_what_was_let_go_of_does_not() {
    let bank = Sandbox::memory().unwrap().exempting(bounds(SinceAsked::Count(1)));
    assert_eq!(ask(&bank, ASKS, 1, 100, "EUR").await, Authenticated::Unneeded);
    assert!(step_up::is_met(&bank.books(), &quote(1), StepUp::Passcode).unwrap());
    bank.abandon(&quote(1)).await.unwrap();
    assert!(!step_up::is_met(&bank.books(), &quote(1), StepUp::Passcode).unwrap());
    assert_eq!(ask(&bank, ASKS, 2, 100, "EUR").await, NEEDED);
}
