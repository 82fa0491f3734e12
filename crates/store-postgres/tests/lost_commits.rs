//! The connection is cut at a commit: before the server has it, or before its answer is back.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::{
    cell::Cell,
    io::{Read, Write},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread,
};

use farthing_gateway::{RegistryStore, StoreError, StoredStatusList};
use farthing_protocol::UnixSeconds;
use farthing_store_postgres::PostgresStore;
use farthing_testkit::PostgresServer;
use tokio::task::spawn_blocking;

/// What the line does at the next commit.
const PASS: u8 = 0;
const CUT_BEFORE: u8 = 1;
const CUT_AFTER: u8 = 2;
/// As [`CUT_AFTER`], and nobody comes through any more: until the order is [`PASS`] again.
const CUT_AND_GO: u8 = 3;
const GONE: u8 = 4;
/// The server commits, and a proxy answers that the connection is over: as PgBouncer does when it loses its server.
const DISOWN: u8 = 5;
const DISOWN_NOW: u8 = 6;
/// The server commits, and who answers for it says that it does not know, and goes on: as CockroachDB does when it loses
/// the node that commits.
const UNSURE: u8 = 7;
const UNSURE_NOW: u8 = 8;

/// What PgBouncer says then.
const OVER: &[u8] = b"SFATAL\0VFATAL\0C08P01\0Mserver conn crashed?\0\0";
/// What CockroachDB says then.
const AMBIGUOUS: &[u8] = b"SERROR\0VERROR\0C40003\0Mresult is ambiguous\0\0";
/// That the next statement may come, and that no transaction is open.
const READY: &[u8] = b"Z\0\0\0\x05I";

/// A line to the server at `port`, which is cut once when it is told to. Answers its own port.
fn lay(port: u16, orders: &Arc<AtomicU8>) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let own = listener.local_addr().unwrap().port();
    let orders = Arc::clone(orders);
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, orders) = (client.unwrap(), Arc::clone(&orders));
            if orders.load(Ordering::SeqCst) == GONE {
                continue;
            }
            let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
            let (answers, asked) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            let told = Arc::clone(&orders);
            thread::spawn(move || {
                carry(answers, asked, |_| {
                    let now = [DISOWN_NOW, UNSURE_NOW].into_iter().find(|now| {
                        let done = told.compare_exchange(*now, PASS, Ordering::SeqCst, Ordering::SeqCst);
                        done.is_ok()
                    });
                    now.unwrap_or(PASS)
                });
            });
            thread::spawn(move || {
                // Those who read commit as well, when they have what they wanted.
                let writes = Cell::new(false);
                carry(client, server, |bytes| {
                    let said = |word: &[u8]| bytes.windows(word.len()).any(|there| there == word);
                    writes.set(writes.get() || said(b"FOR UPDATE"));
                    if !(writes.get() && said(b"COMMIT\0")) {
                        return PASS;
                    }
                    let order = orders.load(Ordering::SeqCst);
                    let next = match order {
                        CUT_AND_GO => GONE,
                        DISOWN => DISOWN_NOW,
                        UNSURE => UNSURE_NOW,
                        _ => PASS,
                    };
                    orders.store(next, Ordering::SeqCst);
                    order
                });
            });
        }
    });
    own
}

/// Carries bytes until an end is gone, or until what passes is to be the last.
fn carry(mut from: TcpStream, mut to: TcpStream, order: impl Fn(&[u8]) -> u8) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        let order = order(&bytes[..length]);
        if order == CUT_BEFORE {
            break;
        }
        if order == DISOWN_NOW {
            let _ = to.write_all(&error(OVER));
            break;
        }
        if order == UNSURE_NOW {
            let _ = to.write_all(&[&error(AMBIGUOUS), READY].concat());
            continue;
        }
        let cut = order == CUT_AFTER || order == CUT_AND_GO;
        if cut {
            // What asks hears nothing more; what is asked has it all.
            let _ = from.shutdown(Shutdown::Both);
        }
        if to.write_all(&bytes[..length]).is_err() || cut {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Write);
}

/// An error as the protocol carries it.
fn error(fields: &[u8]) -> Vec<u8> {
    let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
    [b"E", &length[..], fields].concat()
}

/// A store behind a line that obeys `orders`.
async fn behind(server: &PostgresServer, orders: &Arc<AtomicU8>) -> PostgresStore {
    let url = server.schema();
    let port = lay(server.port(), orders);
    let behind = url.replace(&format!(":{}/", server.port()), &format!(":{port}/"));
    assert_ne!(behind, url);
    spawn_blocking(move || farthing_store_postgres::open(&behind))
        .await
        .unwrap()
        .unwrap()
}

/// Stores something under `number`, with `order` for its commit.
async fn put(store: &PostgresStore, orders: &AtomicU8, number: usize, order: u8) -> Result<bool, StoreError> {
    let list = StoredStatusList {
        uri: uri(number),
        issued_at: UnixSeconds(1),
        text: "list".into(),
    };
    orders.store(order, Ordering::SeqCst);
    let told = store.put_status_list(list).await;
    let left = if order == CUT_AND_GO { GONE } else { PASS };
    assert_eq!(orders.swap(PASS, Ordering::SeqCst), left, "the line was not cut");
    told
}

async fn is_there(store: &PostgresStore, number: usize) -> bool {
    store.status_list(&uri(number)).await.unwrap().is_some()
}

fn uri(number: usize) -> String {
    format!("https://council.example/{number}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_told_as_it_was() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let orders = Arc::new(AtomicU8::new(PASS));
    let store = behind(&server, &orders).await;
    for number in 0..25 {
        let order = [PASS, CUT_BEFORE, CUT_AFTER, DISOWN, UNSURE][number % 5];
        let told = put(&store, &orders, number, order).await;
        let there = is_there(&store, number).await;
        if order == CUT_BEFORE {
            assert!(matches!(told, Err(StoreError::Busy)), "{told:?}");
            assert!(!there, "{number} was told as not done and is there");
        } else {
            assert!(there, "{number} is not there");
            assert!(
                matches!(told, Ok(true)),
                "{number} is there and was told as {told:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_stayed_in_doubt_does_not_vouch_for_a_later_one() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let orders = Arc::new(AtomicU8::new(PASS));
    let store = behind(&server, &orders).await;
    let told = put(&store, &orders, 0, CUT_AND_GO).await;
    assert!(matches!(told, Err(StoreError::InDoubt(_))), "{told:?}");
    assert!(is_there(&store, 0).await);
    assert!(put(&store, &orders, 1, PASS).await.unwrap());
    let told = put(&store, &orders, 2, CUT_BEFORE).await;
    assert!(!is_there(&store, 2).await);
    assert!(
        matches!(told, Err(StoreError::Busy)),
        "what is not there was told as {told:?}"
    );
}
