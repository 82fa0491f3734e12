//! What each of the carrier's answers comes to.

use farthing_gateway::{Answer, Authenticated, Bar, Connector, Done, Found, NoAnswer, Proof, Tried, Way};
use farthing_protocol::{Currency, DeclineReason, MethodKind, OperationKind};
use farthing_testkit::{BillAccount, CarrierManner, PhoneCarrier, RefundStands};

use crate::{
    Shopper, charge,
    line::{Fate, Line},
    open, operate, quote,
};

const FAILED: Result<Answer, NoAnswer> = Ok(Answer::Declined(DeclineReason::ProcessingFailed));
const WRONG: &str = "111111";

fn shopper(number: &str, of: u8) -> Shopper<'_> {
    Shopper {
        number,
        of,
        minor: 500,
    }
}

#[tokio::test]
async fn a_payment_is_asked_for_taken_and_given_back_once() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let camara = open(carrier.port(), folder.path());
    let offers = camara.offers(Currency::parse("EUR").unwrap());
    assert_eq!(offers.len(), 1);
    assert_eq!(offers[0].method.kind(), MethodKind::PhoneBill);
    assert_eq!(camara.offers(Currency::parse("USD").unwrap()), []);

    let one = shopper(PhoneCarrier::PAYS, 1);
    one.shows_that_it_is_them(&camara).await;
    // Nothing has moved by that, and asking again asks for nothing more.
    let account = carrier.account(quote(1).as_str());
    assert_eq!((account.prepared, account.held, account.charged), (1, 1, 0));
    for _ in 0..2 {
        assert_eq!(one.pays(&camara, true).await, Ok(Answer::Approved));
    }
    assert_eq!(
        camara.look_up(&charge(1)).await,
        Ok(Found::Ended(Answer::Approved))
    );
    assert_eq!(carrier.requests("confirm"), 1);
    // One quote is paid once, whatever charge names it.
    let twice = camara
        .authorise(farthing_gateway::Authorisation {
            charge: &charge(200),
            quote: &quote(1),
            total: crate::euros(500),
            capture: true,
            payee: &farthing_protocol::Label::parse("S").unwrap(),
            instrument: farthing_gateway::Instrument::PhoneBill {
                number: &farthing_instrument::PhoneNumber::from_kept(PhoneCarrier::PAYS).unwrap(),
                carrier: &farthing_protocol::Reference::parse("fern").unwrap(),
            },
        })
        .await;
    assert_eq!(twice, FAILED);

    for _ in 0..2 {
        assert_eq!(one.gets_back(&camara, 1, 200).await, Ok(Done::Done));
    }
    assert_eq!(one.gets_back(&camara, 2, 301).await, Ok(Done::Refused));
    assert_eq!(one.gets_back(&camara, 3, 300).await, Ok(Done::Done));
    assert_eq!(one.gets_back(&camara, 4, 1).await, Ok(Done::Refused));
    let paid = BillAccount {
        prepared: 1,
        held: 0,
        charged: 500,
        refunded: 500,
    };
    assert_eq!(carrier.account(quote(1).as_str()), paid);
    // Nothing is ever only reserved.
    for kind in [OperationKind::Capture, OperationKind::Void, OperationKind::Expire] {
        assert_eq!(operate(&camara, 1, 5, kind, 500).await, Ok(Done::Refused));
    }
}

#[tokio::test]
async fn passcodes_are_counted_here_whatever_the_carrier_counts() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let camara = open(carrier.port(), folder.path());
    let one = shopper(PhoneCarrier::PAYS, 1);
    assert_eq!(one.types(&camara, WRONG).await, Err(NoAnswer), "of nothing asked");
    assert_eq!(one.ask(&camara).await, Ok(Authenticated::Needed(Way::Passcode)));
    assert_eq!(one.types(&camara, WRONG).await, Ok(Tried::Wrong(2)));
    // Another process counts on.
    let camara = open(carrier.port(), folder.path());
    assert_eq!(one.types(&camara, WRONG).await, Ok(Tried::Wrong(1)));
    assert_eq!(one.types(&camara, WRONG).await, Ok(Tried::Failed));
    assert_eq!(
        one.types(&camara, PhoneCarrier::PASSCODE).await,
        Ok(Tried::Failed)
    );
    assert_eq!(carrier.requests("validate"), 3);
    assert_eq!(one.pays(&camara, true).await, FAILED);
    assert_eq!(carrier.requests("confirm"), 0);
    // A try whose request is lost is a try.
    let two = shopper(PhoneCarrier::PAYS, 2);
    let lose = |_, head: &str| {
        if head.contains("/validate") {
            Fate::LoseRequest
        } else {
            Fate::Pass
        }
    };
    let (_line, port) = Line::lay(carrier.port(), lose).await;
    let deaf = open(port, folder.path());
    assert_eq!(two.ask(&deaf).await, Ok(Authenticated::Needed(Way::Passcode)));
    for _ in 0..3 {
        assert_eq!(two.types(&deaf, PhoneCarrier::PASSCODE).await, Err(NoAnswer));
    }
    assert_eq!(
        two.types(&camara, PhoneCarrier::PASSCODE).await,
        Ok(Tried::Failed)
    );
}

