//! Transactions that the database ends because they met with another: it says `40001` or `40P01`, and they are run again.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::sync::Arc;

use farthing_gateway::{RegistryStore, StoreError, StoredStatusList};
use farthing_protocol::UnixSeconds;
use farthing_store_postgres::PostgresStore;
use farthing_testkit::{PostgresServer, contract};
use tokio::task::{JoinSet, spawn_blocking};
use tokio_postgres::NoTls;

async fn open(url: &str) -> PostgresStore {
    let url = url.to_owned();
    let opened = spawn_blocking(move || farthing_store_postgres::open(&url));
    opened.await.unwrap().unwrap()
}

fn list(number: u32) -> StoredStatusList {
    StoredStatusList {
        uri: uri(number),
        issued_at: UnixSeconds(1),
        text: "list".into(),
    }
}

fn uri(number: u32) -> String {
    format!("https://council.example/{number}")
}

async fn is_there(store: &PostgresStore, number: u32) -> bool {
    store.status_list(&uri(number)).await.unwrap().is_some()
}

/// Makes what `said` names (`AFTER INSERT ON …`) fail with `code` where `when` is so of `n`, which counts how often it came
/// to that: a sequence goes on where a transaction is undone.
fn spoil(server: &PostgresServer, url: &str, code: &str, when: &str, said: &str) {
    let trigger = if said.contains("DEFERRABLE") {
        "CONSTRAINT TRIGGER"
    } else {
        "TRIGGER"
    };
    let _ = server.tell(
        url,
        &format!(
            "CREATE SEQUENCE clashes;
             CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql AS $$
             DECLARE n BIGINT := nextval('clashes');
             BEGIN
                 IF {when} THEN RAISE EXCEPTION 'it met another' USING ERRCODE = '{code}'; END IF;
                 RETURN NEW;
             END $$;
             CREATE {trigger} clash {said} EXECUTE FUNCTION clash();"
        ),
    );
}

/// How often it came to what was spoilt.
fn tries(server: &PostgresServer, url: &str) -> u32 {
    server
        .tell(url, "SELECT last_value FROM clashes")
        .parse()
        .unwrap()
}

const AT_A_STATEMENT: &str = "AFTER INSERT ON status_lists FOR EACH ROW";
const AT_THE_COMMIT: &str = "AFTER INSERT ON status_lists DEFERRABLE INITIALLY DEFERRED FOR EACH ROW";
const AT_THE_BEGINNING: &str = "BEFORE UPDATE ON writers FOR EACH ROW";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_met_another_is_run_again() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    for said in [AT_A_STATEMENT, AT_THE_COMMIT, AT_THE_BEGINNING] {
        for code in ["40001", "40P01"] {
            let url = server.schema();
            let store = open(&url).await;
            spoil(&server, &url, code, "n <= 3", said);
            let told = store.put_status_list(list(1)).await;
            assert!(matches!(told, Ok(true)), "{said}, {code}: {told:?}");
            assert!(is_there(&store, 1).await);
            assert_eq!(tries(&server, &url), 4, "{said}, {code}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_bound_it_is_told_as_not_done_and_the_next_one_is_well() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    for said in [AT_A_STATEMENT, AT_THE_COMMIT, AT_THE_BEGINNING] {
        let url = server.schema();
        let store = open(&url).await;
        spoil(&server, &url, "40001", "n <= 8", said);
        let told = store.put_status_list(list(1)).await;
        assert!(matches!(told, Err(StoreError::Busy)), "{said}: {told:?}");
        assert_eq!(tries(&server, &url), 8, "{said}");
        assert!(!is_there(&store, 1).await);
        assert!(store.put_status_list(list(2)).await.unwrap(), "{said}");
    }
}

/// Another error than those of one who met another is no reason to run it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_for_another_reason_is_run_once() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    for said in [AT_A_STATEMENT, AT_THE_COMMIT] {
        let url = server.schema();
        let store = open(&url).await;
        spoil(&server, &url, "23514", "n <= 1", said);
        let told = store.put_status_list(list(1)).await;
        assert!(matches!(told, Err(StoreError::Failed(_))), "{said}: {told:?}");
        assert_eq!(tries(&server, &url), 1, "{said}");
    }
}

