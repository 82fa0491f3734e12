use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_protocol::{Charge, ChargeStatus, DeclineReason, QuoteOutcome};
use farthing_testkit::Shop;
use serde_json::{Value, json};

use crate::common::{PAYS, Provider, json_post, redemption, token_request};

const SILENT: &str = "4000000000004087";

#[tokio::test]
async fn a_token_pays_once_and_everyone_can_see_it() {
    let provider = Provider::new();
    let (token, quote) = provider.token("A-1", PAYS).await;
    let answer = provider.charge("k1", &redemption(&token, "A-1")).await;
    let charge: Charge = answer.json(StatusCode::CREATED);
    assert!(matches!(charge.status, ChargeStatus::Paid { .. }));
    assert_eq!(answer.header("location"), format!("/v1/charges/{}", charge.id));
    assert_eq!(answer.header("idempotency-replayed"), "");
    assert_eq!(provider.charge_of(&charge).await, charge);
    assert_eq!(provider.ledger().await, (0, 2));
    let outcome: QuoteOutcome = provider
        .get(&QuoteOutcome::path(&quote))
        .await
        .json(StatusCode::OK);
    assert!(matches!(outcome, QuoteOutcome::Paid { total, .. } if total == charge.total));

    provider
        .charge("k2", &redemption(&token, "A-1"))
        .await
        .problem("token_used");
    let paid = provider.quote_request(provider.shop.order("A-1", farthing_testkit::NOW));
    provider.post("/v1/quotes", &paid).await.problem("order_paid");
    assert_eq!(provider.ledger().await, (0, 2));
}

#[tokio::test]
async fn each_card_of_the_sandbox_ends_as_it_should() {
    let provider = Provider::new();
    for (card, code, reason) in [
        ("4000000000000002", "card_declined", DeclineReason::CardDeclined),
        (
            "4000000000009995",
            "insufficient_funds",
            DeclineReason::InsufficientFunds,
        ),
        (
            "4000000000000119",
            "processing_failed",
            DeclineReason::ProcessingFailed,
        ),
    ] {
        // The same order each time: a card that was declined leaves it open for another.
        let (token, quote) = provider.token("A-1", card).await;
        let answer = provider.charge(card, &redemption(&token, "A-1")).await;
        assert_eq!(answer.status, StatusCode::PAYMENT_REQUIRED);
        let problem = answer.problem(code);
        assert_eq!(
            answer.header("location"),
            format!("/v1/charges/{}", problem.charge.unwrap())
        );
        let outcome: QuoteOutcome = provider
            .get(&QuoteOutcome::path(&quote))
            .await
            .json(StatusCode::OK);
        assert_eq!(outcome, QuoteOutcome::Declined { reason });
    }
    assert_eq!(provider.ledger().await, (0, 0));
    let (token, _) = provider.token("A-1", PAYS).await;
    provider
        .charge("k", &redemption(&token, "A-1"))
        .await
        .json::<Charge>(StatusCode::CREATED);
    assert_eq!(provider.ledger().await, (0, 2));
}

