//! One payment, from the order to the last refund: what the merchant wants of it, what it was told, and whether
//! that stands.

use std::collections::{HashMap, VecDeque};

use farthing_journeys::wait;
use serde_json::{Value, json};

use crate::{
    chance::Chance,
    client::{Ask, Heard},
    shop::{Paper, Shop},
};

/// Cards of the sandbox that do not simply pay: declined, silent then paid, silent then declined, a capture that is
/// silent, a capture that is refused, a refund that is silent, a refund that is refused.
const ODD_CARDS: [&str; 7] = [
    "4000000000000002",
    "4000000000004087",
    "4000000000005043",
    "4000000000000341",
    "4000000000000259",
    "4000000000007726",
    "4000000000005126",
];

/// Odd cards come up in the first payments alone: the provider takes a card sixty times an hour.
const ODD_AMONG: u64 = 3_000;

/// One thing that a merchant wants of a payment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// To redeem the token, and take the money at once or later.
    Charge { capture: bool },
    /// To take this much of what was reserved.
    Capture(i64),
    /// To let it go.
    Void,
    /// To give this much back.
    Refund(i64),
}

/// What the merchant was told at the end of a step.
#[derive(Debug)]
struct Told {
    step: Step,
    ask: Ask,
    id: String,
    status: String,
}

/// A payment under way.
pub struct Payment {
    reference: String,
    amount: i64,
    card: String,
    chance: Chance,
    steps: VecDeque<Step>,
    paper: Option<Paper>,
    /// The charge or the operation that a key stands for, from the first answer that named it.
    ids: HashMap<String, String>,
    told: Vec<Told>,
}

/// How a payment stands, as the merchant was told.
#[derive(Debug, Eq, PartialEq)]
struct Standing {
    status: &'static str,
    captured: i64,
    refunded: i64,
}

impl Payment {
    /// Payment number `number` of the storm `name`: always the same.
    pub fn new(name: &str, number: u64) -> Self {
        let mut chance = Chance::new(number);
        let amount = chance.between(100, 900);
        let part = chance.between(50, amount);
        let card = match chance.below(12) {
            0 if number < ODD_AMONG => ODD_CARDS[usize::try_from(chance.below(7)).unwrap()].to_owned(),
            _ => chance.card(),
        };
        let (half, rest) = (part / 2, part - part / 2);
        let steps: &[Step] = match chance.below(6) {
            0 => &[Step::Charge { capture: true }],
            1 => &[
                Step::Charge { capture: true },
                Step::Refund(half),
                Step::Refund(rest),
            ],
            2 => &[Step::Charge { capture: true }, Step::Refund(amount)],
            3 => &[Step::Charge { capture: false }, Step::Void],
            4 => &[Step::Charge { capture: false }, Step::Capture(amount)],
            _ => &[
                Step::Charge { capture: false },
                Step::Capture(part),
                Step::Refund(half),
                Step::Refund(rest),
            ],
        };
        Self {
            reference: format!("{name}-{number}"),
            amount,
            card,
            chance,
            steps: steps.iter().copied().collect(),
            paper: None,
            ids: HashMap::new(),
            told: Vec::new(),
        }
    }

    /// Goes on with it. Returns whether it is at its end: without `stubborn` it is left where an answer is not known
    /// yet.
    pub async fn go_on(&mut self, shop: &Shop, stubborn: bool) -> bool {
        while let Some(step) = self.steps.front().copied() {
            let ask = self.ask(step, shop).await;
            let answer = if stubborn {
                shop.merchant.ask_on(&ask).await
            } else {
                match shop.merchant.ask(&ask).await {
                    Heard::Answer(answer) => answer,
                    Heard::InFlight => return false,
                }
            };
            let (id, mut status) = understood(step, &ask, answer.status, &answer.json());
            self.same_id(&ask, &id);
            if status == "unknown" {
                if !stubborn {
                    return false;
                }
                status = self.known(shop, step, &id).await;
            }
            self.steps.pop_front();
            match (step, status.as_str()) {
                (Step::Charge { .. }, "declined") => self.steps.clear(),
                // What could not be taken is let go.
                (Step::Capture(_), "failed") => self.steps = VecDeque::from([Step::Void]),
                _ => {}
            }
            let told = Told {
                step,
                ask,
                id,
                status,
            };
            self.told.push(told);
        }
        true
    }

    /// Its charge.
    pub fn charge(&self) -> &str {
        &self.told[0].id
    }

    /// How many operations it made beside its charge.
    pub fn operations(&self) -> usize {
        self.told.len() - 1
    }

    /// # Panics
    /// If its card pays, and yet something was told to have failed.
    pub fn must_have_gone_well(&self) {
        let odd = ODD_CARDS.contains(&self.card.as_str());
        let well = |told: &Told| matches!(told.status.as_str(), "paid" | "authorised" | "done");
        assert!(
            odd || self.told.iter().all(well),
            "failed falsely: {:?}",
            self.told
        );
    }

