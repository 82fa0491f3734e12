use std::fs;

use farthing_protocol::{EndpointId, EventId, MerchantId};
use farthing_provider::commands::{CommandError, webhook};

use crate::Demo;

const URL: &str = "http://127.0.0.1:9/hooks";

impl Demo {
    async fn webhook(&self, command: webhook::Command) -> Result<String, CommandError> {
        webhook::run(command, &self.desk)
            .await
            .map(|said| said.to_string())
    }

    async fn add(&self, url: &str) -> Result<String, CommandError> {
        self.webhook(webhook::Command::Add(self.merchant.clone(), url.to_owned()))
            .await
    }
}

#[tokio::test]
async fn an_endpoint_is_added_with_a_secret_said_once_and_removed() {
    let demo = Demo::new().await;
    let said = demo.add(URL).await.unwrap();
    let (secret, rest) = said.split_once('\n').unwrap();
    assert!(secret.starts_with("whsec_"));
    let id = rest.split(' ').find(|word| word.starts_with("whk_")).unwrap();
    let list = || demo.webhook(webhook::Command::List(Some(demo.merchant.clone())));
    let listed = list().await.unwrap();
    assert_eq!(listed, format!("{id}  {}  {URL}  0 due, 0 dead\n", demo.merchant));
    for file in fs::read_dir(demo.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let held = path.is_file() && String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(secret);
        assert!(!held, "{}", path.display());
    }
    let there = demo.app.rules.endpoints(None).await.unwrap();
    assert_eq!(there.len(), 1, "the provider knows at once");

    let id = EndpointId::parse(id).unwrap();
    demo.webhook(webhook::Command::Remove(id.clone())).await.unwrap();
    assert_eq!(list().await.unwrap(), "");
    let again = demo.webhook(webhook::Command::Remove(id)).await;
    assert!(matches!(again, Err(CommandError::NoEndpoint(_))));
}

#[tokio::test]
async fn what_can_not_be_an_endpoint_is_refused() {
    let demo = Demo::new().await;
    for url in [
        "ftp://shop.example/",
        "http://169.254.169.254/latest",
        "https://user@shop.example/",
        "https://shop.example/#part",
        "",
    ] {
        let error = demo.add(url).await.unwrap_err().to_string();
        assert!(error.starts_with("--url: "), "{url}: {error}");
    }
    let nobody = MerchantId::from_random([9; 16]);
    let unknown = webhook::Command::Add(nobody, URL.to_owned());
    assert!(matches!(
        demo.webhook(unknown).await,
        Err(CommandError::Registry(_))
    ));
    for n in 0..5 {
        demo.add(&format!("{URL}/{n}")).await.unwrap();
        let twice = demo.add(&format!("{URL}/{n}")).await;
        assert!(twice.is_err());
    }
    let one_more = demo.add(URL).await;
    assert!(matches!(one_more, Err(CommandError::TooManyEndpoints(5))));
    let nothing = webhook::Command::Replay(vec![EventId::from_random([1; 16])]);
    assert!(
        demo.webhook(nothing)
            .await
            .unwrap()
            .contains("goes to 0 endpoints")
    );
    assert_eq!(demo.webhook(webhook::Command::Dead(None)).await.unwrap(), "");
}
