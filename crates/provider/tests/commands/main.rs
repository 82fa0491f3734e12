//! The commands of an operator, beside a provider that runs on the same database.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod origins;
mod prices;
mod signing;
mod webhooks;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use farthing_gateway::{Permission, Scope, registrar::NewKey};
use farthing_protocol::{Code, KeyId, MerchantId, Origin};
use farthing_provider::{
    accreditor,
    commands::{CommandError, Input, accreditor as trust, key, merchant},
    config::{Config, Database},
    init::init,
    release::Frame,
    wiring::{AnyClock, AnyRng, App, Desk, SystemRng},
};
use farthing_testkit::{NOW, SetClock};
use tempfile::TempDir;

/// A demo, with its provider and an operator at work on one database.
struct Demo {
    folder: TempDir,
    app: Arc<App>,
    desk: Desk,
    clock: SetClock,
    merchant: MerchantId,
}

impl Demo {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::at(NOW);
        let [shop, provider] = ["http://localhost:8787", "http://127.0.0.1:8788"].map(origin);
        let [path, _] = init(folder.path(), &shop, &provider, &clock, &SystemRng).unwrap();
        let merchant = config(&path).merchants[0].payee.id.clone();
        let app = app(&path, &clock).await;
        let any = AnyClock::new(clock.clone());
        let desk = Desk::open(config(&path), any, AnyRng::new(SystemRng))
            .await
            .unwrap();
        Self {
            folder,
            app,
            desk,
            clock,
            merchant,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("provider.toml")
    }

    async fn merchant(&self, command: merchant::Command) -> Result<String, CommandError> {
        merchant::run(command, &self.desk).await
    }

    async fn trust(&self, command: trust::Command) -> Result<String, CommandError> {
        trust::run(command, &self.desk).await
    }

    async fn key(&self, command: key::Command) -> Result<String, CommandError> {
        key::run(command, &self.desk).await.map(|said| said.to_string())
    }

    async fn framing(&self) -> Result<usize, Code> {
        let framing = self.app.rules.framing(&self.merchant).await;
        framing
            .map(|origins| origins.len())
            .map_err(|refusal| refusal.code)
    }
}

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

fn config(path: &Path) -> Config {
    Config::load(Some(path), |_| None).unwrap()
}

async fn app(path: &Path, clock: &SetClock) -> Arc<App> {
    // Nobody asks for it here.
    let frame = Frame::Folder(PathBuf::new());
    let clock = AnyClock::new(clock.clone());
    App::new(config(path), frame, clock, AnyRng::new(SystemRng))
        .await
        .unwrap()
}

fn input(text: impl Into<String>) -> Input {
    Input {
        name: "standard input".to_owned(),
        text: text.into(),
    }
}

#[tokio::test]
async fn a_suspension_acts_at_once() {
    let demo = Demo::new().await;
    assert_eq!(demo.framing().await, Ok(1));
    demo.merchant(merchant::Command::Suspend(demo.merchant.clone()))
        .await
        .unwrap();
    assert_eq!(demo.framing().await, Err(Code::MerchantSuspended));
    let listed = demo.merchant(merchant::Command::List).await.unwrap();
    assert_eq!(
        listed,
        format!("{}  The Corner Press  suspended\n", demo.merchant)
    );
    demo.merchant(merchant::Command::Resume(demo.merchant.clone()))
        .await
        .unwrap();
    assert_eq!(demo.framing().await, Ok(1));
}

#[tokio::test]
async fn a_key_is_said_once_and_works_at_once_and_until_it_is_revoked() {
    let demo = Demo::new().await;
    let known = async |key: &str| {
        demo.app
            .rules
            .authenticate(key)
            .await
            .map_err(|refusal| refusal.code)
    };
    let new = NewKey {
        merchant: demo.merchant.clone(),
        scope: Scope::Restricted(vec![Permission::Read]),
        label: None,
    };
    let said = demo.key(key::Command::Create(new)).await.unwrap();
    let (text, rest) = said.split_once('\n').unwrap();
    let id = rest.split([' ', '.']).nth(1).unwrap();
    assert_eq!(known(text).await.unwrap().key.as_str(), id);

    let listed = demo.key(key::Command::List(demo.merchant.clone())).await.unwrap();
    assert!(
        listed.contains(&format!("{id}  works  restricted: read")),
        "{listed}"
    );
    let shown = demo
        .merchant(merchant::Command::Show(demo.merchant.clone()))
        .await
        .unwrap();
    assert!(shown.contains(id));
    for said in [&listed, &shown] {
        assert!(!said.contains(text), "a key is said once");
    }

    let id = KeyId::parse(id).unwrap();
    let rotated = key::Command::Rotate {
        key: id.clone(),
        grace_hours: 24,
    };
    let said = demo.key(rotated).await.unwrap();
    let second = said.lines().next().unwrap().to_owned();
    assert!(known(text).await.is_ok() && known(&second).await.is_ok());
    demo.clock.pass(24 * 3_600);
    assert_eq!(known(text).await, Err(Code::KeyUnknown));
    let second_id = known(&second).await.unwrap().key;
    demo.key(key::Command::Revoke(second_id)).await.unwrap();
    assert_eq!(known(&second).await, Err(Code::KeyUnknown));
}

