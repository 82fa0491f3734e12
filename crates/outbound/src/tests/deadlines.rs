use std::{future, io, net::IpAddr, time::Duration};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use super::{Here, LOOPBACK, Server, endless, http, in_time, read_request, serve, target, with};
use crate::{
    Failed, Guard, Outbound, Resolve,
    client::{DEADLINES, Deadlines},
};

const SOON: Duration = Duration::from_millis(200);

/// Long enough that only the one deadline that a test is about can be what ends it.
const NEVER: Deadlines = Deadlines {
    connect: Duration::from_secs(600),
    tls: Duration::from_secs(600),
    whole: Duration::from_secs(600),
};

fn in_a_hurry<R: Resolve>(resolver: R) -> Outbound<R> {
    with(Guard::Sandbox, resolver, Deadlines { whole: SOON, ..NEVER })
}

/// A server that begins its answer and then sends nothing, until the client has gone.
async fn stuck(beginning: &'static str) -> Server<()> {
    serve(move |mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        while stream.read(&mut [0; 64]).await.is_ok_and(|count| count > 0) {}
    })
    .await
}

#[test]
fn the_whole_is_fifteen_seconds_and_contains_the_parts() {
    assert_eq!(DEADLINES.whole, Duration::from_secs(15));
    assert!(DEADLINES.connect + DEADLINES.tls < DEADLINES.whole);
}

#[tokio::test]
async fn a_server_that_stops_is_not_waited_for() {
    for beginning in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n1234",
        "HTTP/1.1 200 OK\r\n\r\n1234",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n1234\r\n",
    ] {
        let mut server = stuck(beginning).await;
        let got = in_time(in_a_hurry(Here).get(&http(server.port), 100)).await;
        assert_eq!(got, Err(Failed::Timeout), "{beginning:?}");
        server.told().await;
    }
}

/// Every byte comes in good time, and the answer never ends.
#[tokio::test]
async fn a_server_that_dawdles_is_not_waited_for() {
    for beginning in ["HTTP/1.1 200 OK\r\nx: ", "HTTP/1.1 200 OK\r\n\r\n"] {
        let mut server = serve(move |mut stream| async move {
            read_request(&mut stream).await;
            stream.write_all(beginning.as_bytes()).await.unwrap();
            // Until the client has gone.
            while timeout(SOON / 20, stream.read(&mut [0; 64])).await.is_err() {
                if stream.write_all(b"a").await.is_err() {
                    return;
                }
            }
        })
        .await;
        let got = in_time(in_a_hurry(Here).get(&http(server.port), 60_000)).await;
        assert_eq!(got, Err(Failed::Timeout), "{beginning:?}");
        server.told().await;
    }
}

#[tokio::test]
async fn a_server_that_always_says_that_it_is_about_to_answer_is_not_waited_for() {
    let mut server = endless("", "HTTP/1.1 100 Continue\r\n\r\n").await;
    let got = in_time(in_a_hurry(Here).get(&http(server.port), 100)).await;
    assert_eq!(got, Err(Failed::Timeout));
    server.told().await;
}

#[tokio::test]
async fn a_status_that_came_in_time_is_the_answer_to_a_post() {
    let mut server = stuck("HTTP/1.1 202 Accepted\r\ncontent-length: 5\r\n\r\n1234").await;
    let posted = in_time(in_a_hurry(Here).post(&http(server.port), &[], Bytes::new()))
        .await
        .unwrap();
    assert_eq!((posted.status, posted.body.as_slice()), (202, &b"1234"[..]));
    server.told().await;
    let mut server = stuck("HTTP/1.1 202 Accepted\r\n").await;
    let posted = in_time(in_a_hurry(Here).post(&http(server.port), &[], Bytes::new())).await;
    assert_eq!(posted, Err(Failed::Timeout));
    server.told().await;
}

/// What is sent is more than lies in buffers on the way.
#[tokio::test]
async fn a_server_that_does_not_read_is_not_waited_for() {
    let server = serve(|stream| async move {
        future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let body = Bytes::from(vec![b'a'; 64 * 1024 * 1024]);
    let posted = in_time(in_a_hurry(Here).post(&http(server.port), &[], body)).await;
    assert_eq!(posted, Err(Failed::Timeout));
}

#[tokio::test]
async fn a_name_server_that_is_silent_is_not_waited_for() {
    struct Silent;
    impl Resolve for Silent {
        async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            future::pending().await
        }
    }
    let got = in_time(in_a_hurry(Silent).get(&http(9), 100)).await;
    assert_eq!(got, Err(Failed::Timeout));
}

#[tokio::test]
async fn a_handshake_that_is_not_answered_is_not_waited_for() {
    let mut server = serve(|mut stream| async move {
        while stream.read(&mut [0; 1024]).await.is_ok_and(|count| count > 0) {}
    })
    .await;
    let client = with(Guard::Sandbox, Here, Deadlines { tls: SOON, ..NEVER });
    let got = in_time(client.get(&target(&format!("https://shop.example:{}/", server.port)), 100)).await;
    assert_eq!(got, Err(Failed::Timeout));
    server.told().await;
}

/// A queue that is full drops what comes, as a host that is down does.
#[tokio::test]
async fn a_connection_that_is_not_made_is_not_waited_for() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((LOOPBACK, 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut queued = Vec::new();
    while let Ok(stream) = timeout(SOON, TcpStream::connect((LOOPBACK, port))).await {
        queued.push(stream.unwrap());
        assert!(queued.len() < 100, "the queue is never full");
    }
    let client = with(
        Guard::Sandbox,
        Here,
        Deadlines {
            connect: SOON,
            ..NEVER
        },
    );
    let got = in_time(client.get(&http(port), 100)).await;
    assert_eq!(got, Err(Failed::Timeout));
}