#[tokio::test]
async fn an_answer_that_never_came_is_unknown_until_it_is_found_out() {
    let provider = Provider::new();
    let (token, quote) = provider.token("A-1", SILENT).await;
    let request = redemption(&token, "A-1");
    let charge: Charge = provider.charge("k1", &request).await.json(StatusCode::ACCEPTED);
    assert_eq!(charge.status, ChargeStatus::Unknown {});
    assert_eq!(provider.ledger().await, (0, 0));
    let outcome: QuoteOutcome = provider
        .get(&QuoteOutcome::path(&quote))
        .await
        .json(StatusCode::OK);
    assert_eq!(
        outcome,
        QuoteOutcome::Unknown {
            charge: charge.id.clone()
        }
    );
    let order = provider.quote_request(provider.shop.order("A-1", farthing_testkit::NOW));
    let answer = provider.post("/v1/quotes", &order).await;
    answer.problem("order_in_flight");
    assert_eq!(answer.header("retry-after"), "2");

    let mut rounds = 0;
    while provider.app.rules.resolve().await.unwrap() == 0 {
        rounds += 1;
        // It is looked for ever more rarely.
        provider.clock.pass(60);
        assert!(rounds < 10, "never found out");
    }
    assert!(matches!(
        provider.charge_of(&charge).await.status,
        ChargeStatus::Paid { .. }
    ));
    assert_eq!(provider.ledger().await, (0, 2));
    let replay = provider.charge("k1", &request).await;
    assert_eq!(replay.status, StatusCode::CREATED);
    assert_eq!(replay.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn a_redemption_that_does_not_fit_its_token_books_nothing() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let with = |name: &str, value: Value| {
        let mut body = redemption(&token, "A-1");
        body[name] = value;
        body
    };
    let made_up = farthing_protocol::PlainToken::from_random([5; 16]);
    for (key, shop, body, code) in [
        (
            "k1",
            &provider.other,
            redemption(&token, "A-1"),
            "token_merchant_differs",
        ),
        (
            "k2",
            &provider.shop,
            with("order", json!("A-2")),
            "token_order_differs",
        ),
        (
            "k3",
            &provider.shop,
            with("amount", json!(149)),
            "token_amount_differs",
        ),
        (
            "k4",
            &provider.shop,
            with("amount", json!(151)),
            "token_amount_differs",
        ),
        (
            "k5",
            &provider.shop,
            with("currency", json!("USD")),
            "token_currency_differs",
        ),
        (
            "k6",
            &provider.shop,
            with("token", json!(made_up.expose())),
            "token_unknown",
        ),
        (
            "k7",
            &provider.shop,
            with("amount", json!(0)),
            "order_amount_invalid",
        ),
        (
            "k8",
            &provider.shop,
            with("amount", json!(-150)),
            "order_amount_invalid",
        ),
        (
            "k9",
            &provider.shop,
            with("amount", json!(100_000_001)),
            "order_amount_invalid",
        ),
    ] {
        provider
            .send(provider.charge_request(shop, key, &body))
            .await
            .problem(code);
        assert_eq!(provider.ledger().await, (0, 0), "{code}");
    }
    provider.clock.pass(15 * 60);
    provider
        .charge("late", &redemption(&token, "A-1"))
        .await
        .problem("token_expired");
    assert_eq!(provider.ledger().await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_redemptions_at_once_make_one_charge() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let mut all = tokio::task::JoinSet::new();
    for n in 0..64 {
        let request =
            provider.charge_request(&provider.shop, &format!("key-{n}"), &redemption(&token, "A-1"));
        let router = provider.router.clone();
        all.spawn(async move {
            tower::ServiceExt::oneshot(router, request)
                .await
                .unwrap()
                .status()
        });
    }
    let statuses = all.join_all().await;
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!(count(StatusCode::CREATED), 1, "{statuses:?}");
    assert_eq!(count(StatusCode::CONFLICT), 63, "{statuses:?}");
    assert_eq!(provider.ledger().await, (0, 2));
}

#[tokio::test]
async fn two_tabs_with_one_order_make_one_charge() {
    let provider = Provider::new();
    let quotes = [provider.quote("A-1").await, provider.quote("A-1").await];
    let mut tokens = Vec::new();
    for quote in &quotes {
        let reply = provider.post("/v1/tokens", &token_request(quote, PAYS)).await;
        let reply: Value = reply.json(StatusCode::CREATED);
        tokens.push(reply["token"].as_str().unwrap().to_owned());
    }
    provider
        .charge("k1", &redemption(&tokens[0], "A-1"))
        .await
        .json::<Charge>(StatusCode::CREATED);
    provider
        .charge("k2", &redemption(&tokens[1], "A-1"))
        .await
        .problem("order_paid");
    assert_eq!(provider.ledger().await, (0, 2));
}

#[tokio::test]
async fn a_new_attempt_ends_the_earlier_token_of_the_order() {
    let provider = Provider::new();
    let (first, _) = provider.token("A-1", PAYS).await;
    let (second, _) = provider.token("A-1", PAYS).await;
    provider
        .charge("k1", &redemption(&first, "A-1"))
        .await
        .problem("token_expired");
    assert_eq!(provider.ledger().await, (0, 0));
    provider
        .charge("k2", &redemption(&second, "A-1"))
        .await
        .json::<Charge>(StatusCode::CREATED);
    provider
        .charge("k3", &redemption(&first, "A-1"))
        .await
        .problem("token_expired");
    assert_eq!(provider.ledger().await, (0, 2));
}

#[tokio::test]
async fn a_charge_goes_on_when_its_connection_is_gone() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let request = provider.charge_request(&provider.shop, "k1", &redemption(&token, "A-1"));
    let mut answering = Box::pin(tower::ServiceExt::oneshot(provider.router.clone(), request));
    // Far enough to have begun, then gone.
    while provider.app.tasks.is_empty() {
        assert!(
            std::future::poll_fn(|cx| std::task::Poll::Ready(answering.as_mut().poll(cx)))
                .await
                .is_pending()
        );
    }
    drop(answering);
    provider.app.tasks.close();
    provider.app.tasks.wait().await;
    assert_eq!(provider.ledger().await, (0, 2));
}

#[tokio::test]
async fn only_the_merchant_may_charge_and_look() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let charge: Charge = provider
        .charge("k", &redemption(&token, "A-1"))
        .await
        .json(StatusCode::CREATED);
    let ask = |authorization: Option<String>| {
        let mut request = Request::get(format!("/v1/charges/{}", charge.id));
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        provider.send(request.body(Body::empty()).unwrap())
    };
    let secret = |shop: &Shop| shop.secret_key.clone();
    for (authorization, code) in [
        (None, "key_missing"),
        (Some(String::new()), "key_missing"),
        (Some("Bearer".to_owned()), "key_missing"),
        (Some(format!("Basic {}", secret(&provider.shop))), "key_missing"),
        (Some("Bearer sk_wrong".to_owned()), "key_unknown"),
        (Some(format!("Bearer {}x", secret(&provider.shop))), "key_unknown"),
        (
            Some(format!("Bearer {}", secret(&provider.other))),
            "charge_unknown",
        ),
    ] {
        let answer = ask(authorization).await;
        answer.problem(code);
        let challenge = if answer.status == StatusCode::UNAUTHORIZED {
            "Bearer"
        } else {
            ""
        };
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    for path in ["/v1/charges", "/v1/orders"] {
        provider
            .send(json_post(path, &json!({})))
            .await
            .problem("key_missing");
    }
}
