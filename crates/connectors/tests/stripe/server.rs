//! A localstripe, which somebody else wrote, as a process of its own; and its books.

use bytes::Bytes;
use farthing_outbound::{Guard, Outbound, Target};
use farthing_testkit::LocalStripe;
use serde_json::Value;

pub struct Server(LocalStripe);

/// What localstripe has of one charge of ours: how many intents moved money, how much was taken, how much went back.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Account {
    pub intents: usize,
    pub reserved: i64,
    pub captured: i64,
    pub refunded: i64,
}

impl Server {
    pub fn start() -> Option<Self> {
        LocalStripe::start().map(Self)
    }

    pub fn port(&self) -> u16 {
        self.0.port()
    }

    pub fn address(&self) -> String {
        self.0.address()
    }

    /// The shopper answers on the bank's page.
    pub async fn answer(&self, page: &str, it_is: bool) {
        let outbound = Outbound::new(Guard::Sandbox).unwrap();
        let target = Target::parse(page, Guard::Sandbox).unwrap();
        let form = format!("it_is={it_is}");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = outbound
            .ask("POST", &target, &headers, form.into(), usize::MAX)
            .await
            .unwrap();
        assert_eq!(answer.status, 303, "{answer:?}");
    }

    /// Its account of the charge, or of the quote, `charge`.
    pub async fn account(&self, charge: &str) -> Account {
        let intents = self.get("/v1/payment_intents?limit=100000").await;
        let refunds = self.get("/v1/refunds?limit=100000").await;
        let mut account = Account::default();
        let of_charge = |intent: &&Value| {
            [&intent["metadata"]["charge"], &intent["metadata"]["quote"]].contains(&&Value::from(charge))
        };
        for intent in intents["data"].as_array().unwrap().iter().filter(of_charge) {
            let amount = intent["amount"].as_i64().unwrap();
            let back = |refund: &&Value| refund["payment_intent"] == intent["id"];
            let refunded = refunds["data"].as_array().unwrap().iter().filter(back);
            let refunded: i64 = refunded.map(|refund| refund["amount"].as_i64().unwrap()).sum();
            // What a partial capture leaves is given back there by a refund that names the charge alone.
            let left = |refund: &&Value| {
                refund["payment_intent"].is_null() && refund["charge"] == intent["charges"]["data"][0]["id"]
            };
            let left = refunds["data"].as_array().unwrap().iter().filter(left);
            let left: i64 = left.map(|refund| refund["amount"].as_i64().unwrap()).sum();
            match intent["status"].as_str().unwrap() {
                "requires_capture" => {
                    (account.intents, account.reserved) = (account.intents + 1, account.reserved + amount);
                }
                "succeeded" => {
                    account.intents += 1;
                    account.captured += amount - left;
                    account.refunded += refunded;
                }
                _ => assert_eq!(refunded, 0, "{intent}"),
            }
        }
        account
    }

    /// Has it forget everything.
    pub async fn forget(&self) {
        let outbound = Outbound::new(Guard::Sandbox).unwrap();
        let target = Target::parse(&format!("{}/_config/data", self.address()), Guard::Sandbox).unwrap();
        let answer = outbound
            .ask("DELETE", &target, &[], Bytes::new(), usize::MAX)
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    async fn get(&self, path: &str) -> Value {
        let outbound = Outbound::new(Guard::Sandbox).unwrap();
        let target = Target::parse(&format!("{}{path}", self.address()), Guard::Sandbox).unwrap();
        let headers = [("authorization", "Bearer sk_test_journey")];
        let answer = outbound
            .ask("GET", &target, &headers, Bytes::new(), usize::MAX)
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_slice(&answer.body).unwrap()
    }
}
