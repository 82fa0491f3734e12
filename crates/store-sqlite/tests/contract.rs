//! The contract that every store must keep, on a file and in memory.

use std::sync::atomic::{AtomicU32, Ordering};

use farthing_store_sqlite::SqliteStore;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let count = AtomicU32::new(0);
    farthing_testkit::contract::all(async || {
        let name = format!("{}.db", count.fetch_add(1, Ordering::Relaxed));
        SqliteStore::open(&dir.path().join(name)).unwrap()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_memory() {
    farthing_testkit::contract::all(async || SqliteStore::memory().unwrap()).await;
}