    /// # Panics
    /// If anything that the merchant was told is not so: read back, and asked for again with the same key.
    pub async fn must_stand(&self, shop: &Shop) {
        let (charge, standing) = (&self.told[0].id, self.standing());
        let found = shop
            .merchant
            .ask_on(&Ask::get(format!("/v1/charges/{charge}")))
            .await;
        assert_eq!(found.status, 200, "{:?}: {found:?}", self.told);
        let found = found.json();
        assert_eq!(
            (
                found["status"].as_str(),
                found["captured"].as_i64(),
                found["refunded"].as_i64()
            ),
            (
                Some(standing.status),
                Some(standing.captured),
                Some(standing.refunded)
            ),
            "{:?}: {found}",
            self.told
        );
        for told in &self.told {
            let status = match told.step {
                // What became of a reservation is told by an answer to its own request.
                Step::Charge { .. } => standing.status,
                _ => told.status.as_str(),
            };
            let again = shop.merchant.ask_on(&told.ask).await;
            let replayed = again.headers.get("idempotency-replayed").is_some();
            let (id, said) = understood(told.step, &told.ask, again.status, &again.json());
            assert_eq!(
                (id.as_str(), said.as_str(), replayed),
                (told.id.as_str(), status, true),
                "{told:?}"
            );
        }
        let quote = &self.paper.as_ref().unwrap().quote;
        let outcome = shop
            .shopper
            .ask_on(&Ask::get(format!("/v1/quotes/{quote}/outcome")))
            .await;
        let lapsed = if standing.status == "voided" {
            "lapsed"
        } else {
            standing.status
        };
        assert_eq!(outcome.json()["outcome"], lapsed, "{:?}", self.told);
    }

    /// The request of `step`: the same whenever it is asked for.
    async fn ask(&mut self, step: Step, shop: &Shop) -> Ask {
        let key = format!("{}-{}", self.reference, self.told.len());
        if self.paper.is_none() {
            self.paper = Some(
                shop.paper(&self.reference, self.amount, &self.card, &mut self.chance)
                    .await,
            );
        }
        let token = self.paper.as_ref().unwrap().token.as_str();
        let of_charge = |what: &str| format!("/v1/charges/{}/{what}", self.told[0].id);
        match step {
            Step::Charge { capture } => Ask::post(
                "/v1/charges",
                &key,
                json!({ "token": token, "order": self.reference, "amount": self.amount, "currency": "EUR",
                        "capture": capture }),
            ),
            Step::Capture(amount) => Ask::post(of_charge("capture"), &key, json!({ "amount": amount })),
            Step::Void => Ask::post(of_charge("void"), &key, json!({})),
            Step::Refund(amount) => Ask::post(of_charge("refunds"), &key, json!({ "amount": amount })),
        }
    }

    /// How what was not known ended.
    async fn known(&self, shop: &Shop, step: Step, id: &str) -> String {
        let path = match step {
            Step::Charge { .. } => format!("/v1/charges/{id}"),
            _ => format!("/v1/operations/{id}"),
        };
        wait::until(&format!("{path} is known"), async || {
            let found = shop.merchant.ask_on(&Ask::get(path.as_str())).await;
            assert_eq!(found.status, 200, "{found:?}");
            let status = found.json()["status"].as_str().unwrap().to_owned();
            (status != "unknown").then_some(status)
        })
        .await
    }

    fn same_id(&mut self, ask: &Ask, id: &str) {
        let (key, _) = ask.post.as_ref().unwrap();
        let first = self.ids.entry(key.clone()).or_insert_with(|| id.to_owned());
        assert_eq!(first, id, "{ask:?}");
    }

    fn standing(&self) -> Standing {
        let mut standing = Standing {
            status: "declined",
            captured: 0,
            refunded: 0,
        };
        for told in &self.told {
            match (told.step, told.status.as_str()) {
                (Step::Charge { .. }, "paid") => {
                    (standing.status, standing.captured) = ("paid", self.amount);
                }
                (Step::Charge { .. }, "authorised") => standing.status = "authorised",
                (Step::Capture(amount), "done") => (standing.status, standing.captured) = ("paid", amount),
                (Step::Void, "done") => standing.status = "voided",
                (Step::Refund(amount), "done") => standing.refunded += amount,
                (Step::Charge { .. }, "declined") | (Step::Capture(_) | Step::Refund(_), "failed") => {}
                other => panic!("{other:?} is no end: {:?}", self.told),
            }
        }
        standing
    }
}

/// What the answer to `step` is about and says.
///
/// # Panics
/// If it is a refusal: nothing that is asked here is ever wrong.
fn understood(step: Step, ask: &Ask, status: u16, body: &Value) -> (String, String) {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    match (step, status) {
        (_, 201 | 202) => (text("id"), text("status")),
        (Step::Charge { .. }, 402) => (text("charge"), "declined".to_owned()),
        _ => panic!("told {status} {body} to {ask:?}"),
    }
}
