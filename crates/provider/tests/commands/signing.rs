use std::{fs, os::unix::fs::PermissionsExt};

use axum::{body::Body, http::Request};
use farthing_gateway::jose::Jws;
use farthing_protocol::QuoteRequest;
use farthing_provider::{commands::signing::rotate, http::Bounds, router, wiring::SystemRng};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Demo, config};

#[tokio::test]
async fn what_the_old_key_signed_still_verifies() {
    let demo = Demo::new().await;
    let before = config(&demo.path()).keys;
    let text = before
        .signing
        .sign("farthing-receipt+jws", &json!({"a": 1}))
        .unwrap();
    let old_file = fs::read_to_string(demo.path()).unwrap();
    fs::set_permissions(demo.path(), PermissionsExt::from_mode(0o640)).unwrap();

    for round in 1..=2 {
        let signs = config(&demo.path()).keys.signing;
        let said = rotate(Some(&demo.path()), &signs, &SystemRng).unwrap();
        assert!(said.contains("restart"), "{said}");
        let after = config(&demo.path()).keys;
        assert_ne!(after.signing.kid(), signs.kid());
        assert_eq!(after.retired.len(), round);
        assert_eq!(after.retired.last(), Some(signs.jwk()));
        let jws = Jws::parse(&text).unwrap();
        let retired = after
            .retired
            .iter()
            .find(|jwk| jwk.kid().unwrap() == jws.kid())
            .unwrap();
        jws.verify::<Value>(&retired.verifying_key().unwrap()).unwrap();
    }
    let new_file = fs::read_to_string(demo.path()).unwrap();
    for line in old_file.lines().filter(|line| line.starts_with('#')) {
        assert!(new_file.contains(line), "lost: {line}");
    }
    let mode = fs::metadata(demo.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640, "who may read it stays");

    // The private half of no key that is retired stays anywhere.
    let private = |text: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with("signing = "))
            .unwrap()
            .to_owned();
        line.split('"').nth(1).unwrap().to_owned()
    };
    assert!(!new_file.contains(&private(&old_file)));
    let names = fs::read_dir(demo.folder.path()).unwrap();
    assert!(
        !names
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().ends_with(".new"))
    );
}

#[tokio::test]
async fn the_provider_takes_and_publishes_what_it_signed_before() {
    let demo = Demo::new().await;
    let request = json!({
        "reference": "a", "expires_in_s": 3600,
        "order": {"currency": "EUR", "lines": [{"label": "Sticker", "amount": 150}]},
    });
    let order = demo
        .app
        .rules
        .order(&demo.merchant, serde_json::from_value(request).unwrap());
    let old = demo.app.rules.keys().signing.kid().to_owned();
    rotate(Some(&demo.path()), &demo.app.rules.keys().signing, &SystemRng).unwrap();
    let restarted = super::app(&demo.path(), &demo.clock).await;
    let quote = restarted.rules.quote(QuoteRequest {
        merchant: demo.merchant.clone(),
        order: order.unwrap().order,
        origin: super::origin("http://localhost:8787"),
    });
    quote.await.unwrap();

    let request = Request::get("/.well-known/jwks.json")
        .body(Body::empty())
        .unwrap();
    let answer = router(&restarted, Bounds::default())
        .oneshot(request)
        .await
        .unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let jwks: Value = serde_json::from_slice(&body).unwrap();
    let kids: Vec<_> = jwks["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kid"].clone())
        .collect();
    assert_eq!(kids, [json!(restarted.rules.keys().signing.kid()), json!(old)]);
}

#[tokio::test]
async fn a_key_that_is_elsewhere_is_rotated_there() {
    let demo = Demo::new().await;
    let before = fs::read_to_string(demo.path()).unwrap();
    let stranger = farthing_gateway::jose::SigningKey::from_scalar(&[9; 32]).unwrap();
    let error = rotate(Some(&demo.path()), &stranger, &SystemRng).unwrap_err();
    assert!(error.to_string().contains("not in keys.signing"), "{error}");
    assert_eq!(fs::read_to_string(demo.path()).unwrap(), before);
}