#[tokio::test]
async fn who_is_trusted_and_what_is_revoked_acts_at_once() {
    let demo = Demo::new().await;
    let book = demo.folder.path().join("accreditor");
    let shop = origin("http://localhost:8787");
    demo.clock.pass(1);
    let now = NOW.plus(1);
    accreditor::change(&book, &shop, accreditor::Change::Revoke, now).unwrap();
    assert_eq!(
        demo.framing().await,
        Ok(1),
        "the list that is kept says nothing of it yet"
    );
    let list = accreditor::status_list(&book, 7, now).unwrap();
    demo.trust(trust::Command::ImportStatus(input(list)))
        .await
        .unwrap();
    assert_eq!(demo.framing().await, Err(Code::MerchantNotAccredited));
    let shown = demo
        .merchant(merchant::Command::Show(demo.merchant.clone()))
        .await
        .unwrap();
    assert!(
        shown.contains("the accreditor has revoked the statement"),
        "{shown}"
    );

    let statement = accreditor::issue(&book, shop, None, 30, now).unwrap();
    let import = merchant::Command::StatementImport(demo.merchant.clone(), input(statement));
    demo.merchant(import).await.unwrap();
    assert_eq!(demo.framing().await, Ok(1));

    let entry = accreditor::entry(&book).unwrap();
    demo.trust(trust::Command::Distrust(origin("https://accreditor.example")))
        .await
        .unwrap();
    assert_eq!(demo.framing().await, Err(Code::MerchantNotAccredited));
    // Not even the next start brings it back.
    app(&demo.path(), &demo.clock).await;
    assert_eq!(demo.framing().await, Err(Code::MerchantNotAccredited));
    demo.trust(trust::Command::Trust(input(entry))).await.unwrap();
    assert_eq!(demo.framing().await, Ok(1));
    let error = demo
        .trust(trust::Command::Trust(input("id = 1")))
        .await
        .unwrap_err();
    assert!(error.to_string().starts_with("standard input: "), "{error}");
}

#[tokio::test]
async fn fees_are_set_from_a_list_and_one_by_one() {
    let demo = Demo::new().await;
    let id = || demo.merchant.clone();
    let list = r#"[{"method":"card","currency":"USD","bearer":"merchant","fixed":30,"rate_bp":0}]"#;
    let said = demo
        .merchant(merchant::Command::FeesSet(id(), input(list)))
        .await
        .unwrap();
    assert_eq!(said, "card USD  $0.30. Paid by the shop.\n");
    let one = list.replace("USD", "EUR");
    let terms = serde_json::from_str(&one[1..one.len() - 1]).unwrap();
    demo.merchant(merchant::Command::FeeSet(id(), terms))
        .await
        .unwrap();
    let said = demo.merchant(merchant::Command::FeesList(id())).await.unwrap();
    assert_eq!(said.lines().count(), 2);
    assert_eq!(
        demo.app.rules.merchant(&demo.merchant).await.unwrap().fees.len(),
        2
    );
    let unlawful = list.replace("\"merchant\",\"fixed", "\"shopper\",\"fixed");
    let refused = demo
        .merchant(merchant::Command::FeesSet(id(), input(unlawful)))
        .await;
    assert!(refused.unwrap_err().to_string().contains("2015/2366"));
    assert_eq!(
        demo.app.rules.merchant(&demo.merchant).await.unwrap().fees.len(),
        2
    );
}

#[tokio::test]
async fn a_database_in_memory_is_nobody_elses() {
    let demo = Demo::new().await;
    let config = Config {
        database: Database::Memory,
        ..config(&demo.path())
    };
    let opened = Desk::open(config, AnyClock::new(demo.clock.clone()), AnyRng::new(SystemRng)).await;
    assert!(matches!(opened.err(), Some(CommandError::Memory)));
}

/// Where a test's own server listens.
fn local(address: SocketAddr) -> Origin {
    origin(&format!("http://{address}"))
}
