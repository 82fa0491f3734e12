//! The contract that every store must keep.

use farthing_testkit::{PostgresServer, contract};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_postgresql() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    contract::all(async || {
        let url = server.schema();
        let opened = tokio::task::spawn_blocking(move || farthing_store_postgres::open(&url));
        opened.await.unwrap().unwrap()
    })
    .await;
}