#[tokio::test]
async fn who_may_not_pay_is_told_why() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let camara = open(carrier.port(), folder.path());
    let barred = |bar| Ok(Authenticated::Barred(bar));
    for _ in 0..2 {
        let low = shopper(PhoneCarrier::LOW, 1).ask(&camara).await;
        assert_eq!(low, barred(Bar::LimitReached));
        let not = shopper(PhoneCarrier::BARRED, 2).ask(&camara).await;
        assert_eq!(not, barred(Bar::NotAllowed));
    }
    assert_eq!(carrier.requests("prepare"), 2);
    // The number alone pays nothing: what was reserved without asking is let go.
    let unasked = shopper(PhoneCarrier::UNASKED, 3);
    assert_eq!(unasked.ask(&camara).await, Ok(Authenticated::Unneeded));
    assert_eq!(unasked.pays(&camara, true).await, FAILED);
    let account = carrier.account(quote(3).as_str());
    assert_eq!((account.prepared, account.held, account.charged), (1, 0, 0));
    // A quote's amount is the one that was agreed to.
    let one = shopper(PhoneCarrier::PAYS, 4);
    one.shows_that_it_is_them(&camara).await;
    let more = Shopper { minor: 501, ..one };
    assert_eq!(more.ask(&camara).await, Err(NoAnswer));
    assert_eq!(more.pays(&camara, true).await, FAILED);
    assert_eq!(carrier.account(quote(4).as_str()).charged, 0);
}

#[tokio::test]
async fn declined_slow_and_only_reserved() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let camara = open(carrier.port(), folder.path());
    let declined = shopper(PhoneCarrier::DECLINED, 1);
    declined.shows_that_it_is_them(&camara).await;
    for _ in 0..2 {
        let answer = declined.pays(&camara, true).await;
        assert_eq!(answer, Ok(Answer::Declined(DeclineReason::CardDeclined)));
    }
    assert_eq!(declined.gets_back(&camara, 1, 1).await, Ok(Done::Refused));

    // What the carrier has accepted is waited for, and not cancelled.
    let slow = shopper(PhoneCarrier::SLOW, 2);
    slow.shows_that_it_is_them(&camara).await;
    assert_eq!(slow.pays(&camara, true).await, Err(NoAnswer));
    assert_eq!(slow.pays(&camara, true).await, Err(NoAnswer));
    assert_eq!(camara.look_up(&charge(2)).await, Ok(Found::Pending));
    carrier.settle();
    assert_eq!(
        camara.look_up(&charge(2)).await,
        Ok(Found::Ended(Answer::Approved))
    );
    assert_eq!((carrier.requests("confirm"), carrier.requests("cancel")), (2, 0));

    // Nothing is reserved for later.
    let later = shopper(PhoneCarrier::PAYS, 3);
    later.shows_that_it_is_them(&camara).await;
    assert_eq!(later.pays(&camara, false).await, FAILED);
    assert_eq!(later.pays(&camara, true).await, FAILED);
    let account = carrier.account(quote(3).as_str());
    assert_eq!((account.held, account.charged), (0, 0));
}

#[tokio::test]
async fn a_page_of_the_carriers_asks_too() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let camara = open(carrier.port(), folder.path());
    for (of, it_is) in [(1, true), (2, false)] {
        let one = shopper(PhoneCarrier::PAGE, of);
        let Ok(Authenticated::Needed(Way::Page(page))) = one.ask(&camara).await else {
            panic!("no page")
        };
        assert!(page.starts_with("http://127.0.0.1:1/"), "{page}");
        assert_eq!(camara.authentication(&quote(of)).await, Ok(Proof::Pending));
        carrier.answer_page(quote(of).as_str(), it_is);
        let proof = if it_is { Proof::Met } else { Proof::Failed };
        for _ in 0..2 {
            assert_eq!(camara.authentication(&quote(of)).await, Ok(proof));
        }
        let answer = one.pays(&camara, true).await;
        assert_eq!(answer, if it_is { Ok(Answer::Approved) } else { FAILED });
    }
}

