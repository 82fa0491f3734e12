//! Step-up over HTTP: a token that waits, and the page on which its challenge is met.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_gateway::{LowValue, SinceAsked};
use farthing_protocol::{Challenge, Currency, TokenAnswer, limits};
use farthing_provider::http::Bounds;
use farthing_testkit::NOW;
use serde_json::Value;

use crate::common::{Answer, Provider, frame, redemption, token_request};

pub const ASKS: &str = "4000002500003155";
const NONE_RIGHT: &str = "4000000000003063";
const KNOWN: &str = "4000000000003055";

struct Asked {
    provider: Provider,
    request: Value,
    challenge: Challenge,
}

impl Asked {
    async fn by(card: &str) -> Self {
        let provider = Provider::new();
        let quote = provider.quote("A-1").await;
        let request = token_request(&quote, card);
        let answer = provider.post("/v1/tokens", &request).await;
        let TokenAnswer::Challenged { challenge } = answer.json(StatusCode::ACCEPTED) else {
            panic!("nothing to meet");
        };
        Self {
            provider,
            request,
            challenge,
        }
    }

    fn path(&self) -> String {
        format!("/v1/challenges/{}", self.challenge.id)
    }

    async fn page(&self) -> String {
        let answer = self.provider.get(&self.path()).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.text().to_owned()
    }

    async fn send(&self, body: &str, site: &str) -> Answer {
        let request = Request::post(self.path())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site)
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.provider.send(request).await
    }
}

#[tokio::test]
async fn a_passcode_gives_the_token_that_was_asked_for() {
    let asked = Asked::by(ASKS).await;
    assert_eq!(asked.challenge.expires_at, NOW.plus(limits::CHALLENGE_LIFETIME_S));
    let page = asked.provider.get(&asked.path()).await;
    let policy = page.header("content-security-policy").to_owned();
    assert_eq!(
        policy,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'self' https://shop1.example"
    );
    assert_eq!(page.header("cross-origin-embedder-policy"), "require-corp");
    let page = page.text().to_owned();
    for part in [
        "Confirm €1.50 to The Corner Press",
        "autocomplete=\"one-time-code\"",
        "You have 5 minutes",
        "It is 123456",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }

    let wrong = asked.send("passcode=000000", "same-origin").await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(wrong.text().contains("You can try 2 more times."));
    let malformed = asked.send("passcode=12x456", "same-origin").await;
    assert_eq!(malformed.status, StatusCode::BAD_REQUEST);
    assert!(malformed.text().contains("4 to 10 digits"), "and it is no try");
    let wrong = asked.send("passcode=0000", "same-origin").await;
    assert!(wrong.text().contains("You can try once more."));
    for body in ["", "passcode=1&passcode=2", "code=123456"] {
        asked.send(body, "same-origin").await.problem("body_malformed");
    }
    asked
        .send("passcode=123456", "cross-site")
        .await
        .problem("origin_not_registered");
    let again = asked.provider.post("/v1/tokens", &asked.request).await;
    assert_eq!(again.status, StatusCode::ACCEPTED, "not met yet");

    for _ in 0..2 {
        let met = asked.send("passcode=123-456", "same-origin").await;
        assert_eq!(met.status, StatusCode::SEE_OTHER);
        assert_eq!(met.header("location"), asked.path());
    }
    assert!(
        asked
            .page()
            .await
            .contains("You confirmed €1.50 to The Corner Press")
    );
    let token: Value = asked
        .provider
        .post("/v1/tokens", &asked.request)
        .await
        .json(StatusCode::CREATED);
    let token = token["token"].as_str().unwrap();
    let charge: Value = asked
        .provider
        .charge("k", &redemption(token, "A-1"))
        .await
        .json(StatusCode::CREATED);
    assert_eq!(charge["status"], "paid", "{charge}");
}

/// The bank's own decision: the shopper is asked nothing, and the token is there at once. Once the bound is reached, a
/// passcode is asked for, and answering it begins anew.
#[tokio::test]
async fn small_payments_are_exempt_until_their_bound() {
    let bounds = LowValue::new(Currency::parse("EUR").unwrap(), 3_000, SinceAsked::Count(2)).unwrap();
    let provider = Provider::configured(frame(), Bounds::default(), |config| {
        config.low_value = Some(bounds);
    });
    let ask = async |order: &str| {
        let request = token_request(&provider.quote(order).await, ASKS);
        (provider.post("/v1/tokens", &request).await, request)
    };
    let paid = async |order: &str| {
        let (answer, request) = ask(order).await;
        let first: Value = answer.json(StatusCode::CREATED);
        assert!(first["token"].is_string());
        // A lost answer is had again, and counts no second time.
        let again: Value = provider
            .post("/v1/tokens", &request)
            .await
            .json(StatusCode::CREATED);
        let charge: Value = provider
            .charge(order, &redemption(again["token"].as_str().unwrap(), order))
            .await
            .json(StatusCode::CREATED);
        assert_eq!(charge["status"], "paid", "{charge}");
    };
    paid("A-1").await;
    paid("A-2").await;
    let (asked, _) = ask("A-3").await;
    let TokenAnswer::Challenged { challenge } = asked.json(StatusCode::ACCEPTED) else {
        panic!("nothing to meet");
    };
    let request = Request::post(format!("/v1/challenges/{}", challenge.id))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from("passcode=123456"));
    let met = provider.send(request.unwrap()).await;
    assert_eq!(met.status, StatusCode::SEE_OTHER);
    paid("A-4").await;
    paid("A-5").await;
    let (asked, _) = ask("A-6").await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn the_last_wrong_passcode_is_the_end() {
    let asked = Asked::by(NONE_RIGHT).await;
    for _ in 1..limits::PASSCODE_TRIES {
        assert_eq!(
            asked.send("passcode=123456", "same-origin").await.status,
            StatusCode::OK
        );
    }
    let last = asked.send("passcode=123456", "same-origin").await;
    assert_eq!(last.status, StatusCode::SEE_OTHER);
    assert!(
        asked
            .page()
            .await
            .contains("was not confirmed. Nothing was charged.")
    );
    let refused = asked.provider.post("/v1/tokens", &asked.request).await;
    refused.problem("challenge_failed");
}

#[tokio::test]
async fn time_runs_out() {
    let asked = Asked::by(ASKS).await;
    asked.provider.clock.pass(limits::CHALLENGE_LIFETIME_S - 60);
    assert!(asked.page().await.contains("You have a minute."));
    asked.provider.clock.pass(60);
    let late = asked.send("passcode=123456", "same-origin").await;
    assert_eq!(late.status, StatusCode::SEE_OTHER);
    assert!(asked.page().await.contains("was not confirmed"));
    let refused = asked.provider.post("/v1/tokens", &asked.request).await;
    refused.problem("challenge_expired");
}

#[tokio::test]
async fn who_is_known_is_given_the_token_and_nobody_else_s_challenge_is_shown() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", KNOWN).await;
    let charge: Value = provider
        .charge("k", &redemption(&token, "A-1"))
        .await
        .json(StatusCode::CREATED);
    assert_eq!(charge["status"], "paid", "{charge}");
    for unknown in ["chl_x", "chl_092wjk6gafbnnqk1wnmervzkevvpx5"] {
        let answer = provider.get(&format!("/v1/challenges/{unknown}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text().contains("There is nothing to confirm here"));
        let back = provider.get(&format!("/v1/challenges/{unknown}/back")).await;
        back.problem("not_found");
    }
}
