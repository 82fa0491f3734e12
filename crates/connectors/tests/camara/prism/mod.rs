//! Against CAMARA's specification: a mock server that is made from it (prism) checks every request, and answers each error that
//! the specification has an example of.

mod mocks;

use farthing_gateway::{Answer, Authenticated, Bar, Connector, Done, Found, NoAnswer, Proof, Tried, Way};
use farthing_outbound::{Guard, Outbound, Target};
use farthing_protocol::DeclineReason;
use farthing_testkit::PhoneCarrier;

use crate::{Shopper, charge, quote};
use mocks::{Mocks, Wanted, given_back, refused, stands};

/// Of one hundred euro, for that is what a payment of the specification's example is over.
fn shopper(of: u8) -> Shopper<'static> {
    Shopper {
        number: PhoneCarrier::PAYS,
        of,
        minor: 10_000,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_is_one_of_the_specifications() {
    let Some(mocks) = Mocks::start("every_request_is_one_of_the_specifications").await else {
        return;
    };
    let (camara, _folder) = mocks.fresh();
    let one = shopper(1);
    one.shows_that_it_is_them(&camara).await;
    // It takes its time, as the example does.
    assert_eq!(one.pays(&camara, true).await, Err(NoAnswer));
    assert_eq!(camara.look_up(&charge(1)).await, Ok(Found::Pending));
    mocks.want(vec![stands("succeeded")]);
    assert_eq!(
        camara.look_up(&charge(1)).await,
        Ok(Found::Ended(Answer::Approved))
    );
    assert_eq!(one.gets_back(&camara, 1, 129).await, Err(NoAnswer), "on its way");
    mocks.want(vec![given_back("GET", 1, "succeeded")]);
    assert_eq!(one.gets_back(&camara, 1, 129).await, Ok(Done::Done));
    mocks.want(vec![given_back("POST", 2, "succeeded")]);
    assert_eq!(one.gets_back(&camara, 2, 1).await, Ok(Done::Done));
    mocks.want(vec![given_back("POST", 3, "denied")]);
    assert_eq!(one.gets_back(&camara, 3, 1).await, Ok(Done::Refused));
    // Given up, and on a page.
    let (camara, _folder) = mocks.fresh();
    mocks.want(vec![]);
    shopper(2).shows_that_it_is_them(&camara).await;
    assert_eq!(camara.abandon(&quote(2)).await, Ok(()));
    mocks.want(vec![Wanted {
        of: ("POST", "/prepare"),
        example: None,
        instead: vec![(
            "\"action\":\"validate\",\"authorizationId\":\"Fn34o8g239v3wrb3t\"",
            "\"action\":\"open\",\"validationURL\":\"https://my-payment-service.com/validate/358y24t2g4f2397g45\"".to_owned(),
        )],
    }]);
    let page = "https://my-payment-service.com/validate/358y24t2g4f2397g45".to_owned();
    assert_eq!(
        shopper(3).ask(&camara).await,
        Ok(Authenticated::Needed(Way::Page(page)))
    );
    for (status, proof) in [("processing", Proof::Pending), ("reserved", Proof::Met)] {
        mocks.want(vec![stands(status)]);
        assert_eq!(camara.authentication(&quote(3)).await, Ok(proof));
    }
    assert_eq!(*mocks.broken.lock().unwrap(), Vec::<String>::new());
    let seen = mocks.seen.lock().unwrap().clone();
    for (request, status) in [
        ("POST prepare", 201),
        ("POST validate", 204),
        ("POST confirm", 202),
        ("POST cancel", 202),
        ("GET AK234rfweSBuWGFUEWFGWEVWRV", 200),
        ("POST refunds", 201),
        ("GET refunds", 200),
    ] {
        assert!(
            seen.contains(&(request.to_owned(), status)),
            "{request}: {seen:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_of_the_specifications_comes_to_what_it_says() {
    let Some(mocks) = Mocks::start("every_error_of_the_specifications_comes_to_what_it_says").await else {
        return;
    };
    let (camara, _folder) = mocks.fresh();
    let mut of = 0;
    let barred = |bar| Ok(Authenticated::Barred(bar));
    for (status, example, comes_to) in [
        (400, "GENERIC_400_INVALID_ARGUMENT", Err(NoAnswer)),
        (401, "GENERIC_401_UNAUTHENTICATED", Err(NoAnswer)),
        (403, "GENERIC_403_PERMISSION_DENIED", Err(NoAnswer)),
        (403, "GENERIC_403_PAYMENT_DENIED", barred(Bar::NotAllowed)),
        (404, "", barred(Bar::NotAllowed)),
        (409, "GENERIC_409_ALREADY_EXISTS", Err(NoAnswer)),
        (422, "GENERIC_422_SERVICE_NOT_APPLICABLE", barred(Bar::NotAllowed)),
        (422, "GENERIC_422_MISSING_IDENTIFIER", Err(NoAnswer)),
        (422, "GENERIC_422_UNNECESSARY_IDENTIFIER", Err(NoAnswer)),
        (422, "GENERIC_422_UNAUTHORIZED_AMOUNT", barred(Bar::LimitReached)),
        (
            422,
            "GENERIC_422_USER_MOBILE_ACCUMULATED_THRESHOLD_AMOUNT_OVERPASSED",
            barred(Bar::LimitReached),
        ),
        (429, "GENERIC_429_TOO_MANY_REQUESTS", Err(NoAnswer)),
    ] {
        of += 1;
        mocks.want(vec![refused("/prepare", status, example)]);
        assert_eq!(shopper(of).ask(&camara).await, comes_to, "{example}");
    }
    for (status, example, stood, comes_to) in [
        (400, "GENERIC_400_INVALID_CODE", "processing", Ok(Tried::Wrong(2))),
        (
            400,
            "GENERIC_400_INVALID_ARGUMENT",
            "processing",
            Ok(Tried::Wrong(2)),
        ),
        (
            400,
            "GENERIC_400_VALIDATION_FAILED",
            "processing",
            Ok(Tried::Failed),
        ),
        (
            400,
            "GENERIC_400_INVALID_AUTHORIZATION_ID",
            "processing",
            Err(NoAnswer),
        ),
        (
            400,
            "GENERIC_400_INVALID_AUTHORIZATION_ID",
            "denied",
            Ok(Tried::Failed),
        ),
        (404, "GENERIC_404_NOT_FOUND", "cancelled", Ok(Tried::Failed)),
        (409, "GENERIC_409_ALREADY_EXISTS", "reserved", Ok(Tried::Met)),
        (429, "GENERIC_429_TOO_MANY_REQUESTS", "processing", Err(NoAnswer)),
    ] {
        of += 1;
        mocks.want(vec![]);
        assert_eq!(
            shopper(of).ask(&camara).await,
            Ok(Authenticated::Needed(Way::Passcode))
        );
        mocks.want(vec![refused("/validate", status, example), stands(stood)]);
        assert_eq!(shopper(of).types(&camara, "111111").await, comes_to, "{example}");
    }
    let declined = |reason| Ok(Answer::Declined(reason));
    for (status, example, stood, comes_to) in [
        (
            403,
            "GENERIC_403_PAYMENT_DENIED",
            "reserved",
            declined(DeclineReason::CardDeclined),
        ),
        (403, "GENERIC_403_PERMISSION_DENIED", "reserved", Err(NoAnswer)),
        (404, "GENERIC_404_NOT_FOUND", "reserved", Err(NoAnswer)),
        (
            409,
            "GENERIC_409_ALREADY_CONFIRMED",
            "succeeded",
            Ok(Answer::Approved),
        ),
        (
            409,
            "GENERIC_409_ALREADY_CONFIRMED",
            "denied",
            declined(DeclineReason::CardDeclined),
        ),
        (
            409,
            "GENERIC_409_ALREADY_CANCELLED",
            "cancelled",
            declined(DeclineReason::ProcessingFailed),
        ),
        (
            422,
            "GENERIC_422_SERVICE_NOT_APPLICABLE",
            "reserved",
            Err(NoAnswer),
        ),
    ] {
        let (camara, _folder) = mocks.fresh();
        of += 1;
        mocks.want(vec![]);
        shopper(of).shows_that_it_is_them(&camara).await;
        mocks.want(vec![refused("/confirm", status, example), stands(stood)]);
        assert_eq!(shopper(of).pays(&camara, true).await, comes_to, "{example}");
    }
    of += 1;
    let (camara, _folder) = mocks.fresh();
    mocks.want(vec![]);
    shopper(of).shows_that_it_is_them(&camara).await;
    mocks.want(vec![stands("succeeded")]);
    assert_eq!(shopper(of).pays(&camara, true).await, Ok(Answer::Approved));
    let mut id = 0;
    for (status, example) in [
        (403, "GENERIC_403_REFUND_DENIED"),
        (403, "GENERIC_403_PAYMENT_NOT_ELIGIBLE_FOR_REFUND"),
        (404, "GENERIC_404_NOT_FOUND"),
        (422, "GENERIC_422_UNAUTHORIZED_REFUND_AMOUNT"),
        (422, "GENERIC_422_INVALID_PAYMENT_STATUS"),
    ] {
        id += 1;
        // It is looked for before it is called refused: among none, and on every page but the last there is another's.
        let none = Wanted {
            of: ("GET", "/refunds"),
            example: None,
            instead: vec![("{", "{".to_owned())],
        };
        mocks.want(vec![refused("/refunds", status, example), none]);
        assert_eq!(
            shopper(of).gets_back(&camara, id, 100).await,
            Err(NoAnswer),
            "{example}: the list never ends"
        );
        mocks.want(vec![
            refused("/refunds", status, example),
            given_back("GET", id, "denied"),
        ]);
        assert_eq!(shopper(of).gets_back(&camara, id, 100).await, Ok(Done::Refused));
    }
    assert_eq!(*mocks.broken.lock().unwrap(), Vec::<String>::new());
}

/// What finds nothing sees nothing: requests that break the specification are found.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_breaks_the_specification_is_found() {
    let Some(mocks) = Mocks::start("a_request_that_breaks_the_specification_is_found").await else {
        return;
    };
    let outbound = Outbound::new(Guard::Sandbox).unwrap();
    let headers = [
        ("authorization", "Bearer x"),
        ("content-type", "application/json"),
    ];
    for (api, path, body, found) in [
        (0, "prepare", r#"{"amountTransaction":{}}"#, "referenceCode"),
        (0, "a/validate", r#"{"code":"1"}"#, "authorizationId"),
        (0, "a/confirm", r#"{"phoneNumber":"0171"}"#, "pattern"),
        (1, "a/refunds", r#"{"type":"partial"}"#, "amountTransaction"),
    ] {
        let address = format!("http://127.0.0.1:{}/payments/{path}", mocks.ports[api]);
        let target = Target::parse(&address, Guard::Sandbox).unwrap();
        let _refused = outbound
            .ask("POST", &target, &headers, body.to_owned().into(), usize::MAX)
            .await
            .unwrap();
        let broken = std::mem::take(&mut *mocks.broken.lock().unwrap());
        assert!(
            broken.iter().any(|line| line.contains(found)),
            "{path}: {broken:?}"
        );
    }
}
