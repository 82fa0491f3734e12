use axum::http::{HeaderValue, StatusCode};
use farthing_gateway::{Begun, ChargeStore, Claim, NewCharge};
use farthing_protocol::{Charge, ChargeId, Currency, Money, Reference};
use farthing_testkit::NOW;
use sha2::{Digest, Sha256};

use crate::common::{PAYS, Provider, redemption};

#[tokio::test]
async fn a_charge_needs_a_key_of_the_right_form() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let request = |keys: &[&[u8]]| {
        let mut request = provider.charge_request(&provider.shop, "k", &redemption(&token, "A-1"));
        request.headers_mut().remove("idempotency-key");
        for key in keys {
            request
                .headers_mut()
                .append("idempotency-key", HeaderValue::from_bytes(key).unwrap());
        }
        provider.send(request)
    };
    request(&[]).await.problem("idempotency_key_missing");
    for malformed in [b"".as_slice(), b"two words", b"\xC3\xA9", &[b'a'; 256]] {
        request(&[malformed]).await.problem("idempotency_key_malformed");
    }
    request(&[b"one", b"two"])
        .await
        .problem("idempotency_key_malformed");
    assert_eq!(provider.ledger().await, (0, 0));
    assert_eq!(request(&[&[b'a'; 255]]).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_same_request_again_is_the_same_charge() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let body = redemption(&token, "A-1");
    let first = provider.charge("k1", &body).await;
    let again = provider.charge("k1", &body).await;
    let charges = [&first, &again].map(|answer| answer.json::<Charge>(StatusCode::CREATED));
    assert_eq!(charges[0], charges[1]);
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(again.header("idempotency-replayed"), "true");

    let mut other = body.clone();
    other["amount"] = 151.into();
    provider
        .charge("k1", &other)
        .await
        .problem("idempotency_key_reused");
    assert_eq!(provider.ledger().await, (0, 2));
}

#[tokio::test]
async fn a_declined_charge_is_replayed_as_declined() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", "4000000000000002").await;
    let body = redemption(&token, "A-1");
    let first = provider.charge("k1", &body).await.problem("card_declined");
    let again = provider.charge("k1", &body).await;
    assert_eq!(again.problem("card_declined").charge, first.charge);
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn keys_of_two_merchants_are_two_keys() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let body = redemption(&token, "A-1");
    provider
        .charge("k1", &body)
        .await
        .json::<Charge>(StatusCode::CREATED);
    provider
        .send(provider.charge_request(&provider.other, "k1", &body))
        .await
        .problem("token_merchant_differs");
}

#[tokio::test]
async fn a_request_that_is_still_under_way_says_so() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let body = redemption(&token, "A-1");
    // As if another process had begun it, and not ended it yet.
    let begun = provider.app.rules.store().begin_charge(NewCharge {
        id: ChargeId::from_random([1; 16]),
        merchant: provider.shop.id.clone(),
        claim: Claim {
            key: "k1".to_owned(),
            body_hash: Sha256::digest(format!("/v1/charges\n{body}")).into(),
        },
        token_hash: Sha256::digest(&token).into(),
        order: Reference::parse("A-1").unwrap(),
        amount: Money::new(150, Currency::parse("EUR").unwrap()).unwrap(),
        capture: true,
        paused: false,
        now: NOW,
    });
    assert!(matches!(begun.await.unwrap(), Begun::Taken(_)));
    let answer = provider.charge("k1", &body).await;
    assert_eq!(
        answer.problem("request_in_flight").charge,
        Some(ChargeId::from_random([1; 16]))
    );
    assert_eq!(answer.header("retry-after"), "2");
}
