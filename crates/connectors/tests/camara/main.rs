//! The connector to phone carriers: against a carrier of the tests' own, with requests and answers lost, doubled and late and the
//! process ended at every recovery point; and against CAMARA's specification, by a mock server that nobody here wrote.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

mod kills;
mod life;
#[path = "../stripe/line.rs"]
mod line;
mod outcomes;
mod prism;
mod routing;
mod secrets;

use std::path::Path;

use farthing_connectors::{Camara, CamaraAddresses, CamaraTerms};
use farthing_gateway::{
    Answer, Authenticated, Authentication, Authorisation, Connector, Done, Instruction, Instrument, NoAnswer,
    Tried, Way,
};
use farthing_instrument::PhoneNumber;
use farthing_protocol::{
    Carrier, ChargeId, Conditions, Currency, Label, Money, OperationId, OperationKind, Passcode, QuoteId,
    Reference,
};
use farthing_testkit::PhoneCarrier;

/// Opens a connector to the carrier on `port`, with its books in `folder`.
fn open(port: u16, folder: &Path) -> Camara {
    open_at(
        &format!("http://127.0.0.1:{port}/cb"),
        &format!("http://127.0.0.1:{port}/cbr"),
        folder,
    )
}

fn open_at(payments: &str, refunds: &str, folder: &Path) -> Camara {
    let token = folder.join("token");
    std::fs::write(&token, "letmein\n").unwrap();
    let addresses = CamaraAddresses {
        payments: payments.to_owned(),
        refunds: refunds.to_owned(),
        token,
    };
    Camara::open(addresses, terms(), &folder.join("carrier.camara")).unwrap()
}

fn terms() -> CamaraTerms {
    CamaraTerms {
        carriers: vec![Carrier {
            id: Reference::parse("fern").unwrap(),
            name: Label::parse("Fern Mobile").unwrap(),
            calling_code: 49,
        }],
        currency: Currency::parse("EUR").unwrap(),
        conditions: Conditions {
            most: 3_000,
            arrives_days: 30,
            refundable_days: 90,
        },
    }
}

fn charge(number: u8) -> ChargeId {
    ChargeId::from_random([number; 16])
}

fn quote(number: u8) -> QuoteId {
    QuoteId::from_random([number; 16])
}

fn operation(number: u8) -> OperationId {
    OperationId::from_random([number; 16])
}

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap()).unwrap()
}

/// A shopper with a phone, who pays for the quote and by the charge of the same number.
#[derive(Clone, Copy, Debug)]
struct Shopper<'a> {
    number: &'a str,
    of: u8,
    minor: i64,
}

impl Shopper<'_> {
    async fn ask(self, connector: &impl Connector) -> Result<Authenticated, NoAnswer> {
        connector
            .authenticate(Authentication {
                quote: &quote(self.of),
                total: euros(self.minor),
                payee: &Label::parse("The \"Small\" Shop").unwrap(),
                instrument: Instrument::PhoneBill {
                    number: &PhoneNumber::from_kept(self.number).unwrap(),
                    carrier: &Reference::parse("fern").unwrap(),
                },
                back: "",
            })
            .await
    }

    async fn types(self, connector: &impl Connector, passcode: &str) -> Result<Tried, NoAnswer> {
        connector
            .try_passcode(&quote(self.of), &Passcode::parse(passcode).unwrap())
            .await
    }

    async fn pays(self, connector: &impl Connector, capture: bool) -> Result<Answer, NoAnswer> {
        connector
            .authorise(Authorisation {
                charge: &charge(self.of),
                quote: &quote(self.of),
                total: euros(self.minor),
                capture,
                payee: &Label::parse("The \"Small\" Shop").unwrap(),
                instrument: Instrument::PhoneBill {
                    number: &PhoneNumber::from_kept(self.number).unwrap(),
                    carrier: &Reference::parse("fern").unwrap(),
                },
            })
            .await
    }

    /// As far as the charge.
    async fn shows_that_it_is_them(self, connector: &impl Connector) {
        assert_eq!(
            self.ask(connector).await,
            Ok(Authenticated::Needed(Way::Passcode))
        );
        assert_eq!(
            self.types(connector, PhoneCarrier::PASSCODE).await,
            Ok(Tried::Met)
        );
    }

    async fn gets_back(self, connector: &impl Connector, id: u8, minor: i64) -> Result<Done, NoAnswer> {
        operate(connector, self.of, id, OperationKind::Refund, minor).await
    }
}

async fn operate(
    connector: &impl Connector,
    of: u8,
    id: u8,
    kind: OperationKind,
    minor: i64,
) -> Result<Done, NoAnswer> {
    connector
        .operate(Instruction {
            id: &operation(id),
            charge: &charge(of),
            kind,
            amount: euros(minor),
        })
        .await
}
