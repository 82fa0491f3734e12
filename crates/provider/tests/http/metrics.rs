use std::{sync::Arc, time::Duration};

use axum::{body::Body, http::Request};
use farthing_provider::metrics;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::common::{PAYS, Provider, redemption};

const PATIENCE: Duration = Duration::from_secs(20);
const SILENT: &str = "4000000000004087";

struct Scrape {
    address: std::net::SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Scrape {
    async fn of(provider: &Provider) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = tokio::spawn(metrics::serve(listener, Arc::clone(&provider.app), stop.clone()));
        Self {
            address,
            stop,
            serving,
        }
    }

    async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer))
            .await
            .unwrap()
            .unwrap();
        answer
    }
}

#[tokio::test]
async fn an_operator_sees_what_is_asked_how_long_it_takes_and_what_waits() {
    let provider = Provider::new();
    let scrape = Scrape::of(&provider).await;
    let (token, _) = provider.token("A-1", PAYS).await;
    provider.charge("k1", &redemption(&token, "A-1")).await;
    let (token, _) = provider.token("A-2", SILENT).await;
    provider.charge("k2", &redemption(&token, "A-2")).await;
    provider.get("/nowhere/4242424242424242").await;
    let strange = Request::builder()
        .method("PAY4242")
        .uri("/v1/fees")
        .body(Body::empty());
    provider.send(strange.unwrap()).await;

    let text = scrape.get("/metrics").await;
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    assert!(
        text.contains("content-type: application/openmetrics-text"),
        "{text}"
    );
    for line in [
        r#"farthing_requests_total{method="POST",route="/v1/charges",status="201"} 1"#,
        r#"farthing_requests_total{method="POST",route="/v1/charges",status="202"} 1"#,
        r#"farthing_requests_total{method="GET",route="none",status="404"} 1"#,
        r#"farthing_requests_total{method="other",route="/v1/fees",status="405"} 1"#,
        r#"farthing_request_seconds_count{route="/v1/tokens"} 2"#,
        r#"farthing_request_seconds_bucket{le="30.0",route="/v1/tokens"} 2"#,
        r#"farthing_waiting{what="charge_without_end"} 1"#,
        r#"farthing_waiting{what="dispute_to_answer"} 0"#,
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(
        sum(&text, "farthing_committed_operations_total") >= sum(&text, "farthing_commit_seconds_count")
            && sum(&text, "farthing_commit_seconds_count") >= 4,
        "two tokens and two charges at the least: {text}"
    );
    assert!(
        !text.contains("4242"),
        "nothing of what came in is a label: {text}"
    );
    assert!(!text.contains(provider.shop.id.as_str()));

    // It is looked for ever more rarely, until the bank has an answer.
    let mut rounds = 0;
    while provider.app.rules.resolve().await.unwrap() == 0 {
        rounds += 1;
        assert!(rounds < 20, "the bank stays silent");
        provider.clock.pass(900);
    }
    let text = scrape.get("/metrics").await;
    assert!(
        text.contains(r#"farthing_waiting{what="charge_without_end"} 0"#),
        "{text}"
    );
    assert!(
        scrape.get("/v1/fees").await.starts_with("HTTP/1.1 404"),
        "nothing else is there"
    );
    scrape.stop.cancel();
    timeout(PATIENCE, scrape.serving).await.unwrap().unwrap();
    provider.get("/metrics").await.problem("not_found");
}

/// The measure `name`, which has no label.
fn sum(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{name} is not in {text}"))
        .trim()
        .parse()
        .unwrap()
}

#[tokio::test]
async fn half_a_request_keeps_nobody_from_stopping() {
    let provider = Provider::new();
    let scrape = Scrape::of(&provider).await;
    let mut stream = TcpStream::connect(scrape.address).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHo").await.unwrap();
    // One that came later is answered: the half one has been taken.
    assert!(scrape.get("/metrics").await.starts_with("HTTP/1.1 200"));
    scrape.stop.cancel();
    timeout(PATIENCE, scrape.serving).await.unwrap().unwrap();
    drop(stream);
}
