use std::{fs, os::unix::fs::PermissionsExt};

use axum::{body::Body, http::Request};
use farthing_gateway::jose::Jws;
use farthing_protocol::{Code, Quote, QuoteRequest, TokenRequest};
use farthing_provider::{
    commands::signing::{rotate, rotate_data},
    http::Bounds,
    router,
    wiring::SystemRng,
};
use farthing_testkit::{card, seal};
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
        assert!(said.contains("SIGHUP"), "{said}");
        let after = config(&demo.path()).keys;
        // What other providers are given, to know it before it signs.
        let line = said.lines().last().unwrap();
        let public: toml::Table = format!("public = {line}").parse().unwrap();
        assert_eq!(public["public"]["kid"].as_str(), Some(after.signing.kid()));
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
        language: farthing_protocol::Language::En,
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
async fn what_the_old_data_key_sealed_opens_while_the_provider_runs() {
    let demo = Demo::new().await;
    let rules = &demo.app.rules;
    let (one, other) = (quote(&demo, "a").await, quote(&demo, "b").await);
    let old_file = fs::read_to_string(demo.path()).unwrap();
    for _ in 0..2 {
        let said = rotate_data(Some(&demo.path()), &SystemRng).unwrap();
        assert!(said.contains("SIGHUP"), "{said}");
    }
    let line = |text: &str, start: &str| {
        let line = text.lines().find(|line| line.starts_with(start)).unwrap();
        line.split('"').map(str::to_owned).collect::<Vec<_>>()
    };
    let new_file = fs::read_to_string(demo.path()).unwrap();
    let (old, new) = (line(&old_file, "data = "), line(&new_file, "data = "));
    assert_ne!(old[1], new[1]);
    let others = line(&new_file, "data_others = ");
    assert_eq!(
        (&others[1], others.len()),
        (&old[1], 5),
        "the old one, and the one between"
    );

    rules.change_keys(config(&demo.path()).keys);
    rules.token(pays(&one)).await.unwrap();
    // Without the old one nothing of it can be read.
    fs::write(demo.path(), new_file.replace(&others[1], &others[3])).unwrap();
    rules.change_keys(config(&demo.path()).keys);
    let refusal = rules.token(pays(&other)).await.err().unwrap();
    assert_eq!(refusal.code, Code::Internal);
}

async fn quote(demo: &Demo, reference: &str) -> Quote {
    let request = json!({
        "reference": reference, "expires_in_s": 3600,
        "order": {"currency": "EUR", "lines": [{"label": "Sticker", "amount": 150}]},
    });
    let rules = &demo.app.rules;
    let order = rules.order(&demo.merchant, serde_json::from_value(request).unwrap());
    let quote = rules.quote(QuoteRequest {
        merchant: demo.merchant.clone(),
        order: order.unwrap().order,
        origin: super::origin("http://localhost:8787"),
        language: farthing_protocol::Language::En,
    });
    quote.await.unwrap().quote
}

fn pays(quote: &Quote) -> TokenRequest {
    let request = json!({
        "quote": quote.id, "method": "card", "consent": quote.methods[0].consent,
        "sealed": seal(quote, &card("4242424242424242"), [9; 32]),
    });
    serde_json::from_value(request).unwrap()
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
