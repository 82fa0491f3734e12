use std::{io, net::IpAddr};

use tokio::net::{TcpListener, TcpStream};

use super::{Here, LOOPBACK, Script, answering, http, in_time, sandbox, target, with};
use crate::{Failed, Guard, Resolve, Target, client::DEADLINES};

const PUBLIC: &str = "93.184.215.14";
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

fn shop() -> Target {
    target("https://shop.example/")
}

/// A name server that answers with one address when it is checked and another when it is connected to.
#[tokio::test]
async fn a_name_is_resolved_once() {
    let server = answering(OK).await;
    let script = Script::new(&[&["127.0.0.1"], &["169.254.169.254"]]);
    let client = sandbox(&script);
    let got = in_time(client.get(&http(server.port), 100)).await;
    assert_eq!((got.map(|answer| answer.status), script.asked()), (Ok(200), 1));
    let got = in_time(client.get(&http(server.port), 100)).await;
    assert_eq!((got, script.asked()), (Err(Failed::Refused), 2));
}

#[tokio::test]
async fn what_was_checked_is_what_is_connected_to() {
    let script = Script::new(&[&[PUBLIC, "2606:4700::1111"], &["127.0.0.1"]]);
    let client = with(Guard::Public, &script, DEADLINES);
    let checked = client.checked(&shop()).await.unwrap();
    let expected = [format!("{PUBLIC}:443"), "[2606:4700::1111]:443".to_owned()];
    assert_eq!(checked, expected.map(|address| address.parse().unwrap()));
    assert_eq!(client.checked(&shop()).await, Err(Failed::Refused));
}

#[tokio::test]
async fn one_refused_address_refuses_the_name() {
    for inside in [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:10.0.0.1",
        "fd00::1",
    ] {
        for answer in [&[inside][..], &[PUBLIC, inside], &[inside, PUBLIC]] {
            let script = Script::new(&[answer]);
            let client = with(Guard::Public, &script, DEADLINES);
            assert_eq!(client.checked(&shop()).await, Err(Failed::Refused), "{answer:?}");
        }
    }
}

/// The listener's queue is in order: the first to come is the test itself.
#[tokio::test]
async fn a_refused_address_is_never_connected_to() {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = with(Guard::Public, Here, DEADLINES);
    for text in [
        format!("https://shop.example:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("http://shop.example:{port}/"),
        format!("http://localhost:{port}/"),
    ] {
        // Read under the looser guard, so that it is this client's own that refuses.
        let got = in_time(client.get(&target(&text), 100)).await;
        assert_eq!(got, Err(Failed::Refused), "{text}");
    }
    let own = TcpStream::connect((LOOPBACK, port)).await.unwrap();
    let (_, first) = in_time(listener.accept()).await.unwrap();
    assert_eq!(first, own.local_addr().unwrap());
}

#[tokio::test]
async fn http_is_for_the_sandbox_alone_whoever_read_the_target() {
    let script = Script::new(&[&[PUBLIC]]);
    let client = with(Guard::Public, &script, DEADLINES);
    let got = client.checked(&target("http://shop.example/")).await;
    assert_eq!((got, script.asked()), (Err(Failed::Refused), 0));
}

#[tokio::test]
async fn a_number_is_not_looked_up() {
    let script = Script::new(&[&[PUBLIC]]);
    let client = with(Guard::Public, &script, DEADLINES);
    let checked = client.checked(&target("https://1.1.1.1:444/")).await.unwrap();
    assert_eq!(
        (checked, script.asked()),
        (vec!["1.1.1.1:444".parse().unwrap()], 0)
    );
}

#[tokio::test]
async fn the_next_address_is_tried_when_one_refuses() {
    let server = answering(OK).await;
    // Nobody listens on the first.
    let script = Script::new(&[&["::1", "127.0.0.1"]]);
    let got = in_time(sandbox(&script).get(&http(server.port), 100)).await;
    assert_eq!(got.map(|answer| answer.status), Ok(200));
}

#[tokio::test]
async fn so_many_addresses_are_tried_and_no_more() {
    let server = answering(OK).await;
    let mut answer = vec!["::1"; 8];
    answer.push("127.0.0.1");
    let script = Script::new(&[&answer]);
    let got = in_time(sandbox(&script).get(&http(server.port), 100)).await;
    assert_eq!(got, Err(Failed::Connection));
}

#[tokio::test]
async fn a_name_without_an_address_is_said_so() {
    struct Broken;
    impl Resolve for Broken {
        async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            Err(io::Error::other("no such name"))
        }
    }
    let got = sandbox(Broken).get(&http(9), 100).await;
    assert_eq!(got, Err(Failed::NameNotFound));
    let script = Script::new(&[&[]]);
    let got = sandbox(&script).get(&http(9), 100).await;
    assert_eq!(got, Err(Failed::NameNotFound));
}

#[tokio::test]
async fn the_machine_resolves_its_own_name() {
    let found = crate::System.addresses("localhost").await.unwrap();
    assert!(
        !found.is_empty() && found.iter().all(IpAddr::is_loopback),
        "{found:?}"
    );
}
