//! A request that the provider itself fails at is not answered so for ever: sent again, it has the one true outcome.

use axum::http::StatusCode;
use farthing_protocol::{Charge, ChargeStatus, Operation, OperationStatus};
use farthing_provider::{config::Database, http::Bounds};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{Answer, PAYS, Provider, frame, redemption};

/// A provider, and a hand on its database that breaks and mends it.
struct Scene {
    provider: Provider,
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::File(folder.path().join("farthing.db"));
        let provider = Provider::on(database, frame(), Bounds::default());
        Self { provider, folder }
    }

    /// From now on nothing can be written to `table`.
    fn breaks(&self, table: &str) {
        self.execute(&format!(
            "CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END"
        ));
    }

    fn mends(&self) {
        self.execute("DROP TRIGGER broken");
    }

    fn execute(&self, sql: &str) {
        let db = Connection::open(self.folder.path().join("farthing.db")).unwrap();
        db.execute_batch(sql).unwrap();
    }

    fn count(&self, file: &str, table: &str) -> i64 {
        let db = Connection::open(self.folder.path().join(file)).unwrap();
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .unwrap()
    }

    async fn operate(&self, charge: &Charge, what: &str, key: &str, body: &Value) -> Answer {
        let mut request = self.provider.charge_request(&self.provider.shop, key, body);
        *request.uri_mut() = format!("/v1/charges/{}/{what}", charge.id).parse().unwrap();
        self.provider.send(request).await
    }
}

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

#[tokio::test]
async fn a_charge_that_could_not_be_booked_is_taken_up_by_the_next_request_and_charged_once() {
    let scene = Scene::new();
    let (token, _) = scene.provider.token("A-1", PAYS).await;
    let body = redemption(&token, "A-1");
    scene.breaks("postings");
    for _ in 0..2 {
        scene.provider.charge("k", &body).await.problem("internal");
        assert_eq!(scene.count("farthing.db", "postings"), 0);
    }
    scene.mends();
    let answer = scene.provider.charge("k", &body).await;
    let charge: Charge = answer.json(StatusCode::CREATED);
    assert!(replayed(&answer) && matches!(charge.status, ChargeStatus::Paid { .. }));
    let again: Charge = scene.provider.charge("k", &body).await.json(StatusCode::CREATED);
    assert_eq!(again, charge);
    assert_eq!(scene.count("farthing.db", "charges"), 1);
    assert_eq!(scene.count("farthing.db", "postings"), 1);
    assert_eq!(scene.count("farthing.bank", "charges"), 1);
}

#[tokio::test]
async fn a_charge_that_could_not_be_begun_is_begun_by_the_next_request() {
    let scene = Scene::new();
    let (token, _) = scene.provider.token("A-1", PAYS).await;
    let body = redemption(&token, "A-1");
    scene.breaks("requests");
    scene.provider.charge("k", &body).await.problem("internal");
    assert_eq!(
        scene.count("farthing.db", "charges"),
        0,
        "the token is free as it was"
    );
    scene.mends();
    let answer = scene.provider.charge("k", &body).await;
    answer.json::<Charge>(StatusCode::CREATED);
    assert!(!replayed(&answer), "it is the first that did anything");
}

#[tokio::test]
async fn a_refund_that_could_not_be_booked_is_given_back_once() {
    let scene = Scene::new();
    let (token, _) = scene.provider.token("A-1", PAYS).await;
    let charged = scene.provider.charge("k", &redemption(&token, "A-1")).await;
    let charge: Charge = charged.json(StatusCode::CREATED);
    let part = json!({"amount": 50});
    scene.breaks("postings");
    scene
        .operate(&charge, "refunds", "r", &part)
        .await
        .problem("internal");
    scene.mends();
    for _ in 0..2 {
        let answer = scene.operate(&charge, "refunds", "r", &part).await;
        let operation: Operation = answer.json(StatusCode::CREATED);
        assert!(replayed(&answer) && operation.status == OperationStatus::Done {});
    }
    let charge = scene.provider.charge_of(&charge).await;
    assert_eq!((charge.captured, charge.refunded), (150, 50));
    assert_eq!(scene.count("farthing.db", "postings"), 2);
}
