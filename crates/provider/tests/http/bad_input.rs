use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_protocol::OrderReply;
use farthing_testkit::NOW;
use serde_json::{Value, json};

use crate::common::{PAYS, Provider, json_post, redemption};

const POSTS: [&str; 4] = ["/v1/orders", "/v1/quotes", "/v1/tokens", "/v1/charges"];

/// A post that is let in, whatever its body.
fn post(provider: &Provider, path: &str, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, content_type)
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", provider.shop.secret_key),
        )
        .header("idempotency-key", "k")
        .body(body.into())
        .unwrap()
}

#[tokio::test]
async fn bodies_are_small_json_objects_of_known_fields() {
    let provider = Provider::new();
    for path in POSTS {
        let json = "application/json";
        for (kind, body, code) in [
            ("text/plain", "{}".to_owned(), "content_type_unsupported"),
            (
                "application/x-www-form-urlencoded",
                "a=b".to_owned(),
                "content_type_unsupported",
            ),
            (json, "x".repeat(16 * 1024 + 1), "body_too_large"),
            (
                json,
                format!("{{\"a\":\"{}\"}}", "x".repeat(16 * 1024)),
                "body_too_large",
            ),
            (json, String::new(), "body_malformed"),
            (json, "{".to_owned(), "body_malformed"),
            (json, "[]".to_owned(), "body_malformed"),
            (json, "null".to_owned(), "body_malformed"),
            (
                json,
                "{\"card\": \"4242424242424242\"}".to_owned(),
                "body_malformed",
            ),
            (
                json,
                format!("{}1{}", "[".repeat(5000), "]".repeat(5000)),
                "body_malformed",
            ),
        ] {
            let answer = provider.send(post(&provider, path, kind, body)).await;
            let detail = answer.problem(code).detail.unwrap_or_default();
            assert!(!detail.contains("4242"), "{detail}");
        }
        let not_utf8 = provider
            .send(post(&provider, path, json, vec![b'"', 0xFF, b'"']))
            .await;
        not_utf8.problem("body_malformed");
    }
}

#[tokio::test]
async fn a_list_of_the_right_values_is_no_object() {
    let provider = Provider::new();
    let request = provider.quote_request(provider.shop.order("A-1", NOW));
    let list = json!([request["merchant"], request["order"], request["origin"]]);
    provider.post("/v1/quotes", &list).await.problem("body_malformed");
    provider.quote("A-1").await;
}

#[tokio::test]
async fn one_field_too_many_is_refused_and_named_nowhere() {
    let provider = Provider::new();
    let quote = provider.quote("A-1").await;
    let (token, _) = provider.token("A-2", PAYS).await;
    for (path, mut body) in [
        (
            "/v1/quotes",
            provider.quote_request(provider.shop.order("A-1", NOW)),
        ),
        ("/v1/tokens", crate::common::token_request(&quote, PAYS)),
        ("/v1/charges", redemption(&token, "A-2")),
        (
            "/v1/orders",
            json!({"reference": "A-3", "order": {"currency": "EUR", "lines": []}, "expires_in_s": 60}),
        ),
    ] {
        body["4000056655665556"] = json!("5105105105105100");
        let answer = provider
            .send(post(&provider, path, "application/json", body.to_string()))
            .await;
        answer.problem("body_malformed");
        assert!(!answer.text().contains("4000056655665556") && !answer.text().contains("5105105105105100"));
    }
    assert_eq!(provider.ledger().await, (0, 0));
}

