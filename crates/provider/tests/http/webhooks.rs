use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering},
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use farthing_gateway::{DeadDelivery, webhook};
use farthing_protocol::{Charge, EventKind, UnixSeconds};
use farthing_provider::{
    http::Bounds,
    mail::{Address, Mail},
    workers::webhooks::round,
};
use farthing_testkit::NOW;
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use crate::common::{PAYS, Provider, frame, redemption};

/// The attempts that there are.
const ATTEMPTS: u32 = 10;
/// Longer than any pause between two of them.
const LONG_S: i64 = 22 * 3_600;

/// A merchant's server.
struct Endpoint {
    url: String,
    /// What it answers.
    status: Arc<AtomicU16>,
    /// For how long it wants to be left alone; 0 does not say.
    retry_after_s: Arc<AtomicU16>,
    told: UnboundedReceiver<Told>,
}

struct Told {
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Endpoint {
    async fn new() -> Self {
        let (tell, told) = unbounded_channel();
        let status = Arc::new(AtomicU16::new(204));
        let retry_after_s = Arc::new(AtomicU16::new(0));
        let (answers, wishes) = (Arc::clone(&status), Arc::clone(&retry_after_s));
        let router = Router::new().fallback(async move |request: Request| -> Response {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let path = parts.uri.path().to_owned();
            tell.send(Told {
                path,
                headers: parts.headers,
                body,
            })
            .unwrap();
            let status = StatusCode::from_u16(answers.load(Ordering::SeqCst)).unwrap();
            let mut response = (status, [(header::LOCATION, "/elsewhere")]).into_response();
            let wish = wishes.load(Ordering::SeqCst);
            if wish > 0 {
                response.headers_mut().insert(header::RETRY_AFTER, wish.into());
            }
            response
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            status,
            retry_after_s,
            told,
        }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// What it was told since it was last asked, which must be one thing.
    #[track_caller]
    fn one(&mut self) -> Told {
        let told = self.told.try_recv().unwrap();
        assert!(self.told.try_recv().is_err(), "told once");
        told
    }
}

impl Told {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    fn signed_by(&self, secret: &webhook::Secret) -> bool {
        let at = UnixSeconds(self.header("webhook-timestamp").parse().unwrap());
        let signature = webhook::sign(secret, self.header("webhook-id"), at, &self.body);
        self.header("webhook-signature") == signature
    }
}

/// A provider whose shop has an endpoint and was paid for order A-1.
async fn paid() -> (Provider, Endpoint, webhook::Secret, Charge) {
    let (provider, endpoint) = (Provider::new(), Endpoint::new().await);
    let added = provider
        .app
        .rules
        .add_endpoint(&provider.shop.id, endpoint.url.clone());
    let Ok((_, secret)) = added.await.unwrap() else {
        panic!("the endpoint is not added")
    };
    let (token, _) = provider.token("A-1", PAYS).await;
    let charge = provider.charge("k", &redemption(&token, "A-1")).await;
    (provider, endpoint, secret, charge.json(StatusCode::CREATED))
}

async fn dead(provider: &Provider) -> Vec<DeadDelivery> {
    provider.app.rules.dead_deliveries(None, 9).await.unwrap()
}

#[tokio::test]
async fn a_merchant_is_told_of_a_payment_and_can_verify_who_tells() {
    let (provider, mut endpoint, secret, charge) = paid().await;
    assert_eq!(round(&provider.app).await, 1);
    let told = endpoint.one();
    assert_eq!(told.path, "/hooks");
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("webhook-timestamp"), NOW.0.to_string());
    assert!(told.signed_by(&secret));
    assert!(!told.signed_by(&webhook::Secret::from_random([1; 32])));
    let body: Value = serde_json::from_slice(&told.body).unwrap();
    assert_eq!(body["type"], "charge.paid");
    assert_eq!(body["data"], serde_json::to_value(&charge).unwrap());
    provider.clock.pass(LONG_S);
    assert_eq!(round(&provider.app).await, 0, "what was taken is not sent again");
}

#[tokio::test]
async fn what_is_not_taken_comes_again_under_the_same_id() {
    let (provider, mut endpoint, secret, _) = paid().await;
    endpoint.answers(500);
    assert_eq!(round(&provider.app).await, 1);
    let first = endpoint.one();
    assert_eq!(round(&provider.app).await, 0, "not at once");
    provider.clock.pass(5);
    endpoint.answers(200);
    assert_eq!(round(&provider.app).await, 1);
    let second = endpoint.one();
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    assert_eq!(second.header("webhook-timestamp"), NOW.plus(5).0.to_string());
    assert!(second.signed_by(&secret));
    provider.clock.pass(LONG_S);
    assert_eq!(round(&provider.app).await, 0);
    assert!(dead(&provider).await.is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (provider, mut endpoint, _, _) = paid().await;
    for status in [301, 302, 307, 308] {
        endpoint.answers(status);
        assert_eq!(round(&provider.app).await, 1);
        assert_eq!(endpoint.one().path, "/hooks");
        provider.clock.pass(LONG_S);
    }
}

#[tokio::test]
async fn what_is_never_taken_is_given_up_and_can_be_sent_again() {
    let (provider, mut endpoint, secret, _) = paid().await;
    endpoint.answers(404);
    for _ in 0..ATTEMPTS {
        assert!(dead(&provider).await.is_empty());
        assert_eq!(round(&provider.app).await, 1);
        endpoint.one();
        provider.clock.pass(LONG_S);
    }
    assert_eq!(round(&provider.app).await, 0);
    let dead_now = dead(&provider).await;
    let [one] = dead_now.as_slice() else {
        panic!("{} are dead", dead_now.len())
    };
    assert_eq!((one.kind, one.attempts), (EventKind::ChargePaid, ATTEMPTS));
    assert_eq!(one.failure, "answered_4xx");

    endpoint.answers(200);
    assert_eq!(provider.app.rules.replay(&one.event).await.unwrap(), 1);
    assert_eq!(round(&provider.app).await, 1);
    let told = endpoint.one();
    assert_eq!(told.header("webhook-id"), one.event.as_str());
    assert!(told.signed_by(&secret));
    assert!(dead(&provider).await.is_empty());
}

#[tokio::test]
async fn an_endpoint_is_left_alone_for_as_long_as_it_asks_to_be() {
    let (provider, mut endpoint, ..) = paid().await;
    endpoint.answers(503);
    endpoint.retry_after_s.store(120, Ordering::SeqCst);
    assert_eq!(round(&provider.app).await, 1);
    endpoint.one();
    provider.clock.pass(119);
    assert_eq!(round(&provider.app).await, 0, "not sooner than it asked for");
    provider.clock.pass(1);
    endpoint.retry_after_s.store(u16::MAX, Ordering::SeqCst);
    assert_eq!(round(&provider.app).await, 1);
    endpoint.one();
    provider.clock.pass(3_600);
    assert_eq!(round(&provider.app).await, 1, "but no longer than an hour");
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_told_nothing_any_more() {
    let (provider, mut endpoint, ..) = paid().await;
    endpoint.answers(410);
    assert_eq!(round(&provider.app).await, 1);
    endpoint.one();
    assert_eq!(provider.app.rules.endpoints(None).await.unwrap(), []);
    endpoint.answers(200);
    let (token, _) = provider.token("A-2", PAYS).await;
    provider.charge("k2", &redemption(&token, "A-2")).await;
    provider.clock.pass(LONG_S);
    assert_eq!(round(&provider.app).await, 0);
}

/// A merchant without a server: the same event, as a file for the mail server, and again for as long as it can't be written.
#[tokio::test]
async fn a_merchant_without_a_server_is_mailed() {
    let folder = tempfile::tempdir().unwrap();
    let mailed = folder.path().join("mail");
    let mail = Mail {
        folder: mailed.clone(),
        from: Address::parse("pay@provider.example").unwrap(),
    };
    let provider = Provider::configured(frame(), Bounds::default(), |config| config.mail = Some(mail));
    let url = "mailto:owner@shop.example".to_owned();
    let added = provider.app.rules.add_endpoint(&provider.shop.id, url);
    added.await.unwrap().ok().unwrap();
    let (token, _) = provider.token("A-1", PAYS).await;
    let charge: Charge = provider
        .charge("k", &redemption(&token, "A-1"))
        .await
        .json(StatusCode::CREATED);
    assert_eq!(round(&provider.app).await, 1);
    assert!(dead(&provider).await.is_empty());

    // The folder is there again when it is tried again.
    std::fs::create_dir(&mailed).unwrap();
    provider.clock.pass(600);
    assert_eq!(round(&provider.app).await, 1);
    let files: Vec<_> = std::fs::read_dir(&mailed)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    let text = std::fs::read_to_string(file).unwrap();
    for words in [
        "To: <owner@shop.example>",
        "Subject: charge.paid: 1.50 EUR for A-1",
        charge.id.as_str(),
    ] {
        assert!(text.contains(words), "{text}");
    }
    assert!(!text.contains(&PAYS[12..]) && !text.contains("visa"), "{text}");
    // And that was it.
    provider.clock.pass(LONG_S);
    assert_eq!(round(&provider.app).await, 0);
}
