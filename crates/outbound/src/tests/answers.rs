use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinSet;

use super::{Here, answering, endless, http, in_time, sandbox, target};
use crate::{ANSWER_BYTES, Failed};

#[tokio::test]
async fn what_is_sent_is_what_was_asked_and_no_more() {
    let mut server = answering(
        "HTTP/1.1 200 OK\r\nset-cookie: a=b; path=/\r\ncache-control: max-age=60\r\ncontent-length: 2\r\n\r\nok",
    )
    .await;
    let port = server.port;
    let hook = target(&format!("http://shop.example:{port}/hook?a=%20"));
    // Twice: the cookie does not come back, and nothing is answered out of a cache.
    for _ in 0..2 {
        let client = sandbox(Here);
        let headers = [("content-type", "application/json"), ("webhook-id", "evt_1")];
        let answer = in_time(client.post(&hook, &headers, Bytes::from_static(b"{}")))
            .await
            .unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (200, &b"ok"[..]));
        assert_eq!(
            server.told().await,
            format!(
                "POST /hook?a=%20 HTTP/1.1\r\nhost: shop.example:{port}\r\nuser-agent: farthing\r\n\
                 connection: close\r\ncontent-type: application/json\r\nwebhook-id: evt_1\r\n\
                 content-length: 2\r\n\r\n{{}}"
            )
        );
        let answer = in_time(client.get(&hook, 2)).await.unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (200, &b"ok"[..]));
        assert_eq!(
            server.told().await,
            format!(
                "GET /hook?a=%20 HTTP/1.1\r\nhost: shop.example:{port}\r\nuser-agent: farthing\r\n\
                 connection: close\r\n\r\n"
            )
        );
    }
}

#[tokio::test]
async fn a_header_that_would_be_two_is_not_sent() {
    let client = sandbox(Here);
    for header in [("webhook-id", "a\r\nb: c"), ("a b", "c"), ("", "c")] {
        let answer = client.post(&http(9), &[header], Bytes::new()).await;
        assert_eq!(answer, Err(Failed::Malformed), "{header:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_can_have_many_under_way() {
    let server = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let (client, hook) = (Arc::new(sandbox(Here)), http(server.port));
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (client, hook) = (client.clone(), hook.clone());
        tasks.spawn(async move { client.post(&hook, &[], Bytes::new()).await });
    }
    for posted in in_time(tasks.join_all()).await {
        assert_eq!(posted.map(|answer| answer.status), Ok(200));
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let mut inside = answering("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\ninside").await;
    for status in [301, 302, 303, 307, 308] {
        let answer = format!(
            "HTTP/1.1 {status} Moved\r\nlocation: http://127.0.0.1:{}/\r\ncontent-length: 0\r\n\r\n",
            inside.port
        );
        let mut server = answering(answer.leak()).await;
        let client = sandbox(Here);
        assert_eq!(
            in_time(client.get(&http(server.port), 99)).await.unwrap().status,
            status
        );
        server.told().await;
        let posted = in_time(client.post(&http(server.port), &[], Bytes::new())).await;
        assert_eq!(posted.unwrap().status, status);
        server.told().await;
    }
    assert!(inside.told.try_recv().is_err(), "someone came");
}

#[tokio::test]
async fn a_body_is_read_up_to_its_bound() {
    let client = sandbox(Here);
    for (answer, max, body) in [
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12345",
            5,
            Ok("12345"),
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12345",
            4,
            Err(Failed::TooLarge),
        ),
        ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 0, Ok("")),
        ("HTTP/1.1 204 No Content\r\n\r\n", 0, Ok("")),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n123\r\n2\r\n45\r\n0\r\n\r\n",
            5,
            Ok("12345"),
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n123\r\n2\r\n45\r\n0\r\n\r\n",
            4,
            Err(Failed::TooLarge),
        ),
        // Ended by the end of the connection.
        ("HTTP/1.0 200 OK\r\n\r\n12345", 5, Ok("12345")),
        ("HTTP/1.1 200 OK\r\n\r\n12345", 4, Err(Failed::TooLarge)),
    ] {
        let server = answering(answer).await;
        let got = in_time(client.get(&http(server.port), max)).await;
        let got = got.map(|answer| String::from_utf8(answer.body).unwrap());
        assert_eq!(got.as_deref().map_err(|failed| *failed), body, "{answer:?}");
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    for beginning in [
        "HTTP/1.1 500 Oops\r\n\r\n",
        "HTTP/1.1 500 Oops\r\ncontent-length: 99999999999\r\n\r\n",
        "HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n",
    ] {
        let client = sandbox(Here);
        let mut server = endless(beginning, "0123456789abcdef").await;
        let got = in_time(client.get(&http(server.port), usize::MAX)).await;
        assert_eq!(got, Err(Failed::TooLarge), "{beginning:?}");
        server.told().await;

        let mut server = endless(beginning, "0123456789abcdef").await;
        let posted = in_time(client.post(&http(server.port), &[], Bytes::new()))
            .await
            .unwrap();
        assert_eq!((posted.status, posted.body.len()), (500, 4096), "{beginning:?}");
        server.told().await;
    }
}

