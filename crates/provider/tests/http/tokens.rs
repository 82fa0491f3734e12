use axum::http::StatusCode;
use farthing_protocol::{Quote, QuoteOutcome};
use farthing_testkit::{NOW, card, seal, seal_with_header, sealed_header};
use serde_json::{Value, json};

use crate::common::{PAYS, Provider, offer, sealed_request, token_request};

#[tokio::test]
async fn a_quote_says_everything_about_the_money() {
    let provider = Provider::new();
    let quote = provider.quote("A-1").await;
    let offer = offer(&quote);
    assert_eq!(
        (offer.total.minor(), offer.total.currency().as_str(), offer.fee),
        (150, "EUR", 0)
    );
    assert!(quote.sandbox);
    assert_eq!(quote.payee.id, provider.shop.id);
    assert!(offer.consent.text.contains("€1.50"), "{}", offer.consent.text);
    assert_eq!(quote.accreditation.accreditor.as_str(), "Fair Shops");
}

#[tokio::test]
async fn a_token_comes_with_a_hint_and_nothing_more() {
    let provider = Provider::new();
    let quote = provider.quote("A-1").await;
    let answer = provider.post("/v1/tokens", &token_request(&quote, PAYS)).await;
    let reply: Value = answer.json(StatusCode::CREATED);
    assert_eq!(reply["hint"], json!({"brand": "visa", "last_four": "4242"}));
    assert_eq!(reply["expires_at"], NOW.0 + 15 * 60);
    assert_eq!(answer.header("cache-control"), "no-store");
    let outcome: QuoteOutcome = provider
        .get(&QuoteOutcome::path(&quote.id))
        .await
        .json(StatusCode::OK);
    assert_eq!(
        outcome,
        QuoteOutcome::Open {
            until: NOW.plus(15 * 60)
        }
    );
}

#[tokio::test]
async fn jwes_that_are_not_what_the_frame_seals_are_refused() {
    let provider = Provider::new();
    let quote = provider.quote("A-1").await;
    let plain = card(PAYS).to_string();
    let with = |name: &str, value: Value| {
        let mut header = sealed_header(&quote, [9; 32]);
        header[name] = value;
        seal_with_header(&quote, &header, plain.as_bytes(), [9; 32])
    };
    let mut off_curve = sealed_header(&quote, [9; 32]);
    off_curve["epk"]["y"] = off_curve["epk"]["x"].clone();
    let off_curve = seal_with_header(&quote, &off_curve, plain.as_bytes(), [9; 32]);
    let other_quote = provider.quote("A-1").await;
    let good = seal(&quote, &card(PAYS), [9; 32]);
    let (cut, _) = good.rsplit_once('.').unwrap();
    for (sealed, code) in [
        (with("alg", json!("none")), "sealed_malformed"),
        (with("alg", json!("dir")), "sealed_malformed"),
        (with("enc", json!("A128CBC-HS256")), "sealed_malformed"),
        (with("zip", json!("DEF")), "sealed_malformed"),
        (with("crit", json!(["exp"])), "sealed_malformed"),
        (with("kid", json!("k")), "sealed_malformed"),
        (with("quote", json!(other_quote.id)), "sealed_malformed"),
        (off_curve, "sealed_malformed"),
        (cut.to_owned(), "sealed_malformed"),
        ("a.b.c.d.e".to_owned(), "sealed_malformed"),
        (String::new(), "sealed_malformed"),
        (format!("{good}{}", "A".repeat(4096)), "sealed_malformed"),
        (resealed(&quote, &other_quote), "sealed_unreadable"),
    ] {
        let request = sealed_request(&quote, &sealed);
        provider.post("/v1/tokens", &request).await.problem(code);
    }
    // Nothing of it used the quote up.
    let request = sealed_request(&quote, &good);
    provider
        .post("/v1/tokens", &request)
        .await
        .json::<Value>(StatusCode::CREATED);
}

/// Sealed to the key of `other`, and said to be for `quote`.
fn resealed(quote: &Quote, other: &Quote) -> String {
    seal_with_header(
        other,
        &sealed_header(quote, [9; 32]),
        card(PAYS).to_string().as_bytes(),
        [9; 32],
    )
}

#[tokio::test]
async fn details_and_consent_are_judged_each_with_its_own_code() {
    let provider = Provider::new();
    let quote = provider.quote("A-1").await;
    let changed = |name: &str, value: Value| {
        let mut details = card(PAYS);
        details[name] = value;
        sealed_request(&quote, &seal(&quote, &details, [9; 32]))
    };
    let mut consent = token_request(&quote, PAYS);
    consent["consent"]["text"] = json!(offer(&quote).consent.text.replace("€1.50", "€0.50"));
    for (request, code) in [
        (changed("number", json!("4242424242424241")), "details_invalid"),
        (changed("number", json!("4242 4242 4242 4242")), "details_invalid"),
        (changed("number", json!(4_242)), "details_invalid"),
        (changed("expiry_year", json!(2020)), "card_expired"),
        (changed("expiry_month", json!(13)), "details_invalid"),
        (changed("security_code", json!("12")), "details_invalid"),
        (changed("name", json!("")), "details_invalid"),
        (changed("address", json!("10 Downing Street")), "details_invalid"),
        (consent, "consent_differs"),
    ] {
        let answer = provider.post("/v1/tokens", &request).await;
        let problem = answer.problem(code);
        assert_eq!(
            problem.detail, None,
            "a detail could name what is wrong with a card"
        );
    }
    provider.clock.pass(31 * 60);
    provider
        .post("/v1/tokens", &token_request(&quote, PAYS))
        .await
        .problem("quote_expired");
}

#[tokio::test]
async fn one_quote_makes_one_token_that_works() {
    let provider = Provider::new();
    let quote = provider.quote("A-1").await;
    let request = token_request(&quote, PAYS);
    let first: Value = provider
        .post("/v1/tokens", &request)
        .await
        .json(StatusCode::CREATED);
    let again: Value = provider
        .post("/v1/tokens", &request)
        .await
        .json(StatusCode::CREATED);
    assert_ne!(first["token"], again["token"]);
    let another = sealed_request(&quote, &seal(&quote, &card(PAYS), [8; 32]));
    provider.post("/v1/tokens", &another).await.problem("quote_used");
    let redeem = |token: &Value| crate::common::redemption(token.as_str().unwrap(), "A-1");
    provider
        .charge("k1", &redeem(&first["token"]))
        .await
        .problem("token_unknown");
    provider
        .charge("k2", &redeem(&again["token"]))
        .await
        .json::<Value>(StatusCode::CREATED);
}
