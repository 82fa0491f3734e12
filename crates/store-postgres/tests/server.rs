//! What is PostgreSQL's own: starting, turns, and a server that ends in the middle of everything.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use farthing_gateway::{RegistryStore, StoreError, StoredStatusList};
use farthing_protocol::UnixSeconds;
use farthing_store_postgres::{Migrated, OpenError, PostgresStore, migrate};
use farthing_testkit::PostgresServer;
use tokio::task::{JoinSet, spawn_blocking};

async fn open(url: &str) -> Result<PostgresStore, OpenError> {
    let url = url.to_owned();
    spawn_blocking(move || farthing_store_postgres::open(&url))
        .await
        .unwrap()
}

fn list(number: u32) -> StoredStatusList {
    StoredStatusList {
        uri: format!("https://council.example/{number}"),
        issued_at: UnixSeconds(1),
        text: "list".into(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_commit_is_told_to_who_watches() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let store = open(&server.schema()).await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    store
        .watch()
        .tell(move |_, operations| heard.lock().unwrap().push(operations));
    store.reads().await.unwrap();
    store.writes().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [1], "reading commits nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_start_at_once_make_one_schema() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    for _ in 0..5 {
        let url = server.schema();
        let mut started = JoinSet::new();
        for _ in 0..4 {
            let url = url.clone();
            started.spawn(async move { open(&url).await.map(drop) });
        }
        for result in started.join_all().await {
            result.unwrap();
        }
        let newest: i64 = server.tell(&url, "SELECT version FROM turn").parse().unwrap();
        let done = spawn_blocking(move || migrate(&url)).await.unwrap().unwrap();
        assert_eq!(
            done,
            Migrated {
                from: newest,
                to: newest
            }
        );
    }
}

#[tokio::test]
async fn what_this_program_does_not_know_or_can_t_rely_on_is_refused() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let url = server.schema();
    drop(open(&url).await.unwrap());
    let _ = server.tell(&url, "UPDATE turn SET version = 99");
    assert!(matches!(open(&url).await, Err(OpenError::Newer(99))));

    let _ = server.tell(
        &url,
        "UPDATE turn SET version = 6; ALTER DATABASE postgres SET synchronous_commit = off",
    );
    let error = open(&url).await.err().unwrap().to_string();
    assert!(
        error.starts_with("the database runs with synchronous_commit = off, and must run with on"),
        "{error}"
    );
    let _ = server.tell(&url, "ALTER DATABASE postgres RESET synchronous_commit");
    open(&url).await.unwrap();

    let error = open("postgres://hunter2:hunter2@127.0.0.1:x/")
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("DATABASE_URL") && !error.contains("hunter2"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_older_than_a_month_goes_on_when_another_starts() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let url = server.schema();
    let old = open(&url).await.unwrap();
    let writers = || server.tell(&url, "SELECT count(*) FROM writers");
    let _ = server.tell(&url, "UPDATE writers SET since = since - INTERVAL '31 days'");
    assert!(old.put_status_list(list(1)).await.unwrap());
    drop(open(&url).await.unwrap());
    assert_eq!(
        writers(),
        "2",
        "one that writes was taken for one that is long gone"
    );

    // And one that had nothing to write for as long.
    let _ = server.tell(&url, "UPDATE writers SET since = since - INTERVAL '31 days'");
    drop(open(&url).await.unwrap());
    assert_eq!(writers(), "1");
    assert!(old.put_status_list(list(2)).await.unwrap());
    assert_eq!(writers(), "2");
}

/// “Busy” is a promise that nothing was done, and an answer one that it was, whatever the server did meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_told_is_so_when_the_server_ends_in_the_middle() {
    let Some(mut server) = PostgresServer::start() else {
        return;
    };
    let url = server.schema();
    let store = std::sync::Arc::new(open(&url).await.unwrap());
    let mut number = 0;
    let (mut kept, mut refused) = (0, 0);
    for round in 0..6 {
        let mut asked = JoinSet::new();
        for _ in 0..400 {
            number += 1;
            let (store, list) = (std::sync::Arc::clone(&store), list(number));
            asked.spawn(async move { (list.uri.clone(), store.put_status_list(list).await) });
        }
        let mut told = HashMap::new();
        let mut server_is_up = true;
        while let Some(result) = asked.join_next().await {
            let (uri, result) = result.unwrap();
            told.insert(uri, result);
            // Some commits are answered, others are under way.
            if server_is_up && told.len() > 20 * (round + 1) {
                server = spawn_blocking(move || {
                    server.kill();
                    server.start_again();
                    server
                })
                .await
                .unwrap();
                server_is_up = false;
            }
        }
        for (uri, result) in told {
            let there = store.status_list(&uri).await.unwrap().is_some();
            match result {
                Ok(_) => {
                    kept += 1;
                    assert!(there, "{uri} was acknowledged and is gone");
                }
                Err(StoreError::Busy) => {
                    refused += 1;
                    assert!(!there, "{uri} was told as not done and is there");
                }
                Err(error) => panic!("{uri}: {error}"),
            }
        }
    }
    assert!(
        kept > 0 && refused > 0,
        "{kept} kept, {refused} refused: no crash came in the middle"
    );
}
