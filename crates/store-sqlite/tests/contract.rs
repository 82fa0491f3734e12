//! The contract that every store must keep, on a file and in memory.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use rusqlite::{Connection, types::Value};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let count = AtomicU32::new(0);
    farthing_testkit::contract::all(async || {
        let name = format!("{}.db", count.fetch_add(1, Ordering::Relaxed));
        farthing_store_sqlite::open(&dir.path().join(name)).unwrap()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_memory() {
    farthing_testkit::contract::all(async || farthing_store_sqlite::memory().unwrap()).await;
}

/// And each database is what the backup of its first moment and its log give.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_a_file_with_a_log() {
    let dir = tempfile::tempdir().unwrap();
    let count = AtomicU32::new(0);
    let name = |n: u32, what: &str| dir.path().join(format!("{n}.{what}"));
    farthing_testkit::contract::all(async || {
        let n = count.fetch_add(1, Ordering::Relaxed);
        let (store, cut) = farthing_store_sqlite::open_logged(&name(n, "db"), &name(n, "log")).unwrap();
        assert_eq!(cut, None);
        farthing_store_sqlite::copy(&name(n, "db"), &name(n, "backup")).unwrap();
        store
    })
    .await;
    let mut entries = 0;
    for n in 0..count.into_inner() {
        let (backup, log) = (name(n, "backup"), name(n, "log"));
        let replayed = farthing_store_sqlite::restore(&backup, &name(n, "restored"), Some(&log));
        let replayed = replayed.unwrap().unwrap();
        assert!(!replayed.torn && replayed.broken.is_none(), "{replayed:?}");
        assert_eq!(content(&name(n, "restored")), content(&name(n, "db")));
        entries += replayed.to;
    }
    assert!(entries > 200, "only {entries} entries");
}

/// Every row of every table, in the order in which they were written where there is one.
fn content(path: &Path) -> Vec<(String, Vec<Vec<Value>>)> {
    let db = Connection::open(path).unwrap();
    let tables = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut tables = db.prepare(tables).unwrap();
    let tables = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let rows = |(table, sql): (String, String)| {
        let order = if sql.contains("WITHOUT ROWID") {
            "1, 2"
        } else {
            "rowid"
        };
        let mut all = db
            .prepare(&format!("SELECT * FROM {table} ORDER BY {order}"))
            .unwrap();
        let columns = all.column_count();
        let rows = all
            .query_map([], |row| (0..columns).map(|column| row.get(column)).collect())
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        (table, rows)
    };
    tables.map(|table| rows(table.unwrap())).collect()
}