#[tokio::test]
async fn no_more_than_the_bound_is_read_whatever_is_asked_for() {
    let body = "a".repeat(ANSWER_BYTES + 1);
    let answer = format!("HTTP/1.1 200 OK\r\n\r\n{body}");
    let server = answering(answer.leak()).await;
    let got = in_time(sandbox(Here).get(&http(server.port), usize::MAX)).await;
    assert_eq!(got, Err(Failed::TooLarge));
}

#[tokio::test]
async fn an_endless_head_is_cut_off() {
    for (beginning, more) in [
        ("HTTP/1.1 200 OK\r\n", "x: y\r\n"),
        ("HTTP/1.1 200 OK\r\nx: ", "0123456789abcdef"),
        ("HTTP/1.1 200 ", "OK"),
    ] {
        let mut server = endless(beginning, more).await;
        let got = in_time(sandbox(Here).get(&http(server.port), 100)).await;
        assert_eq!(got, Err(Failed::TooLarge), "{beginning:?}");
        server.told().await;
    }
}

/// What comes after the last chunk is a head too, and what comes after a chunk's length.
#[tokio::test]
async fn an_endless_end_is_cut_off() {
    for (beginning, more) in [
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
            "x: y\r\n",
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;",
            "0123456789abcdef",
        ),
    ] {
        let mut server = endless(beginning, more).await;
        let got = in_time(sandbox(Here).get(&http(server.port), 100)).await;
        assert_eq!(got, Err(Failed::Malformed), "{beginning:?}");
        server.told().await;
    }
}

#[tokio::test]
async fn what_is_no_answer_is_said_so() {
    for (answer, why) in [
        ("", Failed::Connection),
        ("HTTP/1.1 200 OK\r\nx: y", Failed::Connection),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n1234",
            Failed::Connection,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n1234",
            Failed::Connection,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n1234",
            Failed::Malformed,
        ),
        ("SSH-2.0-OpenSSH_9.9\r\n", Failed::Malformed),
        ("-ERR unknown command\r\n", Failed::Malformed),
        ("HTTP/2 200 OK\r\n\r\n", Failed::Malformed),
        ("HTTP/1.1 2OO OK\r\n\r\n", Failed::Malformed),
        ("HTTP/1.1 200 OK\r\na b\r\n\r\n", Failed::Malformed),
    ] {
        let server = answering(answer).await;
        let got = in_time(sandbox(Here).get(&http(server.port), 100)).await;
        assert_eq!(got, Err(why), "{answer:?}");
    }
}

/// A server that has said that it took a message has it, whatever becomes of the rest of its answer.
#[tokio::test]
async fn a_status_is_the_answer_to_a_post() {
    for answer in [
        "HTTP/1.1 202 Accepted\r\ncontent-length: 5\r\n\r\n1234",
        "HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n4\r\n1234\r\nx",
    ] {
        let server = answering(answer).await;
        let posted = in_time(sandbox(Here).post(&http(server.port), &[], Bytes::new()))
            .await
            .unwrap();
        assert_eq!(
            (posted.status, posted.body.as_slice()),
            (202, &b"1234"[..]),
            "{answer:?}"
        );
    }
}