/// Of many who share a commit, one meets another whenever it is tried.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_always_clashes_takes_nobody_with_it() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    for said in [AT_A_STATEMENT, AT_THE_COMMIT] {
        let url = server.schema();
        let store = Arc::new(open(&url).await);
        let when = format!("NEW.uri = '{}'", uri(50));
        spoil(&server, &url, "40001", &when, said);
        // They queue up behind one who holds the turn.
        let (mut other, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        let driven = tokio::spawn(connection);
        let holds = other.transaction().await.unwrap();
        let turn = "SELECT one FROM turn FOR UPDATE";
        holds.execute(turn, &[]).await.unwrap();
        let mut asked = JoinSet::new();
        for number in 0..100 {
            let store = Arc::clone(&store);
            asked.spawn(async move { (number, store.put_status_list(list(number)).await) });
        }
        await_locks(&server, &url, 1).await;
        holds.rollback().await.unwrap();
        for (number, told) in asked.join_all().await {
            if number == 50 {
                assert!(matches!(told, Err(StoreError::Busy)), "{said}: {told:?}");
            } else {
                assert!(matches!(told, Ok(true)), "{said}, {number}: {told:?}");
            }
            assert_eq!(is_there(&store, number).await, number != 50);
        }
        drop(other);
        driven.await.unwrap().unwrap();
    }
}

/// A true deadlock, of which the store is the one that is ended: it holds the turn and wants a row, the other holds the row
/// and wants the turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_ends_well_for_both() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let url = server.schema();
    let store = Arc::new(open(&url).await);
    assert!(store.put_status_list(list(1)).await.unwrap());
    let (mut other, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let driven = tokio::spawn(connection);
    // Who looks for a deadlock first is ended by it.
    other
        .batch_execute("SET deadlock_timeout = '1min'")
        .await
        .unwrap();
    let holds = other.transaction().await.unwrap();
    let changed = holds
        .execute("UPDATE status_lists SET body = 'of the other'", &[])
        .await;
    assert_eq!(changed.unwrap(), 1);
    let put = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.put_status_list(list(1)).await })
    };
    await_locks(&server, &url, 1).await;
    let turn = "SELECT one FROM turn FOR UPDATE";
    holds.execute(turn, &[]).await.unwrap();
    holds.commit().await.unwrap();
    let told = put.await.unwrap();
    assert!(matches!(told, Ok(true)), "{told:?}");
    let ended = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    while server.tell(&url, ended) != "1" {
        tokio::task::yield_now().await;
    }
    let body = store.status_list(&uri(1)).await.unwrap().unwrap().text;
    assert_eq!(body, "list", "what was run again came last");
    drop(other);
    driven.await.unwrap().unwrap();
}

/// Waits until so many wait for a lock.
async fn await_locks(server: &PostgresServer, url: &str, count: usize) {
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    while server.tell(url, waiting) != count.to_string() {
        tokio::task::yield_now().await;
    }
}

/// All that a store must do, where one in four commits fails, and one in a hundred of all rows that are written.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_contract_is_kept_by_one_that_meets_others_all_the_time() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let server = Arc::new(server);
    contract::all(async || {
        let url = server.schema();
        let store = open(&url).await;
        spoil(
            &server,
            &url,
            "40001",
            // Multiplied, so that it falls on others when the same is run again.
            "(n * 2654435761 >> 16) % 101 = 0
             OR (TG_TABLE_NAME = 'writers' AND (n * 2654435761 >> 16) % 4 = 0)",
            "AFTER UPDATE ON writers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
        );
        let _ = server.tell(
            &url,
            "DO $$ DECLARE name TEXT; BEGIN
                 FOR name IN SELECT tablename FROM pg_tables
                     WHERE schemaname = current_schema() AND tablename NOT IN ('turn', 'writers')
                 LOOP
                     EXECUTE format('CREATE TRIGGER clash AFTER INSERT OR UPDATE ON %I
                                     FOR EACH ROW EXECUTE FUNCTION clash()', name);
                 END LOOP;
             END $$",
        );
        store
    })
    .await;
}
