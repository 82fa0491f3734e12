//! A payment through the provider's own API, with Stripe's behind it: localstripe, which nobody here wrote.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_protocol::{Charge, ChargeStatus};
use farthing_provider::{
    config::{Acquirer, Database},
    http::Bounds,
};
use farthing_testkit::LocalStripe;
use serde_json::{Value, json};

use crate::common::{PAYS, Provider, frame, redemption};

const DECLINED: &str = "4000000000000341";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_is_made_declined_and_given_back() {
    let Some(stripe) = LocalStripe::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let provider = Provider::configured(frame(), Bounds::default(), |config| {
        config.database = Database::File(folder.path().join("farthing.db"));
        config.acquirer = Acquirer::Stripe {
            address: stripe.address(),
            key: "sk_test_1".to_owned().into(),
        };
    });
    let (token, _) = provider.token("A-1", DECLINED).await;
    let declined = provider.charge("k1", &redemption(&token, "A-1")).await;
    declined.problem("card_declined");

    let (token, _) = provider.token("A-1", PAYS).await;
    let charge: Charge = provider
        .charge("k2", &redemption(&token, "A-1"))
        .await
        .json(StatusCode::CREATED);
    assert!(matches!(charge.status, ChargeStatus::Paid { .. }), "{charge:?}");
    let mut refund = Request::post(format!("/v1/charges/{}/refunds", charge.id))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "amount": 50 }).to_string()))
        .unwrap();
    for (name, value) in [
        ("authorization", format!("Bearer {}", provider.shop.secret_key)),
        ("idempotency-key", "k3".to_owned()),
    ] {
        refund.headers_mut().insert(name, value.parse().unwrap());
    }
    let refund: Value = provider.send(refund).await.json(StatusCode::CREATED);
    assert_eq!(refund["status"], "done", "{refund}");

    // Nothing answers any more: no guess is made, and the merchant is told so.
    let (token, _) = provider.token("A-2", PAYS).await;
    drop(stripe);
    let charge: Charge = provider
        .charge("k4", &redemption(&token, "A-2"))
        .await
        .json(StatusCode::ACCEPTED);
    assert!(
        matches!(charge.status, ChargeStatus::Unknown { .. }),
        "{charge:?}"
    );
}
