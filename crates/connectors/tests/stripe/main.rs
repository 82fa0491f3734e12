//! The connector to Stripe against localstripe, which nobody here wrote: what it does, what it does when answers are lost, and
//! that its protection is needed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod bare;
mod kills;
mod life;
mod line;
mod outcomes;
mod server;
mod step_up;

use std::path::Path;

use farthing_connectors::{ApiKey, Stripe};
use farthing_gateway::{
    Answer, Authenticated, Authentication, Authorisation, Connector, Done, Instruction, Instrument, NoAnswer,
};
use farthing_instrument::{CardNumber, CardholderName, Expiry, SecurityCode, YearMonth};
use farthing_protocol::{ChargeId, Currency, Label, Money, OperationId, OperationKind, QuoteId};

const PAYS: &str = "4242424242424242";

fn open(port: u16, books: &Path) -> Stripe {
    let key = ApiKey::parse("sk_test_journey").unwrap();
    Stripe::open(&format!("http://127.0.0.1:{port}"), &key, books).unwrap()
}

fn charge(number: u8) -> ChargeId {
    ChargeId::from_random([number; 16])
}

/// Each charge has a quote of its own.
fn quote_of(charge: &ChargeId) -> QuoteId {
    let text = &charge.as_str().as_bytes()[ChargeId::PREFIX.len()..];
    QuoteId::from_random(text[..16].try_into().unwrap())
}

fn operation(number: u8) -> OperationId {
    OperationId::from_random([number; 16])
}

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap()).unwrap()
}

async fn authorise(
    connector: &impl Connector,
    charge: &ChargeId,
    card: &str,
    minor: i64,
    capture: bool,
) -> Result<Answer, NoAnswer> {
    let number = CardNumber::from_digits(card).unwrap();
    let code = SecurityCode::parse("123", number.brand()).ok().unwrap();
    connector
        .authorise(Authorisation {
            charge,
            quote: &quote_of(charge),
            total: euros(minor),
            capture,
            payee: &Label::parse("The Small Shop").unwrap(),
            instrument: Instrument::Card {
                number: &number,
                expiry: &Expiry::new(5, 2031, YearMonth::new(2026, 11).unwrap()).unwrap(),
                name: &CardholderName::parse("Ada Lovelace").unwrap(),
                security_code: Some(&code),
            },
        })
        .await
}

async fn operate(
    connector: &impl Connector,
    charge: &ChargeId,
    id: &OperationId,
    kind: OperationKind,
    minor: i64,
) -> Result<Done, NoAnswer> {
    let amount = euros(minor);
    connector
        .operate(Instruction {
            id,
            charge,
            kind,
            amount,
        })
        .await
}

async fn authenticate(
    connector: &impl Connector,
    charge: &ChargeId,
    card: &str,
    minor: i64,
) -> Result<Authenticated, NoAnswer> {
    let number = CardNumber::from_digits(card).unwrap();
    let code = SecurityCode::parse("123", number.brand()).ok().unwrap();
    connector
        .authenticate(Authentication {
            quote: &quote_of(charge),
            total: euros(minor),
            payee: &Label::parse("The Small Shop").unwrap(),
            instrument: Instrument::Card {
                number: &number,
                expiry: &Expiry::new(5, 2031, YearMonth::new(2026, 11).unwrap()).unwrap(),
                name: &CardholderName::parse("Ada Lovelace").unwrap(),
                security_code: Some(&code),
            },
            back: "http://127.0.0.1:1/v1/challenges/chl/back",
        })
        .await
}