#[tokio::test]
async fn addresses_and_methods_that_are_not_there_say_so() {
    let provider = Provider::new();
    for path in [
        "/",
        "/v1",
        "/v1/quote",
        "/v1/charges/",
        "/favicon.ico",
        "/v1/quotes/a/b/c",
        "/%00",
    ] {
        provider.get(path).await.problem("not_found");
    }
    for (method, path, allow) in [
        (Method::GET, "/v1/charges", "POST"),
        (Method::GET, "/v1/tokens", "POST"),
        (Method::POST, "/v1/farthing.js", "GET,HEAD"),
        (Method::DELETE, "/v1/charges/chg_1", "GET,HEAD"),
        (Method::OPTIONS, "/v1/quotes", "POST"),
        (Method::from_bytes(b"BREW").unwrap(), "/v1/quotes", "POST"),
    ] {
        let answer = provider
            .send(
                Request::builder()
                    .method(method)
                    .uri(path)
                    .body(Body::empty())
                    .unwrap(),
            )
            .await;
        answer.problem("method_not_allowed");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
    for (path, code) in [
        ("/v1/receipts/rcp_1", "receipt_unknown"),
        ("/v1/consents/con_1", "consent_unknown"),
        ("/v1/quotes/quo_1/outcome", "quote_unknown"),
        ("/v1/quotes/%FF/outcome", "quote_unknown"),
    ] {
        provider.get(path).await.problem(code);
    }
    let mut changed = farthing_protocol::ReceiptId::from_random([1; 16])
        .as_str()
        .to_owned();
    changed.replace_range(10..11, if &changed[10..11] == "0" { "1" } else { "0" });
    let problem = provider
        .get(&format!("/v1/receipts/{changed}"))
        .await
        .problem("receipt_unknown");
    assert!(problem.detail.unwrap().contains("checksum"));
}

#[tokio::test]
async fn orders_are_refused_each_with_its_own_code() {
    let provider = Provider::new();
    let shop = &provider.shop;
    let claims = shop.claims("A-1", "EUR", &[("Sticker", 150)], NOW);
    let with = |path: &str, value: Value| {
        let mut claims = claims.clone();
        *claims.pointer_mut(path).unwrap() = value;
        shop.sign(&claims)
    };
    let mut more = claims.clone();
    more["nbf"] = json!(NOW.0);
    let lines = |count: usize| json!(vec![json!({"label": "Sticker", "amount": 1}); count]);
    let good = shop.sign(&claims);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let headed = |header: Value| {
        format!(
            "{}.{payload}.{signature}",
            Base64UrlUnpadded::encode_string(header.to_string().as_bytes())
        )
    };
    let kid = shop.order_key.kid();
    let other = json!({"merchant": provider.other.id, "order": good, "origin": provider.other.origin});
    provider
        .post("/v1/quotes", &other)
        .await
        .problem("order_key_unknown");
    for (order, code) in [
        (String::new(), "order_malformed"),
        ("eyJ".to_owned(), "order_malformed"),
        (format!("{good}."), "order_malformed"),
        (format!("{good}{}", "A".repeat(8 * 1024)), "order_malformed"),
        (format!("{header}.{payload}."), "order_signature_invalid"),
        (
            format!("{header}.{payload}A.{signature}"),
            "order_signature_invalid",
        ),
        (
            headed(json!({"alg": "none", "kid": kid})),
            "order_algorithm_unsupported",
        ),
        (
            headed(json!({"alg": "HS256", "kid": kid})),
            "order_algorithm_unsupported",
        ),
        (
            headed(json!({"alg": "EdDSA", "kid": kid})),
            "order_signature_invalid",
        ),
        (
            headed(json!({"alg": "ES256", "kid": "another"})),
            "order_key_unknown",
        ),
        (
            headed(json!({"alg": "ES256", "kid": kid, "zip": "DEF"})),
            "order_malformed",
        ),
        (
            headed(json!({"alg": "ES256", "kid": kid, "crit": ["exp"]})),
            "order_malformed",
        ),
        (
            headed(json!({"alg": "ES256", "kid": kid, "typ": "farthing-receipt+jws"})),
            "order_malformed",
        ),
        (shop.sign(&more), "order_malformed"),
        (with("/jti", json!("a b")), "order_malformed"),
        (with("/jti", json!("a".repeat(65))), "order_malformed"),
        (
            with("/order/lines/0/label", json!("a".repeat(81))),
            "order_malformed",
        ),
        (
            with("/order/lines/0/label", json!("a\u{202E}b")),
            "order_malformed",
        ),
        (with("/order/lines/0/amount", json!(1.5)), "order_malformed"),
        (with("/order/currency", json!("euro")), "order_malformed"),
        (with("/order/currency", json!("XXX")), "currency_unknown"),
        (with("/order/currency", json!("ZZZ")), "currency_unknown"),
        (with("/order/lines/0/amount", json!(0)), "order_amount_invalid"),
        (with("/order/lines/0/amount", json!(-150)), "order_amount_invalid"),
        (
            with("/order/lines/0/amount", json!(100_000_001)),
            "order_amount_invalid",
        ),
        (
            with("/order/lines/0/amount", json!(i64::MAX)),
            "order_amount_invalid",
        ),
        (with("/order/lines", lines(0)), "order_lines_invalid"),
        (with("/order/lines", lines(21)), "order_lines_invalid"),
        (with("/iss", json!(provider.other.id)), "order_merchant_wrong"),
        (
            with("/aud", json!("https://other.example")),
            "order_audience_wrong",
        ),
        (with("/iat", json!(NOW.0 + 61)), "order_not_yet_valid"),
        (with("/exp", json!(NOW.0)), "order_lifetime_too_long"),
        (with("/exp", json!(NOW.0 + 8 * 86_400)), "order_lifetime_too_long"),
        (with("/iat", json!(i64::MIN)), "order_lifetime_too_long"),
    ] {
        provider
            .post("/v1/quotes", &provider.quote_request(order))
            .await
            .problem(code);
    }
    // A merchant's clock may be a minute off.
    for (iat, exp) in [(NOW.0 + 60, NOW.0 + 3_600), (NOW.0 - 3_600, NOW.0 + 1)] {
        let mut claims = claims.clone();
        (claims["iat"], claims["exp"]) = (json!(iat), json!(exp));
        let request = provider.quote_request(shop.sign(&claims));
        provider
            .post("/v1/quotes", &request)
            .await
            .json::<Value>(StatusCode::CREATED);
    }
    provider.clock.pass(3_600);
    provider
        .post("/v1/quotes", &provider.quote_request(good))
        .await
        .problem("order_expired");
}

#[tokio::test]
async fn an_order_is_for_its_merchants_pages_and_keeps_its_content() {
    let provider = Provider::new();
    let mut request = provider.quote_request(provider.shop.order("A-1", NOW));
    request["origin"] = json!(provider.other.origin);
    provider
        .post("/v1/quotes", &request)
        .await
        .problem("origin_not_registered");
    request["merchant"] = json!(farthing_protocol::MerchantId::from_random([99; 16]));
    provider
        .post("/v1/quotes", &request)
        .await
        .problem("merchant_unknown");

    provider.quote("A-1").await;
    let cheaper = provider.shop.claims("A-1", "EUR", &[("Sticker", 100)], NOW);
    let cheaper = provider.quote_request(provider.shop.sign(&cheaper));
    provider
        .post("/v1/quotes", &cheaper)
        .await
        .problem("order_changed");
}

#[tokio::test]
async fn the_provider_signs_orders_for_those_who_ask() {
    let provider = Provider::new();
    let body = json!({"reference": "B-1", "expires_in_s": 600,
        "order": {"currency": "EUR", "lines": [{"label": "Article", "amount": 50}]}});
    let send = |body: &Value| {
        provider.send(post(
            &provider,
            "/v1/orders",
            "application/json",
            body.to_string(),
        ))
    };
    let reply: OrderReply = send(&body).await.json(StatusCode::CREATED);
    let quote: Value = provider
        .post("/v1/quotes", &provider.quote_request(reply.order))
        .await
        .json(StatusCode::CREATED);
    assert_eq!(
        quote["quote"]["methods"][0]["total"],
        json!({"amount": 50, "currency": "EUR"})
    );
    for (path, value, code) in [
        ("/expires_in_s", json!(0), "order_lifetime_too_long"),
        ("/expires_in_s", json!(604_801), "order_lifetime_too_long"),
        ("/order/lines", json!([]), "order_lines_invalid"),
        ("/order/lines/0/amount", json!(-1), "order_amount_invalid"),
        ("/order/currency", json!("XXX"), "currency_unknown"),
        ("/reference", json!("a b"), "body_malformed"),
    ] {
        let mut body = body.clone();
        *body.pointer_mut(path).unwrap() = value;
        send(&body).await.problem(code);
    }
    provider
        .send(json_post("/v1/orders", &body))
        .await
        .problem("key_missing");
}
