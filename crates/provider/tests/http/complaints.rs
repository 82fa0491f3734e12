//! A shopper objects, with the receipt's own form: no other page can do it for them, and once is enough.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::Value;

use crate::common::{Answer, ORIGIN, PAYS, Provider, redemption};

struct Scene {
    provider: Provider,
    /// The receipt's address.
    receipt: String,
}

impl Scene {
    async fn new() -> Self {
        let provider = Provider::new();
        let (token, _) = provider.token("A-1", PAYS).await;
        let charge = provider.charge("k", &redemption(&token, "A-1")).await;
        let charge: Value = charge.json(StatusCode::CREATED);
        let receipt = format!("/v1/receipts/{}", charge["receipt"].as_str().unwrap());
        Self { provider, receipt }
    }

    /// Sends the form as a browser does, from a page of this kind of site.
    async fn send(&self, site: &str, origin: &str, fields: &str) -> Answer {
        let request = Request::post(format!("{}/disputes", self.receipt))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", site)
            .header(header::ORIGIN, origin)
            .body(Body::from(fields.to_owned()));
        self.provider.send(request.unwrap()).await
    }

    async fn disputes(&self) -> usize {
        self.provider.app.rules.disputes(None).await.unwrap().len()
    }
}

#[tokio::test]
async fn a_complaint_that_another_page_sends_is_none() {
    let scene = Scene::new().await;
    for (site, origin) in [
        ("cross-site", "https://evil.example"),
        ("same-site", "https://other.pay.example"),
        ("same-origin", "https://evil.example"),
    ] {
        let answer = scene.send(site, origin, "reason=not_received").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site} {origin}");
        assert_eq!(scene.disputes().await, 0);
    }
    let answer = scene.send("same-origin", ORIGIN, "reason=not_received").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.disputes().await, 1);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_leads_back_to_what_it_did() {
    let scene = Scene::new().await;
    for _ in 0..2 {
        let answer = scene
            .send("same-origin", ORIGIN, "reason=not_received&words=")
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), scene.receipt);
    }
    assert_eq!(scene.disputes().await, 1);
}

#[tokio::test]
async fn a_form_that_lacks_something_says_what_and_leads_back() {
    let scene = Scene::new().await;
    for fields in [
        "reason=other",
        "reason=other&words=+",
        "reason=other&words=4242+4242+4242+4242",
    ] {
        let answer = scene.send("same-origin", ORIGIN, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(answer.header("content-type").starts_with("text/html"));
        assert!(answer.text().contains(&scene.receipt), "{}", answer.text());
        assert!(!answer.text().contains("4242"), "{}", answer.text());
    }
    for fields in ["", "reason=because", "reason=other&reason=other", "else=1"] {
        let answer = scene.send("same-origin", ORIGIN, fields).await;
        assert!(answer.status.is_client_error(), "{fields}");
    }
    assert_eq!(scene.disputes().await, 0);
}
