//! Phone bills go to the carrier, and everything else to the connector beside it.

use farthing_connectors::{Beside, Sandbox};
use farthing_gateway::{
    Answer, Authenticated, Authentication, Authorisation, Connector, Done, Found, Instrument, Way,
};
use farthing_instrument::{CardNumber, CardholderName, Expiry, PhoneNumber, YearMonth};
use farthing_protocol::{Currency, Label, MethodKind, OperationKind, Reference};
use farthing_testkit::PhoneCarrier;

use crate::{Shopper, charge, euros, open, operate, quote, terms};

#[tokio::test]
async fn phone_bills_are_the_carriers_and_the_rest_is_not() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let bank = Sandbox::open(&folder.path().join("bank")).unwrap();
    let both = Beside::new(bank, Some(open(carrier.port(), folder.path())));
    let offers = both.offers(Currency::parse("EUR").unwrap());
    let kinds: Vec<_> = offers.iter().map(|offered| offered.method.kind()).collect();
    assert_eq!(
        kinds,
        [MethodKind::Card, MethodKind::BankAccount, MethodKind::PhoneBill]
    );
    assert_eq!(offers[2].conditions, terms().conditions);

    let phone = Shopper {
        number: PhoneCarrier::PAYS,
        of: 1,
        minor: 500,
    };
    phone.shows_that_it_is_them(&both).await;
    assert_eq!(phone.pays(&both, true).await, Ok(Answer::Approved));
    assert_eq!(both.look_up(&charge(1)).await, Ok(Found::Ended(Answer::Approved)));
    assert_eq!(phone.gets_back(&both, 1, 100).await, Ok(Done::Done));
    let account = carrier.account(quote(1).as_str());
    assert_eq!((account.charged, account.refunded), (500, 100));

    let asked = carrier.requests("prepare");
    let number = CardNumber::from_digits("4242424242424242").unwrap();
    let (expiry, name) = (
        Expiry::new(5, 2031, YearMonth::new(2026, 11).unwrap()).unwrap(),
        CardholderName::parse("Ada Lovelace").unwrap(),
    );
    let card = || Instrument::Card {
        number: &number,
        expiry: &expiry,
        name: &name,
        security_code: None,
    };
    let payee = Label::parse("The Small Shop").unwrap();
    let authenticated = both
        .authenticate(Authentication {
            quote: &quote(2),
            total: euros(500),
            payee: &payee,
            instrument: card(),
            back: "http://127.0.0.1:1/back",
        })
        .await;
    assert_eq!(authenticated, Ok(Authenticated::Unneeded));
    let answer = both
        .authorise(Authorisation {
            charge: &charge(2),
            quote: &quote(2),
            total: euros(500),
            capture: true,
            payee: &payee,
            instrument: card(),
        })
        .await;
    assert_eq!(answer, Ok(Answer::Approved));
    // The carrier says first that it never was there.
    for _ in 0..2 {
        assert_eq!(both.look_up(&charge(2)).await, Ok(Found::Ended(Answer::Approved)));
    }
    assert_eq!(
        operate(&both, 2, 2, OperationKind::Refund, 500).await,
        Ok(Done::Done)
    );
    assert_eq!(both.abandon(&quote(2)).await, Ok(()));
    assert_eq!(carrier.requests("prepare"), asked);
}

#[tokio::test]
async fn what_neither_knows_will_be_at_neither() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let bank = Sandbox::open(&folder.path().join("bank")).unwrap();
    let both = Beside::new(bank, Some(open(carrier.port(), folder.path())));
    let phone = Shopper {
        number: PhoneCarrier::PAYS,
        of: 1,
        minor: 500,
    };
    phone.shows_that_it_is_them(&both).await;
    assert_eq!(both.look_up(&charge(1)).await, Ok(Found::Never));
    assert!(matches!(phone.pays(&both, true).await, Ok(Answer::Declined(_))));
    assert_eq!(carrier.account(quote(1).as_str()).charged, 0);
}

#[tokio::test]
async fn without_a_carrier_all_is_the_main_connectors() {
    let alone: Beside<Sandbox> = Beside::new(Sandbox::memory().unwrap(), None);
    let asked = alone
        .authenticate(Authentication {
            quote: &quote(1),
            total: euros(150),
            payee: &Label::parse("S").unwrap(),
            instrument: Instrument::PhoneBill {
                number: &PhoneNumber::from_kept(PhoneCarrier::PAYS).unwrap(),
                carrier: &Reference::parse("fern").unwrap(),
            },
            back: "",
        })
        .await;
    assert_eq!(asked, Ok(Authenticated::Needed(Way::Passcode)));
    assert!(alone.allowance(&quote(1)).await.unwrap().is_some());
}
