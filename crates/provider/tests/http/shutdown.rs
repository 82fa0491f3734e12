use std::{sync::Arc, time::Duration};

use farthing_provider::server;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::common::{PAYS, Provider, redemption};

/// Far beyond what any step takes: a test that hangs fails instead.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn what_was_begun_is_finished_and_nothing_is_begun_any_more() {
    let provider = Provider::new();
    let (token, _) = provider.token("A-1", PAYS).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let mut server = tokio::spawn(server::serve(listener, Arc::clone(&provider.app), stop.clone()));

    let idle = TcpStream::connect(address).await.unwrap();
    let mut begun = TcpStream::connect(address).await.unwrap();
    let body = redemption(&token, "A-1").to_string();
    let (first, last) = body.split_at(20);
    let head = format!(
        "POST /v1/charges HTTP/1.1\r\nHost: pay.example\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n\
         Authorization: Bearer {}\r\nIdempotency-Key: k\r\nContent-Length: {}\r\n\r\n",
        provider.shop.secret_key,
        body.len()
    );
    begun.write_all(head.as_bytes()).await.unwrap();
    // "100 Continue" says that the request has reached its route.
    let mut go_on = [0; 25];
    timeout(PATIENCE, begun.read_exact(&mut go_on))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    begun.write_all(first.as_bytes()).await.unwrap();

    stop.cancel();
    let refused = timeout(PATIENCE, async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    });
    refused.await.unwrap();
    let ended = timeout(Duration::from_millis(300), &mut server).await;
    assert!(ended.is_err(), "the request under way is waited for");

    begun.write_all(last.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, begun.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
    timeout(PATIENCE, server).await.unwrap().unwrap();
    assert_eq!(provider.ledger().await, (0, 2));
    drop(idle);
}
