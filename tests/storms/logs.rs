//! The log as JSON: each line can be read, a payment's lines are found by its request, and nothing of a card is in them.

use std::fs;

use farthing_journeys::{
    canary::{Canary, search},
    process::free_port,
};
use serde_json::{Value, json};

use crate::{chance::Chance, client::Ask, shop::Shop, world::storm};

const CANARY: Canary = Canary {
    number: "4929716253840913",
    expiry_month: 11,
    expiry_year: 2034,
    security_code: "073",
    name: "Wilhelmina Quist",
};

#[test]
fn a_payment_is_found_in_the_log_by_its_request_and_its_card_is_not() {
    storm("logs", async |world| {
        world.provider.stop();
        let path = world.folder.join("provider.toml");
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replace("log_format = \"text\"", "log_format = \"json\"");
        fs::write(&path, &text).unwrap();
        world.provider.start_again().await;
        let shop = Shop::new(&world.kiosk);
        let details = json!({
            "number": CANARY.number, "expiry_month": CANARY.expiry_month, "expiry_year": CANARY.expiry_year,
            "security_code": CANARY.security_code, "name": CANARY.name,
        });
        let paper = shop.paper_of("logged", 250, &details, &mut Chance::new(6)).await;
        world.provider.stop();
        let earlier = world.provider.log();

        // Nobody answers there: the connector has something to say.
        let acquirer = format!(
            "[connector]\nstripe = \"http://127.0.0.1:{}\"\nkey_file = \"stripe.key\"\n\n[keys]",
            free_port()
        );
        fs::write(&path, text.replace("[keys]", &acquirer)).unwrap();
        fs::write(world.folder.join("stripe.key"), "sk_test_1").unwrap();
        world.provider.start_again().await;
        let body = json!({ "token": paper.token, "order": "logged", "amount": 250, "currency": "EUR" });
        let answer = shop
            .merchant
            .ask_on(&Ask::post("/v1/charges", "logged", body))
            .await;
        assert_eq!(answer.status, 202, "{answer:?}");
        let request = answer.headers["x-request-id"].to_str().unwrap();

        world.provider.stop();
        let log = earlier + &world.provider.log();
        let lines: Vec<Value> = log
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        let of_request: Vec<&Value> = lines
            .iter()
            .filter(|line| line["span"]["id"] == request)
            .collect();
        let says = |message: &str| of_request.iter().find(|line| line["message"] == message);
        assert!(says("no answer from the acquirer").is_some(), "{log}");
        let answered = says("answered").unwrap();
        assert_eq!(
            (&answered["route"], &answered["status"], &answered["level"]),
            (&json!("/v1/charges"), &json!(202), &json!("INFO")),
            "{answered}"
        );
        for line in &lines {
            let answers = line["message"] == "answered";
            assert!(!answers || line["span"]["id"].is_string(), "{line}");
        }
        assert_eq!(search(log.as_bytes(), &CANARY), []);
        for secret in [world.kiosk.key.as_str(), &paper.token, &paper.quote] {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
    });
}
