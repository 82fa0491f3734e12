use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_gateway::jose::{Jwk, Jws};
use farthing_protocol::{
    Charge, ChargeStatus, ConsentRecord, QuoteId, QuoteOutcome, Receipt, ReceiptId, ReceiptReply,
};
use serde_json::Value;

use crate::common::{Answer, PAYS, Provider, redemption};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn paid(provider: &Provider) -> (ReceiptId, QuoteId) {
    let (token, quote) = provider.token("A-1", PAYS).await;
    let charge: Charge = provider
        .charge("k", &redemption(&token, "A-1"))
        .await
        .json(StatusCode::CREATED);
    let ChargeStatus::Paid { receipt } = charge.status else {
        panic!("{charge:?}")
    };
    (receipt, quote)
}

async fn page(provider: &Provider, path: &str) -> Answer {
    provider
        .send(
            Request::get(path)
                .header(header::ACCEPT, BROWSER)
                .body(Body::empty())
                .unwrap(),
        )
        .await
}

#[tokio::test]
async fn anyone_can_check_a_receipt_and_a_consent() {
    let provider = Provider::new();
    let (receipt, quote) = paid(&provider).await;
    let reply: ReceiptReply = provider
        .get(&format!("/v1/receipts/{receipt}"))
        .await
        .json(StatusCode::OK);
    let jwks = provider.get("/.well-known/jwks.json").await;
    assert_eq!(jwks.header("access-control-allow-origin"), "*");
    let mut key = jwks.json::<Value>(StatusCode::OK)["keys"][0].clone();
    for (name, value) in [("alg", "ES256"), ("use", "sig")] {
        assert_eq!(key.as_object_mut().unwrap().remove(name).unwrap(), value);
    }
    let key: Jwk = serde_json::from_value(key).unwrap();
    let jws = Jws::parse(&reply.jws).unwrap();
    assert_eq!(jws.kid(), key.kid().unwrap());
    let checked: Receipt = jws.verify(&key.verifying_key().unwrap()).unwrap();
    assert_eq!(checked, reply.receipt);
    assert_eq!(checked.total.minor(), 150);

    let QuoteOutcome::Paid { consent, .. } = provider
        .get(&QuoteOutcome::path(&quote))
        .await
        .json(StatusCode::OK)
    else {
        panic!("not paid")
    };
    assert_eq!(consent, checked.consent);
    let answer = provider.get(&format!("/v1/consents/{consent}")).await;
    assert_eq!(
        answer.header("content-disposition"),
        format!("attachment; filename=\"farthing-{consent}.json\"")
    );
    let reply: Value = answer.json(StatusCode::OK);
    let jws = Jws::parse(reply["jws"].as_str().unwrap()).unwrap();
    let record: ConsentRecord = jws.verify(&key.verifying_key().unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&record).unwrap(), reply["consent"]);
    assert!(record.text.contains("€1.50"));
}

#[tokio::test]
async fn people_get_a_receipt_to_read() {
    let provider = Provider::new();
    let (receipt, _) = paid(&provider).await;
    let answer = page(&provider, &format!("/v1/receipts/{receipt}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["Accept-Encoding", "Accept"]);
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    let html = answer.text();
    for said in [
        "€1.50",
        "Sticker",
        "The Corner Press",
        "Visa ending in 4242",
        "Sandbox",
        "15 January 2027",
        "A-1",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    // The provider's name in these tests is markup, for this.
    assert!(html.contains("Farthing &lt;Sandbox&gt;") && !html.contains("<Sandbox>"));
    assert!(!html.contains("<script") && !html.contains("style="));
    let css = provider.get("/v1/page.css").await;
    assert_eq!(
        (css.status, css.header("content-type")),
        (StatusCode::OK, "text/css; charset=utf-8")
    );
}

#[tokio::test]
async fn a_receipt_that_is_not_there_is_told_in_words() {
    let provider = Provider::new();
    for id in [ReceiptId::from_random([9; 16]).as_str(), "rcp_x"] {
        let answer = page(&provider, &format!("/v1/receipts/{id}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text().contains("There is no such receipt"));
        provider
            .get(&format!("/v1/receipts/{id}"))
            .await
            .problem("receipt_unknown");
    }
}
