//! What is asked of every connector, asked of one without our protection: it must be found wanting. A suite that finds nothing
//! sees nothing.

use bytes::Bytes;
use farthing_gateway::{
    Answer, Authorisation, Connector, Done, Found, Instruction, Instrument, NoAnswer, Offered,
};
use farthing_outbound::{Guard, Outbound, Target};
use farthing_protocol::{ChargeId, Currency, DeclineReason, OperationKind};
use serde_json::Value;
use std::{collections::HashMap, sync::Mutex};

use crate::{
    PAYS, authorise, charge, open, operate, operation,
    server::{Account, Server},
};

/// Calls the API and believes it: keys that name the act, and nothing written down.
struct Bare {
    address: String,
    intents: Mutex<HashMap<ChargeId, String>>,
}

impl Bare {
    async fn post(&self, path: &str, key: &str, form: &str) -> Result<Value, u16> {
        let target = Target::parse(&format!("{}{path}", self.address), Guard::Sandbox).unwrap();
        let headers = [
            ("authorization", "Bearer sk_test_bare"),
            ("idempotency-key", key),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let outbound = Outbound::new(Guard::Sandbox).unwrap();
        let body = Bytes::from(form.to_owned());
        let answer = outbound
            .ask("POST", &target, &headers, body, usize::MAX)
            .await
            .unwrap();
        match answer.status {
            200 => Ok(serde_json::from_slice(&answer.body).unwrap()),
            status => Err(status),
        }
    }
}

impl Connector for Bare {
    fn offers(&self, _: Currency) -> Vec<Offered> {
        vec![]
    }

    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        let Instrument::Card { number, .. } = request.instrument else {
            return Err(NoAnswer);
        };
        let (id, number) = (request.charge, number.expose());
        let card =
            format!("type=card&card[number]={number}&card[exp_month]=5&card[exp_year]=2031&card[cvc]=123");
        let method = self
            .post("/v1/payment_methods", &format!("{id}-m"), &card)
            .await
            .map_err(|_| NoAnswer)?;
        let method = method["id"].as_str().unwrap();
        let (amount, capture) = (
            request.total.minor(),
            if request.capture { "automatic" } else { "manual" },
        );
        let form = format!(
            "amount={amount}&currency=eur&payment_method={method}&capture_method={capture}&confirm=true&metadata[charge]={id}"
        );
        match self.post("/v1/payment_intents", &format!("{id}-i"), &form).await {
            Ok(intent) => {
                let name = intent["id"].as_str().unwrap().to_owned();
                self.intents.lock().unwrap().insert(id.clone(), name);
                Ok(Answer::Approved)
            }
            Err(_) => Ok(Answer::Declined(DeclineReason::CardDeclined)),
        }
    }

    async fn look_up(&self, _: &ChargeId) -> Result<Found, NoAnswer> {
        Ok(Found::Pending)
    }

    async fn operate(&self, instruction: Instruction<'_>) -> Result<Done, NoAnswer> {
        let intent = self
            .intents
            .lock()
            .unwrap()
            .get(instruction.charge)
            .cloned()
            .ok_or(NoAnswer)?;
        let amount = instruction.amount.minor();
        let key = instruction.id.as_str();
        let done = match instruction.kind {
            OperationKind::Refund | OperationKind::Return => {
                let form = format!("payment_intent={intent}&amount={amount}&metadata[operation]={key}");
                self.post("/v1/refunds", key, &form).await
            }
            OperationKind::Capture => {
                let form = format!("amount_to_capture={amount}");
                self.post(&format!("/v1/payment_intents/{intent}/capture"), key, &form)
                    .await
            }
            OperationKind::Void | OperationKind::Expire => {
                self.post(&format!("/v1/payment_intents/{intent}/cancel"), key, "")
                    .await
            }
        };
        Ok(if done.is_ok() { Done::Done } else { Done::Refused })
    }
}

/// What is wrong with a connector, by the acquirer's own books.
async fn faults(server: &Server, connector: &impl Connector) -> Vec<&'static str> {
    let mut faults = Vec::new();
    for _ in 0..2 {
        assert_eq!(
            authorise(connector, &charge(1), PAYS, 500, true).await,
            Ok(Answer::Approved)
        );
    }
    if server.account(charge(1).as_str()).await.intents != 1 {
        faults.push("a charge that was asked for twice was paid twice");
    }
    assert_eq!(
        authorise(connector, &charge(2), PAYS, 500, true).await,
        Ok(Answer::Approved)
    );
    for _ in 0..2 {
        assert_eq!(
            operate(connector, &charge(2), &operation(1), OperationKind::Refund, 200).await,
            Ok(Done::Done)
        );
    }
    if server.account(charge(2).as_str()).await.refunded != 200 {
        faults.push("a refund that was asked for twice was given twice");
    }
    assert_eq!(
        authorise(connector, &charge(3), PAYS, 500, true).await,
        Ok(Answer::Approved)
    );
    let _refused_or_not = operate(connector, &charge(3), &operation(2), OperationKind::Refund, 501).await;
    if server.account(charge(3).as_str()).await.refunded > 500 {
        faults.push("more was given back than was taken");
    }
    faults
}

#[tokio::test]
async fn without_protection_the_gaps_are_found_and_with_it_there_are_none() {
    let Some(server) = Server::start() else { return };
    let bare = Bare {
        address: server.address(),
        intents: Mutex::default(),
    };
    assert_eq!(
        faults(&server, &bare).await,
        [
            "a charge that was asked for twice was paid twice",
            "a refund that was asked for twice was given twice",
            "more was given back than was taken",
        ]
    );
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let stripe = open(server.port(), &folder.path().join("stripe.db"));
    assert_eq!(faults(&server, &stripe).await, Vec::<&str>::new());
    assert_eq!(server.account("chg_of_nobody").await, Account::default());
}
