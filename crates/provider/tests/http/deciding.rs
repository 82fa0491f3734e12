//! The provider's own part in a dispute: a command, beside the provider that runs.

use axum::http::{StatusCode, header};
use farthing_protocol::{Code, DisputeId, DisputeStatus};
use farthing_provider::{
    commands::{
        CommandError,
        dispute::{self, Command},
    },
    config::Database,
    http::Bounds,
    wiring::{AnyClock, AnyRng, Desk},
};
use farthing_testkit::SeededRng;
use serde_json::{Value, json};

use crate::common::{Answer, PAYS, Provider, config, frame, json_post, redemption};

struct Case {
    provider: Provider,
    desk: Desk,
    dispute: DisputeId,
    _folder: tempfile::TempDir,
}

impl Case {
    /// A payment that its shopper objects to.
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = || Database::File(folder.path().join("farthing.db"));
        let provider = Provider::on(database(), frame(), Bounds::default());
        let (token, _) = provider.token("A-1", PAYS).await;
        let charge = provider.charge("k", &redemption(&token, "A-1")).await;
        let charge: Value = charge.json(StatusCode::CREATED);
        let path = format!("/v1/receipts/{}/disputes", charge["receipt"].as_str().unwrap());
        let opened = provider.post(&path, &json!({"reason": "not_received"})).await;
        opened.json::<Value>(StatusCode::CREATED);
        let dispute = provider.app.rules.disputes(None).await.unwrap().remove(0).id;
        let desk = Desk::open(
            config(database(), &[&provider.shop, &provider.other]),
            AnyClock::new(provider.clock.clone()),
            AnyRng::new(SeededRng::new(8)),
        );
        Self {
            desk: desk.await.unwrap(),
            provider,
            dispute,
            _folder: folder,
        }
    }

    async fn contest(&self) -> Answer {
        let path = format!("/v1/disputes/{}/answer", self.dispute);
        let mut request = json_post(&path, &json!({"accept": false, "words": "It was sent."}));
        let bearer = format!("Bearer {}", self.provider.shop.secret_key);
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, bearer.parse().unwrap());
        self.provider.send(request).await
    }

    async fn decide(&self, for_merchant: bool) -> Result<String, CommandError> {
        let id = self.dispute.clone();
        dispute::run(Command::Decide { id, for_merchant }, &self.desk).await
    }
}

#[tokio::test]
async fn what_is_decided_for_the_shopper_goes_back_at_once() {
    let case = Case::open().await;
    let early = case.decide(false).await.unwrap_err();
    assert!(matches!(&early, CommandError::Refused(refusal) if refusal.code == Code::DisputeClosed));
    assert_eq!(case.contest().await.status, StatusCode::OK);
    let listed = dispute::run(Command::List(None), &case.desk).await.unwrap();
    assert_eq!(
        listed,
        format!(
            "{}  EUR 150  not_received  A-1  contested, to be decided\n",
            case.dispute
        )
    );
    let shown = dispute::run(Command::Show(case.dispute.clone()), &case.desk)
        .await
        .unwrap();
    assert!(shown.contains("\"It was sent.\""), "{shown}");

    let said = case.decide(false).await.unwrap();
    assert!(said.ends_with("the money is back with the shopper\n"), "{said}");
    let (sum, entries) = case.provider.ledger().await;
    assert_eq!(sum, 0);
    assert!(entries > 4, "paid, held and returned: {entries}");
    let now = case.provider.app.rules.disputes(None).await.unwrap();
    assert!(matches!(now[0].status, DisputeStatus::Returned { .. }));
    assert!(case.decide(true).await.is_err(), "there is no second decision");
}

#[tokio::test]
async fn what_is_decided_for_the_merchant_stands() {
    let case = Case::open().await;
    assert_eq!(case.contest().await.status, StatusCode::OK);
    let said = case.decide(true).await.unwrap();
    assert!(said.ends_with("the payment stands\n"), "{said}");
    let now = case.provider.app.rules.disputes(None).await.unwrap();
    assert!(matches!(now[0].status, DisputeStatus::Rejected { .. }));
    assert!(case.decide(false).await.is_err(), "there is no second decision");
}
