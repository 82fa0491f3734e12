use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_provider::{
    config::Limits,
    http::{Bounds, Peer},
    server,
};
use farthing_testkit::Shop;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::common::{Answer, PAYS, Provider, frame, redemption, token_request};

const PATIENCE: Duration = Duration::from_secs(20);

fn limited(limits: Limits) -> Provider {
    Provider::configured(frame(), Bounds::default(), |config| config.limits = limits)
}

fn few() -> Provider {
    limited(Limits {
        address_per_minute: 3,
        merchant_per_minute: 4,
        behind_proxy: false,
    })
}

fn from(address: &str, mut request: Request<Body>) -> Request<Body> {
    let address: SocketAddr = format!("{address}:40000").parse().unwrap();
    request.extensions_mut().insert(Peer(address));
    request
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn with_key(shop: &Shop, path: &str) -> Request<Body> {
    let bearer = format!("Bearer {}", shop.secret_key);
    let request = Request::get(path).header(header::AUTHORIZATION, bearer);
    request.body(Body::empty()).unwrap()
}

#[track_caller]
fn stopped(answer: &Answer) {
    answer.problem("too_many_requests");
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, "10")
    );
}

#[tokio::test]
async fn one_address_asks_only_so_often_wherever_shoppers_ask() {
    let provider = few();
    let quote = provider.quote("A-1").await;
    let outcome = format!("/v1/quotes/{}/outcome", quote.id);
    for _ in 0..3 {
        let answer = provider.send(from("203.0.113.9", get(&outcome))).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let token = crate::common::json_post("/v1/tokens", &token_request(&quote, PAYS));
    for request in [
        get(&outcome),
        get("/v1/receipts/x"),
        get("/v1/consents/x"),
        token,
        Request::post("/v1/quotes").body(Body::empty()).unwrap(),
        Request::post("/v1/receipts/x/disputes")
            .body(Body::empty())
            .unwrap(),
    ] {
        stopped(&provider.send(from("203.0.113.9", request)).await);
    }
    // The page that shows the form, the proxy on this machine, and others go on.
    for (address, path) in [
        ("203.0.113.9", "/v1/farthing.js"),
        ("203.0.113.10", &outcome),
        ("127.0.0.1", &outcome),
    ] {
        let answer = provider.send(from(address, get(path))).await;
        assert_eq!(answer.status, StatusCode::OK, "{address} {path}");
    }
    provider.clock.pass(20);
    assert_eq!(
        provider.send(from("203.0.113.9", get(&outcome))).await.status,
        StatusCode::OK
    );
    stopped(&provider.send(from("203.0.113.9", get(&outcome))).await);
}

#[tokio::test]
async fn one_merchant_asks_only_so_often_and_nothing_is_lost() {
    let provider = few();
    let (token, _) = provider.token("A-1", PAYS).await;
    for _ in 0..4 {
        let answer = provider.send(with_key(&provider.shop, "/v1/fees")).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let body = redemption(&token, "A-1");
    stopped(&provider.charge("k", &body).await);
    stopped(&provider.send(with_key(&provider.shop, "/v1/fees")).await);
    let another = provider.send(with_key(&provider.other, "/v1/fees")).await;
    assert_eq!(another.status, StatusCode::OK);
    provider.clock.pass(15);
    assert_eq!(provider.charge("k", &body).await.status, StatusCode::CREATED);
    assert_eq!(provider.ledger().await.0, 0);
}

#[tokio::test]
async fn who_guesses_keys_is_told_nothing_any_more() {
    let provider = few();
    let guess = || {
        let request = Request::get("/v1/fees").header(header::AUTHORIZATION, "Bearer sk_guess");
        from("203.0.113.9", request.body(Body::empty()).unwrap())
    };
    for _ in 0..3 {
        provider.send(guess()).await.problem("key_unknown");
    }
    stopped(&provider.send(guess()).await);
    // The shop behind the same address has a key.
    let answer = provider
        .send(from("203.0.113.9", with_key(&provider.shop, "/v1/fees")))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_real_connection_is_counted_by_what_its_proxy_says() {
    let provider = limited(Limits {
        address_per_minute: 1,
        behind_proxy: true,
        ..Limits::default()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = tokio::spawn(server::serve(listener, Arc::clone(&provider.app), stop.clone()));
    let asked_by = async |client: &str| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /v1/consents/x HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.1, {client}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer))
            .await
            .unwrap()
            .unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(asked_by("198.51.100.1").await, "404");
    assert_eq!(asked_by("198.51.100.1").await, "429");
    assert_eq!(asked_by("198.51.100.2").await, "404");
    let long = format!("198.51.100.3\r\nX-Long: {}", "x".repeat(200_000));
    assert_eq!(asked_by(&long).await, "431", "a head has a bound");
    stop.cancel();
    timeout(PATIENCE, server).await.unwrap().unwrap();
}