#[tokio::test]
async fn what_nobody_pays_is_let_go_and_what_is_paid_is_not() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let camara = open(carrier.port(), folder.path());
    let (left, paid) = (shopper(PhoneCarrier::PAYS, 1), shopper(PhoneCarrier::PAYS, 2));
    left.shows_that_it_is_them(&camara).await;
    // Nobody answers: it is asked for again at the next sweep, and no charge takes it in the meantime.
    carrier.manner(CarrierManner {
        gone: true,
        ..CarrierManner::default()
    });
    assert_eq!(camara.abandon(&quote(1)).await, Err(NoAnswer));
    carrier.manner(CarrierManner::default());
    assert_eq!(left.pays(&camara, true).await, FAILED);
    for _ in 0..2 {
        assert_eq!(camara.abandon(&quote(1)).await, Ok(()));
    }
    let account = carrier.account(quote(1).as_str());
    assert_eq!((account.held, account.charged), (0, 0));

    paid.shows_that_it_is_them(&camara).await;
    assert_eq!(paid.pays(&camara, true).await, Ok(Answer::Approved));
    let before = carrier.requests("cancel");
    assert_eq!(camara.abandon(&quote(2)).await, Ok(()));
    assert_eq!(carrier.requests("cancel"), before);
    assert_eq!(paid.gets_back(&camara, 1, 500).await, Ok(Done::Done));
    assert_eq!(camara.abandon(&quote(3)).await, Ok(()), "of nothing");
}

#[tokio::test]
async fn a_refund_is_done_when_the_carrier_says_so() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let camara = open(carrier.port(), folder.path());
    let one = shopper(PhoneCarrier::PAYS, 1);
    one.shows_that_it_is_them(&camara).await;
    assert_eq!(one.pays(&camara, true).await, Ok(Answer::Approved));
    let refunds = |refunds| {
        carrier.manner(CarrierManner {
            refunds,
            ..CarrierManner::default()
        });
    };
    refunds(RefundStands::Processing);
    for _ in 0..2 {
        assert_eq!(one.gets_back(&camara, 1, 400).await, Err(NoAnswer));
    }
    // What is on its way is set aside.
    assert_eq!(one.gets_back(&camara, 2, 101).await, Ok(Done::Refused));
    refunds(RefundStands::Denied);
    carrier.settle();
    assert_eq!(one.gets_back(&camara, 1, 400).await, Ok(Done::Refused));
    refunds(RefundStands::Succeeded);
    assert_eq!(one.gets_back(&camara, 3, 500).await, Ok(Done::Done));
    assert_eq!(one.gets_back(&camara, 1, 400).await, Ok(Done::Refused));
    assert_eq!(carrier.account(quote(1).as_str()).refunded, 500);
}

#[tokio::test]
async fn a_careless_carrier_gives_no_more_back_than_was_taken() {
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    carrier.manner(CarrierManner {
        careless: true,
        ..CarrierManner::default()
    });
    let lose = |_, head: &str| {
        if head.starts_with("POST") && head.contains("/refunds") {
            Fate::LoseAnswer
        } else {
            Fate::Pass
        }
    };
    let (_line, port) = Line::lay(carrier.port(), lose).await;
    let camara = open(port, folder.path());
    let one = shopper(PhoneCarrier::PAYS, 1);
    one.shows_that_it_is_them(&camara).await;
    assert_eq!(one.pays(&camara, true).await, Ok(Answer::Approved));
    // Each answer is lost, so each refund is looked for, through several pages of them, and given once.
    for id in 1..=6 {
        assert_eq!(one.gets_back(&camara, id, 80).await, Ok(Done::Done));
    }
    assert_eq!(one.gets_back(&camara, 7, 80).await, Ok(Done::Refused));
    assert_eq!(one.gets_back(&camara, 1, 80).await, Ok(Done::Done));
    assert_eq!(carrier.account(quote(1).as_str()).refunded, 480);
}
